"""Which scales are due when, by the calendar of a protocol."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, assert_never

DueAt = Literal[
    "at_baseline",
    "before_each_session",
    "during_session",
    "before_discharge",
    "day_after_session",
    "middle_of_induction",
    "end_of_induction",
    "weekly_after_induction",
    "monthly_in_maintenance",
    "every_3_months_in_maintenance",
    "every_6_months",
]
"""The words of a protocol's calendar (`rules.protocols.When`)."""

Phase = Literal["induction", "continuation", "maintenance"]


@dataclass(frozen=True)
class CalendarFigures:
    """How the words of a calendar become days. None has a default: they are knowledge.

    A baseline is asked for from `baseline_days` before the first session on; a copy before a
    session counts when filled in up to `early_days` before it; what was missed stays due for
    `grace_days` more. Weekly copies end after `weekly_for_weeks`.
    """

    baseline_days: int
    early_days: int
    grace_days: int
    weekly_for_weeks: int
    month_days: int
    quarter_days: int
    half_year_days: int


@dataclass(frozen=True)
class ScaleDue:
    """One line of a protocol's calendar."""

    scale: str
    at: DueAt


@dataclass(frozen=True)
class CourseSession:
    """A session as the calendar sees it. `planned` includes those still to come."""

    on: date
    phase: Phase
    state: Literal["planned", "given", "not_given"] = "planned"
    dose_raised: bool = False


@dataclass(frozen=True)
class Due:
    """A scale that waits to be filled in, and the last day on which it still fits."""

    scale: str
    at: DueAt
    since: date
    until: date


def due(
    calendar: Iterable[ScaleDue],
    sessions: Iterable[CourseSession],
    on: date,
    done: Iterable[tuple[str, date]] = (),
    *,
    figures: CalendarFigures,
) -> tuple[Due, ...]:
    """Scales due on a day and not yet filled in, in the calendar's order, each scale once."""
    held = sorted((each for each in sessions if each.state != "not_given"), key=lambda s: s.on)
    filled = tuple(done)
    waiting: dict[str, Due] = {}
    for line in calendar:
        early = timedelta(days=figures.early_days if line.at == "before_each_session" else 0)
        for window in windows(line, held, on, figures=figures):
            answered = any(
                scale == line.scale and window.since - early <= day <= window.until
                for scale, day in filled
            )
            if window.since <= on <= window.until and not answered:
                waiting.setdefault(line.scale, window)
    return tuple(waiting.values())


def windows(
    line: ScaleDue, sessions: list[CourseSession], on: date, *, figures: CalendarFigures
) -> list[Due]:
    """When a line of the calendar asks, by sessions in the order of their days."""
    induction = [each.on for each in sessions if each.phase == "induction"]
    later = [each.on for each in sessions if each.phase != "induction"]
    match line.at:
        case "at_baseline":
            first = sessions[0].on if sessions else on
            return [_due(line, first - timedelta(days=figures.baseline_days), first)]
        case "before_each_session" | "during_session" | "before_discharge":
            return [_due(line, each.on, each.on) for each in sessions]
        case "day_after_session":
            days = [each.on + timedelta(days=1) for each in sessions]
        case "middle_of_induction":
            days = induction[(len(induction) - 1) // 2 :][:1]
        case "end_of_induction":
            days = induction[-1:]
        case "weekly_after_induction":
            weeks = range(1, figures.weekly_for_weeks + 1)
            days = [day + timedelta(weeks=week) for day in induction[-1:] for week in weeks]
        case "monthly_in_maintenance":
            days = _every(figures.month_days, later)
        case "every_3_months_in_maintenance":
            days = _every(figures.quarter_days, later)
        case "every_6_months":
            days = _every(figures.half_year_days, [each.on for each in sessions])
        case _:
            assert_never(line.at)
    return [_due(line, day, day + timedelta(days=figures.grace_days)) for day in days]


def _every(days: int, held: list[date]) -> list[date]:
    """Every so many days after the first session, as long as there are sessions."""
    if not held:
        return []
    count = (held[-1] - held[0]).days // days
    return [held[0] + timedelta(days=days * step) for step in range(1, count + 1)]


def _due(line: ScaleDue, since: date, until: date) -> Due:
    return Due(line.scale, line.at, since, until)
