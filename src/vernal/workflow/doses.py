"""From a prescriber's order to the worksheet that is confirmed; refusals beside the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from vernal.knowledge.facts import facts
from vernal.records.models import Patient, SectionSaved
from vernal.rules.conditions import Unknown, UnknownValue
from vernal.rules.dose_lines import shown
from vernal.rules.dosing import (
    DoseWorksheet,
    PreparationNotPossible,
    check_caps,
    dose_for,
    infusion_worksheet,
    needs_reason,
    sublingual_worksheet,
)
from vernal.rules.protocols import DoesNotFit, Protocol
from vernal.rules.weights import (
    Basis,
    BasisNotUsable,
    DosingError,
    DosingWeight,
    Sex,
    Weight,
    WeightNotUsable,
    dosing_weight,
)
from vernal.units.dose import (
    Dose,
    DosePerKg,
    Form,
    MixedSubstances,
    Strength,
    Substance,
    require_same,
)
from vernal.units.exact import UnitError, plain, to_nearest
from vernal.workflow.answers import value_of
from vernal.workflow.errors import InvalidInput
from vernal.workflow.spoken import spoken

Result = TypeVar("Result")


@dataclass(frozen=True)
class Order:
    """What the prescriber decides. `dose` is in mg/kg or in mg, as the protocol has it.

    `total_ml` is the whole syringe of an infusion; under the tongue nothing is diluted.
    """

    protocol: Protocol
    phase: str
    schedule: str
    dose: Decimal
    vial_mg_per_ml: Decimal
    vial_form: Form
    minutes: Decimal
    total_ml: Decimal | None = None
    basis: Basis | None = None
    reason: str = ""

    @property
    def amount(self) -> DosePerKg | Dose:
        """Raises `NotExact` for a dose by weight that is not above zero."""
        kind = DosePerKg if self.protocol.by_weight else Dose
        return kind(self.dose, self.protocol.substance)


@dataclass(frozen=True)
class Measured:
    """A weight that staff measured, with what else a dose needs, and the row it stands in."""

    row: SectionSaved
    weight: Weight
    height_cm: Decimal | Unknown


def measured(patient: Patient) -> list[Measured]:
    """Examinations by staff in which a weight was measured, the newest first."""
    rows = (
        SectionSaved.objects.filter(patient=patient, section="examination")
        .exclude(by__patient_account__patient=patient)
        .select_related("by")
        .order_by("-at", "-id")
    )
    return [found for row in rows if (found := _measured(row, patient))]


def worksheet_for(
    order: Order, newest: Measured | None, *, sex: Sex | Unknown, on: date
) -> DoseWorksheet:
    """Every line of the arithmetic. Raises `InvalidInput` with each sentence beside its field."""
    refused = _not_numbers(order)
    if refused:
        raise InvalidInput(refused)
    weight = _or_refused(refused, lambda: _dosing_weight(order, newest, sex, on))
    amount = _or_refused(refused, lambda: _amount(order, weight))
    vial = _or_refused(refused, lambda: _vial(order))
    _or_refused(refused, lambda: _check_schedule(order))
    if refused or weight is None or amount is None or vial is None:
        raise InvalidInput(refused)
    common: dict[str, Any] = {"weight": weight, "caps": order.protocol.caps}
    common["limits"] = order.protocol.preparation_limits
    try:
        if isinstance(amount, Dose):
            return sublingual_worksheet(amount, solution=vial, hold_min=order.minutes, **common)
        return infusion_worksheet(
            amount, vial=vial, total_ml=_total(order), minutes=order.minutes, **common
        )
    except (DosingError, UnitError) as refusal:
        raise InvalidInput({_field_of(refusal, order, vial, weight): str(refusal)}) from refusal


def worksheet_as_json(sheet: DoseWorksheet) -> dict[str, Any]:
    """The lines as they are shown, and the numbers a session prepares the dose with.

    The words are kept in the language in which they were read.
    """
    numbers = {
        "weight_kg": sheet.weight.kg,
        "actual_kg": sheet.weight.actual.kg,
        "ordered_mg": sheet.ordered.mg,
        "given_mg": sheet.given.mg,
        "vial_mg_per_ml": sheet.vial.mg_per_ml,
        "draw_ml": sheet.draw_ml,
        "minutes": sheet.minutes,
        "diluent_ml": sheet.diluent_ml,
        "total_ml": sheet.total_ml,
        "rate_ml_per_h": sheet.rate_ml_per_h,
    }
    return {
        "lines": [
            {
                "key": line.key,
                "what": spoken(line.what),
                "how": spoken(line.how),
                "value": shown(line.value),
                "unit": line.unit,
            }
            for line in sheet.lines
        ],
        "substance": spoken(str(sheet.ordered.substance)),
        "bmi": shown(to_nearest(sheet.weight.bmi, Decimal("0.1")).rounded),
        **{name: None if value is None else plain(value) for name, value in numbers.items()},
    }


def sex_of(known: Mapping[str, object]) -> Sex | Unknown:
    """Sex at birth as the formula of the ideal weight needs it."""
    match known.get("sex_at_birth"):
        case "female":
            return "female"
        case "male":
            return "male"
    return Unknown.of("sex_at_birth")


def _measured(row: SectionSaved, patient: Patient) -> Measured | None:
    kg = value_of(facts()["weight_kg"], row.answers.get("weight_kg"))
    if not isinstance(kg, Decimal):
        return None
    height = value_of(facts()["height_cm"], row.answers.get("height_cm"))
    weight = Weight(kg, row.at.astimezone(patient.site.zone).date(), row.by.name)
    height_cm = height if isinstance(height, Decimal) else Unknown.of("height_cm")
    return Measured(row, weight, height_cm)


def _not_numbers(order: Order) -> dict[str, str]:
    """NaN and infinity compare with nothing; they are refused before any arithmetic."""
    typed = {
        name: getattr(order, name) for name in ("dose", "vial_mg_per_ml", "minutes", "total_ml")
    }
    return {
        name: _("Write a number, in digits.")
        for name, value in typed.items()
        if value is not None and not value.is_finite()
    }


def _check_schedule(order: Order) -> None:
    try:
        order.protocol.phase(order.phase).schedule(order.schedule)
    except DoesNotFit as refusal:
        raise InvalidInput({"schedule": str(refusal)}) from refusal


def _dosing_weight(
    order: Order, newest: Measured | None, sex: Sex | Unknown, on: date
) -> DosingWeight:
    try:
        return dosing_weight(
            newest.weight if newest else Unknown.of("weight_kg"),
            height_cm=newest.height_cm if newest else Unknown.of("height_cm"),
            sex=sex,
            chosen=order.basis,
            on=on,
            limits=order.protocol.weight_limits,
        )
    except UnknownValue as refusal:
        field = "basis" if "sex_at_birth" in refusal.needs else "weight_is_right"
        raise InvalidInput({field: str(refusal)}) from refusal
    except BasisNotUsable as refusal:
        raise InvalidInput({"basis": str(refusal)}) from refusal
    except (WeightNotUsable, DosingError) as refusal:
        raise InvalidInput({"weight_is_right": str(refusal)}) from refusal


def _total(order: Order) -> Decimal:
    if order.total_ml is None:
        raise InvalidInput({"total_ml": _("Write the whole volume of the syringe.")})
    return order.total_ml


def _or_refused(refused: dict[str, str], make: Callable[[], Result]) -> Result | None:
    """What `make` gives; a refusal is noted, so that one look shows every field that is wrong."""
    try:
        return make()
    except InvalidInput as refusal:
        refused.update(refusal.fields)
        return None


def _amount(order: Order, weight: DosingWeight | None) -> DosePerKg | Dose:
    """The dose, within its caps, with a reason where it needs one."""
    caps = order.protocol.caps
    try:
        amount = order.amount
        if weight is not None:
            if isinstance(amount, DosePerKg):
                dose_for(amount, weight=weight, caps=caps)
            else:
                check_caps(amount, weight_kg=weight.kg, caps=caps)
    except (DosingError, UnitError) as refusal:
        raise InvalidInput({"dose": str(refusal)}) from refusal
    if needs_reason(amount, caps=caps) and not order.reason.strip():
        raise InvalidInput(
            {
                "reason": _("Above %(usual)s %(unit)s the plan says why.")
                % {
                    "usual": plain(caps.reason_above),
                    "unit": order.protocol.figures.reason_above.unit,
                }
            }
        )
    return amount


def _vial(order: Order) -> Strength:
    substance = order.protocol.substance
    try:
        vial = Strength(order.vial_mg_per_ml, Substance(substance.molecule, order.vial_form))
    except UnitError as refusal:
        raise InvalidInput({"vial_mg_per_ml": str(refusal)}) from refusal
    try:
        require_same(substance, vial.substance)
    except MixedSubstances as refusal:
        raise InvalidInput({"vial_form": str(refusal)}) from refusal
    return vial


def _field_of(
    refusal: DosingError | UnitError, order: Order, vial: Strength, weight: DosingWeight
) -> str:
    """Which field would have to change. The arithmetic itself knows no form."""
    limits = order.protocol.preparation_limits
    if not limits.least_min <= order.minutes <= limits.most_min:
        return "minutes"
    if isinstance(refusal, PreparationNotPossible):
        if vial.mg_per_ml not in limits.vials_mg_per_ml or _rounds_too_much(order, vial, weight):
            return "vial_mg_per_ml"
        return "total_ml"
    return "total_ml" if order.total_ml is not None and order.total_ml <= 0 else "dose"


def _rounds_too_much(order: Order, vial: Strength, weight: DosingWeight) -> bool:
    amount = order.amount
    dose = amount.for_weight(weight.kg) if isinstance(amount, DosePerKg) else amount
    exact_ml = vial.volume_ml(dose)
    limits = order.protocol.preparation_limits
    rounded = to_nearest(exact_ml, limits.steps.syringe_ml)
    return abs(rounded.deviation_percent) > limits.most_rounding_percent
