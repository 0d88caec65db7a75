"""Exact solutions of linear compartment models by their modes, at any output times.

Each mode answers a bolus by exp(λτ) and a constant input by (exp(λτ) − 1)/λ, both without
cancellation near λ = 0, so every start and end is hit exactly and there is no step size.

Equal or nearly equal rates make modes nearly parallel, and their difference loses digits. Then the
system is shifted to points on a circle around itself, where all modes are apart, and the exact
answers are averaged: the answer is an entire function of the shift, so its mean over the circle is
its value in the middle, up to an order of the shift that is far below rounding (`_around`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vernal.engine.kinetics.models import (
    Array,
    CompartmentModel,
    ModelError,
    Site,
    Standing,
    Status,
)
from vernal.engine.kinetics.regimens import Administration, Regimen

Complex = NDArray[np.complex128]

NG_PER_ML_IN_MG_PER_L = 1000.0

WORST_CONDITION = 1.0e3
"""Above this condition of the mode matrix the circle is used: about 1e3 × 2e-16 is lost before."""

CIRCLE_POINTS = 16
CIRCLE_RADIUS = 0.1
"""Relative to the rates. What is left is of order (radius × rate × time)^16 / 16!."""


@dataclass(frozen=True)
class Pulse:
    """`amount_mg` into one compartment, evenly from start to end; at once when both are equal."""

    compartment: int
    amount_mg: float
    start_h: float
    end_h: float


@dataclass(frozen=True)
class Modes:
    """A system dx/dt = Ax as its modes: eigenvalues in 1/h and their vectors, side by side."""

    rates: Complex
    vectors: Complex

    @property
    def condition(self) -> float:
        """How much rounding errors grow; large or infinite when two modes are nearly parallel."""
        return float(np.linalg.cond(self.vectors))


@dataclass(frozen=True, eq=False)
class Concentrations:
    """What one model expects: ng/mL of base at `times_h`, and how far to believe it."""

    model: str
    title: str
    times_h: Array
    ng_per_ml: Array
    site: Site
    status: Status
    standing: Standing
    sources: tuple[str, ...]
    caveats: tuple[str, ...]


def simulate(
    model: CompartmentModel, regimen: Regimen, *, weight_kg: float, times_h: ArrayLike
) -> Concentrations:
    """Concentration in ng/mL of base at increasing times of 0 h or later, for a weight in kg.

    Raises `ModelError` for times that are not finite, negative or unsorted, a weight that is not
    above zero, a substance or a route the model does not have.
    """
    status = model.status_for(regimen.substance)
    times = checked_times(times_h)
    amounts = amounts_mg(model, regimen, weight_kg=weight_kg, times_h=times)
    seen = amounts[:, model.compartments.index(model.seen_in)]
    return Concentrations(
        model=model.id,
        title=model.title,
        times_h=times,
        ng_per_ml=np.maximum(seen, 0.0) / model.volume_l(weight_kg) * NG_PER_ML_IN_MG_PER_L,
        site=model.site,
        status=status,
        standing=model.standing,
        sources=model.sources,
        caveats=model.caveats,
    )


def amounts_mg(
    model: CompartmentModel, regimen: Regimen, *, weight_kg: float, times_h: Array
) -> Array:
    """Amounts in mg, one row a time and one column a compartment; rounding may leave −1e-15."""
    if not (np.isfinite(weight_kg) and weight_kg > 0):
        raise ModelError(f"A weight is a finite number of kg above zero, not {weight_kg}.")
    pulses = [pulse for each in regimen.administrations for pulse in _pulses_of(model, each)]
    return respond(model.rates_per_h(weight_kg), pulses, times_h)


def checked_times(times_h: ArrayLike) -> Array:
    """One row of finite times that do not decrease, none before 0 h. Raises `ModelError`."""
    times = np.asarray(times_h, dtype=np.float64)
    if times.ndim != 1 or times.size == 0:
        raise ModelError("Times are one list of at least one number of hours.")
    if not np.all(np.isfinite(times)):
        raise ModelError("Times are finite numbers of hours; one is not.")
    if times[0] < 0 or np.any(np.diff(times) < 0):
        raise ModelError("Times start at 0 h or later and do not decrease; sort them.")
    return times


def respond(rates_per_h: Array, pulses: Sequence[Pulse], times_h: Array) -> Array:
    """Amounts in every compartment at every time, from nothing, after all pulses."""
    modes = modes_of(rates_per_h)
    if modes.condition <= WORST_CONDITION:
        return _respond(modes, pulses, times_h)
    return _around(rates_per_h, pulses, times_h)


def modes_of(rates_per_h: Array | Complex) -> Modes:
    """Eigenvalues and vectors of a square matrix of rates in 1/h."""
    rates, vectors = np.linalg.eig(rates_per_h)
    return Modes(rates.astype(complex), vectors.astype(complex))


def _around(rates_per_h: Array, pulses: Sequence[Pulse], times_h: Array) -> Array:
    """The mean of exact answers on a circle of systems around this one.

    Each compartment loses faster or slower by its own share, so that equal rates part. The points
    come in conjugate pairs with conjugate answers: the real part of one of each pair is enough.
    """
    size = len(rates_per_h)
    apart = np.diag(np.arange(1, size + 1) / size * np.diag(rates_per_h)) * CIRCLE_RADIUS
    angles = (np.arange(CIRCLE_POINTS // 2) + 0.5) * 2 * np.pi / CIRCLE_POINTS
    answers = [
        _respond(modes_of(rates_per_h + np.exp(1j * angle) * apart), pulses, times_h)
        for angle in angles
    ]
    return np.asarray(np.mean(answers, axis=0))


def _respond(modes: Modes, pulses: Sequence[Pulse], times_h: Array) -> Array:
    excited = np.zeros((len(times_h), len(modes.rates)), dtype=complex)
    shares = np.linalg.inv(modes.vectors)
    for pulse in pulses:
        excited += shares[:, pulse.compartment] * _answer(modes.rates, pulse, times_h)
    return np.asarray((excited @ modes.vectors.T).real)


def _answer(rates: Complex, pulse: Pulse, times_h: Array) -> Complex:
    """What each mode holds of a pulse at each time: rows are times, columns modes."""
    if pulse.end_h == pulse.start_h:
        since = np.maximum(times_h - pulse.start_h, 0.0)[:, None]
        given = (times_h >= pulse.start_h)[:, None]
        return np.asarray(np.where(given, pulse.amount_mg * np.exp(rates * since), 0.0))
    per_h = pulse.amount_mg / (pulse.end_h - pulse.start_h)
    under_way = np.clip(times_h, pulse.start_h, pulse.end_h)[:, None] - pulse.start_h
    after = np.maximum(times_h - pulse.end_h, 0.0)[:, None]
    return np.asarray(per_h * _integral(rates, under_way) * np.exp(rates * after))


def _integral(rates: Complex, span_h: Array) -> Complex:
    """∫₀^span exp(λs) ds, safe where λ·span is small or zero."""
    flat = rates == 0
    divisor = np.where(flat, 1.0, rates)
    return np.asarray(np.where(flat, span_h, np.expm1(rates * span_h) / divisor))


def _pulses_of(model: CompartmentModel, given: Administration) -> list[Pulse]:
    pulses = []
    for entry in model.entries_of(given.route):
        start = given.start_h + entry.lag_h
        over = given.end_h - given.start_h if entry.over_h is None else entry.over_h
        compartment = model.compartments.index(entry.compartment)
        pulses.append(Pulse(compartment, given.dose_mg * entry.fraction, start, start + over))
    return pulses
