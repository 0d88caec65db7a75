"""The blood level that published models expect of a plan's dose: a band, never one value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from vernal.engine.kinetics.envelope import envelope
from vernal.engine.kinetics.models import Site, Status
from vernal.engine.kinetics.regimens import Regimen, infusion, sublingual
from vernal.knowledge.drugs import models_for, observed
from vernal.knowledge.protocols import protocol
from vernal.knowledge.sources import sources
from vernal.records.models import Plan
from vernal.rules.findings import Standing
from vernal.rules.protocols import observation_ends_min
from vernal.units.dose import Substance

STEP_MIN = 2
LEAST_SHOWN_MIN = 120


@dataclass(frozen=True)
class ExpectedCurve:
    """What one published model expects, in ng/mL of base at `Expected.minutes`."""

    title: str
    name: str
    site: Site
    status: Status
    ng_per_ml: tuple[float, ...]


@dataclass(frozen=True)
class ObservedLevel:
    """A range that was measured in people, in words."""

    dose: str
    least: str
    most: str
    note: str
    source: str


@dataclass(frozen=True)
class Expected:
    """The band across models, each model's own curve, and what must stand beside them."""

    label: str
    caveat: str
    notes: tuple[str, ...]
    standing: Standing
    is_extrapolation: bool
    dose_min: float
    minutes: tuple[float, ...]
    lo: tuple[float, ...]
    hi: tuple[float, ...]
    curves: tuple[ExpectedCurve, ...]
    observed: tuple[ObservedLevel, ...]


def expected_level(plan: Plan) -> Expected:
    """For one session of the plan, of a person of the measured weight."""
    chosen = protocol(plan.protocol)
    minutes = plan.worksheet["minutes"]
    shown_min = max(
        LEAST_SHOWN_MIN,
        int(observation_ends_min(chosen, minutes=chosen.figures.usual_min.value)),
    )
    return expected_for(
        chosen.route,
        chosen.substance,
        float(plan.worksheet["given_mg"]),
        float(minutes),
        float(plan.worksheet["actual_kg"]),
        shown_min,
    )


@lru_cache(maxsize=256)
def expected_for(
    route: str,
    substance: Substance,
    dose_mg: float,
    dose_min: float,
    weight_kg: float,
    shown_min: int,
) -> Expected:
    """For one dose at time 0; an infusion lasts `dose_min`, a sublingual dose is held so long."""
    given = infusion(dose_mg, end_h=dose_min / 60) if route == "iv" else sublingual(dose_mg)
    times_min = sorted({float(each) for each in range(0, shown_min + 1, STEP_MIN)} | {dose_min})
    band = envelope(
        models_for(route=route, substance=substance),
        Regimen(substance, (given,)),
        weight_kg=weight_kg,
        times_h=np.array(times_min) / 60,
    )
    return Expected(
        label=band.label,
        caveat=band.caveat,
        notes=band.notes,
        standing=band.standing,
        is_extrapolation=all(curve.status == "extrapolation" for curve in band.curves),
        dose_min=dose_min,
        minutes=tuple(times_min),
        lo=tuple(band.lo_ng_per_ml.tolist()),
        hi=tuple(band.hi_ng_per_ml.tolist()),
        curves=tuple(
            ExpectedCurve(
                title=curve.title,
                name=name,
                site=curve.site,
                status=curve.status,
                ng_per_ml=tuple(curve.ng_per_ml.tolist()),
            )
            for curve, name in zip(band.curves, band.names, strict=True)
        ),
        observed=tuple(
            ObservedLevel(
                dose=each.dose,
                least=f"{each.least_ng_per_ml.normalize():f}",
                most=f"{each.most_ng_per_ml.normalize():f}",
                note=each.note,
                source=sources()[each.sources[0]].title,
            )
            for each in observed(route)
        ),
    )
