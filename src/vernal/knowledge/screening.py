"""Screening rules as data."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field

from vernal.knowledge.load import by_id, read_items
from vernal.knowledge.schema import ConditionField, Item, Key, LevelField, Sentence, Strict
from vernal.rules.findings import Override
from vernal.rules.screening import Indication, Kind, Moment, Route, Scope, ScreeningRule


class ScopeShape(Strict):
    """`all`, or a list with the reason that ties the rule to it."""

    routes: Literal["all"] | tuple[Route, ...] = "all"
    indications: Literal["all"] | tuple[Indication, ...] = "all"
    why: str = ""

    def value(self) -> Scope:
        return Scope(
            routes=None if self.routes == "all" else frozenset(self.routes),
            indications=None if self.indications == "all" else frozenset(self.indications),
            why=self.why,
        )


class ScreeningShape(Item):
    """One row. `same_as` names the rule whose condition this row repeats; `policy` says which
    reading was chosen where guidance differs; `row_level` is the level of the reference row."""

    condition: Key | None = None
    same_as: Key | None = None
    title: Sentence
    kind: Kind
    asked_at: tuple[Moment, ...] = Field(min_length=1)
    scope: ScopeShape = ScopeShape()
    level: LevelField
    row_level: Literal["absolute", "relative", "caution", "info"] | None = None
    override: Override = "second_clinician"
    when: ConditionField
    reason: Sentence
    action: Sentence
    policy: str = ""

    def value(self, condition: str) -> ScreeningRule:
        return ScreeningRule(
            id=self.id,
            version=self.version,
            condition=condition,
            title=self.title,
            kind=self.kind,
            asked_at=frozenset(self.asked_at),
            scope=self.scope.value(),
            level=self.level,
            override=self.override,
            when=self.when,
            reason=self.reason,
            action=self.action,
            sources=self.sources,
            standing=self.standing,
            policy=self.policy,
        )


@cache
def shapes() -> dict[str, ScreeningShape]:
    """Every row as it stands in the files, by id."""
    return by_id(read_items("screening", ScreeningShape), "screening")


@cache
def rules() -> tuple[ScreeningRule, ...]:
    """Every screening rule, ready to be walked by `rules.screening.findings_for`."""
    return tuple(shape.value(_condition_of(shape)) for shape in shapes().values())


def _condition_of(shape: ScreeningShape) -> str:
    """`same_as` leads to the rule that owns the condition; that rule's id is its default name."""
    owner = shapes()[shape.same_as] if shape.same_as else shape
    return owner.condition or owner.id
