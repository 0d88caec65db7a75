"""Protocols as data: two reviewed ways to treat, every number with its row and standing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic import Field

from vernal.knowledge.drugs import SUBSTANCES, SubstanceName
from vernal.knowledge.figures import body_figures, device_steps, figures
from vernal.knowledge.load import ContentError, by_id, read_items
from vernal.knowledge.schema import ConditionField, Item, Key, Sentence, Source, Strict
from vernal.rules.conditions import Always, facts_used
from vernal.rules.findings import Standing
from vernal.rules.protocols import (
    Due,
    Figure,
    Figures,
    NextOption,
    OptionKind,
    Phase,
    Prompt,
    Protocol,
    ReadingTimes,
    Schedule,
    When,
)
from vernal.rules.retreatment import COURSE_FACTS
from vernal.rules.screening import Indication, Route


class Cited(Strict):
    """What a number or an offer rests on. A row is a line of the reference tables (`DOS-001`)."""

    standing: Standing
    rows: tuple[Key, ...] = Field(min_length=1)
    sources: tuple[Key, ...] = ()
    note: str = ""


class FigureShape(Cited):
    """A house figure says in `note` why this number."""

    what: Sentence
    value: Decimal = Field(ge=0)
    unit: str

    def figure(self) -> Figure:
        if self.standing == "house" and not self.note:
            raise ValueError(f"{self.what}: a house figure says in 'note' why this number")
        if self.standing != "house" and not self.sources:
            raise ValueError(f"{self.what}: standing {self.standing!r} needs a source")
        return Figure(
            what=self.what,
            value=self.value,
            unit=self.unit,
            standing=self.standing,
            rows=self.rows,
            sources=self.sources,
            note=self.note,
        )


OF_THE_WEIGHT = (
    "least_weight",
    "most_weight",
    "weight_days_old",
    "weight_ask_again",
    "basis_from_bmi",
)


class FiguresShape(Strict):
    """Every number of `rules.protocols.Figures`; what a protocol does not have is left out.

    Those of the weight are the same for every protocol and stand in `figures.yaml`.
    """

    start_dose: FigureShape
    reason_above: FigureShape
    step_up: FigureShape
    cap_mg_per_kg: FigureShape
    cap_mg: FigureShape
    least_min: FigureShape
    usual_min: FigureShape
    most_min: FigureShape
    vials: tuple[FigureShape, ...] = Field(min_length=1)
    total_volume: FigureShape | None = None
    most_total_volume: FigureShape | None = None
    dilute_from: FigureShape | None = None
    most_rounding: FigureShape
    hours_between: FigureShape
    most_per_week: FigureShape
    observe_from_start: FigureShape
    observe_from_end: FigureShape | None = None

    def figures(self) -> Figures:
        one = {name: _figure(value) for name, value in self if isinstance(value, FigureShape)}
        absent = {name: None for name, value in self if value is None}
        shared = {name: figures()[name].figure() for name in OF_THE_WEIGHT}
        return Figures(**one, **absent, **shared, vials=tuple(each.figure() for each in self.vials))  # type: ignore[arg-type]  # the fields have the same names


class ScheduleShape(Cited):
    id: Key
    title: Sentence
    gaps_days: tuple[int, ...] = Field(min_length=1)

    def schedule(self) -> Schedule:
        return Schedule(
            id=self.id,
            title=self.title,
            gaps_days=self.gaps_days,
            standing=self.standing,
            rows=self.rows,
            sources=self.sources,
            note=self.note,
        )


class OptionShape(Cited):
    id: Key
    kind: OptionKind
    title: Sentence
    when: Sentence
    holds: ConditionField | None = None
    leads_to: Key | None = None
    schedule: Key | None = None

    def option(self) -> NextOption:
        return NextOption(
            id=self.id,
            kind=self.kind,
            title=self.title,
            when=self.when,
            holds=self.holds,
            leads_to=self.leads_to,
            schedule=self.schedule,
            standing=self.standing,
            rows=self.rows,
            sources=self.sources,
        )


class PhaseShape(Strict):
    id: Key
    title: Sentence
    sessions: FigureShape | None = None
    most_sessions: FigureShape | None = None
    window: FigureShape | None = None
    schedules: tuple[ScheduleShape, ...] = Field(min_length=1)
    next: tuple[OptionShape, ...] = Field(min_length=1)

    def phase(self) -> Phase:
        return Phase(
            id=self.id,
            title=self.title,
            sessions=_figure(self.sessions),
            most_sessions=_figure(self.most_sessions),
            window=_figure(self.window),
            schedules=tuple(each.schedule() for each in self.schedules),
            next=tuple(each.option() for each in self.next),
        )


class PromptShape(Strict):
    after_sessions: FigureShape
    improvement_below: FigureShape
    words: Sentence

    def prompt(self) -> Prompt:
        return Prompt(
            after_sessions=self.after_sessions.figure(),
            improvement_below=self.improvement_below.figure(),
            words=self.words,
        )


class DueShape(Cited):
    measure: Key
    title: Sentence
    when: tuple[When, ...] = Field(min_length=1)
    first_sessions: int | None = Field(default=None, ge=1)
    fact: Key | None = None

    def due(self) -> Due:
        return Due(
            measure=self.measure,
            title=self.title,
            when=self.when,
            standing=self.standing,
            rows=self.rows,
            sources=self.sources,
            note=self.note,
            first_sessions=self.first_sessions,
            fact=self.fact or "",
        )


class ReadingsShape(Strict):
    measures: tuple[Sentence, ...] = Field(min_length=1)
    before: tuple[FigureShape, ...] = Field(min_length=1)
    during_every: FigureShape | None = None
    always_at: tuple[FigureShape, ...] = ()
    after_every: FigureShape
    close_every: FigureShape
    close_when: Sentence

    def readings(self) -> ReadingTimes:
        return ReadingTimes(
            measures=self.measures,
            before=tuple(each.figure() for each in self.before),
            during_every=_figure(self.during_every),
            always_at=tuple(each.figure() for each in self.always_at),
            after_every=self.after_every.figure(),
            close_every=self.close_every.figure(),
            close_when=self.close_when,
        )


class ProtocolShape(Item):
    """One protocol. `standing` is the lowest of its figures; `rows` are those it rests on."""

    title: Sentence
    summary: Sentence
    route: Route
    substance: SubstanceName
    indications: tuple[Indication, ...] = Field(min_length=1)
    rows: tuple[Key, ...] = Field(min_length=1)
    caveats: tuple[Sentence, ...] = ()
    figures: FiguresShape
    phases: tuple[PhaseShape, ...] = Field(min_length=1)
    prompts: tuple[PromptShape, ...] = ()
    calendar: tuple[DueShape, ...] = Field(min_length=1)
    readings: ReadingsShape

    def protocol(self) -> Protocol:
        return Protocol(
            id=self.id,
            version=self.version,
            title=self.title,
            summary=self.summary,
            route=self.route,
            substance=SUBSTANCES[self.substance],
            indications=self.indications,
            standing=self.standing,
            sources=self.sources,
            rows=self.rows,
            caveats=self.caveats,
            figures=self.figures.figures(),
            phases=tuple(each.phase() for each in self.phases),
            prompts=tuple(each.prompt() for each in self.prompts),
            calendar=tuple(each.due() for each in self.calendar),
            readings=self.readings.readings(),
            body=body_figures(),
            steps=device_steps(),
        )


@cache
def shapes() -> dict[str, ProtocolShape]:
    """Every protocol as it stands in the files, by id."""
    return by_id(read_items("protocols", ProtocolShape), "protocols")


@cache
def protocols() -> dict[str, Protocol]:
    """Every protocol, by id. Raises `ContentError`."""
    return {shape.id: built(shape) for shape in shapes().values()}


def protocol(id_: str) -> Protocol:
    """One protocol. Raises `ContentError` with the ids there are."""
    if id_ not in protocols():
        raise ContentError(f"There is no protocol {id_!r}; there are {', '.join(protocols())}.")
    return protocols()[id_]


def protocols_for(*, route: Route, indication: Indication) -> tuple[Protocol, ...]:
    """The protocols a plan for this route and indication may follow; possibly none."""
    return tuple(
        each
        for each in protocols().values()
        if each.route == route and indication in each.indications
    )


def check(data: Path) -> int:
    """Every protocol can be built, and every source it names exists; how many there are."""
    known = {source.key for source in read_items("sources", Source, data)}
    found = by_id(read_items("protocols", ProtocolShape, data), "protocols").values()
    for shape in found:
        built(shape)
        for key in sorted(set(_sources_in(shape)) - known):
            raise ContentError(f"protocols, {shape.id}: sources: {key!r} is not in sources.yaml.")
    return len(found)


def built(shape: ProtocolShape) -> Protocol:
    """The protocol of a shape, with every reference to a phase or schedule looked up."""
    try:
        found = shape.protocol()
    except ValueError as error:
        raise ContentError(f"protocols, {shape.id}: {error}") from error
    by_phase = {phase.id: phase for phase in found.phases}
    for phase in found.phases:
        for option in phase.next:
            for fact in sorted(facts_used(option.holds or Always()) - COURSE_FACTS):
                raise ContentError(
                    f"protocols, {shape.id}: {option.id}: holds: {fact!r} is no fact of a course."
                )
            if option.leads_to is None:
                continue
            known = by_phase.get(option.leads_to)
            named = {schedule.id for schedule in known.schedules} if known else set()
            if known is None or (option.schedule is not None and option.schedule not in named):
                raise ContentError(
                    f"protocols, {shape.id}: {option.id} leads to {option.leads_to!r} and "
                    f"{option.schedule!r}, which this protocol does not have."
                )
    return found


def _sources_in(part: object) -> Iterator[str]:
    """Source keys of a shape and of all shapes inside it."""
    if isinstance(part, tuple):
        for each in part:
            yield from _sources_in(each)
    if isinstance(part, Strict):
        yield from getattr(part, "sources", ())
        for _, inner in part:
            yield from _sources_in(inner)


def _figure(shape: FigureShape | None) -> Figure | None:
    return shape.figure() if shape else None
