"""What a patient is told for the first day after a session."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from pydantic import Field

from vernal.knowledge.load import by_id, read_items
from vernal.knowledge.schema import Item, Key, Sentence
from vernal.knowledge.screening import ScopeShape
from vernal.rules.findings import Standing
from vernal.rules.screening import Indication, Route, Scope

Topic = Literal["driving", "company", "alcohol", "emergency", "clinic", "thoughts"]
TOPICS: tuple[Topic, ...] = get_args(Topic)


@dataclass(frozen=True)
class Advice:
    """One piece of advice in words for patients, and what stands behind it."""

    id: str
    version: int
    topic: Topic
    words: str
    scope: Scope
    rows: tuple[str, ...]
    sources: tuple[str, ...]
    standing: Standing


class AdviceShape(Item):
    topic: Topic
    words: Sentence
    scope: ScopeShape = ScopeShape()
    rows: tuple[Key, ...] = Field(min_length=1)

    def value(self) -> Advice:
        return Advice(
            self.id,
            self.version,
            self.topic,
            self.words,
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
