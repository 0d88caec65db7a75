"""What all knowledge items share: strict shapes, sources with a standing, conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from vernal.rules.conditions import All, Always, Any, Compare, Condition, Not, Value
from vernal.rules.findings import Level, Standing

OPERATORS = ("is", "one_of", "above", "at_least", "below", "at_most")

Ranked = TypeVar("Ranked", bound=IntEnum)
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
Sentence = Annotated[str, Field(min_length=3)]


class Strict(BaseModel):
    """Unknown keys are refused; nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Reviewed(Strict):
    """Who read the item beside its source, and when."""

    by: Sentence
    on: date


class Item(Strict):
    """A clinical item. `verified` and `unverified` need a source; `house` is ours and has none."""

    id: Key
    version: int = Field(ge=1)
    reviewed: Reviewed | None = None
    sources: tuple[Key, ...] = ()
    standing: Standing

    @model_validator(mode="after")
    def _standing_fits_sources(self) -> Item:
        if self.standing != "house" and not self.sources:
            raise ValueError(f"standing {self.standing!r} needs at least one source")
        return self


class Source(Strict):
    """A cited work. `seen_at` is where its text was read; a DOI or PMID is the citation."""

    key: Key
    title: Sentence
    doi: str | None = None
    pmid: str | None = None
    seen_at: tuple[str, ...] = ()


def condition_from(data: object) -> Condition:
    """A condition from its YAML form; raises `ValueError` that says what would be right.

    Forms: `always`, `{fact: id, above: 140}` (any one operator), `{all: [...]}`, `{any: [...]}`,
    `{not: ...}`.
    """
    if isinstance(data, (Always, Compare, Not, All, Any)):
        return data
    if data == "always":
        return Always()
    if not isinstance(data, Mapping):
        raise ValueError(f"a condition is 'always' or a mapping, got {data!r}")
    match dict(data):
        case {"all": [*parts], **rest} if parts and not rest:
            return All(tuple(condition_from(part) for part in parts))
        case {"any": [*parts], **rest} if parts and not rest:
            return Any(tuple(condition_from(part) for part in parts))
        case {"not": part, **rest} if not rest:
            return Not(condition_from(part))
        case {"fact": str(fact), **rest} if len(rest) == 1 and next(iter(rest)) in OPERATORS:
            operator, value = next(iter(rest.items()))
            return Compare(fact, operator, _value(operator, value))
    raise ValueError(
        f"not a condition: {data!r}; write 'always', all, any, not, "
        f"or fact with one of {', '.join(OPERATORS)}"
    )


def _value(operator: str, value: object) -> Value | tuple[Value, ...]:
    if operator == "one_of":
        if not isinstance(value, list) or not value:
            raise ValueError(f"one_of takes a list of values, got {value!r}")
        return tuple(_single(each) for each in value)
    single = _single(value)
    if operator != "is" and not isinstance(single, Decimal):
        raise ValueError(f"{operator} takes a number, got {value!r}")
    return single


def _single(value: object) -> Value:
    if isinstance(value, bool | Decimal | str | date):
        return value
    if isinstance(value, int):
        return Decimal(value)
    raise ValueError(f"a value is yes/no, a number, a word or a date, got {value!r}")


def by_name(words: type[Ranked]) -> Callable[[object], Ranked]:
    """Reads a word of a file as what it ranks as. The rank itself, a number, stands in no file."""

    def read(value: object) -> Ranked:
        if isinstance(value, words):
            return value
        if isinstance(value, str) and value in words.__members__:
            return words[value]
        raise ValueError(f"{value!r} is none of {', '.join(words.__members__)}")

    return read


ConditionField = Annotated[Condition, BeforeValidator(condition_from)]
LevelField = Annotated[Level, BeforeValidator(by_name(Level))]
