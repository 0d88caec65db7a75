"""From what was typed to what is kept, and from what is kept to facts for the rules.

Kept answers are strings in one form: `yes`, `no`, an option's value, a plain decimal, an ISO date,
or an open answer (`unknown`, `pending`, `declined`). A question without an answer has no key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vernal.knowledge.facts import Fact
from vernal.rules.conditions import Unknown, Value
from vernal.units.conversions import cm_from_inches, kg_from_lb
from vernal.workflow.errors import InvalidInput

LONGEST_TEXT = 4000

_NUMBER = re.compile(r"[+-]?[0-9]{1,12}([.,][0-9]{0,12})?|[+-]?[.,][0-9]{1,12}")
# “1,500” is a thousand and a half to one reader and one and a half to another.
_TWO_MEANINGS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_FRACTION = re.compile(r"(?:([0-9]{1,4}) )?([0-9]{1,4})/([0-9]{1,4})")
_FRACTION_SIGNS = {"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3", "⅛": " 1/8"}
_PAST_POINT = 3
_INCHES = r"([0-9]{1,2}(?:[.,][0-9])?) *(?:\"|″|”|''|in|inch|inches)?"
_FEET = re.compile(rf"([0-9]) *(?:'|′|’|ft|foot|feet)\.?,? *(?:{_INCHES})?\.?", re.IGNORECASE)
_POUNDS = re.compile(r"([0-9]{1,4}(?:[.,][0-9]{1,2})?) *(?:lb|lbs|pound|pounds)\.?", re.IGNORECASE)


class NotReadable(Exception):
    """What was typed does not fit its question; the message is the sentence beside the field."""


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
        except NotReadable as refusal:
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


def amount_typed(text: str) -> Decimal:
    """An amount as people write it: 150, 2.5, 2,5, 1/2, 1½. Raises `NotReadable`."""
    for sign, fraction in _FRACTION_SIGNS.items():
        text = text.replace(sign, fraction)
    text = " ".join(text.split())
    if match := _FRACTION.fullmatch(text):
        return _fraction(*match.groups())
    number = number_typed(text)
    if number is None:
        raise NotReadable(_("Write the amount in digits, like 150, 2.5 or 1/2."))
    if number <= 0:
        raise NotReadable(_("Write an amount above zero."))
    if number >= 10**6 or -number.normalize().as_tuple().exponent > _PAST_POINT:
        raise NotReadable(
            _("Write it with at most 6 digits before the point and 3 digits after it.")
        )
    return number


def number_typed(text: str) -> Decimal | None:
    """A decimal with point or comma; None for anything else, words among them."""
    if _TWO_MEANINGS.fullmatch(text):
        raise NotReadable(
            _("“%(text)s” can be read in two ways. Write it without the comma.") % {"text": text}
        )
    return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def day_typed(text: str, *, on: date) -> date:
    """A day that has been. Raises `NotReadable`."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotReadable(_("Write the date as year-month-day, like 1984-03-28.")) from None
    if day > on:
        raise NotReadable(_("This date is in the future; write a day that has been."))
    if day.year < 1900:
        raise NotReadable(_("This date is too long ago; check the year."))
    return day


def _fraction(whole: str | None, above: str, below: str) -> Decimal:
    if int(below) == 0 or int(whole or 0) + int(above) == 0:
        raise NotReadable(_("Write an amount above zero."))
    exact = int(whole or 0) + Fraction(int(above), int(below))
    if 10**_PAST_POINT % exact.denominator:
        raise NotReadable(_("Write this amount with a decimal point, like 0.33."))
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _kept(fact: Fact, text: str, on: date) -> str:
    match fact.kind:
        case "yes_no":
            return _one_of(text, ("yes", "no"))
        case "choice":
            return _one_of(text, tuple(option.value for option in fact.options))
        case "number":
            return _number(fact, text)
        case "date":
            return day_typed(text, on=on).isoformat()
        case "text":
            return _words(text)


def _one_of(text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise NotReadable(_("Choose one of the answers in the list."))
    return text


def _number(fact: Fact, text: str) -> str:
    converted = _from_other_unit(fact, text)
    number = number_typed(text) if converted is None else converted
    if number is None:
        example = (fact.least + fact.most) // 2
        raise NotReadable(_("Write it in digits, like %(example)s.") % {"example": example})
    if not fact.least <= number <= fact.most:
        raise NotReadable(
            _("Write a number from %(least)s to %(most)s %(unit)s.")
            % {"least": fact.least, "most": fact.most, "unit": fact.unit}
        )
    if -number.as_tuple().exponent > fact.decimals:
        raise NotReadable(_too_fine(fact.decimals))
    return format(number + 0, "f")  # -0 is 0


def _too_fine(decimals: int) -> str:
    if decimals == 0:
        return _("Write a whole number.")
    return ngettext(
        "Write it with at most one digit after the point.",
        "Write it with at most %(decimals)s digits after the point.",
        decimals,
    ) % {"decimals": decimals}


def _from_other_unit(fact: Fact, text: str) -> Decimal | None:
    """A height in feet and inches, a weight in pounds: only where the unit was written."""
    as_kept = Decimal(1).scaleb(-fact.decimals)
    if fact.unit == "cm" and (match := _FEET.fullmatch(text)):
        inches = int(match[1]) * 12 + Decimal((match[2] or "0").replace(",", "."))
        return cm_from_inches(inches).quantize(as_kept, ROUND_HALF_UP)
    if fact.unit == "kg" and (match := _POUNDS.fullmatch(text)):
        return kg_from_lb(Decimal(match[1].replace(",", "."))).quantize(as_kept, ROUND_HALF_UP)
    return None


def _words(text: str) -> str:
    if "\x00" in text:
        raise NotReadable(_("This text holds a character that cannot be kept; type it again."))
    if len(text) > LONGEST_TEXT:
        raise NotReadable(
            _("Write at most %(most)s characters; there are %(length)s.")
            % {"most": LONGEST_TEXT, "length": len(text)}
        )
    return text
