"""Dose arithmetic: from mg/kg or mg to a syringe, with every line shown for a second person.

Exact decimals throughout. Nothing is trimmed, converted or rounded out of sight: a dose above a cap
is refused, and what rounding did stands on its own line. Limits come from the protocol.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from vernal.rules.days import in_words
from vernal.rules.weights import DosingError, DosingWeight
from vernal.units.conversions import rate_ml_per_h
from vernal.units.dose import Dose, DosePerKg, Strength, require_same
from vernal.units.exact import Rounded, down_to, plain, positive, to_nearest

DRAW_STEP_ML = Decimal("0.01")
RATE_STEP_ML_PER_H = Decimal("0.1")
"""What a 1 mL syringe and a pump can be set to: house."""

_SHOWN = Decimal("0.001")


@dataclass(frozen=True)
class DoseCaps:
    """Most for one session, in mg/kg and in mg; above `reason_above` the prescriber says why.

    `reason_above` is in mg/kg for a dose by weight and in mg for a fixed dose.
    """

    most_mg_per_kg: Decimal
    most_mg: Decimal
    reason_above: Decimal


@dataclass(frozen=True)
class PreparationLimits:
    """What a protocol says about vials, dilution, infusion or holding time and rounding.

    `dilute_one_to_one_from_mg_per_ml` is `None` where nothing is diluted.
    """

    vials_mg_per_ml: tuple[Decimal, ...]
    dilute_one_to_one_from_mg_per_ml: Decimal | None
    least_min: Decimal
    most_min: Decimal
    most_rounding_percent: Decimal


class DoseOverCap(DosingError):
    """The dose is above the cap; `over_by` is in the cap's unit. It is never trimmed."""

    def __init__(self, asked: Decimal, cap: Decimal, unit: str) -> None:
        self.cap, self.over_by, self.unit = cap, asked - cap, unit
        super().__init__(
            f"{_shown(asked)} {unit} is above the cap of {plain(cap)} {unit} for one session, "
            f"by {_shown(self.over_by)} {unit}. Prescribe a dose within the cap."
        )


class StepTooLarge(DosingError):
    """The dose rises by more than one step allows; `over_by` is in the step's unit."""

    def __init__(self, new: Decimal, last: Decimal, step: Decimal, unit: str) -> None:
        self.step, self.over_by, self.unit = step, new - last - step, unit
        super().__init__(
            f"From {plain(last)} to {plain(new)} {unit} is a step of {plain(new - last)} {unit}; "
            f"at most {plain(step)} is allowed. Prescribe at most {plain(last + step)} {unit}."
        )


class PreparationNotPossible(DosingError):
    """Vial, volume or time do not fit the dose; the message says what would."""


