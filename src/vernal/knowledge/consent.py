"""Elements and teach-back questions of the consent form, and the form for one patient."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from vernal.knowledge.load import by_id, read_items
from vernal.knowledge.schema import Item, Key, Sentence, Strict
from vernal.knowledge.screening import ScopeShape
from vernal.rules import consent
from vernal.rules.consent import Choice, ConsentElement, ConsentForm, TeachBack
from vernal.rules.screening import Indication, Route


class ElementShape(Item):
    title: Sentence
    words: Sentence
    scope: ScopeShape = ScopeShape()
    shows_benefit: bool = False

    def value(self) -> ConsentElement:
        return ConsentElement(
            self.id,
            self.version,
            self.title,
            self.words,
            self.scope.value(),
            self.sources,
            self.standing,
            self.shows_benefit,
        )


class ChoiceShape(Strict):
    id: Key
    words: Sentence


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
            tuple(Choice(choice.id, choice.words) for choice in self.choices),
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
