"""Dose arithmetic: from mg/kg or mg to a syringe, with every line shown for a second person.

Exact decimals throughout. Nothing is trimmed, converted or rounded out of sight: a dose above a cap
is refused, and what rounding did stands on its own line. Limits come from the protocol.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from vernal.rules.dose_lines import (
    Line,
    dose_lines,
    draw_lines,
    pump_lines,
    shown,
    syringe_lines,
    weight_line,
)
from vernal.rules.weights import DosingError, DosingWeight
from vernal.units.conversions import rate_ml_per_h
from vernal.units.dose import Dose, DosePerKg, Strength, require_same
from vernal.units.exact import Rounded, down_to, plain, positive, to_nearest
from vernal.words import Sentence as _


@dataclass(frozen=True)
class DoseCaps:
    """Most for one session, in mg/kg and in mg; above `reason_above` the prescriber says why.

    `reason_above` is in mg/kg for a dose by weight and in mg for a fixed dose.
    """

    most_mg_per_kg: Decimal
    most_mg: Decimal
    reason_above: Decimal


@dataclass(frozen=True)
class DeviceSteps:
    """To what a small syringe is read and a pump is set, in mL and mL/h."""

    syringe_ml: Decimal
    pump_ml_per_h: Decimal


@dataclass(frozen=True)
class PreparationLimits:
    """What a protocol says about vials, dilution, infusion or holding time and rounding.

    `dilute_one_to_one_from_mg_per_ml` and `most_total_ml` are `None` where nothing is diluted.
    `steps` are those of the syringe and the pump.
    """

    vials_mg_per_ml: tuple[Decimal, ...]
    dilute_one_to_one_from_mg_per_ml: Decimal | None
    most_total_ml: Decimal | None
    least_min: Decimal
    most_min: Decimal
    most_rounding_percent: Decimal
    steps: DeviceSteps


class DoseOverCap(DosingError):
    """The dose is above the cap; `over_by` is in the cap's unit. It is never trimmed."""

    def __init__(self, asked: Decimal, cap: Decimal, unit: str) -> None:
        self.cap, self.over_by, self.unit = cap, asked - cap, unit
        super().__init__(
            _(
                "%(asked)s %(unit)s is above the cap of %(cap)s %(unit)s for one session, by "
                "%(over_by)s %(unit)s. Prescribe a dose within the cap.",
                asked=shown(asked),
                unit=unit,
                cap=plain(cap),
                over_by=shown(self.over_by),
            )
        )


class StepTooLarge(DosingError):
    """The dose rises by more than one step allows; `over_by` is in the step's unit."""

    def __init__(self, new: Decimal, last: Decimal, step: Decimal, unit: str) -> None:
        self.step, self.over_by, self.unit = step, new - last - step, unit
        super().__init__(
            _(
                "From %(last)s to %(new)s %(unit)s is a step of %(asked)s %(unit)s; at most "
                "%(step)s is allowed. Prescribe at most %(most)s %(unit)s.",
                last=plain(last),
                new=plain(new),
                unit=unit,
                asked=plain(new - last),
                step=plain(step),
                most=plain(last + step),
            )
        )


class PreparationNotPossible(DosingError):
    """Vial, volume or time do not fit the dose; the message says what would."""


@dataclass(frozen=True)
class DoseWorksheet:
    """One prepared dose, line by line, so that a second person can confirm each.

    `ordered` is the exact dose, `given` what the rounded syringe holds; `deviation` is between
    them. For a sublingual dose total volume, diluent, concentration and rate are `None`.
    """

    lines: tuple[Line, ...]
    weight: DosingWeight
    ordered: Dose
    given: Dose
    vial: Strength
    draw_ml: Decimal
    minutes: Decimal
    diluent_ml: Decimal | None = None
    total_ml: Decimal | None = None
    syringe_mg_per_ml: Decimal | None = None
    rate_ml_per_h: Decimal | None = None

    @property
    def deviation(self) -> Rounded:
        """Ordered and given mg, with the deviation in mg and percent."""
        return Rounded(exact=self.ordered.mg, rounded=self.given.mg)


def check_caps(dose: Dose, *, weight_kg: Decimal, caps: DoseCaps) -> None:
    """Raises `DoseOverCap` when the dose is above the cap in mg/kg or in mg; at the cap is allowed.

    `weight_kg` is the dosing weight, above zero.
    """
    if dose.mg > caps.most_mg_per_kg * weight_kg:
        raise DoseOverCap(dose.mg / weight_kg, caps.most_mg_per_kg, "mg/kg")
    if dose.mg > caps.most_mg:
        raise DoseOverCap(dose.mg, caps.most_mg, "mg")


