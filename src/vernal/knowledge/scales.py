"""Rating scales as data: scoring, bands, definitions of outcomes, licence, codes."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from vernal.knowledge.load import ContentError, by_id, read_items
from vernal.knowledge.schema import Item, Key, Sentence, Strict
from vernal.rules.findings import Standing
from vernal.rules.outcomes import Definition, Outcome, Reference, Rule
from vernal.rules.protocols import lowest_standing
from vernal.rules.retreatment import CourseDefinitions
from vernal.rules.scales import (
    Band,
    Combine,
    Entry,
    Option,
    Part,
    SafetyItem,
    Scale,
    ScaleItem,
)


class Sourced(Strict):
    """A part of a scale with sources of its own; only what is ours (`house`) needs none."""

    sources: tuple[Key, ...] = ()
    standing: Standing

    @model_validator(mode="after")
    def _standing_fits_sources(self) -> Sourced:
        if self.standing != "house" and not self.sources:
            raise ValueError(f"standing {self.standing!r} needs at least one source")
        return self


class OptionShape(Strict):
    value: Decimal
    label: Sentence


class ItemShape(Strict):
    """One question; `label` is ours, `text` the wording where it may be shipped."""

    id: Key
    label: Sentence
    text: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    options: tuple[OptionShape, ...] = ()
    reversed: bool = False
    counts: bool = True
    loinc: str = ""


class NumberedItems(Strict):
    """Items that are only numbered, because their wording belongs to somebody."""

    count: int = Field(ge=1)
    least: Decimal
    most: Decimal
    reversed: tuple[Key, ...] = ()


class PartShape(Strict):
    items: tuple[Key, ...]
    combine: Combine
    divide_by: int = 1
    least_answered: int | None = None


class BandStep(Strict):
    start: Decimal
    label: Sentence


class BandsShape(Sourced):
    steps: tuple[BandStep, ...] = Field(min_length=1)
    note: str = ""


class SafetyShape(Sourced):
    item: Key
    at_least: Decimal
    concern: Sentence
    action: Sentence


class DefinitionShape(Sourced):
    id: Key
    outcome: Outcome
    rule: Rule
    value: Decimal
    words: Sentence
    reference: Reference = "baseline"
    in_a_row: int = 1


class Code(Sourced):
    """A LOINC code. Only a `verified` one leaves the house."""

    code: str = Field(pattern=r"^\d{1,6}-\d$")


class Codes(Strict):
    panel: Code | None = None
    total: Code | None = None


class ScaleShape(Item):
    """One scale as it stands in the files. `row` names the reference row it was made from.

    `licence`: SHIP may carry its wording, SCORE-ONLY takes scores alone, LINK points elsewhere.
    `text`: the wording is `verbatim`, our own `paraphrase`, or `not_shipped`.
    """

    row: Sentence
    title: Sentence
    purpose: Sentence
    licence: Literal["SHIP", "SCORE-ONLY", "LINK"]
    ship_condition: str = ""
    owner: Sentence
    attribution: str = ""
    off_by_default: bool = False
    text: Literal["verbatim", "paraphrase", "not_shipped"]
    rater: Sentence
    recall: Sentence
    minutes: str
    entry: tuple[Entry, ...] = Field(min_length=1)
    least: Decimal
    most: Decimal
    step: Decimal = Decimal(1)
    higher_is_worse: bool = True
    stem: str = ""
    options: tuple[OptionShape, ...] = ()
    items: tuple[ItemShape, ...] = ()
    numbered_items: NumberedItems | None = None
    parts: tuple[PartShape, ...] = ()
    times: int = 1
    scoring_standing: Standing = "verified"
    bands: BandsShape | None = None
    categories: tuple[str, ...] = ()
    safety_items: tuple[SafetyShape, ...] = ()
    definitions: tuple[DefinitionShape, ...] = ()
    loinc: Codes = Codes()

    @model_validator(mode="after")
    def _ships_only_what_it_may(self) -> ScaleShape:
        if any(item.text for item in self.items) != (self.text != "not_shipped"):
            raise ValueError("items carry text exactly when 'text' says that it is shipped")
        if self.text == "verbatim" and not self.attribution:
            raise ValueError("verbatim text needs the attribution that is shown with it")
        if self.licence != "SHIP" and self.text != "not_shipped":
            raise ValueError(f"licence {self.licence} ships no text")
        if ("category" in self.entry) != bool(self.categories):
            raise ValueError("categories belong to entry by category, and only there")
        return self

    def value(self) -> Scale:
        return Scale(
            id=self.id,
            version=self.version,
            title=self.title,
            purpose=self.purpose,
            entry=self.entry,
            least=self.least,
            most=self.most,
            step=self.step,
            higher_is_worse=self.higher_is_worse,
            stem=self.stem,
            attribution=self.attribution.strip(),
            items=self._items(),
            parts=tuple(
                Part(part.items, part.combine, part.divide_by, part.least_answered)
                for part in self.parts
            ),
            times=self.times,
            bands=tuple(
                Band(step.start, step.label, self.bands.sources, self.bands.standing)
                for step in self.bands.steps
            )
            if self.bands
            else (),
            categories=self.categories,
            safety_items=tuple(
                SafetyItem(
                    each.item,
                    each.at_least,
                    each.concern,
                    each.action,
                    each.sources,
                    each.standing,
                )
                for each in self.safety_items
            ),
            scoring=lowest_standing((self.standing, self.scoring_standing)),
        )

    def _items(self) -> tuple[ScaleItem, ...]:
        numbered = self.numbered_items
        if numbered:
            return tuple(
                ScaleItem(
                    str(number),
                    f"Item {number}",
                    numbered.least,
                    numbered.most,
                    reversed=str(number) in numbered.reversed,
                )
                for number in range(1, numbered.count + 1)
            )
        return tuple(self._item(item) for item in self.items)

    def _item(self, item: ItemShape) -> ScaleItem:
        options = tuple(
            Option(option.value, option.label) for option in item.options or self.options
        )
        values = [option.value for option in options] or [Decimal(0)]
        return ScaleItem(
            id=item.id,
            label=item.label,
            least=min(values) if item.least is None else item.least,
            most=max(values) if item.most is None else item.most,
            text=item.text,
            options=options,
            reversed=item.reversed,
            counts=item.counts,
            loinc=item.loinc,
        )

    def definition_values(self) -> tuple[Definition, ...]:
        return tuple(
            Definition(
                id=each.id,
                version=self.version,
                scale=self.id,
                outcome=each.outcome,
                rule=each.rule,
                value=each.value,
                words=each.words,
                sources=each.sources,
                standing=each.standing,
                reference=each.reference,
                in_a_row=each.in_a_row,
                higher_is_worse=self.higher_is_worse,
            )
            for each in self.definitions
        )

    def cited(self) -> frozenset[str]:
        """Every source key any part of the scale names."""
        codes = (self.loinc.panel, self.loinc.total)
        parts = (self.bands, *codes, *self.definitions, *self.safety_items)
        keys = {key for part in parts if part is not None for key in part.sources}
        return frozenset({*self.sources, *keys})


@cache
def shapes() -> dict[str, ScaleShape]:
    """Every scale as it stands in the files, by id."""
    return by_id(read_items("scales", ScaleShape), "scales")


@cache
def scales() -> dict[str, Scale]:
    """Every scale, ready for `rules.scales`, by id."""
    found: dict[str, Scale] = {}
    for name, shape in shapes().items():
        try:
            found[name] = shape.value()
        except ValueError as error:
            raise ContentError(f"scales: {error}") from error
    return found


def scale(scale_id: str) -> Scale:
    return scales()[scale_id]


def offered() -> dict[str, Scale]:
    """Scales a site may use without doing anything first (the C-SSRS is not among them)."""
    return {name: each for name, each in scales().items() if not shapes()[name].off_by_default}


@cache
def definitions() -> dict[str, Definition]:
    """Every definition of an outcome, by id (`phq-9.response`)."""
    found: dict[str, Definition] = {}
    for shape in shapes().values():
        for each in shape.definition_values():
            if each.id in found:
                raise ContentError(f"scales: the definition {each.id!r} stands twice.")
            found[each.id] = each
    return found


def definitions_of(scale_id: str, outcome: Outcome | None = None) -> tuple[Definition, ...]:
    """Definitions on one scale; the first one of an outcome is the one we use."""
    return tuple(
        each
        for each in definitions().values()
        if each.scale == scale_id and outcome in (None, each.outcome)
    )


def course_definitions(scale_id: str = "phq-9") -> CourseDefinitions:
    """The definitions by which a course is judged on a scale; today only the PHQ-9 has them all."""
    known = definitions()
    return CourseDefinitions(
        response=known[f"{scale_id}.response"],
        remission=known[f"{scale_id}.remission"],
        worse=known[f"{scale_id}.worse"],
        too_little_early=known[f"{scale_id}.futility"],
        too_little_at_end=known[f"{scale_id}.futility-at-end"],
        relapses=definitions_of(scale_id, "relapse"),
    )
