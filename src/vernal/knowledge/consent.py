"""Elements and teach-back questions of the consent form, and the form for one patient."""

from __future__ import annotations

from functools import cache

from pydantic import Field, model_validator

from vernal.knowledge.advice import advice_with
from vernal.knowledge.load import by_id, read_items
from vernal.knowledge.schema import Item, Key, Sentence, Strict
from vernal.knowledge.screening import ScopeShape
from vernal.rules import consent
from vernal.rules.consent import Choice, ConsentElement, ConsentForm, TeachBack
from vernal.rules.screening import Indication, Route


class ElementShape(Item):
    """Where `advice` names a piece of the advice for home, its words come first."""

    title: Sentence
    words: Sentence
    advice: Key | None = None
    scope: ScopeShape = ScopeShape()
    shows_benefit: bool = False

    def value(self) -> ConsentElement:
        return ConsentElement(
            self.id,
            self.version,
            self.title,
            f"{advice_with(self.advice).words} {self.words}" if self.advice else self.words,
            self.scope.value(),
            self.sources,
            self.standing,
            self.shows_benefit,
        )


class ChoiceShape(Strict):
    """An answer in its own words, or in those of a piece of advice for home."""

    id: Key
    words: Sentence | None = None
    advice: Key | None = None

    @model_validator(mode="after")
    def _says_it_once(self) -> ChoiceShape:
        if (self.words is None) == (self.advice is None):
            raise ValueError("give words, or the advice they are taken from")
        return self

    def value(self) -> Choice:
        return Choice(self.id, self.words or advice_with(self.advice or "").briefly)


class TeachBackShape(Item):
    question: Sentence
    choices: tuple[ChoiceShape, ...] = Field(min_length=2)
    right: Key
    explain: Sentence
    scope: ScopeShape = ScopeShape()

    def value(self) -> TeachBack:
        return TeachBack(
            f"teach-back.{self.id}",
            self.version,
            self.question,
            tuple(choice.value() for choice in self.choices),
            self.right,
            self.explain,
            self.scope.value(),
            self.sources,
            self.standing,
        )


@cache
def elements() -> tuple[ConsentElement, ...]:
    shapes = by_id(read_items("consent/elements", ElementShape), "consent elements")
    return tuple(shape.value() for shape in shapes.values())


@cache
def teach_backs() -> tuple[TeachBack, ...]:
    shapes = by_id(read_items("consent/teach_back", TeachBackShape), "teach-back questions")
    return tuple(shape.value() for shape in shapes.values())


def form_for(route: Route, indication: Indication) -> ConsentForm:
    """The form for one route and indication, ready for `rules.consent`."""
    return consent.form_for(elements(), teach_backs(), route=route, indication=indication)
