"""Rating scales: from answers to a score, from a score to its band.

A scale is data (`knowledge/data/scales`). Scores are exact: integers and decimals, no floats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, assert_never

from vernal.rules.conditions import Unknown
from vernal.rules.findings import Standing
from vernal.words import Sentence as _

Combine = Literal["sum", "mean", "max"]
Entry = Literal["items", "total", "category"]
Answers = Mapping[str, Decimal | int | Unknown]


@dataclass(frozen=True)
class Option:
    value: Decimal
    label: str


@dataclass(frozen=True)
class ScaleItem:
    """One question. `label` is always shown; `text` is the wording, where it may be shipped.

    A reversed item counts from the other end. An item with `counts=False` is asked, not scored.
    """

    id: str
    label: str
    least: Decimal
    most: Decimal
    text: str = ""
    options: tuple[Option, ...] = ()
    reversed: bool = False
    counts: bool = True
    loinc: str = ""

    def points(self, answer: Decimal) -> Decimal:
        return self.least + self.most - answer if self.reversed else answer


@dataclass(frozen=True)
class Part:
    """Items that become one number: their sum, mean or highest, divided by `divide_by`.

    `least_answered` lets a mean stand on fewer items; only where the scale's source says so.
    """

    items: tuple[str, ...]
    combine: Combine
    divide_by: int = 1
    least_answered: int | None = None

    def __post_init__(self) -> None:
        if not self.items or self.divide_by < 1:
            raise ValueError("A part needs items and a divisor of at least 1.")
        if self.least_answered is not None and self.combine != "mean":
            raise ValueError("Only a mean can stand on fewer items.")


@dataclass(frozen=True)
class Band:
    """From `start` up to the next band's start; the last one reaches the end of the range."""

    start: Decimal
    label: str
    sources: tuple[str, ...]
    standing: Standing


@dataclass(frozen=True)
class SafetyItem:
    """An answer at or above `at_least` is passed on to a clinician whatever the total says."""

    item: str
    at_least: Decimal
    concern: str
    action: str
    sources: tuple[str, ...]
    standing: Standing


@dataclass(frozen=True)
class Scale:
    """`entry` says how a filled-in copy may be entered, the first way being the usual one.

    `stem` is asked above the items; `attribution` is shown wherever the wording is.
    Totals lie `step` apart; a mean is rounded to it. `scoring` is how far the rule that makes the
    score from the items is known.
    """

    id: str
    version: int
    title: str
    purpose: str
    entry: tuple[Entry, ...]
    least: Decimal
    most: Decimal
    step: Decimal
    higher_is_worse: bool
    stem: str = ""
    attribution: str = ""
    items: tuple[ScaleItem, ...] = ()
    parts: tuple[Part, ...] = ()
    times: int = 1
    bands: tuple[Band, ...] = ()
    categories: tuple[str, ...] = ()
    safety_items: tuple[SafetyItem, ...] = ()
    scoring: Standing = "house"

    def __post_init__(self) -> None:
        starts = [band.start for band in self.bands]
        if starts and (starts[0] != self.least or sorted(set(starts)) != starts):
            raise ValueError(f"{self.id}: bands start at {self.least} and rise.")
        if starts and starts[-1] > self.most:
            raise ValueError(f"{self.id}: the last band starts above {self.most}.")
        known = {item.id for item in self.items}
        used = {item for part in self.parts for item in part.items}
        asked = {safety.item for safety in self.safety_items}
        if not (used | asked) <= known:
            raise ValueError(f"{self.id}: {sorted((used | asked) - known)} are no items of it.")
        if "items" in self.entry and used != {item.id for item in self.items if item.counts}:
            raise ValueError(f"{self.id}: every scored item stands in a part, no other does.")


@dataclass(frozen=True)
class SafetyAnswer:
    """A safety item that was answered at or above its line."""

    item: str
    answer: Decimal
    concern: str
    action: str


@dataclass(frozen=True)
class Score:
    """A number on a scale. `left_out` names items a mean was allowed to do without."""

    scale: str
    version: int
    value: Decimal
    entered: Entry
    left_out: tuple[str, ...] = ()


