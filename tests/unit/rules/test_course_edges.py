"""Edges of effects and courses that pages rarely meet and rules must still settle."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from vernal.knowledge.figures import home_figures, outcome_figures, value
from vernal.knowledge.scales import definitions
from vernal.rules.conditions import Unknown
from vernal.rules.due import CourseSession
from vernal.rules.effects import ObservedEffect, asked_from_home, moment_due
from vernal.rules.outcomes import CourseDates, DatedScore, judge_outcome, score_that_meets
from vernal.rules.retreatment import holds_sessions_back, judge_on_course, this_course

RESPONSE = definitions()["phq-9.response"]
REMISSION = definitions()["phq-9.remission"]
RELAPSE = definitions()["phq-9.relapse-rise"]
STARTED = date(2026, 3, 2)
judge = partial(judge_on_course, figures=outcome_figures())


@pytest.mark.parametrize(
    "told",
    [{"severity": 4}, {"severity": 1, "began": "a while ago"}, {"severity": 1, "ended": "?"}],
)
def test_an_effect_is_told_in_the_words_of_the_list(told) -> None:
    with pytest.raises(ValueError, match=r"severity goes|words of the list"):
        ObservedEffect(effect="nausea", asked_at="next_day", **told)


@pytest.mark.parametrize(
    ("rule", "value", "higher_is_worse", "expected"),
    [
        ("improves_percent", "50", True, "9"),
        ("improves_percent", "50", False, "27"),
        ("improves_points", "5", True, "13"),
        ("improves_points", "5", False, "23"),
        ("worsens_points", "5", True, "23"),
        ("worsens_points", "5", False, "13"),
    ],
)
def test_the_line_of_a_change_is_drawn_where_it_begins_to_hold(
    rule, value, higher_is_worse, expected
) -> None:
    definition = replace(RESPONSE, rule=rule, value=Decimal(value), higher_is_worse=higher_is_worse)

    assert score_that_meets(definition, reference=Decimal(18)) == Decimal(expected)


def test_a_change_that_has_no_one_score_has_no_line() -> None:
    definition = replace(RESPONSE, rule="improves_less_than_percent")

    assert score_that_meets(definition, reference=Decimal(18)) is None


@pytest.mark.parametrize("reference", [None, Decimal(0)])
def test_a_change_from_nothing_has_no_line_and_a_level_needs_no_start(reference) -> None:
    assert score_that_meets(RESPONSE, reference=reference) is None
    assert score_that_meets(REMISSION, reference=reference) == REMISSION.value


@pytest.mark.parametrize(
    ("earlier", "later", "sessions"),
    [
        (("induction", date(2026, 3, 2)), ("induction", date(2026, 3, 30)), 2),
        (("induction", date(2026, 3, 2)), ("induction", date(2026, 3, 31)), 1),
        (("maintenance", date(2026, 3, 2)), ("induction", date(2026, 3, 5)), 1),
        (("induction", date(2026, 3, 2)), ("maintenance", date(2026, 6, 1)), 2),
    ],
)
def test_a_late_induction_begins_a_course_of_its_own(earlier, later, sessions) -> None:
    course = this_course(
        (CourseSession(on=on, phase=phase, state="given") for phase, on in (later, earlier)),
        gap_days=int(value("course_gap")),
    )

    assert len(course) == sessions
    assert course[-1].on == later[1]


def test_a_relapse_is_not_known_on_a_scale_without_a_response() -> None:
    scores = [DatedScore("phq-9", STARTED, Decimal(18))]
    dates = CourseDates(STARTED, None)

    judged = judge(RELAPSE, scores, response=None, dates=dates, on=STARTED)

    assert judged.holds == Unknown.of("phq-9.response")
    assert judged.scores == ()


def test_what_is_no_relapse_is_judged_on_the_whole_course() -> None:
    scores = [DatedScore("phq-9", STARTED, Decimal(20)), DatedScore("phq-9", STARTED, Decimal(5))]
    dates = CourseDates(STARTED, None)

    judged = judge(REMISSION, scores, response=RESPONSE, dates=dates, on=STARTED)

    assert judged == judge_outcome(
        REMISSION, scores, dates=dates, on=STARTED, figures=outcome_figures()
    )


def test_a_relapse_shows_only_scores_since_the_induction_ended() -> None:
    ended = date(2026, 3, 20)
    scores = [
        DatedScore("phq-9", STARTED, Decimal(20)),
        DatedScore("phq-9", ended, Decimal(5)),
        DatedScore("phq-9", date(2026, 5, 1), Decimal(19)),
    ]

    judged = judge(
        RELAPSE,
        scores,
        response=RESPONSE,
        dates=CourseDates(STARTED, ended),
        on=date(2026, 5, 1),
    )

    assert judged.holds is True
    assert [each.on for each in judged.scores] == [date(2026, 5, 1)]


def test_questions_at_home_follow_each_other_without_a_gap_and_end() -> None:
    dose_at = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
    figures = home_figures()
    waiting = partial(moment_due, dose_at, figures=figures)

    first, second = asked_from_home(dose_at, figures=figures)

    assert (first.since, first.until) == (dose_at + timedelta(hours=4), second.since)
    assert (second.since, second.until) == (
        dose_at + timedelta(hours=22),
        dose_at + timedelta(hours=72),
    )
    assert waiting(told=(), at=dose_at) is None
    assert waiting(told=(), at=first.since) == first
    assert waiting(told=["four_hours"], at=first.since) is None
    assert waiting(told=["four_hours"], at=second.since) == second
    assert waiting(told=(), at=second.until - timedelta(seconds=1)) == second
    assert waiting(told=(), at=second.until) is None


@pytest.mark.parametrize(
    ("option", "look_again_on", "expected"),
    [
        ("stop", None, True),
        ("change", None, True),
        ("refer", None, True),
        ("next_dose", None, False),
        ("continue", None, False),
        ("wait", None, True),
        ("wait", date(2026, 3, 3), True),
        ("wait", STARTED, False),
    ],
)
def test_a_review_holds_sessions_back_until_somebody_looks_again(
    option, look_again_on, expected
) -> None:
    assert holds_sessions_back(option, look_again_on=look_again_on, on=STARTED) is expected
