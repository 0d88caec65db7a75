"""Tests and calls stay due until they are done; the newest moment counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from vernal.knowledge.figures import calendar_figures
from vernal.rules.due import CourseSession
from vernal.rules.measures import MeasureLine, measures_due

FIRST = date(2026, 3, 2)
CALL = MeasureLine("call", "day_after_session", first_sessions=2)
LIVER = (MeasureLine("liver", "at_baseline"), MeasureLine("liver", "end_of_induction"))


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


SIX = tuple(CourseSession(on(day), "induction", "given") for day in (0, 3, 7, 10, 14, 17))


def states(lines, day, sessions=SIX, done=()):
    found = measures_due(lines, sessions, on(day), done, figures=calendar_figures())
    return [(each.due.since, each.is_overdue) for each in found]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (0, []),
        (1, [(on(1), False)]),
        (2, [(on(1), True)]),
        (4, [(on(4), False)]),
        (8, [(on(4), True)]),
    ],
)
def test_the_call_is_due_after_the_first_two_sessions_and_stays_due(day, expected) -> None:
    assert states([CALL], day) == expected


def test_a_higher_dose_asks_for_a_call_again_and_a_line_without_a_bound_always_does() -> None:
    raised = (*SIX[:2], replace(SIX[2], dose_raised=True), *SIX[3:])

    assert states([CALL], 8, raised) == [(on(8), False)]
    assert states([replace(CALL, first_sessions=None)], 8) == [(on(8), False)]


def test_what_was_done_since_the_newest_moment_answers_it() -> None:
    assert states([CALL], 4, done=[("call", on(4))]) == []
    assert states([CALL], 4, done=[("call", on(1)), ("liver", on(4))]) == [(on(4), False)]


def test_the_end_of_the_induction_takes_the_place_of_the_baseline() -> None:
    assert states(LIVER, 5) == [(on(-14), True)]
    assert states(LIVER, 17) == [(on(17), False)]
    assert states(LIVER, 24) == [(on(17), True)]


def test_a_session_that_passed_without_a_dose_asks_for_nothing() -> None:
    planned = (CourseSession(on(0), "induction", "planned"),)

    assert states([CALL], 1, planned) == []
    assert states([LIVER[0]], 0, planned) == [(on(-14), False)]