def problems(scale: Scale, answers: Answers) -> dict[str, str]:
    """What is wrong with the answers, one sentence an item. Missing is not wrong."""
    items = {item.id: item for item in scale.items}
    found: dict[str, str] = {}
    for name, answer in answers.items():
        if name not in items:
            found[name] = _("%(scale)s has no item %(name)s.", scale=scale.title, name=name)
        elif not isinstance(answer, Unknown) and not _fits(items[name], Decimal(answer)):
            least, most = items[name].least, items[name].most
            found[name] = _(
                "Choose a whole number from %(least)s to %(most)s.", least=least, most=most
            )
    return found


def score(scale: Scale, answers: Answers) -> Score | Unknown:
    """The score, or `Unknown` naming the items (`phq-9.4`) that would settle it.

    Raises `ValueError` for answers outside the scale; ask `problems` first.
    """
    wrong = problems(scale, answers)
    if wrong or not scale.parts:
        raise ValueError(f"{scale.id}: {wrong or 'this scale is entered as a total or category'}")
    points = _points(scale, answers)
    missing = [name for part in scale.parts for name in _missing(part, points)]
    if missing:
        return Unknown(frozenset(f"{scale.id}.{name}" for name in missing))
    value = scale.times * sum((_part(part, points) for part in scale.parts), Decimal(0))
    if scale.step < 1:
        value = value.quantize(scale.step, ROUND_HALF_UP)
    left_out = (name for part in scale.parts for name in part.items if name not in points)
    return Score(scale.id, scale.version, value, "items", tuple(left_out))


def entered_total(scale: Scale, value: Decimal) -> Score:
    """A total worked out elsewhere. Raises `ValueError` with the sentence the form shows."""
    if "total" not in scale.entry:
        raise ValueError(_("%(scale)s is not entered as a total.", scale=scale.title))
    if not scale.least <= value <= scale.most or (value - scale.least) % scale.step:
        raise ValueError(_what_fits(scale))
    return Score(scale.id, scale.version, value, "total")


def _what_fits(scale: Scale) -> str:
    ends = {"scale": scale.title, "least": scale.least, "most": scale.most}
    if scale.step == 1:
        return _("%(scale)s goes from %(least)s to %(most)s.", **ends)
    return _(
        "%(scale)s goes from %(least)s to %(most)s in steps of %(step)s.", **ends, step=scale.step
    )


def band(scale: Scale, value: Decimal) -> Band | None:
    """The band a score lies in; None where the scale has no bands."""
    if not scale.least <= value <= scale.most:
        raise ValueError(
            _(
                "%(scale)s goes from %(least)s to %(most)s, not %(value)s.",
                scale=scale.title,
                least=scale.least,
                most=scale.most,
                value=value,
            )
        )
    reached = [each for each in scale.bands if each.start <= value]
    return reached[-1] if reached else None


def safety_answers(scale: Scale, answers: Answers) -> tuple[SafetyAnswer, ...] | Unknown:
    """Safety items at or above their line.

    `Unknown` when one was left open and no other is above: not asked is not no.
    """
    points = _points(scale, answers)
    found = tuple(
        SafetyAnswer(safety.item, points[safety.item], safety.concern, safety.action)
        for safety in scale.safety_items
        if safety.item in points and points[safety.item] >= safety.at_least
    )
    asked = [f"{scale.id}.{each.item}" for each in scale.safety_items if each.item not in points]
    return found if found or not asked else Unknown(frozenset(asked))


def _fits(item: ScaleItem, answer: Decimal) -> bool:
    return item.least <= answer <= item.most and answer % 1 == 0


def _points(scale: Scale, answers: Answers) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for item in scale.items:
        answer = answers.get(item.id)
        if answer is not None and not isinstance(answer, Unknown):
            found[item.id] = item.points(Decimal(answer))
    return found


def _missing(part: Part, points: Mapping[str, Decimal]) -> list[str]:
    missing = [name for name in part.items if name not in points]
    enough = part.least_answered
    if enough is not None and len(part.items) - len(missing) >= enough:
        return []
    return missing


def _part(part: Part, points: Mapping[str, Decimal]) -> Decimal:
    values = [points[name] for name in part.items if name in points]
    match part.combine:
        case "sum":
            combined = sum(values, Decimal(0))
        case "mean":
            combined = sum(values, Decimal(0)) / len(values)
        case "max":
            combined = max(values)
        case _:
            assert_never(part.combine)
    return combined / part.divide_by
