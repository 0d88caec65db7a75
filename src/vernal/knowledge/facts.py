"""The facts rules may ask for, and the sections in which people are asked for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from vernal.knowledge.figures import value
from vernal.knowledge.load import ContentError, by_id, read_items
from vernal.knowledge.schema import Key, Sentence, Strict
from vernal.rules.facts import Outweighing
from vernal.rules.screening import Moment

FactKind = Literal["yes_no", "choice", "number", "date", "text"]


class Option(Strict):
    value: Key
    label: str = Field(min_length=1)


class Outweighs(Strict):
    """One of these values, found by a clinician, makes the patient's `answer` a yes."""

    answer: Key
    with_values: tuple[Key | bool, ...] = Field(min_length=1)


class Fact(Strict):
    """One thing that can be known about a patient, a session or the clinic.

    A `derived` fact is worked out from other facts (`rules/facts.py`) and never asked.
    `open_answers` are the ways of not knowing that the form offers beside a value; each makes a
    rule unjudgeable. `derived_from` names the asked facts (or the form) a derived fact needs.
    One that `may_stay_empty` is not counted among the questions still open. `range_of` takes
    least and most from `figures.yaml`, where they stand once for typing and for dosing.
    """

    id: Key
    kind: FactKind
    label: Sentence
    ask: str = ""
    hint: str = ""
    unit: str = ""
    least: int | None = None
    most: int | None = None
    range_of: Literal["weight", "height"] | None = None
    outweighs: Outweighs | None = None
    decimals: int = Field(default=0, ge=0, le=3)
    options: tuple[Option, ...] = ()
    open_answers: tuple[Literal["unknown", "pending", "declined"], ...] = ()
    may_stay_empty: bool = False
    derived: bool = False
    derived_from: tuple[Key, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _with_its_range(cls, data: object) -> object:
        if not isinstance(data, dict) or "range_of" not in data:
            return data
        if "least" in data or "most" in data:
            raise ValueError("a number with 'range_of' takes least and most from figures.yaml")
        ends = {end: int(value(f"{end}_{data['range_of']}")) for end in ("least", "most")}
        return {**data, **ends}

    @model_validator(mode="after")
    def _complete_for_its_kind(self) -> Fact:
        if (self.kind == "choice") != bool(self.options):
            raise ValueError("a choice lists its options, and only a choice does")
        if self.kind == "number" and not self.derived and (self.least is None or self.most is None):
            raise ValueError("an asked number needs least and most")
        if not self.derived and not self.ask:
            raise ValueError("an asked fact needs 'ask', the question in plain words")
        if self.derived_from and not self.derived:
            raise ValueError("only a derived fact is derived from others")
        return self


class Section(Strict):
    """One page of questions. `form` is `facts` for a list of facts, else a form of its own.

    `asked_at` says when: the history and the examination belong to the screening. After one that
    `tells_of_danger` a patient who needs help sees it before anything else.
    """

    id: Key
    title: Sentence
    asked_of: Literal["patient", "staff"]
    asked_at: Moment = "screening"
    introduction: str = ""
    form: Literal["facts", "medicines", "stopped_medicines", "antidepressant_trials", "phq9"] = (
        "facts"
    )
    facts: tuple[Key, ...] = ()
    tells_of_danger: bool = False

    @model_validator(mode="after")
    def _facts_fit_the_form(self) -> Section:
        if (self.form == "facts") != bool(self.facts):
            raise ValueError("a section of facts lists them, and only such a section does")
        return self


@cache
def facts() -> dict[str, Fact]:
    """Every fact, by id."""
    return by_id(read_items("facts", Fact), "facts")


@cache
def outweighing() -> tuple[Outweighing, ...]:
    """Where a clinician's finding overturns an answer."""
    return tuple(
        Outweighing(fact.id, frozenset(fact.outweighs.with_values), fact.outweighs.answer)
        for fact in facts().values()
        if fact.outweighs
    )


@cache
def sections(asked_at: Moment = "screening") -> tuple[Section, ...]:
    """The sections asked at this moment, in the order in which they are asked."""
    return tuple(section for section in all_sections() if section.asked_at == asked_at)


@cache
def all_sections() -> tuple[Section, ...]:
    """Every section in its order. Each asked fact stands in exactly one."""
    found = read_items("intake", Section)
    by_id(found, "intake")
    check_placed_once(found, facts())
    return found


def check_placed_once(found: Iterable[Section], known: Mapping[str, Fact]) -> None:
    """Raise `ContentError` where a section asks what is not defined, derived or asked before."""
    placed: dict[str, str] = {}
    for section in found:
        for fact in section.facts:
            where = f"intake.yaml, {section.id}: facts:"
            if fact not in known:
                raise ContentError(f"{where} {fact!r} is not defined.")
            if known[fact].derived:
                raise ContentError(f"{where} {fact!r} is derived, never asked.")
            if fact in placed:
                raise ContentError(f"{where} {fact!r} is already asked in {placed[fact]}.")
            placed[fact] = section.id
