"""Side effects: published rates, and the list of effects a patient is asked about."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from vernal.knowledge.load import by_id, read_items
from vernal.knowledge.schema import Item, Key, Sentence, Strict
from vernal.rules.effects import (
    Arm,
    Ascertained,
    AskedEffect,
    Axis,
    CountedPer,
    EffectRate,
    Group,
    Unit,
)
from vernal.rules.screening import Route

Category = Literal["acute", "long_term", "ssri", "snri", "maoi", "sexual", "withdrawal", "weight"]


class ArmShape(Strict):
    words: str = Field(min_length=1)
    percent: Decimal | None = Field(default=None, ge=0, le=100)
    percent_to: Decimal | None = Field(default=None, ge=0, le=100)
    at_least: bool = False
    count: int | None = Field(default=None, ge=0)
    n: int | None = Field(default=None, ge=1)

    def value(self) -> Arm:
        return Arm(**self.model_dump())


class RateShape(Item):
    """One row of the literature. `repeats` names the row whose figures it confirms."""

    effect: Sentence
    term: Key
    category: Category
    treatment: Sentence
    group: Group
    counted_per: CountedPer
    ascertained: Ascertained
    unit: Unit
    drug: ArmShape
    comparator: ArmShape | None = None
    comparator_is: str = ""
    no_comparator: str = ""
    people: str = ""
    onset: str = ""
    resolution: str = ""
    notes: str = ""
    repeats: Key | Literal[""] = ""

    @model_validator(mode="after")
    def _compared_or_said_why_not(self) -> RateShape:
        if (self.comparator is None) != bool(self.no_comparator):
            raise ValueError("give a comparator, or say in no_comparator why there is none")
        if (self.comparator is None) == bool(self.comparator_is):
            raise ValueError("comparator_is says what the comparator was")
        return self

    def value(self) -> EffectRate:
        return EffectRate(
            id=self.id,
            version=self.version,
            effect=self.effect,
            term=self.term,
            category=self.category,
            treatment=self.treatment,
            group=self.group,
            axis=Axis(self.unit, self.counted_per, self.ascertained),
            drug=self.drug.value(),
            comparator=self.comparator.value() if self.comparator else None,
            comparator_is=self.comparator_is,
            no_comparator=self.no_comparator,
            people=self.people,
            onset=self.onset,
            resolution=self.resolution,
            notes=self.notes,
            repeats=self.repeats,
            sources=self.sources,
            standing=self.standing,
        )


class AskedShape(Item):
    """An effect a patient is asked about. From severity `call_now_from` a clinician hears today."""

    label: Sentence
    question: Sentence
    terms: tuple[Key, ...] = ()
    routes: Literal["all"] | tuple[Route, ...] = "all"
    call_now_from: int | None = Field(default=None, ge=1, le=3)

    def value(self) -> AskedEffect:
        return AskedEffect(
            id=self.id,
            version=self.version,
            label=self.label,
            question=self.question,
            terms=frozenset(self.terms),
            routes=None if self.routes == "all" else frozenset(self.routes),
            call_now_from=self.call_now_from,
            standing=self.standing,
        )


@cache
def rates() -> tuple[EffectRate, ...]:
    """Every published rate, of ketamine, esketamine and ordinary antidepressants."""
    return tuple(
        shape.value() for shape in by_id(read_items("effects/rates", RateShape), "effects").values()
    )


@cache
def asked() -> tuple[AskedEffect, ...]:
    """The effects every patient is asked about, in the order in which they are asked."""
    shapes = by_id(read_items("effects/asked", AskedShape), "effects/asked")
    return tuple(shape.value() for shape in shapes.values())
