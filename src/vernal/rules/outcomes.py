"""Is it working: response, remission, relapse and worsening by stated definitions, and which
scales are due when.

Comparisons are exact (a fall of half of 15 is 7.5 points: 8 reaches it, 7 does not).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, assert_never

from vernal.rules.conditions import Truth, Unknown
from vernal.rules.findings import Standing

Outcome = Literal["response", "remission", "relapse", "worse", "reliable_change", "futility"]
Rule = Literal[
    "improves_percent",  # at least `value` percent of the reference score
    "improves_less_than_percent",
    "improves_points",
    "worsens_points",
    "at_most",
    "below",
    "at_least",
]
Reference = Literal["baseline", "end_of_induction", "none"]

BASELINE_DAYS = 14
"""House: a baseline is at most two weeks old, the span the PHQ-9 and GAD-7 ask about."""


@dataclass(frozen=True)
class Definition:
    """When an outcome holds on a scale. `in_a_row` scores must each meet the rule."""

    id: str
    version: int
    scale: str
    outcome: Outcome
    rule: Rule
    value: Decimal
    words: str
    sources: tuple[str, ...]
    standing: Standing
    reference: Reference = "baseline"
    in_a_row: int = 1
    higher_is_worse: bool = True

    def __post_init__(self) -> None:
        if (self.rule in ("at_most", "below", "at_least")) != (self.reference == "none"):
            raise ValueError(f"{self.id}: a change needs a reference score, a level needs none.")
        if self.in_a_row < 1 or self.value < 0:
            raise ValueError(f"{self.id}: the value is not negative, in_a_row at least 1.")


@dataclass(frozen=True)
class DatedScore:
    """A score by the day it belongs to; `at` is when the copy was complete, None where unknown."""

    scale: str
    on: date
    value: Decimal
    at: datetime | None = None


@dataclass(frozen=True)
class CourseDates:
    """Days that anchor a course; what has not happened yet is None."""

    first_session_on: date | None
    induction_ended_on: date | None = None
    first_dose_at: datetime | None = None


@dataclass(frozen=True)
class Judged:
    """A definition beside the scores it was judged on."""

    definition: Definition
    holds: Truth
    reference: DatedScore | Unknown | None
    scores: tuple[DatedScore, ...]


def baseline(
    series: Iterable[DatedScore],
    *,
    scale: str,
    first_session_on: date | None,
    first_dose_at: datetime | None = None,
) -> DatedScore | Unknown:
    """The last score before the first dose, at most 14 days old.

    A score of that day counts where it was complete before the dose began: what was filled in
    afterwards already holds the effect.
    """
    if first_session_on is None:
        return Unknown.of(f"{scale}.first_session_on")
    earliest = first_session_on - timedelta(days=BASELINE_DAYS)
    found = [
        each
        for each in _of(series, scale)
        if earliest <= each.on <= first_session_on and not _is_after(each, first_dose_at)
    ]
    return found[-1] if found else Unknown.of(f"{scale}.baseline")


def end_of_induction(
    series: Iterable[DatedScore], *, scale: str, induction_ended_on: date | None
) -> DatedScore | Unknown:
    """The first score in the 14 days after the last induction session, else that day's own."""
    if induction_ended_on is None:
        return Unknown.of(f"{scale}.induction_ended_on")
    latest = induction_ended_on + timedelta(days=BASELINE_DAYS)
    found = [each for each in _of(series, scale) if induction_ended_on <= each.on <= latest]
    after = [each for each in found if each.on > induction_ended_on]
    if not found:
        return Unknown.of(f"{scale}.end_of_induction")
    return (after or found)[0]


