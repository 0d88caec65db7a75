"""Options after a session or a course, prompts, and how long effects were seen to last."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from vernal.knowledge import outcomes
from vernal.knowledge.load import by_id, read_items
from vernal.knowledge.schema import ConditionField, Item, Key, Sentence
from vernal.rules.findings import Standing
from vernal.rules.retreatment import Option, OptionId, Prompt, Reason


class RelapseShape(Item):
    """A share of people (`value`) or words, never both."""

    study: Sentence
    population: Sentence
    before: Sentence
    after: Sentence
    n: str = ""
    time: Decimal | None = None
    time_unit: Literal["days", "weeks", "months"] | None = None
    measure: Sentence
    value: Decimal | None = Field(default=None, ge=0, le=1)
    words: str = ""
    low: str = ""
    high: str = ""
    note: str = ""
    beside: Key | None = None
    comparison: str = ""
    no_comparison: bool = False

    @model_validator(mode="after")
    def _value_or_words(self) -> RelapseShape:
        if (self.value is None) != bool(self.words):
            raise ValueError("give a value (a share of people) or words, and not both")
        if sum(map(bool, (self.beside, self.comparison, self.no_comparison))) != 1:
            raise ValueError(
                "name the row of the other arm in 'beside', or say in 'comparison' what it was "
                "compared with, or say no_comparison"
            )
        if (self.time is None) != (self.time_unit is None):
            raise ValueError("a time has a unit")
        return self


class ReasonShape(Item):
    version: int = 1
    side: Literal["for", "against"]
    words: Sentence
    when: ConditionField
    rows: tuple[Key, ...] = ()

    def reason(self) -> Reason:
        return Reason(
            self.id, self.side, self.words, self.when, self.rows, self.sources, self.standing
        )


class OptionShape(Item):
    id: OptionId
    title: Sentence
    words: Sentence
    offered: ConditionField
    published: tuple[Key, ...]
    reasons: tuple[ReasonShape, ...]

    def value(self) -> Option:
        return Option(
            self.id,
            self.version,
            self.title,
            self.words,
            self.offered,
            tuple(reason.reason() for reason in self.reasons),
            self.published,
        )


class PromptShape(Item):
    title: Sentence
    words: Sentence
    action: Sentence
    when: ConditionField
    rows: tuple[Key, ...] = Field(min_length=1)

    def value(self) -> Prompt:
        return Prompt(
            self.id,
            self.version,
            self.title,
            self.words,
            self.action,
            self.when,
            self.rows,
            self.sources,
            self.standing,
        )


@dataclass(frozen=True)
class Published:
    """One published row of an option; `sentence` holds both arms or says that there was one."""

    id: str
    sentence: str
    n: str
    sources: tuple[str, ...]
    standing: Standing

    @property
    def for_patients(self) -> bool:
        return self.standing == "verified"


@cache
def relapse_shapes() -> dict[str, RelapseShape]:
    return by_id(read_items("retreatment/relapse", RelapseShape), "relapse")


@cache
def options() -> tuple[Option, ...]:
    """Every option, in an order that is no ranking."""
    shapes = by_id(read_items("retreatment/options", OptionShape), "options")
    return tuple(shape.value() for shape in shapes.values())


@cache
def prompts() -> tuple[Prompt, ...]:
    """Every prompt."""
    shapes = by_id(read_items("retreatment/prompts", PromptShape), "prompts")
    return tuple(shape.value() for shape in shapes.values())


def published(option: Option) -> tuple[Published, ...]:
    """What was published about an option, in the order of the file."""
    return tuple(row for name in option.published for row in _published(name))


def relapse_sentence(row: RelapseShape) -> str:
    """One row in words, its comparison arm beside it or the words that there was none."""
    sentence = f"{row.study}, {row.population}. {_arm(row)}: {_amount(row)}"
    if row.beside:
        other = relapse_shapes()[row.beside]
        sentence += f"; {other.before}, then {other.after}: {_amount(other)}"
    if row.comparison:
        sentence += f"; compared with {row.comparison}"
    return f"{sentence}. No comparison group." if row.no_comparison else f"{sentence}."


def _published(name: str) -> tuple[Published, ...]:
    if name in relapse_shapes():
        row = relapse_shapes()[name]
        return (Published(row.id, relapse_sentence(row), row.n, row.sources, row.standing),)
    statement = outcomes.statements()[name]
    sentences = [figure.sentence for figure in statement.figures] or [
        f"{statement.population}, {statement.treatment}: {statement.effect} {statement.comparison}"
    ]
    return tuple(
        Published(name, sentence, statement.n, statement.sources, statement.standing)
        for sentence in sentences
    )


def _arm(row: RelapseShape) -> str:
    return f"{row.before[0].upper()}{row.before[1:]}, then {row.after}"


def _amount(row: RelapseShape) -> str:
    if row.value is None:
        return f"{row.measure}: {row.words}"
    percent = (row.value * 100).quantize(Decimal(1), ROUND_HALF_UP)
    return f"about {percent} of 100 {row.measure}{_after(row)}"


def _after(row: RelapseShape) -> str:
    if row.time is None or row.time_unit is None:
        return ""
    unit = row.time_unit.removesuffix("s") if row.time == 1 else row.time_unit
    return f" after {row.time:f} {unit}"
