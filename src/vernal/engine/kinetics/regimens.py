"""Regimens: doses in time, as the engine sees them."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from vernal.engine.kinetics.models import ModelError, Route
from vernal.units.dose import Substance


@dataclass(frozen=True, order=True)
class Administration:
    """One dose: `dose_mg` from `start_h` on, evenly until `end_h`; at once when both are equal.

    Times are hours from any common start and may be negative. For a route with its own absorption
    the dose is swallowed or placed at `start_h`.
    """

    start_h: float
    end_h: float
    dose_mg: float
    route: Route = "iv"

    def __post_init__(self) -> None:
        if not (isfinite(self.start_h) and isfinite(self.end_h) and isfinite(self.dose_mg)):
            raise ModelError(f"Times and dose are finite numbers: {self}.")
        if self.end_h < self.start_h:
            raise ModelError(f"A dose ends at or after its start: {self}.")
        if self.dose_mg < 0:
            raise ModelError(f"A dose is zero mg or more: {self}.")
        if self.route != "iv" and self.end_h != self.start_h:
            raise ModelError(f"Only an infusion has an end of its own: {self}.")


@dataclass(frozen=True)
class Regimen:
    """Doses of one substance. Their order does not matter."""

    substance: Substance
    administrations: tuple[Administration, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "administrations", tuple(sorted(self.administrations)))


def bolus(dose_mg: float, *, at_h: float = 0.0) -> Administration:
    """An intravenous dose given at once."""
    return Administration(start_h=at_h, end_h=at_h, dose_mg=dose_mg)


def infusion(dose_mg: float, *, start_h: float = 0.0, end_h: float) -> Administration:
    """An intravenous dose given evenly from start to end."""
    return Administration(start_h=start_h, end_h=end_h, dose_mg=dose_mg)


def sublingual(dose_mg: float, *, at_h: float = 0.0) -> Administration:
    """A dose placed under the tongue; the model says how it is absorbed and swallowed."""
    return Administration(start_h=at_h, end_h=at_h, dose_mg=dose_mg, route="sublingual")
