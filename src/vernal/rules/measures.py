"""Tests and calls of a protocol's calendar that are no scales: due until somebody did them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from vernal.rules.due import CalendarFigures, CourseSession, Due, DueAt, ScaleDue, windows


@dataclass(frozen=True)
class MeasureLine:
    """One moment of the calendar. After a session it may ask only about the first ones, and about
    those with a higher dose than before."""

    measure: str
    at: DueAt
    first_sessions: int | None = None


@dataclass(frozen=True)
class MeasureDue:
    """A measure that waits. Overdue once its last day has passed: unlike a scale, it stays due."""

    due: Due
    is_overdue: bool


def measures_due(
    calendar: Iterable[MeasureLine],
    sessions: Iterable[CourseSession],
    on: date,
    done: Iterable[tuple[str, date]] = (),
    *,
    figures: CalendarFigures,
) -> tuple[MeasureDue, ...]:
    """Of each measure the newest moment that has come and that nobody has answered since.

    A session whose day has passed without a dose asks for nothing.
    """
    held = sorted(
        (each for each in sessions if each.state == "given" or _is_to_come(each, on)),
        key=lambda each: each.on,
    )
    newest: dict[str, Due] = {}
    for line in calendar:
        for window in _windows(line, held, on, figures):
            before = newest.get(line.measure)
            if window.since <= on and (before is None or before.since < window.since):
                newest[line.measure] = window
    answered = tuple(done)
    return tuple(
        MeasureDue(each, is_overdue=on > each.until)
        for each in newest.values()
        if not any(measure == each.scale and day >= each.since for measure, day in answered)
    )


def _is_to_come(session: CourseSession, on: date) -> bool:
    return session.state == "planned" and session.on >= on


def _windows(
    line: MeasureLine, sessions: list[CourseSession], on: date, figures: CalendarFigures
) -> list[Due]:
    """The day after a session is that one day; everything else has the calendar's usual time."""
    if line.at != "day_after_session":
        return windows(ScaleDue(line.measure, line.at), sessions, on, figures=figures)
    days = [
        each.on + timedelta(days=1)
        for number, each in enumerate(sessions)
        if line.first_sessions is None or number < line.first_sessions or each.dose_raised
    ]
    return [Due(line.measure, line.at, day, day) for day in days]
