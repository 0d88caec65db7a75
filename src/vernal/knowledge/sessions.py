"""House figures around a running session: how long before a PIN is asked, how often it is tried."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic import Field

from vernal.knowledge.load import DATA, ContentError, by_id, read_items
from vernal.knowledge.schema import Item, Sentence


class SessionFigure(Item):
    what: Sentence
    value: Decimal = Field(gt=0)
    unit: str
    note: Sentence


@cache
def figures() -> dict[str, SessionFigure]:
    return by_id(read_items("session", SessionFigure), "session")


def figure(id_: str) -> SessionFigure:
    """One figure. Raises `ContentError` with the ids there are."""
    if id_ not in figures():
        raise ContentError(f"session: there is no {id_!r}; there are {', '.join(figures())}.")
    return figures()[id_]


def check(data: Path = DATA) -> int:
    return len(by_id(read_items("session", SessionFigure, data), "session"))
