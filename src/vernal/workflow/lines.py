"""The lists of the history, line by line: medicines taken, medicines stopped, earlier treatments.

A line is kept as it was meant by the one who typed it. What cannot be right is refused, with the
line and the field named; what is not known stays empty and is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import get_args

from django.utils.translation import gettext as _

from vernal.rules.facts import TrialResult
from vernal.workflow.errors import InvalidInput

MOST_LINES = 60
LONGEST_NAME = 120
MOST_TIMES_A_DAY = 24
MOST_WEEKS = 2000
UNITS = (
    *("mg", "mcg", "g", "mL", "units", "mEq", "tablet", "puffs", "drops", "patch"),
    *("cups", "drinks"),
)

# What the words of the form mean to the rules. Once a week is a seventh, to 28 digits.
TIMES_PER_DAY: Mapping[str, Decimal] = {
    "once_a_day": Decimal(1),
    "twice_a_day": Decimal(2),
    "three_times_a_day": Decimal(3),
    "four_times_a_day": Decimal(4),
    "every_other_day": Decimal("0.5"),
    "once_a_week": Decimal(1) / 7,
}


@dataclass(frozen=True)
class MedicineLine:
    """One medicine as it was typed. `stopped_on` is given in the list of stopped medicines.

    Taken as needed, `times_per_day` is the most on one day; `how_often` holds words that fit no
    choice. `settled_name` is the name that was confirmed after a question about it.
    """

    name: str
    dose: Decimal | None = None
    unit: str = ""
    times_per_day: Decimal | None = None
    stopped_on: date | None = None
    as_needed: bool = False
    how_often: str = ""
    settled_name: str = ""


@dataclass(frozen=True)
class TrialLine:
    """One earlier antidepressant as it was typed; `daily_dose` in `unit`."""

    name: str
    daily_dose: Decimal | None = None
    unit: str = ""
    weeks: Decimal | None = None
    result: str = ""
    this_episode: str = ""
    settled_name: str = ""


Line = MedicineLine | TrialLine


def kept_lines(lines: Sequence[Line], *, on: date) -> list[dict[str, str]]:
    """Lines in their kept form. Raises `InvalidInput` with `number-field` for each mistake."""
    if len(lines) > MOST_LINES:
        raise InvalidInput(
            {
                "": _("There is room for %(most)s lines. Call us about the rest.")
                % {"most": MOST_LINES}
            }
        )
    refused = {
        f"{number}-{field}": sentence
        for number, line in enumerate(lines)
        for field, sentence in _mistakes(line, on).items()
    }
    if refused:
        raise InvalidInput(refused)
    return [_kept(line) for line in lines]


def _mistakes(line: Line, on: date) -> dict[str, str]:
    found = {
        name: sentence
        for name, value in vars(line).items()
        if value is not None and (sentence := _CHECKS.get(name, _no_check)(value, on))
    }
    if not line.name.strip():
        found["name"] = _("Write the name of the medicine, or remove this one.")
    return found


def _name(value: str, on: date) -> str:
    if len(value) > LONGEST_NAME:
        return _("Write at most %(most)s characters.") % {"most": LONGEST_NAME}
    return _words(value, on)


def _words(value: str, on: date) -> str:
    return _("This text holds a character that cannot be kept.") if "\x00" in value else ""


def _dose(value: Decimal, on: date) -> str:
    return "" if value > 0 else _("Write an amount above zero.")


def _times(value: Decimal, on: date) -> str:
    if 0 < value <= MOST_TIMES_A_DAY:
        return ""
    return _("Write a number above zero, %(most)s at most.") % {"most": MOST_TIMES_A_DAY}


def _weeks(value: Decimal, on: date) -> str:
    if 0 <= value <= MOST_WEEKS:
        return ""
    return _("Write a number of weeks from 0 to %(most)s.") % {"most": MOST_WEEKS}


def _unit(value: str, on: date) -> str:
    return "" if value in ("", *UNITS) else _("Choose one of the units in the list.")


def _result(value: str, on: date) -> str:
    return _one_of(value, ("", *get_args(TrialResult), "unknown"))


def _yes_no(value: str, on: date) -> str:
    return _one_of(value, ("", "yes", "no", "unknown"))


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    return "" if value in allowed else _("Choose one of the answers in the list.")


def _day(value: date, on: date) -> str:
    if value > on:
        return _("This date is in the future; write a day that has been.")
    return _("This date is too long ago; check the year.") if value.year < 1900 else ""


def _no_check(value: object, on: date) -> str:
    return ""


_CHECKS: Mapping[str, Callable[..., str]] = {
    "name": _name,
    "dose": _dose,
    "daily_dose": _dose,
    "unit": _unit,
    "times_per_day": _times,
    "how_often": _words,
    "weeks": _weeks,
    "result": _result,
    "this_episode": _yes_no,
    "stopped_on": _day,
}


def _kept(line: Line) -> dict[str, str]:
    return {
        name: text for name, value in vars(line).items() if (text := _text(name, value)) is not None
    }


def _text(name: str, value: object) -> str | None:
    if value is None or value is False or value == "":
        return None
    if value is True:
        return "yes"
    if isinstance(value, Decimal):
        return format(value, "f")
    return " ".join(str(value).split()) if name in ("name", "settled_name") else str(value)
