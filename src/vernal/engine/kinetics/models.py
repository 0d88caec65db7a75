"""Compartment models as values: volumes, flows, where a route enters, and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vernal.units.dose import Substance

Array = NDArray[np.float64]
Site = Literal["arterial", "venous", "not stated"]
Status = Literal["published", "extrapolation"]
Route = Literal["iv", "sublingual", "oral", "nasal"]
Standing = Literal["verified", "unverified", "house"]


class ModelError(ValueError):
    """A model or its use makes no sense; the message says what would be right."""


@dataclass(frozen=True)
class Scaled:
    """A parameter and how it grows with body weight: value × (weight ÷ reference)^exponent.

    Exponent 0 does not scale, 0.75 is allometry of clearances, 1 is linear. A value in L/kg has
    exponent 1 and reference 1 kg.
    """

    value: float
    exponent: float = 0.0
    reference_kg: float = 70.0

    def __post_init__(self) -> None:
        if not (np.isfinite(self.value) and self.value > 0 and self.reference_kg > 0):
            raise ModelError(f"A parameter is finite and above zero, not {self.value}.")

    def at(self, weight_kg: float) -> float:
        """The value for one person, in the parameter's own unit."""
        if self.exponent == 0:
            return self.value
        return float(self.value * (weight_kg / self.reference_kg) ** self.exponent)


@dataclass(frozen=True)
class Flow:
    """One way out of a compartment: into another, or out of the body (`to=None`).

    By `rate_per_h`, or by `clearance_l_per_h`, which is divided by the volume it leaves. A
    clearance between two compartments usually stands twice, once each way.
    """

    source: str
    to: str | None
    clearance_l_per_h: Scaled | None = None
    rate_per_h: Scaled | None = None

    def __post_init__(self) -> None:
        if (self.clearance_l_per_h is None) == (self.rate_per_h is None):
            raise ModelError(f"A flow from {self.source!r} has a clearance or a rate, one of both.")


@dataclass(frozen=True)
class Entry:
    """Where a share of each dose enters: at once, or evenly over `over_h` hours after `lag_h`.

    `over_h=None` means the dose itself says how long (an infusion).
    """

    compartment: str
    fraction: float = 1.0
    lag_h: float = 0.0
    over_h: float | None = 0.0

    def __post_init__(self) -> None:
        shares = np.isfinite(self.fraction) and 0 < self.fraction <= 1
        times = self.lag_h >= 0 and (self.over_h is None or self.over_h >= 0)
        if not (shares and times and np.isfinite(self.lag_h + (self.over_h or 0.0))):
            raise ModelError(f"An entry has a share above 0 to 1 and times of 0 or more: {self}.")


@dataclass(frozen=True)
class CompartmentModel:
    """A linear model of one drug, seen in one compartment at one sampling site.

    `substances` are what it was made for; `stands_in_for` what it may be run on as an
    extrapolation. `caveats` are sentences that must stand beside every number it gives.
    """

    id: str
    names: tuple[str, ...]
    title: str
    compartments: tuple[str, ...]
    volumes_l: Mapping[str, Scaled]
    flows: tuple[Flow, ...]
    entries: Mapping[Route, tuple[Entry, ...]]
    seen_in: str
    site: Site
    status: Status
    substances: tuple[Substance, ...]
    stands_in_for: tuple[Substance, ...]
    sources: tuple[str, ...]
    standing: Standing
    caveats: tuple[str, ...]

    def __post_init__(self) -> None:
        known = set(self.compartments)
        entries = [entry.compartment for route in self.entries.values() for entry in route]
        named = {flow.source for flow in self.flows} | set(self.volumes_l) | set(entries)
        named |= {flow.to for flow in self.flows if flow.to is not None} | {self.seen_in}
        if len(known) != len(self.compartments) or not known >= named:
            raise ModelError(f"{self.id}: unknown or repeated compartments: {named - known}.")
        for flow in self.flows:
            if flow.clearance_l_per_h is not None and flow.source not in self.volumes_l:
                raise ModelError(f"{self.id}: a clearance leaves {flow.source!r}, without volume.")
        if self.seen_in not in self.volumes_l:
            raise ModelError(f"{self.id}: the compartment seen, {self.seen_in!r}, has no volume.")

    def status_for(self, substance: Substance) -> Status:
        """Whether running it on this substance is what it was made for.

        Raises `ModelError` for a substance it does not describe; nothing is converted.
        """
        if substance in self.substances:
            return self.status
        if substance in self.stands_in_for:
            return "extrapolation"
        able = ", ".join(str(each) for each in (*self.substances, *self.stands_in_for))
        raise ModelError(f"{self.id} describes {able}, not {substance}. State the dose so.")

    def entries_of(self, route: Route) -> tuple[Entry, ...]:
        """Where a dose by this route enters. Raises `ModelError` for a route it does not have."""
        if route not in self.entries:
            able = ", ".join(self.entries)
            raise ModelError(f"{self.id} has no route {route!r}; it has {able}.")
        return self.entries[route]

    def rates_per_h(self, weight_kg: float) -> Array:
        """The matrix A of d(amounts)/dt = A · amounts, in 1/h, for a weight above zero in kg."""
        at = {name: number for number, name in enumerate(self.compartments)}
        matrix = np.zeros((len(at), len(at)))
        for flow in self.flows:
            source = at[flow.source]
            rate = self._rate(flow, weight_kg)
            matrix[source, source] -= rate
            if flow.to is not None:
                matrix[at[flow.to], source] += rate
        return matrix

    def volume_l(self, weight_kg: float) -> float:
        """Volume of the compartment whose concentration is seen, in litres."""
        return self.volumes_l[self.seen_in].at(weight_kg)

    def _rate(self, flow: Flow, weight_kg: float) -> float:
        if flow.rate_per_h is not None:
            return flow.rate_per_h.at(weight_kg)
        assert flow.clearance_l_per_h is not None  # noqa: S101  # Flow has one of both
        return flow.clearance_l_per_h.at(weight_kg) / self.volumes_l[flow.source].at(weight_kg)
