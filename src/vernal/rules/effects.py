"""Side effects: what was published beside each, and what a patient reports.

Drug and comparator are always told together. Rates that were found by asking, by waiting for a
complaint or by an instrument never share an axis, and neither do rates counted per session and per
course.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from vernal.rules.findings import Standing
from vernal.rules.screening import Route
from vernal.rules.sessions.events import Kind
from vernal.rules.sessions.fold import SessionState
from vernal.words import Sentence as _

Group = Literal["ketamine", "esketamine", "ketamine_or_esketamine", "antidepressant"]
CountedPer = Literal["session", "course", "long_term", "not_stated"]
Ascertained = Literal["elicited", "passive", "measured", "not_stated"]
Unit = Literal["percent", "mmhg", "per_minute", "kg", "words"]
Moment = Literal["session_end", "four_hours", "next_day"]

SEVERITY: Mapping[int, str] = {
    0: _("Not there"),
    1: _("There, but it did not bother me"),
    2: _("It bothered me"),
    3: _("Hard to bear"),
}
MOMENTS: Mapping[Moment, str] = {
    "session_end": _("Before going home"),
    "four_hours": _("4 hours after the dose"),
    "next_day": _("The next day"),
}
Began = Literal["during", "within_4_hours", "later", "not_sure"]
Ended = Literal[
    "still_there", "at_the_clinic", "within_4_hours", "same_day", "over_night", "not_sure"
]
BEGAN: Mapping[Began, str] = {
    "during": _("During the treatment"),
    "within_4_hours": _("After it, within 4 hours"),
    "later": _("Later than that"),
    "not_sure": _("I am not sure"),
}
ENDED: Mapping[Ended, str] = {
    "still_there": _("It is still there"),
    "at_the_clinic": _("Before I left the clinic"),
    "within_4_hours": _("After that, within 4 hours of the treatment"),
    "same_day": _("Later on the same day"),
    "over_night": _("Over night"),
    "not_sure": _("I am not sure"),
}
ASKED_AT_HOME: tuple[Moment, ...] = ("four_hours", "next_day")


@dataclass(frozen=True)
class HomeFigures:
    """How long after a dose each question is put at home, and until when the last one is.

    None has a default: they are knowledge.
    """

    four_hours: timedelta
    next_day: timedelta
    until: timedelta


@dataclass(frozen=True)
class Arm:
    """One arm as published. `words` always say it; numbers stand only where they were printed."""

    words: str
    percent: Decimal | None = None
    percent_to: Decimal | None = None
    at_least: bool = False
    count: int | None = None
    n: int | None = None

    def __post_init__(self) -> None:
        for percent in (self.percent, self.percent_to):
            if percent is not None and not 0 <= percent <= 100:
                raise ValueError(f"{percent} % is no share of people.")
        if self.count is not None and self.n is not None and self.count > self.n:
            raise ValueError(f"{self.count} of {self.n} is more than all.")


@dataclass(frozen=True)
class Axis:
    """What two rates must share before they may be drawn beside each other."""

    unit: Unit
    counted_per: CountedPer
    ascertained: Ascertained


@dataclass(frozen=True)
class EffectRate:
    """One published rate. `repeats` names an earlier row with the same figures."""

    id: str
    version: int
    effect: str
    term: str
    category: str
    treatment: str
    group: Group
    axis: Axis
    drug: Arm
    comparator: Arm | None
    comparator_is: str
    no_comparator: str
    people: str
    onset: str
    resolution: str
    notes: str
    repeats: str
    sources: tuple[str, ...]
    standing: Standing

    def __post_init__(self) -> None:
        if (self.comparator is None) != bool(self.no_comparator):
            raise ValueError(f"{self.id}: give a comparator or say why there is none.")


@dataclass(frozen=True)
class Comparison:
    """Both arms of one row."""

    rate: EffectRate
    drug: Arm
    comparator: Arm
    comparator_is: str


@dataclass(frozen=True)
class NoComparator:
    """The drug's arm alone, and why nothing stands beside it."""

    rate: EffectRate
    drug: Arm
    reason: str


@dataclass(frozen=True)
class AskedEffect:
    """One effect a patient is asked about. `terms` are the published terms that mean it."""

    id: str
    version: int
    label: str
    question: str
    terms: frozenset[str]
    routes: frozenset[Route] | None
    call_now_from: int | None
    standing: Standing


