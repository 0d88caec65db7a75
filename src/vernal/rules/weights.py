"""Body weight as a dose rests on it: measured by someone on a day, in a possible range, on a basis.

A weight is not a number. 154 lb typed as kilograms doubles the dose and no cap notices, so a change
of more than a few percent asks again, and pages show kg and lb.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, assert_never

from vernal.rules.conditions import Unknown, UnknownValue
from vernal.units.conversions import CM_PER_INCH, inches_from_cm, lb_from_kg
from vernal.units.exact import PERCENT, exact, plain, positive, to_nearest
from vernal.words import Sentence as _

Basis = Literal["actual", "ideal", "adjusted"]
Sex = Literal["female", "male"]

_SHOWN_KG = Decimal("0.1")
_BASES: Mapping[Basis, str] = {
    "actual": _("actual"),
    "ideal": _("ideal"),
    "adjusted": _("adjusted"),
}
_SEXES: Mapping[Sex, str] = {"female": _("female"), "male": _("male")}


class DosingError(Exception):
    """A dose cannot be worked out as asked. The message says what is wrong and what would do."""


class WeightNotUsable(DosingError):
    """The weight is impossible, too old or from the future: weigh again."""


class BasisNotUsable(DosingError):
    """The weight basis is missing or does not fit this person: the prescriber chooses."""


@dataclass(frozen=True)
class Weight:
    """A measured body weight in kg, the day it was measured and who measured it."""

    kg: Decimal
    measured_on: date
    measured_by: str

    def __post_init__(self) -> None:
        if positive(self.kg, _("A weight")) and not self.measured_by.strip():
            raise ValueError(_("A weight names who measured it."))

    @property
    def lb(self) -> Decimal:
        """The same weight in pounds, to 0.1, for the eye only."""
        return to_nearest(lb_from_kg(self.kg), _SHOWN_KG).rounded

    def __str__(self) -> str:
        return _("%(kg)s kg (%(lb)s lb)", kg=plain(self.kg), lb=plain(self.lb))


@dataclass(frozen=True)
class BodyFigures:
    """Possible heights in cm, Devine's ideal weight and the share of an adjusted one.

    `devine_kg` is the weight at `devine_from_inches`, for women and men.
    """

    least_height_cm: Decimal
    most_height_cm: Decimal
    devine_kg: Mapping[Sex, Decimal]
    devine_kg_per_inch: Decimal
    devine_from_inches: Decimal
    adjusted_share: Decimal


@dataclass(frozen=True)
class WeightLimits:
    """Which weights may carry a dose, and with which figures one is reduced."""

    least_kg: Decimal
    most_kg: Decimal
    most_days_old: int
    ask_again_percent: Decimal
    choose_basis_from_bmi: Decimal
    body: BodyFigures


@dataclass(frozen=True)
class DosingWeight:
    """The weight a dose is worked out with, its basis, and how it came about in words."""

    kg: Decimal
    basis: Basis
    actual: Weight
    how: str
    bmi: Decimal


def usable_weight(weight: Weight | Unknown, *, on: date, limits: WeightLimits) -> Weight:
    """The weight, if a dose on this day may rest on it.

    Raises `UnknownValue` when nobody knows it and `WeightNotUsable` when it lies outside the limits
    (in kg, both ends allowed), was measured after `on`, or is too many days old.
    """
    if isinstance(weight, Unknown):
        raise UnknownValue(
            _("The weight is not known. Weigh the patient; no dose is worked out before."),
            weight.needs,
        )
    if not limits.least_kg <= weight.kg <= limits.most_kg:
        raise WeightNotUsable(
            _(
                "A weight of %(weight)s lies outside %(least)s to %(most)s kg. Check the unit and "
                "weigh again.",
                weight=weight,
                least=plain(limits.least_kg),
                most=plain(limits.most_kg),
            )
        )
    if weight.measured_on > on:
        raise WeightNotUsable(
            _(
                "The weight is dated %(measured_on)s, after %(on)s. Correct the date.",
                measured_on=weight.measured_on,
                on=on,
            )
        )
    days_old = (on - weight.measured_on).days
    if days_old > limits.most_days_old:
        raise WeightNotUsable(
            _(
                "The weight was measured on %(measured_on)s, %(days)s days before %(on)s; at most "
                "%(most)s are allowed. Weigh again.",
                measured_on=weight.measured_on,
                days=days_old,
                on=on,
                most=limits.most_days_old,
            )
        )
    return weight


def weight_changed_much(new: Weight, last: Weight, *, ask_again_percent: Decimal) -> str | None:
    """The question to ask again when the new weight differs by more than the given percent of the
    last one; `None` when it does not. Exactly the given percent does not ask."""
    change = abs(new.kg - last.kg) / last.kg * PERCENT
    if change <= ask_again_percent:
        return None
    return _(
        "%(new)s differs by %(percent)s %% from %(last)s on %(measured_on)s. Is it kilograms, and "
        "is it this patient? Weigh again or confirm.",
        new=new,
        percent=plain(to_nearest(change, _SHOWN_KG).rounded),
        last=last,
        measured_on=last.measured_on,
    )


def body_mass_index(weight_kg: Decimal, height_cm: Decimal, body: BodyFigures) -> Decimal:
    """kg/m², to the 28 digits of decimal division. Raises `DosingError` for a height that is
    outside the possible ones."""
    if not body.least_height_cm <= exact(height_cm, _("The height")) <= body.most_height_cm:
        raise DosingError(
            _(
                "A height of %(height)s cm lies outside %(least)s to %(most)s cm. Check the unit "
                "and measure again.",
                height=plain(height_cm),
                least=plain(body.least_height_cm),
                most=plain(body.most_height_cm),
            )
        )
    height_m = height_cm / 100
    return weight_kg / (height_m * height_m)


def ideal_weight_kg(height_cm: Decimal, sex: Sex, body: BodyFigures) -> Decimal:
    """Devine (DOS-055): a weight at 60 inches, and the same amount more for each inch above.

    Raises `BasisNotUsable` below that height, where it says nothing.
    """
    inches = inches_from_cm(height_cm)
    if inches < body.devine_from_inches:
        raise BasisNotUsable(
            _(
                "Devine's ideal weight starts at %(least)s cm; the height is %(height)s cm. Choose "
                "the actual weight.",
                least=plain(body.devine_from_inches * CM_PER_INCH),
                height=plain(height_cm),
            )
        )
    return body.devine_kg[sex] + body.devine_kg_per_inch * (inches - body.devine_from_inches)


def adjusted_weight_kg(
    actual_kg: Decimal, height_cm: Decimal, sex: Sex, body: BodyFigures
) -> Decimal:
    """Ideal weight and a share of what the person weighs above it (DOS-055)."""
    ideal_kg = ideal_weight_kg(height_cm, sex, body)
    return ideal_kg + body.adjusted_share * (actual_kg - ideal_kg)


def dosing_weight(
    weight: Weight | Unknown,
    *,
    height_cm: Decimal | Unknown,
    sex: Sex | Unknown,
    chosen: Basis | None,
    on: date,
    limits: WeightLimits,
) -> DosingWeight:
    """The weight that carries the dose, and on which basis.

    Below the BMI limit it is the actual weight (DOS-054); from the limit on the prescriber chooses
    actual, ideal or adjusted (DOS-055, DOS-056), because no trial settles it. Raises what
    `usable_weight` raises, `UnknownValue` for an unknown height or sex, `BasisNotUsable`.
    """
    known = usable_weight(weight, on=on, limits=limits)
    height = _known_height(height_cm)
    bmi = body_mass_index(known.kg, height, limits.body)
    basis = _basis(bmi, chosen, limits.choose_basis_from_bmi)
    if basis == "actual":
        return DosingWeight(known.kg, basis, known, _("actual weight %(kg)s", kg=known), bmi)
    kg, how = _reduced_weight(known, height, _known_sex(sex), basis, limits.body)
    if kg >= known.kg:
        raise BasisNotUsable(
            _(
                "The %(basis)s weight of %(kg)s kg is not below the actual %(actual)s; it would "
                "raise the dose. Choose the actual weight.",
                basis=_BASES[basis],
                kg=plain(kg),
                actual=known,
            )
        )
    return DosingWeight(kg, basis, known, how, bmi)


def _basis(bmi: Decimal, chosen: Basis | None, from_bmi: Decimal) -> Basis:
    shown = plain(to_nearest(bmi, _SHOWN_KG).rounded)
    if bmi >= from_bmi and chosen is None:
        raise BasisNotUsable(
            _(
                "The BMI is %(bmi)s, at or above %(from_bmi)s: the prescriber chooses actual, "
                "ideal or adjusted weight. No trial settles which is right.",
                bmi=shown,
                from_bmi=plain(from_bmi),
            )
        )
    if bmi < from_bmi and chosen not in (None, "actual"):
        raise BasisNotUsable(
            _(
                "The BMI is %(bmi)s, below %(from_bmi)s: the dose rests on the actual weight. For "
                "a smaller dose, prescribe fewer mg/kg.",
                bmi=shown,
                from_bmi=plain(from_bmi),
            )
        )
    return chosen or "actual"


def _reduced_weight(
    weight: Weight,
    height_cm: Decimal,
    sex: Sex,
    basis: Literal["ideal", "adjusted"],
    body: BodyFigures,
) -> tuple[Decimal, str]:
    ideal_kg = to_nearest(ideal_weight_kg(height_cm, sex, body), _SHOWN_KG).rounded
    formula = _(
        "Devine, %(sex)s, %(height)s cm: %(base)s + %(per_inch)s × (%(height)s ÷ %(cm_per_inch)s − "
        "%(from_inches)s) = %(ideal)s kg",
        sex=_SEXES[sex],
        height=plain(height_cm),
        base=plain(body.devine_kg[sex]),
        per_inch=plain(body.devine_kg_per_inch),
        cm_per_inch=CM_PER_INCH,
        from_inches=plain(body.devine_from_inches),
        ideal=plain(ideal_kg),
    )
    match basis:
        case "ideal":
            return ideal_kg, _(
                "ideal weight (%(formula)s); actual weight %(actual)s",
                formula=formula,
                actual=weight,
            )
        case "adjusted":
            exact_kg = adjusted_weight_kg(weight.kg, height_cm, sex, body)
            kg = to_nearest(exact_kg, _SHOWN_KG).rounded
            return kg, _(
                "adjusted weight (%(formula)s; plus %(share)s × what lies above it = %(kg)s kg); "
                "actual weight %(actual)s",
                formula=formula,
                share=plain(body.adjusted_share),
                kg=plain(kg),
                actual=weight,
            )
    assert_never(basis)


def _known_height(height_cm: Decimal | Unknown) -> Decimal:
    if isinstance(height_cm, Unknown):
        raise UnknownValue(
            _(
                "The height is not known. Measure it; without it nobody can say on which weight "
                "the dose should rest."
            ),
            height_cm.needs,
        )
    return height_cm


def _known_sex(sex: Sex | Unknown) -> Sex:
    if isinstance(sex, Unknown):
        raise UnknownValue(
            _(
                "The sex is not known; the ideal weight needs it. Record it or choose the actual "
                "weight."
            ),
            sex.needs,
        )
    return sex
