"""The small values that the components of `templates/components` take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.workflow.queries.cited import SourceLine

STANDINGS = {
    "verified": gettext_lazy("Verified"),
    "unverified": gettext_lazy("Unverified"),
    "house": gettext_lazy("Unsigned default"),
}


@dataclass(frozen=True)
class Link:
    """A breadcrumb, or an action beside a title."""

    label: str
    url: str
    kind: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Column:
    label: str
    is_number: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell: plain, a link with `url`, a tag with `tag_kind`, or sources to follow."""

    text: str = ""
    url: str = ""
    tag_kind: str | None = None
    sources: Sequence[SourceLine] = ()


@dataclass(frozen=True)
class Stat:
    """A number that is read from afar; `level` is caution or danger."""

    label: str
    value: str
    unit: str = ""
    note: str = ""
    level: str = ""


@dataclass(frozen=True)
class SummaryRow:
    label: str
    value: str
    unit: str = ""
    url: str = ""
    change: str = ""


@dataclass(frozen=True)
class Task:
    """A row of a task list: what to do, and how it stands."""

    label: str
    state: str
    url: str = ""
    hint: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Step:
    """A step of the course of care; `state` is done, now, later or stopped."""

    label: str
    state: str
    url: str = ""
    note: str = ""


def moment(at: datetime, zone: str) -> str:
    """Day and time in the clinic's own zone: “Mar 4, 2026, 10:00”."""
    return date_format(at.astimezone(ZoneInfo(zone)), "M j, Y, H:i")


class Person(Protocol):
    """Whoever has a name and a date of birth: the head of a chart."""

    @property
    def name(self) -> str: ...

    @property
    def birth_date(self) -> date | None: ...


def who(person: Person) -> list[str]:
    """Name and date of birth: how a person at the bedside is told from another."""
    born = [_("born %(day)s") % {"day": day(person.birth_date)}] if person.birth_date else []
    return [person.name, *born]


def day(on: date) -> str:
    """A day without its time: “Mar 4, 2026”."""
    return date_format(on, "M j, Y")
