"""The close-out sum: what was drawn is what was given, wasted and returned, vial by vial."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from vernal.rules.sessions.events import Kind
from vernal.rules.sessions.fold import SessionState
from vernal.words import Sentence as _


@dataclass(frozen=True)
class Vial:
    vial: str
    drawn_mg: Decimal
    given_mg: Decimal
    wasted_mg: Decimal
    returned_mg: Decimal
    witness: str = ""

    def __post_init__(self) -> None:
        if min(self.drawn_mg, self.given_mg, self.wasted_mg, self.returned_mg) < 0:
            raise ValueError(f"vial {self.vial}: no amount is below zero.")


@dataclass(frozen=True)
class Discrepancy:
    """Something to be explained by a person; care goes on. `missing_mg` below zero is too much."""

    vial: str
    missing_mg: Decimal
    sentence: str


def vials(state: SessionState) -> tuple[Vial, ...]:
    """The vials of a session; a vial counted again replaces its earlier count."""
    parts = ("drawn_mg", "given_mg", "wasted_mg", "returned_mg")
    counted: dict[str, Vial] = {}
    for entry in state.of(Kind.vial_counted):
        payload = entry.payload
        if {"vial", *parts} <= payload.keys():
            drawn, given, wasted, returned = (payload[part] for part in parts)
            name, witness = payload["vial"], payload.get("witness", "")
            counted[name] = Vial(name, drawn, given, wasted, returned, witness)
    return tuple(counted.values())


def close_out(counted: Iterable[Vial]) -> tuple[Discrepancy, ...]:
    """Every vial that does not add up, and every waste that nobody witnessed."""
    found: list[Discrepancy] = []
    for vial in counted:
        missing = vial.drawn_mg - (vial.given_mg + vial.wasted_mg + vial.returned_mg)
        if missing:
            found.append(Discrepancy(vial.vial, missing, _does_not_add_up(vial.vial, missing)))
        if vial.wasted_mg and not vial.witness:
            sentence = _(
                "Vial %(vial)s: %(mg)s mg were wasted without a witness.",
                vial=vial.vial,
                mg=vial.wasted_mg,
            )
            found.append(Discrepancy(vial.vial, Decimal(0), sentence))
    return tuple(found)


def _does_not_add_up(vial: str, missing_mg: Decimal) -> str:
    if missing_mg > 0:
        return _("Vial %(vial)s: %(mg)s mg cannot be accounted for.", vial=vial, mg=missing_mg)
    return _(
        "Vial %(vial)s: %(mg)s mg more left the vial than was drawn.", vial=vial, mg=-missing_mg
    )
