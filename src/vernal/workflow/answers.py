"""From what was typed to what is kept, and from what is kept to facts for the rules.

Kept answers are strings in one form: `yes`, `no`, an option's value, a plain decimal, an ISO date,
or an open answer (`unknown`, `pending`, `declined`). A question without an answer has no key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from vernal.knowledge.facts import Fact
from vernal.rules.conditions import Unknown, Value
from vernal.workflow.errors import InvalidInput


def kept_answers(typed: Mapping[str, str], facts: Iterable[Fact], *, on: date) -> dict[str, str]:
    """Answers in their kept form. Raises `InvalidInput` naming every field that does not fit."""
    kept: dict[str, str] = {}
    refused: dict[str, str] = {}
    for fact in facts:
        text = typed.get(fact.id, "").strip()
        if not text:
            continue
        try:
            kept[fact.id] = text if text in fact.open_answers else _kept(fact, text, on)
        except _Refused as refusal:
            refused[fact.id] = str(refusal)
    if refused:
        raise InvalidInput(refused)
    return kept


def value_of(fact: Fact, kept: str | None) -> Value | Unknown:
    """The fact as rules read it. Not asked, not known, pending and declined are all `Unknown`."""
    if kept is None or kept in fact.open_answers:
        return Unknown.of(fact.id)
    match fact.kind:
        case "yes_no":
            return kept == "yes"
        case "number":
            return Decimal(kept)
        case "date":
            return date.fromisoformat(kept)
        case "choice" | "text":
            return kept


class _Refused(Exception):
    """One answer does not fit its question."""


def _kept(fact: Fact, text: str, on: date) -> str:
    match fact.kind:
        case "yes_no":
            return _one_of(text, ("yes", "no"))
        case "choice":
            return _one_of(text, tuple(option.value for option in fact.options))
        case "number":
            return _number(fact, text)
        case "date":
            return _past_date(text, on)
        case "text":
            return text


def _one_of(text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise _Refused(_("Choose one of the answers in the list."))
    return text


def _number(fact: Fact, text: str) -> str:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise _Refused(_("Write a number, like %(example)s.") % {"example": fact.least})
    if not fact.least <= number <= fact.most:
        raise _Refused(
            _("Write a number from %(least)s to %(most)s %(unit)s.")
            % {"least": fact.least, "most": fact.most, "unit": fact.unit}
        )
    if -number.as_tuple().exponent > fact.decimals:
        raise _Refused(
            _("Write it with at most %(decimals)s digits after the point.")
            % {"decimals": fact.decimals}
        )
    return format(number, "f")


def _past_date(text: str, on: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _Refused(_("Write the date as year-month-day, like 1984-03-28.")) from None
    if day > on:
        raise _Refused(_("This date is in the future; write a day that has been."))
    if day.year < 1900:
        raise _Refused(_("This date is too long ago; check the year."))
    return day.isoformat()
