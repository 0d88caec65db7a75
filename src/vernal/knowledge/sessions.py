"""House figures around a running session: how its log is read, and when a PIN is asked."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic import Field

from vernal.knowledge.facts import Fact, all_sections, facts
from vernal.knowledge.load import DATA, ContentError, by_id, read_items
from vernal.knowledge.schema import Item, Sentence
from vernal.rules.sessions.fields import Question
from vernal.rules.sessions.figures import SessionFigures
from vernal.rules.sessions.plausible import Range
from vernal.rules.sessions.readings import ANSWERABLE, OF_THE_SESSION

SPANS = {"s": "seconds", "min": "minutes", "h": "hours", "days": "days"}


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


def span(id_: str) -> timedelta:
    """One figure as a span of time. Raises `ContentError` for a unit that is none."""
    found = figure(id_)
    if found.unit not in SPANS:
        raise ContentError(f"session, {id_}: {found.unit!r} is no time; use {', '.join(SPANS)}.")
    return timedelta(**{SPANS[found.unit]: float(found.value)})


@cache
def session_figures() -> SessionFigures:
    """The figures by which a log is read."""
    return SessionFigures(**{each.name: span(each.name) for each in fields(SessionFigures)})


@cache
def questions() -> dict[str, Question]:
    """What an entry of a session may answer: facts that people are asked for on the day itself.

    What the chart keeps, what is worked out, and what the log measures is not answered here: an
    answer would be a way around it.
    """
    in_the_chart = {
        name for each in all_sections() if each.asked_at != "session_day" for name in each.facts
    }
    return {
        name: _question(each)
        for name, each in facts().items()
        if not each.derived
        and each.kind in ("yes_no", "number")
        and name not in in_the_chart
        and (name in ANSWERABLE or name not in OF_THE_SESSION)
    }


def _question(fact: Fact) -> Question:
    words = frozenset({"unknown", *fact.open_answers})
    if fact.least is None or fact.most is None:
        return Question(words)
    return Question(words, (Decimal(fact.least), Decimal(fact.most)))


class PlausibleShape(Item):
    """What a living person shows. Beyond it a reading is kept, and asked about."""

    least: Decimal
    most: Decimal
    note: Sentence


@cache
def plausible() -> dict[str, Range]:
    """By measure: the values beyond which a reading is shown as unusual."""
    shapes = by_id(read_items("readings", PlausibleShape), "readings")
    return {name: Range(each.least, each.most) for name, each in shapes.items()}


def check(data: Path = DATA) -> int:
    kept = (
        read_items("session", SessionFigure, data),
        read_items("readings", PlausibleShape, data),
    )
    return len(by_id(kept[0], "session")) + len(by_id(kept[1], "readings"))