@dataclass(frozen=True)
class ObservedEffect:
    """What a patient said at one moment. Severity 0 means it was asked for and is not there.

    Staff note times (`began_at`, `ended_at`); from home it is told in words (`began`, `ended`).
    """

    effect: str
    severity: int
    asked_at: Moment
    began_at: datetime | None = None
    ended_at: datetime | None = None
    began: Began | None = None
    ended: Ended | None = None

    def __post_init__(self) -> None:
        if self.severity not in SEVERITY:
            raise ValueError("severity goes from 0 to 3.")
        if self.began_at and self.ended_at and self.ended_at < self.began_at:
            raise ValueError("an effect cannot end before it began.")
        if self.began not in (None, *BEGAN) or self.ended not in (None, *ENDED):
            raise ValueError("beginning and end are told in the words of the list.")


def comparison(effect: EffectRate) -> Comparison | NoComparator:
    """Both arms of a published rate, or the drug's arm with the reason why it stands alone."""
    if effect.comparator is None:
        return NoComparator(effect, effect.drug, effect.no_comparator)
    return Comparison(effect, effect.drug, effect.comparator, effect.comparator_is)


def may_share_axis(one: EffectRate, other: EffectRate) -> bool:
    """Whether two rates may be drawn beside each other.

    Rates that do not say how they were found or counted share an axis with nothing.
    """
    stated = "not_stated" not in (one.axis.counted_per, one.axis.ascertained)
    return stated and one.axis.unit != "words" and one.axis == other.axis


def rates_beside(
    asked: AskedEffect, rates: Iterable[EffectRate], *, group: Iterable[Group]
) -> Mapping[Axis, tuple[Comparison | NoComparator, ...]]:
    """Published rates of an asked effect, axis by axis; a row that a later one repeats with its
    counts is shown once."""
    groups = frozenset(group)
    wanted = [rate for rate in rates if rate.term in asked.terms and rate.group in groups]
    repeated = {rate.repeats for rate in wanted}
    by_axis: dict[Axis, list[Comparison | NoComparator]] = defaultdict(list)
    for rate in wanted:
        if rate.id not in repeated:
            by_axis[rate.axis].append(comparison(rate))
    return {axis: tuple(found) for axis, found in by_axis.items()}


def asked_now(asked: Iterable[AskedEffect], *, route: Route) -> tuple[AskedEffect, ...]:
    """The effects a patient on this route is asked about."""
    return tuple(each for each in asked if each.routes is None or route in each.routes)


def calls_now(
    observed: Iterable[ObservedEffect], asked: Mapping[str, AskedEffect]
) -> tuple[ObservedEffect, ...]:
    """Reports that a clinician hears of today, worst first."""
    found = (
        each
        for each in observed
        if (limit := asked[each.effect].call_now_from) is not None and each.severity >= limit
    )
    return tuple(sorted(found, key=lambda each: (-each.severity, each.effect)))


def observed_effects(state: SessionState) -> tuple[ObservedEffect, ...]:
    """What the session's log says about effects; the last answer to a question counts."""
    answers: dict[tuple[str, str], ObservedEffect] = {}
    for entry in state.of(Kind.effect):
        payload = entry.payload
        if {"effect", "severity", "asked_at"} <= payload.keys():
            answers[payload["effect"], payload["asked_at"]] = ObservedEffect(
                effect=payload["effect"],
                severity=int(payload["severity"]),
                asked_at=payload["asked_at"],
                began_at=payload.get("began_at"),
                ended_at=payload.get("ended_at"),
            )
    return tuple(answers.values())


@dataclass(frozen=True)
class MomentDue:
    """A question put at home, and the time in which the answer still means that moment."""

    moment: Moment
    since: datetime
    until: datetime


def asked_from_home(dose_at: datetime, *, figures: HomeFigures) -> tuple[MomentDue, ...]:
    """Both questions after a dose, one after the other without a gap."""
    first, second = dose_at + figures.four_hours, dose_at + figures.next_day
    return (
        MomentDue("four_hours", first, second),
        MomentDue("next_day", second, dose_at + figures.until),
    )


def moment_due(
    dose_at: datetime, *, told: Iterable[Moment], at: datetime, figures: HomeFigures
) -> MomentDue | None:
    """The question that waits for an answer now."""
    answered = frozenset(told)
    for each in asked_from_home(dose_at, figures=figures):
        if each.since <= at < each.until and each.moment not in answered:
            return each
    return None