def judge_outcome(
    definition: Definition, series: Iterable[DatedScore], *, dates: CourseDates, on: date
) -> Judged:
    """Whether the outcome holds on a day, by the latest scores after the reference score.

    A score on the day of the first session is baseline, never outcome.
    """
    series = _of(series, definition.scale)
    reference = _reference(definition, series, dates)
    begins = _begins(definition, reference, dates)
    scores = [each for each in series if begins is not None and begins < each.on <= on]
    latest = tuple(scores[-definition.in_a_row :])
    if isinstance(reference, Unknown):
        return Judged(definition, reference, reference, latest)
    if len(latest) < definition.in_a_row:
        return Judged(definition, Unknown.of(f"{definition.scale}.score"), reference, latest)
    start = reference.value if reference else Decimal(0)
    truths = [meets(definition, reference=start, score=each.value) for each in latest]
    unsettled = [truth for truth in truths if isinstance(truth, Unknown)]
    return Judged(definition, unsettled[0] if unsettled else all(truths), reference, latest)


def relapsed(
    relapses: Iterable[Definition],
    *,
    response: Definition,
    series: Iterable[DatedScore],
    dates: CourseDates,
    on: date,
) -> Truth:
    """Whether someone who had responded by the end of the induction has lost it by any definition.

    Who did not respond cannot relapse: that is False, and the course itself is the question.
    """
    scores = _of(series, response.scale)
    start = _baseline(scores, response.scale, dates)
    end = end_of_induction(
        scores, scale=response.scale, induction_ended_on=dates.induction_ended_on
    )
    if isinstance(start, Unknown):
        return start
    if isinstance(end, Unknown):
        return end
    responded = meets(response, reference=start.value, score=end.value)
    if responded is not True:
        return responded
    since = CourseDates(end.on, dates.induction_ended_on)
    truths = [_judge_after(each, scores, since, dates, on) for each in relapses]
    if any(truth is True for truth in truths):
        return True
    needs = [truth.needs for truth in truths if isinstance(truth, Unknown)]
    return Unknown(frozenset().union(*needs)) if needs else False


def meets(definition: Definition, *, reference: Decimal, score: Decimal) -> Truth:
    """The rule on two numbers. A percentage of nothing is unknown, not zero."""
    fall = reference - score if definition.higher_is_worse else score - reference
    value = definition.value
    if definition.rule in ("improves_percent", "improves_less_than_percent") and reference <= 0:
        return Unknown.of(f"{definition.scale}.baseline_above_zero")
    match definition.rule:
        case "improves_percent":
            return fall * 100 >= value * reference
        case "improves_less_than_percent":
            return fall * 100 < value * reference
        case "improves_points":
            return fall >= value
        case "worsens_points":
            return -fall >= value
        case "at_most":
            return score <= value
        case "below":
            return score < value
        case "at_least":
            return score >= value
        case _:
            assert_never(definition.rule)


def score_that_meets(definition: Definition, *, reference: Decimal | None) -> Decimal | None:
    """The score at which a definition begins to hold, for drawing it as a line.

    None where the reference score is not known or the rule has no single such score.
    """
    if definition.reference == "none":
        return definition.value
    if reference is None or reference <= 0:
        return None
    towards_better = -1 if definition.higher_is_worse else 1
    match definition.rule:
        case "improves_percent":
            return reference + towards_better * reference * definition.value / 100
        case "improves_points":
            return reference + towards_better * definition.value
        case "worsens_points":
            return reference - towards_better * definition.value
        case _:
            return None


def improved_percent(*, reference: Decimal, score: Decimal) -> Decimal | Unknown:
    """How much of the reference score is gone, in percent to one decimal; for showing only."""
    if reference <= 0:
        return Unknown.of("baseline_above_zero")
    return ((reference - score) * 100 / reference).quantize(Decimal("0.1"))


def _judge_after(
    definition: Definition,
    series: list[DatedScore],
    since: CourseDates,
    dates: CourseDates,
    on: date,
) -> Truth:
    """Levels are counted from the end of the induction, changes from their own reference."""
    anchor = since if definition.reference == "none" else dates
    return judge_outcome(definition, series, dates=anchor, on=on).holds


# Which scales are due.

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
class ScaleDue:
    """One line of a protocol's calendar.

    `for_weeks` bounds the weekly copies after the induction (house: 8). A copy filled in up to
    `early_days` before its day counts.
    """

    scale: str
    at: DueAt
    for_weeks: int = 8
    early_days: int = 0

    def __post_init__(self) -> None:
        if self.for_weeks < 1 or self.early_days < 0:
            raise ValueError("for_weeks is at least 1, early_days is not negative.")


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


