"""What a patient is told for the first day after a session."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from pydantic import Field

from vernal.knowledge.load import ContentError, by_id, read_items
from vernal.knowledge.schema import Item, Key, Sentence
from vernal.knowledge.screening import ScopeShape
from vernal.rules.findings import Standing
from vernal.rules.screening import Indication, Route, Scope

Topic = Literal["driving", "company", "alcohol", "emergency", "clinic", "thoughts"]
TOPICS: tuple[Topic, ...] = get_args(Topic)


@dataclass(frozen=True)
class Advice:
    """One piece of advice in words for patients, and what stands behind it. `briefly` says the same
    as an answer to a question, where one asks for it."""

    id: str
    version: int
    topic: Topic
    words: str
    briefly: str
    scope: Scope
    rows: tuple[str, ...]
    sources: tuple[str, ...]
    standing: Standing


class AdviceShape(Item):
    topic: Topic
    words: Sentence
    briefly: str = ""
    scope: ScopeShape = ScopeShape()
    rows: tuple[Key, ...] = Field(min_length=1)

    def value(self) -> Advice:
        return Advice(
            self.id,
            self.version,
            self.topic,
            self.words,
            self.briefly,
            self.scope.value(),
            self.rows,
            self.sources,
            self.standing,
        )


@cache
def advice() -> tuple[Advice, ...]:
    """Every piece, in the order of the file."""
    shapes = by_id(read_items("home_advice", AdviceShape), "home advice")
    return tuple(shape.value() for shape in shapes.values())


def advice_with(id_: str) -> Advice:
    """One piece by its id, for what says the same elsewhere. Raises `ContentError`."""
    for each in advice():
        if each.id == id_:
            return each
    raise ContentError(f"home_advice.yaml: there is no advice {id_!r}.")


def home_advice(route: Route, indication: Indication) -> tuple[Advice, ...]:
    """What patients may read after a session by this route, one piece a topic. What nobody has
    read in its source is left out."""
    fitting = [
        each
        for each in advice()
        if each.standing != "unverified" and each.scope.covers(route=route, indication=indication)
    ]
    by_topic = {each.topic: each for each in reversed(fitting)}
    return tuple(by_topic[topic] for topic in TOPICS if topic in by_topic)