def dose_for(dose: DosePerKg, *, weight: DosingWeight, caps: DoseCaps) -> Dose:
    """The exact dose in mg for the dosing weight. Raises `DoseOverCap`."""
    if dose.mg_per_kg > caps.most_mg_per_kg:
        raise DoseOverCap(dose.mg_per_kg, caps.most_mg_per_kg, "mg/kg")
    result = dose.for_weight(weight.kg)
    check_caps(result, weight_kg=weight.kg, caps=caps)
    return result


def needs_reason(dose: DosePerKg | Dose, *, caps: DoseCaps) -> bool:
    """Whether the prescriber must say why: the dose is above the usual one (not at it)."""
    asked = dose.mg_per_kg if isinstance(dose, DosePerKg) else dose.mg
    return asked > caps.reason_above


def check_step(new: DosePerKg | Dose, last: DosePerKg | Dose, *, step: Decimal) -> None:
    """Raises `StepTooLarge` when the dose rises by more than `step` (mg/kg, or mg for fixed doses).

    A step of exactly `step` is allowed, and so is any step down. Raises `MixedSubstances`, and
    `DosingError` when one dose is by weight and the other fixed.
    """
    require_same(new.substance, last.substance)
    if isinstance(new, DosePerKg) and isinstance(last, DosePerKg):
        asked, before, unit = new.mg_per_kg, last.mg_per_kg, "mg/kg"
    elif isinstance(new, Dose) and isinstance(last, Dose):
        asked, before, unit = new.mg, last.mg, "mg"
    else:
        raise DosingError(
            _(
                "%(new)s and %(last)s cannot be compared: one goes by weight, the other is fixed. "
                "State both in the same way.",
                new=new,
                last=last,
            )
        )
    if asked - before > step:
        raise StepTooLarge(asked, before, step, unit)


def infusion_worksheet(
    dose: DosePerKg,
    *,
    weight: DosingWeight,
    vial: Strength,
    total_ml: Decimal,
    minutes: Decimal,
    caps: DoseCaps,
    limits: PreparationLimits,
) -> DoseWorksheet:
    """Dose, volume to draw, diluent and pump rate for one infusion, in the steps of `limits`.

    The draw is rounded to the nearest step, downwards where the nearest would pass a cap; the rate
    is rounded down, so that no infusion is faster than ordered. Raises `DoseOverCap`,
    `MixedSubstances` and `PreparationNotPossible`.
    """
    ordered = dose_for(dose, weight=weight, caps=caps)
    _check_vial(vial, limits)
    _check_minutes(minutes, limits)
    _check_total(positive(total_ml, _("The total volume")), limits)
    draw, given = _draw(ordered, vial, weight, caps, limits)
    diluent_ml = _diluent_ml(draw.rounded, total_ml, vial, limits)
    rate = down_to(rate_ml_per_h(total_ml, minutes), limits.steps.pump_ml_per_h)
    _check_rounding(rate, _("the pump rate"), _("Use a larger total volume."), limits)
    lines = (
        *dose_lines(dose, weight, ordered),
        *draw_lines(ordered, vial, draw, given, limits.steps.syringe_ml),
        *syringe_lines(given, draw.rounded, total_ml),
        *pump_lines(total_ml, minutes, rate, limits.steps.pump_ml_per_h),
    )
    return DoseWorksheet(
        lines=lines,
        weight=weight,
        ordered=ordered,
        given=given,
        vial=vial,
        draw_ml=draw.rounded,
        minutes=minutes,
        diluent_ml=diluent_ml,
        total_ml=total_ml,
        syringe_mg_per_ml=given.mg / total_ml,
        rate_ml_per_h=rate.rounded,
    )


