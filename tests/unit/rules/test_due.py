"""Which scales are due on which days of a course."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from vernal.knowledge.figures import calendar_figures
from vernal.rules.due import CourseSession, Due, ScaleDue, due

FIRST = date(2026, 3, 2)
FIGURES = calendar_figures()


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


SIX = tuple(
    CourseSession(on(day), "induction", "given" if day < 7 else "planned")
    for day in (0, 3, 7, 10, 14, 18)
)


def due_on(line: ScaleDue, day: int, sessions=SIX, done=()) -> bool:
    return bool(due([line], sessions, on(day), done, figures=FIGURES))


@pytest.mark.parametrize(
    ("at", "days"),
    [
        ("at_baseline", range(-14, 1)),
        ("before_each_session", (0, 3, 7, 10, 14, 18)),
        ("during_session", (0, 3, 7, 10, 14, 18)),
        ("before_discharge", (0, 3, 7, 10, 14, 18)),
        ("day_after_session", range(1, 26)),
        ("middle_of_induction", range(7, 14)),
        ("end_of_induction", range(18, 25)),
        ("weekly_after_induction", range(25, 81)),
        ("monthly_in_maintenance", ()),
        ("every_3_months_in_maintenance", ()),
        ("every_6_months", ()),
    ],
)
def test_a_scale_is_due_on_exactly_its_days(at, days):
    found = [day for day in range(-20, 100) if due_on(ScaleDue("phq-9", at), day)]

    assert found == list(days)


@pytest.mark.parametrize(
    ("at", "first"),
    [
        ("monthly_in_maintenance", 30 + 28),
        ("every_3_months_in_maintenance", 30 + 91),
        ("every_6_months", 182),
    ],
)
def test_long_courses_are_looked_at_as_long_as_they_last(at, first):
    later = tuple(CourseSession(on(day), "maintenance") for day in range(30, 240, 14))

    assert not due_on(ScaleDue("phq-9", at), first - 1, SIX + later)
    assert due_on(ScaleDue("phq-9", at), first, SIX + later)
    assert not due_on(ScaleDue("phq-9", at), 400, SIX + later)


@pytest.mark.parametrize("at", ["monthly_in_maintenance", "every_6_months", "end_of_induction"])
def test_without_sessions_only_the_baseline_is_due(at):
    assert not due_on(ScaleDue("phq-9", at), 0, ())
    assert due_on(ScaleDue("phq-9", "at_baseline"), 0, ())


def test_what_was_filled_in_within_its_days_is_no_longer_due():
    weekly = ScaleDue("phq-9", "weekly_after_induction")

    assert not due_on(weekly, 27, done=[("phq-9", on(26))])
    assert due_on(weekly, 27, done=[("phq-9", on(24)), ("gad-7", on(26))])


def test_a_copy_of_the_evening_before_counts_for_a_session_and_no_older_one():
    assert due_on(ScaleDue("phq-9", "before_each_session"), 7, done=[("phq-9", on(5))])
    assert not due_on(ScaleDue("phq-9", "before_each_session"), 7, done=[("phq-9", on(6))])
    assert due_on(ScaleDue("phq-9", "during_session"), 7, done=[("phq-9", on(6))])


def test_a_session_that_was_not_given_asks_for_nothing():
    sessions = (*SIX[:5], CourseSession(on(18), "induction", "not_given"))

    assert not due_on(ScaleDue("phq-9", "before_each_session"), 18, sessions)
    assert due_on(ScaleDue("phq-9", "end_of_induction"), 14, sessions)


def test_a_scale_due_for_two_reasons_is_asked_once_in_the_calendars_order():
    calendar = [
        ScaleDue("gad-7", "at_baseline"),
        ScaleDue("phq-9", "before_each_session"),
        ScaleDue("phq-9", "at_baseline"),
    ]

    found = due(calendar, SIX, FIRST, figures=FIGURES)

    assert found == (
        Due("gad-7", "at_baseline", FIRST - timedelta(days=14), FIRST),
        Due("phq-9", "before_each_session", FIRST, FIRST),
    )
