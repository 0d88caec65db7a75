"""How long an alert may wait before more people are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from pydantic import Field

from vernal.knowledge.load import read_items
from vernal.knowledge.schema import Item, Sentence


@dataclass(frozen=True)
class Escalation:
    """Unacknowledged for `repeat_after`: all clinical staff are told, `most_repeats` times."""

    repeat_after: timedelta
    most_repeats: int


class EscalationShape(Item):
    title: Sentence
    repeat_after_min: int = Field(ge=1)
    most_repeats: int = Field(ge=1)


@cache
def escalation() -> Escalation:
    (shape,) = read_items("alerts", EscalationShape)
    return Escalation(timedelta(minutes=shape.repeat_after_min), shape.most_repeats)
