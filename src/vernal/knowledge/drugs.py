"""Drug models as data: published parameters, read through and scaled as their sources say.

Values stand in the files in the units their source prints and become hours, litres and mg here.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from vernal.engine.kinetics.models import (
    CompartmentModel,
    Entry,
    Flow,
    ModelError,
    Route,
    Scaled,
    Site,
    Status,
)
from vernal.knowledge.load import ContentError, by_id, read_items
from vernal.knowledge.schema import Item, Key, Sentence, Source, Strict
from vernal.rules.findings import Standing
from vernal.units.dose import ESKETAMINE_BASE, KETAMINE_BASE, Substance

SUBSTANCES = {"ketamine_base": KETAMINE_BASE, "esketamine_base": ESKETAMINE_BASE}
SubstanceName = Literal["ketamine_base", "esketamine_base"]
ParameterUnit = Literal["L", "L/kg", "L/h", "L/min", "1/h", "1/min", "h", "min", "fraction"]

_PER_HOUR = Decimal(60)
_KINDS: dict[str, tuple[ParameterUnit, ...]] = {
    "volume": ("L", "L/kg"),
    "clearance": ("L/h", "L/min"),
    "rate": ("1/h", "1/min"),
    "time": ("h", "min"),
    "fraction": ("fraction",),
}


class Parameter(Strict):
    """One number as its source prints it. `row` is its name in the reference table.

    `weight_exponent` scales it from 70 kg; L/kg is linear by itself. `how` shows our arithmetic.
    """

    value: Decimal = Field(gt=0)
    unit: ParameterUnit
    weight_exponent: Decimal = Decimal(0)
    row: Annotated[str, Field(min_length=1)] | None = None
    how: str = ""
    standing: Standing = "verified"

    @model_validator(mode="after")
    def _has_an_origin(self) -> Parameter:
        if self.row is None and not self.how:
            raise ValueError("a parameter names its row, or says how it was worked out")
        return self

    def of_kind(self, kind: str) -> Parameter:
        """The parameter itself, if its unit is one of the kind; else `ValueError`."""
        if self.unit not in _KINDS[kind]:
            raise ValueError(f"a {kind} is in {' or '.join(_KINDS[kind])}, not {self.unit}")
        return self

    @property
    def in_hours(self) -> float:
        """The value in L, L/h, 1/h, h or as a fraction."""
        if self.unit in ("L/min", "1/min"):
            return float(self.value * _PER_HOUR)
        return float(self.value / _PER_HOUR) if self.unit == "min" else float(self.value)

    def scaled(self) -> Scaled:
        if self.unit == "L/kg":
            return Scaled(self.in_hours, exponent=1.0, reference_kg=1.0)
        return Scaled(self.in_hours, exponent=float(self.weight_exponent))


class FlowShape(Strict):
    """`source` to `to`, or out of the body; `both_ways` exchanges between the two."""

    source: Key
    to: Key | None = None
    both_ways: bool = False
    clearance: Parameter | None = None
    rate: Parameter | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> FlowShape:
        if (self.clearance is None) == (self.rate is None):
            raise ValueError("a flow has a clearance or a rate, one of both")
        if self.both_ways and (self.to is None or self.clearance is None):
            raise ValueError("both_ways needs 'to' and a clearance")
        return self

    def value(self) -> list[Flow]:
        clearance = self.clearance.of_kind("clearance").scaled() if self.clearance else None
        rate = self.rate.of_kind("rate").scaled() if self.rate else None
        there = Flow(self.source, self.to, clearance, rate)
        if not self.both_ways or self.to is None:
            return [there]
        return [there, Flow(self.to, self.source, clearance, rate)]


class EntryShape(Strict):
    """Where a share of a dose enters; `as_given` takes the time of the infusion."""

    compartment: Key
    fraction: Parameter | None = None
    lag: Parameter | None = None
    over: Parameter | Literal["at_once", "as_given"] = "at_once"

    def value(self) -> Entry:
        over: float | None = None
        if isinstance(self.over, Parameter):
            over = self.over.of_kind("time").in_hours
        elif self.over == "at_once":
            over = 0.0
        return Entry(
            compartment=self.compartment,
            fraction=self.fraction.of_kind("fraction").in_hours if self.fraction else 1.0,
            lag_h=self.lag.of_kind("time").in_hours if self.lag else 0.0,
            over_h=over,
        )


class DrugShape(Item):
    """One model. `disposition_of` takes compartments, volumes and flows from another model and
    adds what stands here. `standing` is the lowest of all its numbers."""

    names: tuple[Key, ...] = ()
    title: Sentence
    population: Sentence
    disposition_of: Key | None = None
    compartments: tuple[Key, ...] = ()
    volumes: Mapping[Key, Parameter] = {}
    flows: tuple[FlowShape, ...] = ()
    entries: Mapping[Route, tuple[EntryShape, ...]] = Field(min_length=1)
    seen_in: Key = "central"
    site: Site
    status: Status
    substances: tuple[SubstanceName, ...] = ()
    stands_in_for: tuple[SubstanceName, ...] = ()
    caveats: tuple[Sentence, ...] = Field(min_length=1)

    def value(self, base: DrugShape | None) -> CompartmentModel:
        volumes = {**(base.volumes if base else {}), **self.volumes}
        return CompartmentModel(
            id=self.id,
            names=self.names,
            title=self.title,
            compartments=(*(base.compartments if base else ()), *self.compartments),
            volumes_l={key: each.of_kind("volume").scaled() for key, each in volumes.items()},
            flows=tuple(
                flow
                for shape in (*(base.flows if base else ()), *self.flows)
                for flow in shape.value()
            ),
            entries={
                route: tuple(shape.value() for shape in shapes)
                for route, shapes in self.entries.items()
            },
            seen_in=self.seen_in,
            site=self.site,
            status=self.status,
            substances=_substances(self.substances),
            stands_in_for=_substances(self.stands_in_for),
            sources=tuple(dict.fromkeys((*self.sources, *(base.sources if base else ())))),
            standing=self.standing,
            caveats=self.caveats,
        )


class Observed(Item):
    """A concentration range that was measured in people, to stand beside an expected band."""

    route: Route
    dose: Sentence
    least_ng_per_ml: Decimal
    most_ng_per_ml: Decimal
    note: Sentence


class UnknownModel(ModelError):
    """No model has this name; the message lists the names there are."""


@cache
def shapes() -> dict[str, DrugShape]:
    """Every model as it stands in the files, by id."""
    return by_id(read_items("drugs", DrugShape), "drugs")


@cache
def drug_models() -> dict[str, CompartmentModel]:
    """Every model ready for `engine.kinetics`, by id."""
    return {shape.id: built(shape, shapes()) for shape in shapes().values()}


def drug_model(name: str) -> CompartmentModel:
    """One model by its id or short name (`kamp2020`, `clements1981`). Raises `UnknownModel`."""
    names = {name: model for model in drug_models().values() for name in (model.id, *model.names)}
    if name not in names:
        raise UnknownModel(f"There is no model {name!r}; there are {', '.join(sorted(names))}.")
    return names[name]


def models_for(*, route: Route, substance: Substance) -> tuple[CompartmentModel, ...]:
    """Every model that has the route and describes the substance, or may stand in for it.

    For the band (`engine.kinetics.envelope`); in the order of the files, possibly empty.
    """
    return tuple(
        model
        for model in drug_models().values()
        if route in model.entries and substance in (*model.substances, *model.stands_in_for)
    )


@cache
def observed(route: Route) -> tuple[Observed, ...]:
    """What was measured after a dose by this route; possibly nothing."""
    found = by_id(read_items("concentrations", Observed), "concentrations")
    return tuple(each for each in found.values() if each.route == route)


def check(data: Path) -> int:
    """Every model can be built, and every source it names exists; how many items there are."""
    known = {source.key for source in read_items("sources", Source, data)}
    models = by_id(read_items("drugs", DrugShape, data), "drugs")
    measured = by_id(read_items("concentrations", Observed, data), "concentrations")
    for shape in models.values():
        built(shape, models)
    for item in (*models.values(), *measured.values()):
        for key in sorted(set(item.sources) - known):
            raise ContentError(f"drugs, {item.id}: sources: {key!r} is not in sources.yaml.")
    return len(models) + len(measured)


def built(shape: DrugShape, others: Mapping[str, DrugShape]) -> CompartmentModel:
    """The model of a shape; `others` holds the one whose disposition it may take."""
    base = None
    if shape.disposition_of is not None:
        base = others.get(shape.disposition_of)
        if base is None or base.disposition_of is not None:
            raise ContentError(
                f"drugs, {shape.id}: disposition_of names a model with its own compartments, "
                f"not {shape.disposition_of!r}."
            )
    try:
        return shape.value(base)
    except ValueError as error:
        raise ContentError(f"drugs, {shape.id}: {error}") from error


def _substances(names: tuple[SubstanceName, ...]) -> tuple[Substance, ...]:
    return tuple(SUBSTANCES[name] for name in names)
