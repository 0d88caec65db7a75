"""Screening rules as data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from vernal.knowledge.load import ContentError, by_id, read_items
from vernal.knowledge.schema import ConditionField, Item, Key, LevelField, Sentence, Strict
from vernal.rules.findings import Level, Override
from vernal.rules.screening import Indication, Kind, Moment, Route, Scope, ScreeningRule


class ScopeShape(Strict):
    """`all`, or a list with the reason that ties the rule to it."""

    routes: Literal["all"] | tuple[Route, ...] = "all"
    indications: Literal["all"] | tuple[Indication, ...] = "all"
    why: str = ""

    @model_validator(mode="after")
    def _narrow_scope_has_a_reason(self) -> ScopeShape:
        if (self.routes, self.indications) != ("all", "all") and not self.why:
            raise ValueError("a scope narrower than all needs 'why': what ties the rule to it")
        return self

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

    @model_validator(mode="after")
    def _consistent(self) -> ScreeningShape:
        if self.condition and self.same_as:
            raise ValueError("a row names its condition or the row it repeats, not both")
        if self.override == "none" and self.level != Level.bar:
            raise ValueError("only a bar can be without override")
        return self

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
    return rules_from(shapes())


def rules_from(rows: Mapping[str, ScreeningShape]) -> tuple[ScreeningRule, ...]:
    """Rules with their conditions; `same_as` must lead to a row that owns its condition."""
    return tuple(row.value(_owner(row, rows)) for row in rows.values())


def _owner(row: ScreeningShape, rows: Mapping[str, ScreeningShape]) -> str:
    """The name of the condition; the id of the row that owns it is the default name."""
    owner = rows.get(row.same_as) if row.same_as else row
    if owner is None or owner.same_as:
        raise ContentError(
            f"screening, {row.id}: same_as: {row.same_as!r} is no row with a condition of its own."
        )
    return owner.condition or owner.id
