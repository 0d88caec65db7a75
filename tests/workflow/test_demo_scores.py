import random
from statistics import mean

import pytest

from vernal.knowledge.load import ContentError
from vernal.knowledge.outcomes import time_courses
from vernal.workflow import demo_scores
from vernal.workflow.demo_scores import course_scores, mean_score

DAYS = (0, 1, 15)
SEEDS = 2000
TOLERANCE = 0.4
"""Points of PHQ-9. Three standard errors of a mean of 2,000 with a spread of 5; worst seen 0.25."""


@pytest.mark.slow
@pytest.mark.parametrize("arm", ["drug", "control"])
def test_means_over_many_people_are_those_of_the_measured_rows(arm):
    people = [course_scores(random.Random(seed), DAYS, arm) for seed in range(SEEDS)]

    for day, scores in zip(DAYS, zip(*people, strict=True), strict=True):
        assert mean(scores) == pytest.approx(mean_score(day, arm), abs=TOLERANCE)


def test_the_aimed_means_are_the_rows_times_27_of_60():
    rows = time_courses()
    start = float(rows["TC-BASE"].mean)

    for arm, name, day in (
        ("drug", "TC-DRUG-1", 1),
        ("control", "TC-CONTROL-1", 1),
        ("drug", "TC-DRUG-15", 15),
        ("control", "TC-CONTROL-15", 15),
    ):
        wanted = (start + float(rows[name].mean)) * 27 / 60
        assert mean_score(day, arm) == pytest.approx(wanted)
    assert mean_score(90, "drug") == mean_score(15, "drug")
    assert mean_score(-7, "drug") == mean_score(0, "drug") == pytest.approx(start * 27 / 60)


def test_the_same_seed_gives_the_same_person():
    first, again = (course_scores(random.Random(7), (0, 7, 14), "drug") for _ in range(2))

    assert first == again


def test_scores_stay_on_the_scale():
    for seed in range(200):
        assert all(0 <= each <= 27 for each in course_scores(random.Random(seed), DAYS, "drug"))


def test_a_row_without_spread_cannot_carry_the_demo():
    with pytest.raises(ContentError, match="spread"):
        demo_scores._sd(time_courses()["TC-DRUG-1"])
