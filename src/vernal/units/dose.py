"""Amounts of drug. The substance is part of the unit: what differs in it never mixes silently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from vernal.units.exact import NotExact, UnitError, exact, plain, positive
from vernal.words import Sentence as _

Molecule = Literal["ketamine", "esketamine"]
Form = Literal["base", "hydrochloride"]

HYDROCHLORIDE_PER_BASE = Decimal("1.1534")
"""mg of hydrochloride that hold 1 mg of base. Standing: unverified (ratio of the molar masses,
recalled; it reproduces 28 mg esketamine = 32.3 mg and 50 mg film = 57.7 mg hydrochloride)."""


class MixedSubstances(UnitError):
    """Two amounts of different substances met; the message names both and what would be right."""


@dataclass(frozen=True)
class Substance:
    """Which molecule is weighed, and in which form. Labels and trials state the base."""

    molecule: Molecule
    form: Form

    def __str__(self) -> str:
        return _NAMES[self.molecule, self.form]


_NAMES: Mapping[tuple[Molecule, Form], str] = {
    ("ketamine", "base"): _("racemic ketamine base"),
    ("ketamine", "hydrochloride"): _("racemic ketamine hydrochloride"),
    ("esketamine", "base"): _("esketamine base"),
    ("esketamine", "hydrochloride"): _("esketamine hydrochloride"),
}


KETAMINE_BASE = Substance("ketamine", "base")
KETAMINE_HYDROCHLORIDE = Substance("ketamine", "hydrochloride")
ESKETAMINE_BASE = Substance("esketamine", "base")
ESKETAMINE_HYDROCHLORIDE = Substance("esketamine", "hydrochloride")


@dataclass(frozen=True)
class Dose:
    """An amount of one substance in mg, zero or more."""

    mg: Decimal
    substance: Substance

    def __post_init__(self) -> None:
        if exact(self.mg, _("A dose")) < 0:
            raise NotExact(_("A dose is zero or more, not %(mg)s mg.", mg=plain(self.mg)))

    def __add__(self, other: Dose) -> Dose:
        require_same(self.substance, other.substance)
        return Dose(self.mg + other.mg, self.substance)

    def __sub__(self, other: Dose) -> Dose:
        require_same(self.substance, other.substance)
        return Dose(self.mg - other.mg, self.substance)

    def __lt__(self, other: Dose) -> bool:
        require_same(self.substance, other.substance)
        return self.mg < other.mg

    def __le__(self, other: Dose) -> bool:
        require_same(self.substance, other.substance)
        return self.mg <= other.mg

    def __str__(self) -> str:
        return _("%(n)s mg %(substance)s", n=plain(self.mg), substance=self.substance)


@dataclass(frozen=True)
class DosePerKg:
    """An amount of one substance in mg for each kg of body weight, above zero."""

    mg_per_kg: Decimal
    substance: Substance

    def __post_init__(self) -> None:
        positive(self.mg_per_kg, _("A dose in mg/kg"))

    def for_weight(self, weight_kg: Decimal) -> Dose:
        """The dose for a weight above zero, unrounded; the caller has checked the weight."""
        return Dose(self.mg_per_kg * positive(weight_kg, _("The weight")), self.substance)

    def __str__(self) -> str:
        return _("%(n)s mg/kg %(substance)s", n=plain(self.mg_per_kg), substance=self.substance)


@dataclass(frozen=True)
class Strength:
    """A concentration as the vial states it: mg of one substance in each mL, above zero."""

    mg_per_ml: Decimal
    substance: Substance

    def __post_init__(self) -> None:
        positive(self.mg_per_ml, _("A concentration"))

    def volume_ml(self, dose: Dose) -> Decimal:
        """mL that hold the dose, to the 28 digits of decimal division."""
        require_same(self.substance, dose.substance)
        return dose.mg / self.mg_per_ml

    def dose_in(self, volume_ml: Decimal) -> Dose:
        """The dose in a volume of zero or more mL."""
        return Dose(self.mg_per_ml * exact(volume_ml, _("The volume")), self.substance)

    def __str__(self) -> str:
        return _("%(n)s mg/mL %(substance)s", n=plain(self.mg_per_ml), substance=self.substance)


def require_same(first: Substance, second: Substance) -> None:
    """Raises `MixedSubstances` unless molecule and form are the same."""
    if first == second:
        return
    if first.molecule != second.molecule:
        raise MixedSubstances(
            _(
                "%(first)s and %(second)s are different drugs; no number turns one into the other. "
                "Prescribe in the one that is given.",
                first=first,
                second=second,
            )
        )
    raise MixedSubstances(
        _(
            "%(first)s and %(second)s are different units (1 mg base is %(mg)s mg hydrochloride). "
            "State both in the form the vial names.",
            first=first,
            second=second,
            mg=HYDROCHLORIDE_PER_BASE,
        )
    )
