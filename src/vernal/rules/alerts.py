"""Answers that raise an alert, and when a later one is worse than those that wait already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

IDEATION = "suicidal_ideation_level"
INTENT = "intent"  # said to a nurse at the bedside; the scale names the question after a colon


@dataclass(frozen=True)
class Answer:
    """One answer that raises an alert: its level on a scale of its own.

    Up to `first` it says no more than that an alert of its kind waits, whichever scale raised
    that; with `first` 0 it is news of its own.
    """

    scale: str
    level: Decimal
    first: Decimal


def is_worse(new: Iterable[Answer], waiting: Iterable[Answer], *, same_day_level: Decimal) -> bool:
    """Whether a new answer says more than the answers of the alerts that wait.

    Levels are compared on one scale alone; between scales no source gives an order. So the first
    step of another scale is no news, every further one is, and beside intention or a plan
    (`same_day_level`) another scale has nothing to add.
    """
    known = list(waiting)
    highest: dict[str, Decimal] = {}
    for each in known:
        highest[each.scale] = max(each.level, highest.get(each.scale, each.level))
    adds_nothing = is_grave(known, same_day_level=same_day_level)
    return any(
        each.level > highest.get(each.scale, each.first)
        for each in new
        if each.scale == IDEATION or each.first == 0 or not adds_nothing
    )


def is_grave(answers: Iterable[Answer], *, same_day_level: Decimal) -> bool:
    """Whether there is an intention, a plan or a step: evaluated the same day, before all else."""
    return any(
        each.scale.startswith(f"{INTENT}:")
        or (each.scale == IDEATION and each.level >= same_day_level)
        for each in answers
    )
