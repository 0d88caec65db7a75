"""Protocols as values: figures with their standing, phases, calendar, readings, what may come next.

A protocol is a reviewed file a plan may follow. These functions lay a session out in minutes;
`rules.calendars` lays out the days. They know no patient and decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Literal

from vernal.rules.conditions import Condition
from vernal.rules.dosing import DeviceSteps, DoseCaps, PreparationLimits
from vernal.rules.findings import Standing
from vernal.rules.screening import Indication, Route
from vernal.rules.weights import BodyFigures, WeightLimits
from vernal.units.dose import Dose, DosePerKg, Substance
from vernal.words import Sentence as _

When = Literal[
    "at_baseline",
    "before_each_session",
    "during_session",
    "before_discharge",
    "middle_of_induction",
    "end_of_induction",
    "weekly_after_induction",
    "monthly_in_maintenance",
    "every_3_months_in_maintenance",
    "every_6_months",
    "day_after_session",
]
OptionKind = Literal["next_dose", "continue", "wait", "change", "stop"]
Part = Literal["before", "during", "after"]


class DoesNotFit(Exception):
    """The sessions do not fit the days; the message says which day or rule, and what would do."""


@dataclass(frozen=True)
class Figure:
    """One number of a protocol: what it is, how far it is known, and the rows it rests on."""

    what: str
    value: Decimal
    unit: str
    standing: Standing
    rows: tuple[str, ...]
    sources: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Figures:
    """All numbers of a protocol but those of its phases. mg or mg/kg as `start_dose` has it."""

    start_dose: Figure
    reason_above: Figure
    step_up: Figure
    cap_mg_per_kg: Figure
    cap_mg: Figure
    least_min: Figure
    usual_min: Figure
    most_min: Figure
    vials: tuple[Figure, ...]
    total_volume: Figure | None
    most_total_volume: Figure | None
    dilute_from: Figure | None
    most_rounding: Figure
    least_weight: Figure
    most_weight: Figure
    weight_days_old: Figure
    weight_ask_again: Figure
    basis_from_bmi: Figure
    hours_between: Figure
    most_per_week: Figure
    observe_from_start: Figure
    observe_from_end: Figure | None

    def __iter__(self) -> Iterator[Figure]:
        """Every figure there is, in order."""
        for field in fields(self):
            value = getattr(self, field.name)
            yield from value if isinstance(value, tuple) else (value,) if value else ()


@dataclass(frozen=True)
class Schedule:
    """How the sessions of a phase are spaced: days between them, repeated as long as needed."""

    id: str
    title: str
    gaps_days: tuple[int, ...]
    standing: Standing
    rows: tuple[str, ...]
    sources: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class NextOption:
    """What a protocol offers after a phase; `leads_to` is a phase, `None` ends the course.

    `kind` is the option of `rules.retreatment` it belongs to. `holds` says the same as `when`, by
    facts of the course; None where only a person can tell.
    """

    id: str
    kind: OptionKind
    title: str
    when: str
    holds: Condition | None
    leads_to: str | None
    schedule: str | None
    standing: Standing
    rows: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Phase:
    """A run of sessions. `sessions` is the usual number, `window` the days they must fit in."""

    id: str
    title: str
    sessions: Figure | None
    most_sessions: Figure | None
    window: Figure | None
    schedules: tuple[Schedule, ...]
    next: tuple[NextOption, ...]

    def schedule(self, id_: str | None) -> Schedule:
        """The named schedule, or the first. Raises `DoesNotFit` with the names there are."""
        for schedule in self.schedules:
            if id_ in (None, schedule.id):
                return schedule
        names = ", ".join(each.id for each in self.schedules)
        raise DoesNotFit(
            _(
                "%(phase)s has no schedule %(id)s; it has %(names)s.",
                phase=self.title,
                id=repr(id_),
                names=names,
            )
        )


@dataclass(frozen=True)
class Prompt:
    """A question to the prescriber after so many sessions without enough improvement; no stop."""

    after_sessions: Figure
    improvement_below: Figure
    words: str


@dataclass(frozen=True)
class Due:
    """What to measure or do, and when in the course.

    `first_sessions` asks after so many sessions alone, and after one with a higher dose. `fact`:
    an answer of the history that is the same measure.
    """

    measure: str
    title: str
    when: tuple[When, ...]
    standing: Standing
    rows: tuple[str, ...]
    sources: tuple[str, ...]
    note: str = ""
    first_sessions: int | None = None
    fact: str = ""


@dataclass(frozen=True)
class ReadingTimes:
    """When readings are due within a session, in minutes. `close_every` is for people at risk.

    Without `during_every` all readings count from the start of the dose.
    """

    measures: tuple[str, ...]
    before: tuple[Figure, ...]
    during_every: Figure | None
    always_at: tuple[Figure, ...]
    after_every: Figure
    close_every: Figure
    close_when: str


@dataclass(frozen=True)
class ReadingDue:
    """A reading to take `minute` minutes after the start of the dose; below zero is before it."""

    minute: Decimal
    part: Part


@dataclass(frozen=True)
class Protocol:
    """One reviewed way to treat, with every number a plan may use."""

    id: str
    version: int
    title: str
    summary: str
    route: Route
    substance: Substance
    indications: tuple[Indication, ...]
    standing: Standing
    sources: tuple[str, ...]
    rows: tuple[str, ...]
    caveats: tuple[str, ...]
    figures: Figures
    phases: tuple[Phase, ...]
    prompts: tuple[Prompt, ...]
    calendar: tuple[Due, ...]
    readings: ReadingTimes
    body: BodyFigures
    steps: DeviceSteps

    @property
    def by_weight(self) -> bool:
        """Whether its doses are in mg/kg; else they are fixed, in mg."""
        return self.figures.start_dose.unit == "mg/kg"

    @property
    def start_dose(self) -> DosePerKg | Dose:
        """The dose a course starts with, by weight or fixed."""
        value = self.figures.start_dose.value
        return (DosePerKg if self.by_weight else Dose)(value, self.substance)

    @property
    def caps(self) -> DoseCaps:
        """Caps for `rules.dosing`."""
        return DoseCaps(
            most_mg_per_kg=self.figures.cap_mg_per_kg.value,
            most_mg=self.figures.cap_mg.value,
            reason_above=self.figures.reason_above.value,
        )

    @property
    def preparation_limits(self) -> PreparationLimits:
        """Limits of vial, time and rounding for `rules.dosing`."""
        dilute, most_total = self.figures.dilute_from, self.figures.most_total_volume
        return PreparationLimits(
            vials_mg_per_ml=tuple(vial.value for vial in self.figures.vials),
            dilute_one_to_one_from_mg_per_ml=dilute.value if dilute else None,
            most_total_ml=most_total.value if most_total else None,
            least_min=self.figures.least_min.value,
            most_min=self.figures.most_min.value,
            most_rounding_percent=self.figures.most_rounding.value,
            steps=self.steps,
        )

    @property
    def weight_limits(self) -> WeightLimits:
        """Limits of the weight for `rules.weights`."""
        return WeightLimits(
            least_kg=self.figures.least_weight.value,
            most_kg=self.figures.most_weight.value,
            most_days_old=int(self.figures.weight_days_old.value),
            ask_again_percent=self.figures.weight_ask_again.value,
            choose_basis_from_bmi=self.figures.basis_from_bmi.value,
            body=self.body,
        )

    def phase(self, id_: str) -> Phase:
        """One phase. Raises `DoesNotFit` with the names there are."""
        for phase in self.phases:
            if phase.id == id_:
                return phase
        names = ", ".join(phase.id for phase in self.phases)
        raise DoesNotFit(
            _(
                "%(protocol)s has no phase %(id)s; it has %(names)s.",
                protocol=self.title,
                id=repr(id_),
                names=names,
            )
        )


def next_options(protocol: Protocol, phase: str) -> tuple[NextOption, ...]:
    """What the protocol offers after a phase, in its order. The prescriber chooses and signs."""
    return protocol.phase(phase).next


def readings_due(
    protocol: Protocol, *, minutes: Decimal, close: bool = False
) -> tuple[ReadingDue, ...]:
    """Every reading of a session in order, for a dose over `minutes`; `close` for people at risk.

    The last is at the end of the observation (`observation_ends_min`).
    """
    table = protocol.readings
    end = observation_ends_min(protocol, minutes=minutes)
    found = {-before.value: ReadingDue(-before.value, "before") for before in table.before}
    dose_ends = Decimal(0)
    after_every = table.after_every.value
    if table.during_every is not None:
        dose_ends = minutes
        every = table.close_every.value if close else table.during_every.value
        moments = {*_every(every, Decimal(0), minutes), minutes}
        moments |= {each.value for each in table.always_at if each.value < minutes}
        found |= {moment: ReadingDue(moment, "during") for moment in moments}
    elif close:
        after_every = table.close_every.value
    after = {*_every(after_every, dose_ends, end), end}
    found |= {moment: ReadingDue(moment, "after") for moment in after}
    return tuple(sorted(found.values(), key=lambda reading: reading.minute))


def observation_ends_min(protocol: Protocol, *, minutes: Decimal) -> Decimal:
    """Minutes from the start until the observation may end: every clock must have passed."""
    from_end = protocol.figures.observe_from_end
    after_end = minutes + from_end.value if from_end else Decimal(0)
    return max(protocol.figures.observe_from_start.value, after_end)


def lowest_standing(standings: Iterable[Standing]) -> Standing:
    """The least certain of them: house below unverified below verified."""
    order: tuple[Standing, ...] = ("house", "unverified", "verified")
    return min(standings, key=order.index)


def _every(step: Decimal, start: Decimal, end: Decimal) -> Iterator[Decimal]:
    moment = start + step
    while moment < end:
        yield moment
        moment += step