GRACE_DAYS = 6
"""House: a copy that was missed stays due for the rest of its week, then it is missing."""


def due(
    calendar: Iterable[ScaleDue],
    sessions: Iterable[CourseSession],
    on: date,
    done: Iterable[tuple[str, date]] = (),
) -> tuple[Due, ...]:
    """Scales due on a day and not yet filled in, in the calendar's order, each scale once."""
    held = sorted((each for each in sessions if each.state != "not_given"), key=lambda s: s.on)
    filled = tuple(done)
    waiting: dict[str, Due] = {}
    for line in calendar:
        for window in windows(line, held, on):
            early = window.since - timedelta(days=line.early_days)
            answered = any(
                scale == line.scale and early <= day <= window.until for scale, day in filled
            )
            if window.since <= on <= window.until and not answered:
                waiting.setdefault(line.scale, window)
    return tuple(waiting.values())


def windows(line: ScaleDue, sessions: list[CourseSession], on: date) -> list[Due]:
    """When a line of the calendar asks, by sessions in the order of their days."""
    induction = [each.on for each in sessions if each.phase == "induction"]
    later = [each.on for each in sessions if each.phase != "induction"]
    match line.at:
        case "at_baseline":
            first = sessions[0].on if sessions else on
            return [_due(line, first - timedelta(days=BASELINE_DAYS), first)]
        case "before_each_session" | "during_session" | "before_discharge":
            return [_due(line, each.on, each.on) for each in sessions]
        case "day_after_session":
            days = [each.on + timedelta(days=1) for each in sessions]
        case "middle_of_induction":
            days = induction[(len(induction) - 1) // 2 :][:1]
        case "end_of_induction":
            days = induction[-1:]
        case "weekly_after_induction":
            weeks = range(1, line.for_weeks + 1)
            days = [day + timedelta(weeks=week) for day in induction[-1:] for week in weeks]
        case "monthly_in_maintenance":
            days = _every(28, later)
        case "every_3_months_in_maintenance":
            days = _every(91, later)
        case "every_6_months":
            days = _every(182, [each.on for each in sessions])
        case _:
            assert_never(line.at)
    return [_due(line, day, day + timedelta(days=GRACE_DAYS)) for day in days]


def _every(days: int, held: list[date]) -> list[date]:
    """Every so many days after the first session, as long as there are sessions."""
    if not held:
        return []
    count = (held[-1] - held[0]).days // days
    return [held[0] + timedelta(days=days * step) for step in range(1, count + 1)]


def _due(line: ScaleDue, since: date, until: date) -> Due:
    return Due(line.scale, line.at, since, until)


def _baseline(series: Iterable[DatedScore], scale: str, dates: CourseDates) -> DatedScore | Unknown:
    return baseline(
        series,
        scale=scale,
        first_session_on=dates.first_session_on,
        first_dose_at=dates.first_dose_at,
    )


def _is_after(score: DatedScore, first_dose_at: datetime | None) -> bool:
    return score.at is not None and first_dose_at is not None and score.at >= first_dose_at


def _of(series: Iterable[DatedScore], scale: str) -> list[DatedScore]:
    return sorted((each for each in series if each.scale == scale), key=lambda each: each.on)


def _reference(
    definition: Definition, series: list[DatedScore], dates: CourseDates
) -> DatedScore | Unknown | None:
    match definition.reference:
        case "baseline":
            return _baseline(series, definition.scale, dates)
        case "end_of_induction":
            ended = dates.induction_ended_on
            return end_of_induction(series, scale=definition.scale, induction_ended_on=ended)
        case "none":
            return None
        case _:
            assert_never(definition.reference)


def _begins(
    definition: Definition, reference: DatedScore | Unknown | None, dates: CourseDates
) -> date | None:
    """Outcome scores lie after this day: after the reference, and never on the first day."""
    if definition.reference == "end_of_induction" and isinstance(reference, DatedScore):
        return reference.on
    return dates.first_session_on
