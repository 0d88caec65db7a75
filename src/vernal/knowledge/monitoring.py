"""Monitoring rules as data: alarms, gates, schedules and information around a session."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from vernal.knowledge import screening
from vernal.knowledge.load import ContentError, by_id, read_items
from vernal.knowledge.schema import ConditionField, Item, Key, LevelField, Sentence, Strict, by_name
from vernal.knowledge.screening import ScopeShape
from vernal.rules.conditions import Any, Condition
from vernal.rules.findings import Level, Override
from vernal.rules.screening import Kind, Route
from vernal.rules.sessions.doing import Do, Step
from vernal.rules.sessions.monitoring import (
    Blocks,
    DoseAction,
    Measure,
    MonitoringRule,
    Phase,
    Schedule,
    Urgency,
    Who,
)

FILES = ("pre", "during", "post", "discharge", "follow_up")


class ScheduleShape(Strict):
    measure: Measure
    during_every_min: int | None = Field(default=None, ge=1)
    after_every_min: int | None = Field(default=None, ge=1)
    at_min: tuple[int, ...] = ()
    at_end: bool = False
    continuous: bool = False
    in_words: str = ""

    def value(self) -> Schedule:
        return Schedule(**self.model_dump())


class StepShape(Strict):
    """One thing that people do in an alarm, by a key of the closed list, and in words."""

    do: Do
    say: Sentence


class MonitoringShape(Item):
    """One row. `row` names the reference row a part belongs to; `read_for` the routes whose text
    was read where the rule holds for more (there it is a house rule); `stands_for` the screening
    conditions of the session day that the gate asks as well."""

    row: Key | None = None
    title: Sentence
    kind: Kind
    phase: Phase
    scope: ScopeShape = ScopeShape()
    read_for: tuple[Route, ...] | None = None
    when: ConditionField | None = None
    hazard: str = ""
    urgency: Annotated[Urgency, BeforeValidator(by_name(Urgency))] = Urgency.watch
    dose: Annotated[DoseAction, BeforeValidator(by_name(DoseAction))] = DoseAction.go_on
    blocks: Blocks | None = None
    level: LevelField = Level.bar
    override: Override = "none"
    question: str = ""
    schedule: ScheduleShape | None = None
    parts: tuple[Key, ...] = ()
    steps: tuple[StepShape | Sentence, ...] = Field(min_length=1)
    who: tuple[Who, ...] = Field(min_length=1)
    reason: Sentence
    policy: str = ""
    stands_for: tuple[Key, ...] = ()
    dose_step: Sentence | None = None
    read_again_min: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _complete_for_its_kind(self) -> MonitoringShape:
        if self.kind == "alarm" and not (self.when and self.hazard):
            raise ValueError("an alarm says when it sounds and of which hazard")
        if (self.kind == "gate") != (self.blocks is not None):
            raise ValueError("a gate says what it blocks, and only a gate does")
        if self.kind == "gate" and (self.when is None) != bool(self.parts):
            raise ValueError("a gate has a condition or is made of parts")
        if self.kind != "alarm" and any(isinstance(step, StepShape) for step in self.steps):
            raise ValueError("only the steps of an alarm have a key: they are done together")
        if self.kind != "alarm" and (self.dose_step or self.read_again_min):
            raise ValueError("only an alarm says what becomes of the dose and when to read again")
        if self.kind == "alarm" and (self.dose > DoseAction.go_on) and not self.dose_step:
            raise ValueError("an alarm that touches the dose says in words how")
        if self.stands_for and self.blocks != "start":
            raise ValueError("only a gate before the dose stands for a screening condition")
        if self.kind == "schedule" and self.schedule is None:
            raise ValueError("a schedule says how often")
        return self

    @property
    def doing(self) -> tuple[Step, ...]:
        return tuple(
            Step(step.say, step.do) if isinstance(step, StepShape) else Step(step)
            for step in self.steps
        )

    def value(self, when: Condition | None) -> MonitoringRule:
        return MonitoringRule(
            id=self.id,
            version=self.version,
            row=self.row or self.id,
            title=self.title,
            kind=self.kind,
            phase=self.phase,
            scope=self.scope.value(),
            read_for=None if self.read_for is None else frozenset(self.read_for),
            steps=tuple(step.say for step in self.doing),
            doing=self.doing if self.kind == "alarm" else (),
            who=self.who,
            reason=self.reason,
            sources=self.sources,
            standing=self.standing,
            when=when,
            hazard=self.hazard,
            urgency=self.urgency,
            dose=self.dose,
            blocks=self.blocks,
            level=self.level,
            override=self.override,
            question=self.question,
            schedule=self.schedule.value() if self.schedule else None,
            parts=self.parts,
            policy=self.policy,
            stands_for=self.stands_for,
            dose_step=self.dose_step or "",
            read_again_min=self.read_again_min,
        )


@cache
def shapes() -> dict[str, MonitoringShape]:
    """Every row as it stands in the files, by id, in the order of a visit."""
    items = (item for name in FILES for item in read_items(f"monitoring/{name}", MonitoringShape))
    return by_id(tuple(items), "monitoring")


@cache
def rules() -> tuple[MonitoringRule, ...]:
    """Every monitoring rule. A summary row's condition is that any of its parts holds."""
    of_the_day = {each.condition for each in screening.rules() if "session_day" in each.asked_at}
    for shape in shapes().values():
        if unknown := [each for each in shape.stands_for if each not in of_the_day]:
            raise ContentError(
                f"monitoring, {shape.id}: stands_for: the session day asks no {unknown[0]!r}."
            )
    return tuple(shape.value(_when(shape)) for shape in shapes().values())


@cache
def rule(id: str) -> MonitoringRule:
    """One rule by its id. Raises `ContentError` for an id that no file has."""
    if id not in shapes():
        raise ContentError(f"monitoring: no rule has the id {id!r}.")
    return shapes()[id].value(_when(shapes()[id]))


def of_kind(
    kind: Literal["alarm", "gate", "schedule", "information"],
) -> tuple[MonitoringRule, ...]:
    return tuple(each for each in rules() if each.kind == kind)


def _when(shape: MonitoringShape) -> Condition | None:
    if not shape.parts:
        return shape.when
    missing = [part for part in shape.parts if part not in shapes()]
    if missing:
        raise ContentError(f"monitoring, {shape.id}: no rule has the id {missing[0]!r}.")
    parts = (shapes()[part].when for part in shape.parts)
    return Any(tuple(part for part in parts if part is not None))
