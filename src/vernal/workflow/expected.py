"""What models expect in the blood during one session: a band apart from the readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np

from vernal.engine.kinetics.envelope import Envelope, envelope
from vernal.engine.kinetics.regimens import Administration, Regimen, infusion
from vernal.knowledge.drugs import models_for
from vernal.rules.sessions import DoseSoFar
from vernal.units.dose import Substance
from vernal.workflow.care import Care

HOURS = 3.0
STEPS = 37  # every five minutes
POINTS = 2  # a band needs two models
PLACES = 6  # hours to a few milliseconds: the same log gives the same band


@dataclass(frozen=True)
class ExpectedLevel:
    """Lowest and highest expected level in ng/mL, minutes from the first drug."""

    minutes: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    label: str
    caveat: str
    standing: str


def expected_level(care: Care) -> ExpectedLevel | None:
    """The band for what was given and what is still planned; None without drug or models."""
    dose, weight = care.state.dose, care.order.weight_kg
    if dose.first_at is None or weight is None:
        return None
    given = _administrations(dose, dose.first_at, care)
    return _band(given, care.protocol.substance, care.route, float(weight))


def _administrations(dose: DoseSoFar, first: datetime, care: Care) -> tuple[Administration, ...]:
    found: list[Administration] = []
    rest_mg = float(care.order.planned_dose_mg or 0)
    for each in dose.intervals:
        start_h = _hours(each.start - first)
        rate = float(each.rate_mg_per_h)
        end_h = _hours(each.end - first) if each.end else start_h + rest_mg / rate
        given = rate * (end_h - start_h)
        rest_mg = max(rest_mg - given, 0.0)
        found.append(infusion(given, start_h=start_h, end_h=end_h))
    for single in dose.singles:
        at_h = _hours(single.at - first)
        found.append(Administration(at_h, at_h, float(single.dose_mg), care.route))
    return tuple(found)


def _hours(span: timedelta) -> float:
    return round(span.total_seconds() / 3600, PLACES)


@lru_cache(maxsize=64)
def _band(
    given: tuple[Administration, ...], substance: Substance, route: str, weight_kg: float
) -> ExpectedLevel | None:
    models = models_for(route=route, substance=substance)
    if len({model.id for model in models}) < POINTS:
        return None
    times = np.linspace(0.0, HOURS, STEPS)
    band: Envelope = envelope(models, Regimen(substance, given), weight_kg=weight_kg, times_h=times)
    return ExpectedLevel(
        minutes=tuple(float(hour) * 60 for hour in band.times_h),
        low=tuple(float(value) for value in band.lo_ng_per_ml),
        high=tuple(float(value) for value in band.hi_ng_per_ml),
        label=band.label,
        caveat=band.caveat,
        standing=band.standing,
    )
