"""What can be expected of a treatment: rows of trials and registries, both arms beside each other,
and the honest lines that sum them up for one indication."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from vernal.knowledge.load import by_id, read_items
from vernal.knowledge.schema import Item, Key, Sentence, Strict
from vernal.rules.findings import Standing
from vernal.rules.screening import Indication, Route

Found = Literal[
    "better",
    "not_worse",
    "better_then_no_difference",
    "no_difference",
    "worse",
    "not_compared",
    "not_studied",
    "not_known",
]

NO_COMPARISON = (
    "No comparison group: nobody in this study went without the treatment, so time, expectation "
    "and other care may explain part of it."
)
_PERCENT = re.compile(r"(\d{1,2}(?:\.\d+)?|100)%")


def percent_of(text: str) -> Decimal | None:
    """`64%` as 64; anything else ("about 20%", "8 of 12") stays words and gives None."""
    match = _PERCENT.fullmatch(text)
    return Decimal(match.group(1)) if match else None


def of_100(text: str) -> str:
    """A percentage as people of 100, other words as they stand."""
    percent = percent_of(text)
    if percent is None:
        return text
    return f"about {percent.quantize(Decimal(1), ROUND_HALF_UP)} of 100 people"


class FigureShape(Strict):
    measure: Sentence
    time: Sentence
    drug: str = Field(min_length=1)
    control: str = ""


class OutcomeShape(Item):
    """One row. An empty `comparator` means that there was no comparison group."""

    population: Sentence
    indications: tuple[Indication, ...] = Field(min_length=1)
    routes: tuple[Route, ...] = Field(min_length=1)
    treatment: Sentence
    comparator: str = ""
    n: str = ""
    design: Sentence
    found: Found
    figures: tuple[FigureShape, ...] = ()
    effect: str = ""
    caveat: str = ""
    staff_note: str = ""

    @model_validator(mode="after")
    def _arms_fit(self) -> OutcomeShape:
        if not self.comparator and any(figure.control for figure in self.figures):
            raise ValueError("a figure of a comparison group needs a comparator")
        if (self.found == "not_compared") and self.comparator:
            raise ValueError("with a comparator, say what the comparison found")
        shown = " ".join((self.n, self.effect, self.caveat, self.design, self.population))
        if "recalled" in shown:
            raise ValueError("what was recalled stands in staff_note alone")
        return self


class LineShape(Item):
    indications: tuple[Indication, ...] = Field(min_length=1)
    routes: tuple[Route, ...] = Field(min_length=1)
    rests_on: tuple[Key, ...] = Field(min_length=1, alias="from")
    words: Sentence


@dataclass(frozen=True)
class Figure:
    """One measure at one time, both arms. `drug` and `control` are as printed, the percentages
    stand beside them where they are plain ones."""

    measure: str
    time: str
    drug: str
    control: str
    drug_percent: Decimal | None
    control_percent: Decimal | None
    sentence: str


@dataclass(frozen=True)
class Statement:
    """What one study found. Only `for_patients` statements may be shown to patients."""

    id: str
    version: int
    population: str
    treatment: str
    comparator: str
    n: str
    design: str
    found: Found
    figures: tuple[Figure, ...]
    comparison: str
    effect: str
    caveat: str
    staff_note: str
    routes: frozenset[Route]
    indications: frozenset[Indication]
    sources: tuple[str, ...]
    standing: Standing
    same_route: bool = True

    @property
    def for_patients(self) -> bool:
        return self.standing == "verified"


@dataclass(frozen=True)
class HonestLine:
    id: str
    version: int
    words: str
    rests_on: tuple[str, ...]
    sources: tuple[str, ...]
    standing: Standing
    same_route: bool

    @property
    def for_patients(self) -> bool:
        return self.standing == "verified"


@dataclass(frozen=True)
class ExpectedBenefit:
    """Lines first, then every study of the indication; those by the same route come first."""

    indication: Indication
    route: Route
    lines: tuple[HonestLine, ...]
    statements: tuple[Statement, ...]
    route_note: str

    def for_patients(self) -> ExpectedBenefit:
        """The same without anything unverified, and without notes for staff."""
        return ExpectedBenefit(
            self.indication,
            self.route,
            tuple(line for line in self.lines if line.for_patients),
            tuple(_without_note(each) for each in self.statements if each.for_patients),
            self.route_note,
        )


@cache
def shapes() -> dict[str, OutcomeShape]:
    return by_id(read_items("outcomes/outcomes", OutcomeShape), "outcomes")


@cache
def line_shapes() -> dict[str, LineShape]:
    return by_id(read_items("outcomes/honest_lines", LineShape), "honest_lines")


@cache
def statements() -> dict[str, Statement]:
    """Every row as a statement, by id."""
    return {name: _statement(shape) for name, shape in shapes().items()}


def expected_benefit(indication: Indication, route: Route) -> ExpectedBenefit:
    """What is known for an indication, by this route and by others, failed trials included."""
    lines = [
        HonestLine(
            line.id,
            line.version,
            line.words,
            line.rests_on,
            line.sources,
            line.standing,
            same_route=route in line.routes,
        )
        for line in line_shapes().values()
        if indication in line.indications
    ]
    found = [
        _for_route(each, route) for each in statements().values() if indication in each.indications
    ]
    note = ""
    if not any(each.same_route for each in found):
        note = "We know of no study of this way of giving it in this condition."
    return ExpectedBenefit(
        indication,
        route,
        tuple(sorted(lines, key=lambda line: not line.same_route)),
        tuple(sorted(found, key=lambda each: not each.same_route)),
        note,
    )


def _statement(shape: OutcomeShape) -> Statement:
    return Statement(
        id=shape.id,
        version=shape.version,
        population=shape.population,
        treatment=shape.treatment,
        comparator=shape.comparator,
        n=shape.n,
        design=shape.design,
        found=shape.found,
        figures=tuple(_figure(shape, figure) for figure in shape.figures),
        comparison=f"Compared with {shape.comparator}." if shape.comparator else NO_COMPARISON,
        effect=shape.effect,
        caveat=shape.caveat,
        staff_note=shape.staff_note,
        routes=frozenset(shape.routes),
        indications=frozenset(shape.indications),
        sources=shape.sources,
        standing=shape.standing,
    )


def _figure(shape: OutcomeShape, figure: FigureShape) -> Figure:
    start = f"{figure.measure[0].upper()}{figure.measure[1:]}, {figure.time}: "
    drug = f"{of_100(figure.drug)} with {shape.treatment}"
    if figure.control:
        sentence = f"{start}{drug}; {of_100(figure.control)} with {shape.comparator}."
    elif shape.comparator:
        sentence = f"{start}{drug}. The figure for {shape.comparator} was not seen."
    else:
        sentence = f"{start}{drug}. {NO_COMPARISON}"
    return Figure(
        measure=figure.measure,
        time=figure.time,
        drug=figure.drug,
        control=figure.control,
        drug_percent=percent_of(figure.drug),
        control_percent=percent_of(figure.control),
        sentence=sentence,
    )


def _for_route(statement: Statement, route: Route) -> Statement:
    return replace(statement, same_route=route in statement.routes)


def _without_note(statement: Statement) -> Statement:
    return replace(statement, staff_note="")


class TimeCourseShape(Item):
    """One mean of one arm at one time; `both` is where the arms start."""

    study: Sentence
    arm: Literal["drug", "control", "both"]
    time_d: Decimal
    scale: Key
    measure: Literal["score", "change"]
    mean: Decimal
    sd: Decimal | None = None
    n: str


@cache
def time_courses() -> dict[str, TimeCourseShape]:
    """The measured means behind the demo scores, by id."""
    return by_id(read_items("outcomes/time_courses", TimeCourseShape), "time_courses")
