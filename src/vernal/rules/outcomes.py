"""Is it working: response, remission, relapse and worsening by stated definitions.

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


@dataclass(frozen=True)
class OutcomeFigures:
    """How near a score must be to the day it speaks for. None has a default: they are knowledge.

    A baseline is at most `baseline_days` old; the end of an induction is scored within
    `end_of_induction_days` after its last session.
    """

    baseline_days: int
    end_of_induction_days: int


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
    figures: OutcomeFigures,
) -> DatedScore | Unknown:
    """The last score before the first dose that is young enough.

    A score of that day counts where it was complete before the dose began: what was filled in
    afterwards already holds the effect.
    """
    if first_session_on is None:
        return Unknown.of(f"{scale}.first_session_on")
    earliest = first_session_on - timedelta(days=figures.baseline_days)
    found = [
        each
        for each in _of(series, scale)
        if earliest <= each.on <= first_session_on and not _is_after(each, first_dose_at)
    ]
    return found[-1] if found else Unknown.of(f"{scale}.baseline")


def end_of_induction(
    series: Iterable[DatedScore],
    *,
    scale: str,
    induction_ended_on: date | None,
    figures: OutcomeFigures,
) -> DatedScore | Unknown:
    """The first score soon enough after the last induction session, else that day's own."""
    if induction_ended_on is None:
        return Unknown.of(f"{scale}.induction_ended_on")
    latest = induction_ended_on + timedelta(days=figures.end_of_induction_days)
    found = [each for each in _of(series, scale) if induction_ended_on <= each.on <= latest]
    after = [each for each in found if each.on > induction_ended_on]
    if not found:
        return Unknown.of(f"{scale}.end_of_induction")
    return (after or found)[0]


def judge_outcome(
    definition: Definition,
    series: Iterable[DatedScore],
    *,
    dates: CourseDates,
    on: date,
    figures: OutcomeFigures,
) -> Judged:
    """Whether the outcome holds on a day, by the latest scores after the reference score.

    A score on the day of the first session is baseline, never outcome.
    """
    series = _of(series, definition.scale)
    reference = _reference(definition, series, dates, figures)
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
    figures: OutcomeFigures,
) -> Truth:
    """Whether someone who had responded by the end of the induction has lost it by any definition.

    Who did not respond cannot relapse: that is False, and the course itself is the question.
    """
    scores = _of(series, response.scale)
    start = _baseline(scores, response.scale, dates, figures)
    end = end_of_induction(
        scores,
        scale=response.scale,
        induction_ended_on=dates.induction_ended_on,
        figures=figures,
    )
    if isinstance(start, Unknown):
        return start
    if isinstance(end, Unknown):
        return end
    responded = meets(response, reference=start.value, score=end.value)
    if responded is not True:
        return responded
    since = CourseDates(end.on, dates.induction_ended_on)
    # Levels are counted from the end of the induction, changes from their own reference.
    truths = [
        judge_outcome(
            each,
            scores,
            dates=since if each.reference == "none" else dates,
            on=on,
            figures=figures,
        ).holds
        for each in relapses
    ]
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


def _baseline(
    series: Iterable[DatedScore], scale: str, dates: CourseDates, figures: OutcomeFigures
) -> DatedScore | Unknown:
    return baseline(
        series,
        scale=scale,
        first_session_on=dates.first_session_on,
        first_dose_at=dates.first_dose_at,
        figures=figures,
    )


def _is_after(score: DatedScore, first_dose_at: datetime | None) -> bool:
    return score.at is not None and first_dose_at is not None and score.at >= first_dose_at


def _of(series: Iterable[DatedScore], scale: str) -> list[DatedScore]:
    return sorted((each for each in series if each.scale == scale), key=lambda each: each.on)


def _reference(
    definition: Definition,
    series: list[DatedScore],
    dates: CourseDates,
    figures: OutcomeFigures,
) -> DatedScore | Unknown | None:
    match definition.reference:
        case "baseline":
            return _baseline(series, definition.scale, dates, figures)
        case "end_of_induction":
            return end_of_induction(
                series,
                scale=definition.scale,
                induction_ended_on=dates.induction_ended_on,
                figures=figures,
            )
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
