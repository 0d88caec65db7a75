"""The band across models. No single model is the truth, so one value is never returned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from vernal.engine.kinetics.models import Array, CompartmentModel, ModelError, Site, Standing
from vernal.engine.kinetics.regimens import Regimen
from vernal.engine.kinetics.solution import Concentrations, simulate

_LOWEST_FIRST: tuple[Standing, ...] = ("house", "unverified", "verified")


@dataclass(frozen=True, eq=False)
class Envelope:
    """Lowest and highest expected concentration in ng/mL of base, and everything that says why.

    `curves` holds each model's own curve, with its status; a page shows the band, never one curve
    alone. `caveat` stands beside it always, `notes` (one sentence a model) where there is room.
    """

    times_h: Array
    lo_ng_per_ml: Array
    hi_ng_per_ml: Array
    curves: tuple[Concentrations, ...]
    label: str
    caveat: str
    notes: tuple[str, ...]
    standing: Standing

    @property
    def models(self) -> tuple[str, ...]:
        """Ids of the models in the band."""
        return tuple(curve.model for curve in self.curves)

    @property
    def names(self) -> tuple[str, ...]:
        """What people call the models, as short as tells them apart: “Kamp 2020”."""
        return short_names([curve.title for curve in self.curves])

    @property
    def sources(self) -> tuple[str, ...]:
        """Source keys of all models, each once."""
        return tuple(dict.fromkeys(key for curve in self.curves for key in curve.sources))


def envelope(
    models: Sequence[CompartmentModel],
    regimen: Regimen,
    *,
    weight_kg: float,
    times_h: ArrayLike,
) -> Envelope:
    """The band of two or more models at increasing times of 0 h or later.

    Raises `ModelError` for fewer than two different models, and what `simulate` raises.
    """
    if len({model.id for model in models}) < 2:
        raise ModelError("A band needs two or more models; no single model is the truth.")
    curves = tuple(
        simulate(model, regimen, weight_kg=weight_kg, times_h=times_h) for model in models
    )
    values = np.stack([curve.ng_per_ml for curve in curves])
    return Envelope(
        times_h=curves[0].times_h,
        lo_ng_per_ml=values.min(axis=0),
        hi_ng_per_ml=values.max(axis=0),
        curves=curves,
        label=_label(curves),
        caveat=_caveat(curves),
        notes=tuple(dict.fromkeys(note for curve in curves for note in curve.caveats)),
        standing=min((curve.standing for curve in curves), key=_LOWEST_FIRST.index),
    )


def short_names(titles: Sequence[str]) -> tuple[str, ...]:
    """What stands before the first comma; where two share it, what stands after the last."""
    firsts = [title.split(",")[0] for title in titles]
    lasts = [title.rsplit(", ", 1)[-1] for title in titles]
    return tuple(
        first if firsts.count(first) == 1 else last[:1].upper() + last[1:]
        for first, last in zip(firsts, lasts, strict=True)
    )


def _label(curves: tuple[Concentrations, ...]) -> str:
    kind = (
        "extrapolated" if all(curve.status == "extrapolation" for curve in curves) else "expected"
    )
    return f"Blood level {kind} by {len(curves)} models, lowest to highest, ng/mL of base"


def _caveat(curves: tuple[Concentrations, ...]) -> str:
    named = dict(zip(curves, short_names([curve.title for curve in curves]), strict=True))
    sites = _sites(named)
    stretched = [name for curve, name in named.items() if curve.status == "extrapolation"]
    sentences = [
        "Typical people, not this person: single people differ more than the models do.",
        f"{sites} Arterial levels run above venous ones during the dose and shortly after.",
    ]
    if stretched:
        sentences.append(f"Used beyond what they were made for: {', '.join(stretched)}.")
    return " ".join(sentences)


def _sites(named: Mapping[Concentrations, str]) -> str:
    by_site: dict[Site, list[str]] = {}
    for curve, name in named.items():
        by_site.setdefault(curve.site, []).append(name)
    return (
        "; ".join(f"{site[0].upper()}{site[1:]}: {', '.join(ids)}" for site, ids in by_site.items())
        + "."
    )
