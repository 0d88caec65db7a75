"""One field of an entry: what it takes, and how its value is read. Errors come as sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from vernal.rules.sessions.events import EARLIEST_YEAR, LATEST_YEAR
from vernal.words import Sentence as _

FieldKind = Literal["number", "yes_no", "choice", "text", "time", "answers", "names", "replacement"]
LONGEST_TEXT = 4000
LONGEST_NUMBER = 20  # no instrument shows more; what is longer breaks arithmetic in decimals
LONGEST_NAME = 100
MOST_NAMES = 200
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")  # of ASCII alone
_NAME = re.compile(r"[a-z0-9][A-Za-z0-9_.-]*")
# NUL, which PostgreSQL cannot keep, and half of a pair of characters, which UTF-8 cannot say.
_NOT_KEPT = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Field:
    """One thing an event carries. A range is what an instrument can show, an arrest included; what
    is unusual is knowledge (`data/readings.yaml`) and refuses nothing. A text with fewer letters
    than `least_letters` says nothing."""

    name: str
    label: str
    kind: FieldKind = "text"
    required: bool = True
    least: Decimal | None = None
    most: Decimal | None = None
    unit: str = ""
    whole: bool = False
    choices: tuple[str, ...] = ()
    least_letters: int = 0


@dataclass(frozen=True)
class Question:
    """What an answer to one question may be: yes or no, or with `ends` a number between them.
    `words` are the ways of not knowing that it takes beside."""

    words: frozenset[str]
    ends: tuple[Decimal, Decimal] | None = None

    def takes(self, answer: bool | Decimal | str) -> bool:
        if isinstance(answer, str):
            return answer in self.words
        if self.ends is None or isinstance(answer, bool):
            return self.ends is None and isinstance(answer, bool)
        least, most = self.ends
        return least <= answer <= most

    @property
    def in_words(self) -> str:
        asked = _("yes or no")
        if self.ends:
            least, most = self.ends
            asked = _("a number from %(least)s to %(most)s", least=least, most=most)
        for word in sorted(self.words):
            asked = _("%(asked)s, or %(word)s", asked=asked, word=word)
        return asked


Questions = Mapping[str, Question]


def read_value(each: Field, value: object, questions: Questions | None) -> Any:
    """The typed value of one field. Raises `ValueError` with a sentence a person reads."""
    if each.kind == "answers":
        return _read_answers(each, value, questions)
    return _READ[each.kind](each, value)


def read_number(each: Field, value: object) -> Decimal:
    """The number of one field, in its plain form and range; `ValueError` with the sentence else."""
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, bool | float) or not _PLAIN_NUMBER.fullmatch(text):
        wanted, typed = _wanted(each), f"{value!r:.40}"
        raise ValueError(_("%(wanted)s, not %(value)s.", wanted=wanted, value=typed))
    if len(text) > LONGEST_NUMBER:
        raise ValueError(
            _(
                "%(label)s has more than %(most)s digits: check the value.",
                label=each.label,
                most=LONGEST_NUMBER,
            )
        )
    number = Decimal(text)
    unit = f" {each.unit}" if each.unit else ""
    if each.whole and number != number.to_integral_value():
        raise ValueError(_("%(wanted)s.", wanted=_wanted(each)))
    if each.least is not None and each.most is not None and not each.least <= number <= each.most:
        raise ValueError(
            _(
                "%(label)s must lie between %(least)s and %(most)s: check the value.",
                label=each.label,
                least=each.least,
                most=f"{each.most}{unit}",
            )
        )
    return number


def _wanted(each: Field) -> str:
    """What to write instead. Only what an instrument shows has an example, the middle of its range;
    beside a dose or a rate an example would read as advice."""
    if each.least is None or each.most is None:
        return _(
            "%(label)s: write a number in digits, with a point before decimals", label=each.label
        )
    words = {
        "label": each.label,
        "least": each.least,
        "most": f"{each.most} {each.unit}".strip(),
    }
    if each.whole:
        example = (each.least + each.most) // 2
        return _(
            "%(label)s: write a whole number from %(least)s to %(most)s, for example %(example)s",
            example=example,
            **words,
        )
    return _(
        "%(label)s: write a number from %(least)s to %(most)s in digits, with a point before "
        "decimals",
        **words,
    )


def _read_yes_no(each: Field, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("%(label)s: answer yes or no.", label=each.label))
    return value


def _read_choice(each: Field, value: object) -> str:
    if str(value) not in each.choices:
        raise ValueError(
            _("%(label)s is one of %(choices)s.", label=each.label, choices=", ".join(each.choices))
        )
    return str(value)


def _read_text(each: Field, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(_("%(label)s is missing.", label=each.label))
    if len(value) > LONGEST_TEXT:
        raise ValueError(
            _("%(label)s is longer than %(most)s characters.", label=each.label, most=LONGEST_TEXT)
        )
    if _NOT_KEPT.search(value):
        raise ValueError(
            _("%(label)s holds a character that cannot be kept: type it anew.", label=each.label)
        )
    if sum(map(str.isalpha, value)) < each.least_letters:
        raise ValueError(
            _("%(label)s: write it in words, so that others can read it later.", label=each.label)
        )
    return value.strip()


def _read_time(each: Field, value: object) -> datetime:
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(_("%(label)s is not a date and time.", label=each.label)) from None
    if at.utcoffset() is None:
        raise ValueError(_("%(label)s needs a time zone.", label=each.label))
    years = range(EARLIEST_YEAR, LATEST_YEAR + 1)
    if at.year not in years or at.astimezone(UTC).year not in years:
        raise ValueError(_("%(label)s is no time at which a session could be.", label=each.label))
    return at


def _read_answers(
    each: Field, value: object, questions: Questions | None
) -> dict[str, bool | Decimal | str]:
    if not isinstance(value, Mapping) or not value:
        raise ValueError(_("%(label)s: nothing was answered.", label=each.label))
    return {str(name): _read_answer(each, name, said, questions) for name, said in value.items()}


def _read_answer(
    each: Field, name: object, answer: object, questions: Questions | None
) -> bool | Decimal | str:
    """Without `questions`, any name and any kind of answer: what was kept is read back."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(
            _(
                "%(label)s: %(name)s is not the name of a question.",
                label=each.label,
                name=f"{name!r:.40}",
            )
        )
    if questions is not None and name not in questions:
        raise ValueError(
            _(
                "%(label)s: %(name)s is not asked in a session.",
                label=each.label,
                name=f"{name:.40}",
            )
        )
    if not isinstance(answer, bool) and _is_number(str(answer)):
        answer = Decimal(str(answer))  # a number stays one after a trip through JSON text
    if not isinstance(answer, bool | Decimal | str):
        raise ValueError(
            _(
                "%(label)s: %(name)s is answered by yes, no, a number or words.",
                label=each.label,
                name=name,
            )
        )
    if questions is not None and not questions[name].takes(answer):
        raise ValueError(
            _(
                "%(label)s: %(name)s is answered by %(ways)s.",
                label=each.label,
                name=name,
                ways=questions[name].in_words,
            )
        )
    return answer


def _is_number(text: str) -> bool:
    return len(text) <= LONGEST_NUMBER and _PLAIN_NUMBER.fullmatch(text) is not None


def _read_names(each: Field, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise ValueError(_("%(label)s: name at least one.", label=each.label))
    if len(value) > MOST_NAMES or not all(_is_name(name) for name in value):
        raise ValueError(_("%(label)s: choose from the list.", label=each.label))
    return tuple(value)


def _is_name(value: object) -> bool:
    is_text = isinstance(value, str) and 0 < len(value) <= LONGEST_NAME
    return is_text and not _NOT_KEPT.search(str(value))


def _read_replacement(each: Field, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(_("%(label)s is a set of fields.", label=each.label))
    return value


_READ: Mapping[FieldKind, Callable[[Field, Any], Any]] = {
    "number": read_number,
    "yes_no": _read_yes_no,
    "choice": _read_choice,
    "text": _read_text,
    "time": _read_time,
    "names": _read_names,
    "replacement": _read_replacement,
}
