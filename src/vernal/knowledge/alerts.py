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
    """Unacknowledged for `repeat_after`: all clinical staff are told, and told again as often for
    `close_repeats` times; from then on every `later_every`, until somebody takes the alert on."""

    repeat_after: timedelta
    close_repeats: int
    later_every: timedelta

    def steps(self, waited: timedelta) -> int:
        """How often all clinical staff should have been told after waiting so long."""
        close = min(waited // self.repeat_after, self.close_repeats)
        later = (waited - self.close_repeats * self.repeat_after) // self.later_every
        return close + max(later, 0)


class EscalationShape(Item):
    title: Sentence
    repeat_after_min: int = Field(ge=1)
    close_repeats: int = Field(ge=1)
    later_every_min: int = Field(ge=1)


@cache
def escalation() -> Escalation:
    (shape,) = read_items("alerts", EscalationShape)
    return Escalation(
        timedelta(minutes=shape.repeat_after_min),
        shape.close_repeats,
        timedelta(minutes=shape.later_every_min),
    )
