from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vernal.knowledge import scales as knowledge
from vernal.knowledge.figures import outcome_figures
from vernal.rules import outcomes
from vernal.rules.conditions import Unknown
from vernal.rules.outcomes import CourseDates, DatedScore, Definition, improved_percent, meets

D = Decimal
FIGURES = outcome_figures()
baseline = partial(outcomes.baseline, figures=FIGURES)
end_of_induction = partial(outcomes.end_of_induction, figures=FIGURES)
judge_outcome = partial(outcomes.judge_outcome, figures=FIGURES)
relapsed = partial(outcomes.relapsed, figures=FIGURES)
FIRST = date(2026, 3, 2)
LAST = date(2026, 3, 20)
DATES = CourseDates(FIRST, LAST)
DEFINITIONS = knowledge.definitions()
RESPONSE = DEFINITIONS["phq-9.response"]
REMISSION = DEFINITIONS["phq-9.remission"]
WORSE = DEFINITIONS["phq-9.worse"]
RISE = DEFINITIONS["phq-9.relapse-rise"]
LEVEL = DEFINITIONS["phq-9.relapse-level"]


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def series(**scores: int) -> list[DatedScore]:
    """`d0=15` is a PHQ-9 of 15 on the day of the first session; `m3` three days before."""
    days = {name: (-1 if name[0] == "m" else 1) * int(name[1:]) for name in scores}
    return [DatedScore("phq-9", on(days[name]), D(value)) for name, value in scores.items()]


def judged(definition: Definition, scores: list[DatedScore], day: int, dates=DATES):
    return judge_outcome(definition, scores, dates=dates, on=on(day)).holds


# Baseline and end of induction


def test_the_baseline_is_the_last_score_up_to_the_first_session():
    found = baseline(series(m9=20, m2=18, d0=16, d3=9), scale="phq-9", first_session_on=FIRST)

    assert found == DatedScore("phq-9", FIRST, D(16))


def test_a_baseline_may_be_two_weeks_old_and_no_older():
    scores = series(m14=18)

    assert baseline(scores, scale="phq-9", first_session_on=FIRST) == scores[0]
    assert baseline(series(m15=18), scale="phq-9", first_session_on=FIRST) == Unknown.of(
        "phq-9.baseline"
    )


@pytest.mark.parametrize(("minutes", "counts"), [(-1, True), (0, False), (1, False)])
def test_a_score_of_the_first_day_is_the_baseline_only_before_the_dose(minutes, counts):
    dose_at = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    earlier = DatedScore("phq-9", on(-2), D(18))
    of_the_day = DatedScore("phq-9", FIRST, D(9), dose_at + timedelta(minutes=minutes))

    found = baseline(
        [earlier, of_the_day], scale="phq-9", first_session_on=FIRST, first_dose_at=dose_at
    )

    assert found == (of_the_day if counts else earlier)


def test_without_a_first_session_there_is_no_baseline():
    assert baseline(series(d0=18), scale="phq-9", first_session_on=None) == Unknown.of(
        "phq-9.first_session_on"
    )


def test_scores_of_another_scale_are_no_baseline():
    assert isinstance(baseline(series(d0=18), scale="gad-7", first_session_on=FIRST), Unknown)


def test_the_end_of_the_induction_is_scored_after_its_last_session():
    ended = {"scale": "phq-9", "induction_ended_on": LAST}

    assert end_of_induction(series(d18=9, d25=6), **ended) == series(d25=6)[0]
    assert end_of_induction(series(d18=9), **ended) == series(d18=9)[0]
    assert end_of_induction(series(d17=9, d33=3), **ended) == Unknown.of("phq-9.end_of_induction")
    assert end_of_induction(series(d18=9), scale="phq-9", induction_ended_on=None) == Unknown.of(
        "phq-9.induction_ended_on"
    )


# Definitions, each at its edge


@pytest.mark.parametrize(
    ("definition", "start", "now", "holds"),
    [
        ("phq-9.response", 15, 7, True),
        ("phq-9.response", 15, 8, False),
        ("phq-9.response", 16, 8, True),
        ("phq-9.response", 1, 0, True),
        ("phq-9.remission", 15, 4, True),
        ("phq-9.remission", 15, 5, False),
        ("phq-9.change", 15, 10, True),
        ("phq-9.change", 15, 11, False),
        ("phq-9.worse", 15, 20, True),
        ("phq-9.worse", 15, 19, False),
        ("phq-9.futility", 15, 13, True),
        ("phq-9.futility", 15, 12, False),
        ("madrs.remission", 30, 9, True),
        ("madrs.remission", 30, 10, False),
        ("qids-sr16.remission", 20, 5, True),
        ("qids-sr16.remission", 20, 6, False),
        ("pcl-5.response", 60, 42, True),
        ("pcl-5.response", 60, 43, False),
        ("pcl-5.change", 60, 45, True),
        ("gad-7.change-reliable", 14, 8, True),
        ("gad-7.change-reliable", 14, 9, False),
        ("bdi-ii.change", 40, 33, True),
        ("bdi-ii.change", 40, 34, False),
        ("y-bocs.response", 20, 13, True),
        ("y-bocs.response", 20, 14, False),
        ("pain-nrs.response-moderate", 10, 7, True),
        ("pain-nrs.response-moderate", 9, 7, False),
        ("who-5.change", 40, 52, True),
        ("who-5.change", 40, 48, False),
        ("moaa-s.alert", 5, 5, True),
        ("moaa-s.alert", 5, 4, False),
    ],
)
def test_a_definition_holds_exactly_from_its_edge(definition, start, now, holds):
    assert meets(DEFINITIONS[definition], reference=D(start), score=D(now)) is holds