@dataclass(frozen=True)
class Line:
    """One line of a worksheet: what it is, how it was worked out, and the number to confirm."""

    key: str
    what: str
    how: str
    value: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{self.what}: {self.how} = {_shown(self.value)} {self.unit}"


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
            f"{new} and {last} cannot be compared: one goes by weight, the other is fixed. "
            "State both in the same way."
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
    """Dose, volume to draw (0.01 mL), diluent and pump rate (0.1 mL/h) for one infusion.

    The draw is rounded to the nearest step, downwards where the nearest would pass a cap; the rate
    is rounded down, so that no infusion is faster than ordered. Raises `DoseOverCap`,
    `MixedSubstances` and `PreparationNotPossible`.
    """
    ordered = dose_for(dose, weight=weight, caps=caps)
    _check_vial(vial, limits)
    _check_minutes(minutes, limits)
    draw, given = _draw(ordered, vial, weight, caps, limits)
    diluent_ml = _diluent_ml(draw.rounded, positive(total_ml, "The total volume"), vial, limits)
    rate = down_to(rate_ml_per_h(total_ml, minutes), RATE_STEP_ML_PER_H)
    _check_rounding(rate, "pump rate", "Use a larger total volume.", limits)
    lines = (
        *_dose_lines(dose, weight, ordered),
        *_draw_lines(ordered, vial, draw, given),
        *_syringe_lines(given, draw.rounded, total_ml),
        *_pump_lines(total_ml, minutes, rate),
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
    """Volume of solution (0.01 mL) for one fixed sublingual dose, held for `hold_min` minutes.

    Rounded as in `infusion_worksheet`; no dilution. Raises `DoseOverCap`, `MixedSubstances` and
    `PreparationNotPossible`.
    """
    if dose.mg == 0:
        raise DosingError("A dose of 0 mg is no dose. Prescribe an amount above zero.")
    check_caps(dose, weight_kg=weight.kg, caps=caps)
    _check_vial(solution, limits)
    _check_minutes(hold_min, limits)
    draw, given = _draw(dose, solution, weight, caps, limits)
    per_kg = Line(
        "per_kg",
        "Dose for each kg",
        f"{dose} ÷ {plain(weight.kg)} kg",
        dose.mg / weight.kg,
        "mg/kg",
    )
    hold = Line("hold", "Hold under the tongue", "before it is swallowed", hold_min, "min")
    return DoseWorksheet(
        lines=(_weight_line(weight), per_kg, *_draw_lines(dose, solution, draw, given), hold),
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
    draw = to_nearest(exact_ml, DRAW_STEP_ML)
    try:
        check_caps(vial.dose_in(draw.rounded), weight_kg=weight.kg, caps=caps)
    except DoseOverCap:
        draw = down_to(exact_ml, DRAW_STEP_ML)
    given = vial.dose_in(draw.rounded)
    _check_rounding(
        Rounded(ordered.mg, given.mg), "drawn dose", "Use a weaker concentration.", limits
    )
    return draw, given


def _diluent_ml(
    draw_ml: Decimal, total_ml: Decimal, vial: Strength, limits: PreparationLimits
) -> Decimal:
    diluent_ml = total_ml - draw_ml
    if diluent_ml < 0:
        raise PreparationNotPossible(
            f"The dose takes {plain(draw_ml)} mL, more than the total of {plain(total_ml)} mL. "
            "Use a larger total volume or a stronger vial."
        )
    from_mg_per_ml = limits.dilute_one_to_one_from_mg_per_ml
    if from_mg_per_ml is not None and vial.mg_per_ml >= from_mg_per_ml and diluent_ml < draw_ml:
        raise PreparationNotPossible(
            f"{vial} must be diluted with at least its own volume: {plain(draw_ml)} mL needs "
            f"{plain(draw_ml)} mL or more of diluent, the total leaves {plain(diluent_ml)} mL. "
            f"Use a total of {plain(draw_ml * 2)} mL or more."
        )
    return diluent_ml


def _check_vial(vial: Strength, limits: PreparationLimits) -> None:
    if vial.mg_per_ml not in limits.vials_mg_per_ml:
        allowed = ", ".join(plain(each) for each in limits.vials_mg_per_ml)
        raise PreparationNotPossible(
            f"{plain(vial.mg_per_ml)} mg/mL is no concentration of this protocol. "
            f"Use one of {allowed} mg/mL."
        )


def _check_minutes(minutes: Decimal, limits: PreparationLimits) -> None:
    if not limits.least_min <= positive(minutes, "The time") <= limits.most_min:
        raise PreparationNotPossible(
            f"{plain(minutes)} minutes lie outside {plain(limits.least_min)} to "
            f"{plain(limits.most_min)} minutes of this protocol."
        )


def _check_rounding(value: Rounded, what: str, remedy: str, limits: PreparationLimits) -> None:
    if abs(value.deviation_percent) > limits.most_rounding_percent:
        raise PreparationNotPossible(
            f"Rounding changes the {what} by {_shown(abs(value.deviation_percent))} %, more than "
            f"{plain(limits.most_rounding_percent)} %. {remedy}"
        )


def _weight_line(weight: DosingWeight) -> Line:
    measured = f"measured on {in_words(weight.actual.measured_on)} by {weight.actual.measured_by}"
    return Line("weight", "Weight for the dose", f"{weight.how}, {measured}", weight.kg, "kg")


def _dose_lines(dose: DosePerKg, weight: DosingWeight, ordered: Dose) -> tuple[Line, ...]:
    how = f"{dose} × {plain(weight.kg)} kg"
    return _weight_line(weight), Line("dose", "Dose ordered", how, ordered.mg, "mg")


def _draw_lines(ordered: Dose, vial: Strength, draw: Rounded, given: Dose) -> tuple[Line, ...]:
    deviation = Rounded(ordered.mg, given.mg)
    return (
        Line(
            "draw",
            "Volume to draw",
            f"{_shown(ordered.mg)} mg ÷ {vial} = {_shown(draw.exact)} mL, "
            f"rounded to {DRAW_STEP_ML} mL",
            draw.rounded,
            "mL",
        ),
        Line(
            "given",
            "Dose in the syringe",
            f"{plain(draw.rounded)} mL × {vial}",
            given.mg,
            "mg",
        ),
        Line(
            "deviation",
            "What rounding changed",
            f"{plain(given.mg)} − {_shown(ordered.mg)} mg "
            f"({_shown(deviation.deviation_percent)} %)",
            deviation.deviation,
            "mg",
        ),
    )


def _syringe_lines(given: Dose, draw_ml: Decimal, total_ml: Decimal) -> tuple[Line, ...]:
    return (
        Line(
            "diluent",
            "Diluent to add",
            f"{plain(total_ml)} mL in all − {plain(draw_ml)} mL",
            total_ml - draw_ml,
            "mL",
        ),
        Line(
            "syringe",
            "Concentration after mixing",
            f"{plain(given.mg)} mg ÷ {plain(total_ml)} mL",
            given.mg / total_ml,
            "mg/mL",
        ),
    )


def _pump_lines(total_ml: Decimal, minutes: Decimal, rate: Rounded) -> tuple[Line, ...]:
    return (
        Line(
            "rate",
            "Pump rate",
            f"{plain(total_ml)} mL ÷ {plain(minutes)} min × 60 = {_shown(rate.exact)} mL/h, "
            f"rounded down to {RATE_STEP_ML_PER_H} mL/h",
            rate.rounded,
            "mL/h",
        ),
        Line(
            "duration",
            "The infusion then lasts",
            f"{plain(total_ml)} mL ÷ {plain(rate.rounded)} mL/h × 60",
            total_ml * 60 / rate.rounded,
            "min",
        ),
    )


def _shown(value: Decimal) -> str:
    """To 0.001, with ≈ where that hides digits."""
    rounded = to_nearest(value, _SHOWN)
    return ("" if rounded.deviation == 0 else "≈ ") + plain(rounded.rounded)