def sublingual_worksheet(
    dose: Dose,
    *,
    weight: DosingWeight,
    solution: Strength,
    hold_min: Decimal,
    caps: DoseCaps,
    limits: PreparationLimits,
) -> DoseWorksheet:
    """Volume of solution for one fixed sublingual dose, held for `hold_min` minutes.

    Rounded as in `infusion_worksheet`; no dilution. Raises `DoseOverCap`, `MixedSubstances` and
    `PreparationNotPossible`.
    """
    if dose.mg == 0:
        raise DosingError(_("A dose of 0 mg is no dose. Prescribe an amount above zero."))
    check_caps(dose, weight_kg=weight.kg, caps=caps)
    _check_vial(solution, limits)
    _check_minutes(hold_min, limits)
    draw, given = _draw(dose, solution, weight, caps, limits)
    per_kg = Line(
        "per_kg",
        _("Dose for each kg"),
        _("%(dose)s ÷ %(kg)s kg", dose=dose, kg=plain(weight.kg)),
        dose.mg / weight.kg,
        "mg/kg",
    )
    hold = Line("hold", _("Hold under the tongue"), _("before it is swallowed"), hold_min, "min")
    drawn = draw_lines(dose, solution, draw, given, limits.steps.syringe_ml)
    return DoseWorksheet(
        lines=(weight_line(weight), per_kg, *drawn, hold),
        weight=weight,
        ordered=dose,
        given=given,
        vial=solution,
        draw_ml=draw.rounded,
        minutes=hold_min,
    )


def _draw(
    ordered: Dose,
    vial: Strength,
    weight: DosingWeight,
    caps: DoseCaps,
    limits: PreparationLimits,
) -> tuple[Rounded, Dose]:
    exact_ml = vial.volume_ml(ordered)
    draw = to_nearest(exact_ml, limits.steps.syringe_ml)
    try:
        check_caps(vial.dose_in(draw.rounded), weight_kg=weight.kg, caps=caps)
    except DoseOverCap:
        draw = down_to(exact_ml, limits.steps.syringe_ml)
    given = vial.dose_in(draw.rounded)
    _check_rounding(
        Rounded(ordered.mg, given.mg),
        _("the drawn dose"),
        _("Use a weaker concentration."),
        limits,
    )
    return draw, given


def _diluent_ml(
    draw_ml: Decimal, total_ml: Decimal, vial: Strength, limits: PreparationLimits
) -> Decimal:
    diluent_ml = total_ml - draw_ml
    if diluent_ml < 0:
        raise PreparationNotPossible(
            _(
                "The dose takes %(draw)s mL, more than the total of %(total)s mL. Use a larger "
                "total volume or a stronger vial.",
                draw=plain(draw_ml),
                total=plain(total_ml),
            )
        )
    from_mg_per_ml = limits.dilute_one_to_one_from_mg_per_ml
    if from_mg_per_ml is not None and vial.mg_per_ml >= from_mg_per_ml and diluent_ml < draw_ml:
        raise PreparationNotPossible(
            _(
                "%(vial)s must be diluted with at least its own volume: %(draw)s mL needs "
                "%(draw)s mL or more of diluent, the total leaves %(diluent)s mL. Use a total of "
                "%(least)s mL or more.",
                vial=vial,
                draw=plain(draw_ml),
                diluent=plain(diluent_ml),
                least=plain(draw_ml * 2),
            )
        )
    return diluent_ml


def _check_vial(vial: Strength, limits: PreparationLimits) -> None:
    if vial.mg_per_ml not in limits.vials_mg_per_ml:
        allowed = ", ".join(plain(each) for each in limits.vials_mg_per_ml)
        raise PreparationNotPossible(
            _(
                "%(vial)s mg/mL is no concentration of this protocol. Use one of %(allowed)s "
                "mg/mL.",
                vial=plain(vial.mg_per_ml),
                allowed=allowed,
            )
        )


def _check_total(total_ml: Decimal, limits: PreparationLimits) -> None:
    """A point left out makes fifty millilitres five thousand."""
    most = limits.most_total_ml
    if most is not None and total_ml > most:
        raise PreparationNotPossible(
            _(
                "A total of %(total)s mL is more than the %(most)s mL of the largest syringe or "
                "bag of this protocol. Use a smaller total volume.",
                total=plain(total_ml),
                most=plain(most),
            )
        )


def _check_minutes(minutes: Decimal, limits: PreparationLimits) -> None:
    if not limits.least_min <= positive(minutes, _("The time")) <= limits.most_min:
        raise PreparationNotPossible(
            _(
                "%(minutes)s minutes lie outside %(least)s to %(most)s minutes of this protocol.",
                minutes=plain(minutes),
                least=plain(limits.least_min),
                most=plain(limits.most_min),
            )
        )


def _check_rounding(value: Rounded, what: str, remedy: str, limits: PreparationLimits) -> None:
    if abs(value.deviation_percent) > limits.most_rounding_percent:
        raise PreparationNotPossible(
            _(
                "Rounding changes %(what)s by %(percent)s %%, more than %(most)s %%. %(remedy)s",
                what=what,
                percent=shown(abs(value.deviation_percent)),
                most=plain(limits.most_rounding_percent),
                remedy=remedy,
            )
        )