def test_a_percentage_of_nothing_is_unknown():
    assert meets(RESPONSE, reference=D(0), score=D(0)) == Unknown.of("phq-9.baseline_above_zero")
    assert improved_percent(reference=D(0), score=D(0)) == Unknown.of("baseline_above_zero")


def test_improvement_is_shown_to_one_decimal():
    assert improved_percent(reference=D(15), score=D(8)) == D("46.7")


def test_a_definition_checks_itself():
    with pytest.raises(ValueError, match="reference"):
        replace(REMISSION, reference="baseline")
    with pytest.raises(ValueError, match="in_a_row"):
        replace(RESPONSE, in_a_row=0)


# On a dated series


def test_the_latest_score_decides():
    scores = series(d0=16, d7=8, d14=9)

    assert judged(RESPONSE, scores, 7) is True
    assert judged(RESPONSE, scores, 20) is False


def test_a_score_of_the_first_day_is_baseline_and_no_outcome():
    assert judged(REMISSION, series(d0=4), 0) == Unknown.of("phq-9.score")


def test_without_a_baseline_a_change_is_unknown_and_a_level_is_not():
    scores = series(d7=4)

    assert judged(RESPONSE, scores, 10) == Unknown.of("phq-9.baseline")
    assert judged(REMISSION, scores, 10) is True


def test_before_the_first_session_nothing_is_an_outcome():
    scores, dates = series(m2=4), CourseDates(None)

    assert judged(REMISSION, scores, 5, dates) == Unknown.of("phq-9.score")
    assert judged(RESPONSE, scores, 5, dates) == Unknown.of("phq-9.first_session_on")


def test_a_start_at_zero_leaves_response_unknown():
    assert judged(RESPONSE, series(d0=0, d7=0), 7) == Unknown.of("phq-9.baseline_above_zero")


def test_twice_in_a_row_needs_two_scores():
    assert judged(LEVEL, series(d0=16, d25=10), 26) == Unknown.of("phq-9.score")
    assert judged(LEVEL, series(d0=16, d25=10, d32=9), 33) is False
    assert judged(LEVEL, series(d0=16, d25=10, d32=11), 33) is True


def test_a_rise_is_counted_from_the_end_of_the_induction():
    scores = series(d0=16, d22=6, d29=10, d36=11)

    assert judged(RISE, scores, 29) is False
    assert judged(RISE, scores, 36) is True
    assert judged(RISE, series(d0=16), 36) == Unknown.of("phq-9.end_of_induction")


def test_what_was_judged_stands_beside_the_verdict():
    scores = series(d0=16, d7=8)

    found = judge_outcome(RESPONSE, scores, dates=DATES, on=on(9))

    assert (found.reference, found.scores) == (scores[0], (scores[1],))


# Relapse


def ask_relapse(scores: list[DatedScore], day: int, dates=DATES):
    return relapsed((RISE, LEVEL), response=RESPONSE, series=scores, dates=dates, on=on(day))


@pytest.mark.parametrize(
    ("scores", "holds"),
    [
        (series(d0=16, d22=6, d29=11), True),
        (series(d0=16, d22=6, d29=10, d36=10), True),
        (series(d0=16, d22=6, d29=7, d36=8), False),
        (series(d0=20, d22=12, d29=20, d36=20), False),
        (series(d0=16, d22=6), Unknown.of("phq-9.score")),
        (series(d22=6, d29=11), Unknown.of("phq-9.baseline")),
        (series(d0=16, d36=11), Unknown.of("phq-9.end_of_induction")),
        (series(d0=0, d22=0, d29=5), Unknown.of("phq-9.baseline_above_zero")),
    ],
)
def test_relapse_needs_a_response_that_is_lost(scores, holds):
    assert ask_relapse(scores, 40) == holds


def test_one_score_after_the_induction_settles_a_rise_but_not_a_level():
    assert ask_relapse(series(d0=16, d22=6, d29=8), 30) == Unknown.of("phq-9.score")


# What must always hold

SCORES = st.integers(0, 27).map(D)


@settings(deadline=None)
@given(SCORES, SCORES, SCORES)
def test_a_lower_score_never_undoes_response_or_remission(start, score, lower):
    score, lower = max(score, lower), min(score, lower)
    for definition in (RESPONSE, REMISSION):
        if meets(definition, reference=start, score=score) is True:
            assert meets(definition, reference=start, score=lower) is True


@settings(deadline=None)
@given(SCORES, SCORES)
def test_nobody_is_worse_and_better_at_once(start, score):
    worse = meets(WORSE, reference=start, score=score)

    assert worse is False or meets(RESPONSE, reference=start, score=score) is not True


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-20, 60), st.integers(0, 27))), st.integers(0, 60))
def test_later_scores_never_change_an_earlier_verdict(scores, day):
    all_ = [DatedScore("phq-9", on(each), D(value)) for each, value in dict(scores).items()]
    known = [each for each in all_ if each.on <= on(day)]

    assert judged(RESPONSE, all_, day) == judged(RESPONSE, known, day)
