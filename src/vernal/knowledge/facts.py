"""The facts rules may ask for, and the sections in which people are asked for them."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from vernal.knowledge.load import ContentError, by_id, read_items
from vernal.knowledge.schema import Key, Sentence, Strict

FactKind = Literal["yes_no", "choice", "number", "date", "text"]


class Option(Strict):
    value: Key
    label: Sentence


class Fact(Strict):
    """One thing that can be known about a patient, a session or the clinic.

    A `derived` fact is worked out from other facts (`rules/facts.py`) and never asked.
    `open_answers` are the ways of not knowing that the form offers beside a value; each makes a
    rule unjudgeable.
    """

    id: Key
    kind: FactKind
    label: Sentence
    ask: str = ""
    hint: str = ""
    unit: str = ""
    least: int | None = None
    most: int | None = None
    decimals: int = Field(default=0, ge=0, le=3)
    options: tuple[Option, ...] = ()
    open_answers: tuple[Literal["unknown", "pending", "declined"], ...] = ()
    derived: bool = False

    @model_validator(mode="after")
    def _complete_for_its_kind(self) -> Fact:
        if (self.kind == "choice") != bool(self.options):
            raise ValueError("a choice lists its options, and only a choice does")
        if self.kind == "number" and not self.derived and (self.least is None or self.most is None):
            raise ValueError("an asked number needs least and most")
        if not self.derived and not self.ask:
            raise ValueError("an asked fact needs 'ask', the question in plain words")
        return self


class Section(Strict):
    """One page of questions. `form` is `facts` for a list of facts, else a form of its own."""

    id: Key
    title: Sentence
    asked_of: Literal["patient", "staff"]
    introduction: str = ""
    form: Literal["facts", "medicines", "stopped_medicines", "antidepressant_trials", "phq9"] = (
        "facts"
    )
    facts: tuple[Key, ...] = ()


@cache
def facts() -> dict[str, Fact]:
    """Every fact, by id."""
    return by_id(read_items("facts", Fact), "facts")


@cache
def sections() -> tuple[Section, ...]:
    """Sections in the order in which they are asked. Each asked fact stands in exactly one."""
    found = read_items("intake", Section)
    by_id(found, "intake")
    placed: dict[str, str] = {}
    for section in found:
        for fact in section.facts:
            if fact not in facts():
                raise ContentError(f"intake, {section.id}: the fact {fact!r} is not defined.")
            if facts()[fact].derived:
                raise ContentError(f"intake, {section.id}: {fact!r} is derived, never asked.")
            if fact in placed:
                raise ContentError(
                    f"intake, {section.id}: {fact!r} is already asked in {placed[fact]}."
                )
            placed[fact] = section.id
    return found
