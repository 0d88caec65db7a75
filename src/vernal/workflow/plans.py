"""Step 4: the plan: drawn up by a prescriber, confirmed line by line by another, signed, booked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, get_args
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from vernal import knowledge
from vernal.accounts.models import User
from vernal.audit.chain import record
from vernal.knowledge.protocols import protocol
from vernal.records.models import (
    Patient,
    Plan,
    PlanConfirmed,
    PlanSigned,
    ScreeningDecision,
    SectionSaved,
)
from vernal.rules.dosing import StepTooLarge, check_step
from vernal.rules.weights import Basis, DosingError, weight_changed_much
from vernal.units.dose import Dose, DosePerKg, Form
from vernal.workflow.answers import kept_answers
from vernal.workflow.bookings import book, last_begun, release_others
from vernal.workflow.doses import (
    Measured,
    Order,
    measured,
    sex_of,
    worksheet_as_json,
    worksheet_for,
)
from vernal.workflow.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow
from vernal.workflow.once import make_once
from vernal.workflow.patients import patient_with
from vernal.workflow.permissions import (
    check_may_ask_history,
    check_may_confirm_plan,
    check_may_prescribe,
)
from vernal.workflow.spoken import spoken
from vernal.workflow.standing import (
    CHECKS,
    Checked,
    asked_before_plan,
    check_plan,
    is_repeated,
    measure_again,
    newest_decision,
    stands_in_the_way,
    still_eligible,
    treatment_of,
    why_not_by,
)

FORMS: tuple[Form, ...] = get_args(Form)


def eligible_decision(patient: Patient) -> ScreeningDecision:
    """The newest decision, if a plan may rest on it. Raises `NotPossibleNow` with the reason."""
    decision = newest_decision(patient)
    if decision is None or why_no_plan(decision):
        raise NotPossibleNow(why_no_plan(decision))
    return decision


def why_no_plan(decision: ScreeningDecision | None) -> str:
    """Why no plan may rest on the newest decision, as a sentence; empty when one may."""
    if decision is None:
        return _("The screening is not signed yet; a plan rests on it.")
    if decision.outcome != ScreeningDecision.Outcome.eligible:
        return _("The newest screening does not say “eligible”, so nothing is planned.")
    return ""


@dataclass(frozen=True)
class WorkedOut:
    """A dose worked out and not kept yet. `seal` changes with any number of the worksheet."""

    worksheet: Mapping[str, Any]
    decision: ScreeningDecision
    weight: SectionSaved
    basis: Basis

    @property
    def seal(self) -> str:
        text = json.dumps([self.worksheet, str(self.decision.pk), str(self.weight.pk)])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def work_out(
    *, by: User, patient_id: UUID, order: Order, weight_is_right: bool, at: datetime
) -> WorkedOut:
    """Every line of the arithmetic, to be looked at before a plan is drawn up; keeps nothing."""
    patient = patient_with(patient_id)
    check_may_prescribe(by, patient)
    return _worked_out(patient, order, weight_is_right, at)


@transaction.atomic
def draw_up_plan(
    *,
    by: User,
    patient_id: UUID,
    order: Order,
    weight_is_right: bool,
    id: UUID,
    at: datetime,
    seal: str | None = None,
) -> None:
    """Work the dose out and keep every line of it. A plan after this one takes its place.

    With the `seal` of what the prescriber looked at, other numbers are refused.
    """
    patient = patient_with(patient_id)
    check_may_prescribe(by, patient)
    worked_out = _worked_out(patient, order, weight_is_right, at)
    if seal is not None and seal != worked_out.seal:
        raise NotPossibleNow(
            _("What the dose rests on has changed since you looked at it. Work it out again.")
        )
    by_weight = order.protocol.by_weight
    if make_once(
        Plan,
        id=id,
        at=at,
        by=by,
        patient=patient,
        decision=worked_out.decision,
        protocol=order.protocol.id,
        protocol_version=order.protocol.version,
        phase=order.phase,
        schedule=order.schedule,
        dose_mg_per_kg=order.dose if by_weight else None,
        dose_mg=None if by_weight else order.dose,
        weight=worked_out.weight,
        weight_basis=worked_out.basis,
        reason=order.reason.strip(),
        worksheet=worked_out.worksheet,
        knowledge_version=knowledge.version(),
    ):
        _record("plan.drawn_up", by, patient, at, f"plan:{id}", protocol=order.protocol.id)


@transaction.atomic
def save_plan_checks(
    *, by: User, patient_id: UUID, typed: Mapping[str, str], id: UUID, at: datetime
) -> None:
    """What the clinic itself must have done before a plan is signed."""
    patient = patient_with(patient_id)
    check_may_ask_history(by, patient)
    today = at.astimezone(patient.site.zone).date()
    asked = asked_before_plan(treatment_of(eligible_decision(patient)))
    answers = kept_answers(typed, asked, on=today)
    if make_once(
        SectionSaved,
        id=id,
        at=at,
        by=by,
        patient=patient,
        section=CHECKS,
        answers=answers,
        knowledge_version=knowledge.version(),
    ):
        _record("section.saved", by, patient, at, f"section:{id}", section=CHECKS)


@transaction.atomic
def confirm_plan(
    *, by: User, patient_id: UUID, plan_id: UUID, checked: Collection[str], id: UUID, at: datetime
) -> None:
    """A second person worked every line through. Never the one who drew the plan up."""
    patient = patient_with(patient_id)
    check_may_confirm_plan(by, patient)
    plan = _newest(patient, plan_id)
    if plan.by_id == by.pk:
        raise NotAllowed(
            _("You drew this plan up, so another clinician goes through the arithmetic.")
        )
    if confirmed := getattr(plan, "confirmed", None):
        _refuse_another(confirmed.pk == id, _("The arithmetic is confirmed already."))
        return
    _check_weight(plan, patient, at)
    missing = [line["key"] for line in plan.worksheet["lines"] if line["key"] not in checked]
    if missing:
        raise InvalidInput(
            {key: _("Work this line out yourself, then tick it.") for key in missing}
        )
    make_once(PlanConfirmed, id=id, at=at, by=by, plan=plan)
    _record("plan.confirmed", by, patient, at, f"plan:{plan.pk}")


@transaction.atomic
def sign_plan(
    *,
    by: User,
    patient_id: UUID,
    plan_id: UUID,
    first_on: date,
    starts_at: time,
    closed_weekdays: Iterable[int] = (),
    sessions: int | None = None,
    id: UUID,
    at: datetime,
) -> None:
    """Sign the confirmed plan and book its sessions, in the clinic's own time.

    Sessions of earlier plans that have not begun are cancelled.
    """
    patient = patient_with(patient_id)
    check_may_prescribe(by, patient)
    plan = _newest(patient, plan_id)
    if signed := getattr(plan, "signed", None):
        _refuse_another(signed.pk == id, _("This plan is signed already."))
        return
    today = at.astimezone(patient.site.zone).date()
    if reason := why_not_signed(plan, patient, at) or why_not_by(by, plan, patient, on=today):
        raise NotPossibleNow(reason)
    moments = book(
        plan,
        patient,
        first_on=first_on,
        starts_at=starts_at,
        closed_weekdays=frozenset(closed_weekdays),
        sessions=sessions,
        by=by,
        at=at,
    )
    make_once(PlanSigned, id=id, at=at, by=by, plan=plan)
    _record("plan.signed", by, patient, at, f"plan:{plan.pk}", sessions=len(moments))
    release_others(plan, patient, by=by, at=at)


def _worked_out(patient: Patient, order: Order, weight_is_right: bool, at: datetime) -> WorkedOut:
    today = at.astimezone(patient.site.zone).date()
    decision, checked = _holding_decision(patient, order, today)
    found = [each for each in measured(patient) if each.row.at <= at]
    _check_form(order)
    sheet = worksheet_for(
        order, next(iter(found), None), sex=sex_of(checked.screened.history.facts), on=today
    )
    _ask_about_change(found, order, weight_is_right)
    _check_step(patient, order)
    # worksheet_for has refused an unknown weight
    return WorkedOut(worksheet_as_json(sheet), decision, found[0].row, sheet.weight.basis)


def _holding_decision(
    patient: Patient, order: Order, today: date
) -> tuple[ScreeningDecision, Checked]:
    decision = eligible_decision(patient)
    treats = order.protocol.route == decision.route
    if not treats or decision.indication not in order.protocol.indications:
        raise InvalidInput(
            {"protocol": _("The patient was found eligible for another way of giving it.")}
        )
    checked = check_plan(patient, decision, phase_is_repeated=False, on=today)
    if checked.screening_obstacles:
        raise NotPossibleNow(stands_in_the_way(checked.screening_obstacles))
    return decision, checked


def _check_form(order: Order) -> None:
    if order.vial_form not in FORMS:
        raise InvalidInput({"vial_form": _("Choose what the label of the vial says.")})


def _ask_about_change(found: list[Measured], order: Order, weight_is_right: bool) -> None:
    """A weight far from the one before is asked about once more, before a dose rests on it."""
    if weight_is_right or len(found) < 2:
        return
    question = weight_changed_much(
        found[0].weight,
        found[1].weight,
        ask_again_percent=order.protocol.weight_limits.ask_again_percent,
    )
    if question:
        raise InvalidInput({"weight_is_right": question})


def _check_step(patient: Patient, order: Order) -> None:
    """A dose may rise by one step over the last one that was given."""
    last = last_begun(patient)
    if last is None:
        return
    substance = protocol(last.plan.protocol).substance
    before = (
        DosePerKg(last.plan.dose_mg_per_kg, substance)
        if last.plan.dose_mg_per_kg is not None
        else Dose(last.plan.dose_mg, substance)
    )
    if type(before) is not type(order.amount):
        return  # another route begins with its own starting dose
    try:
        check_step(order.amount, before, step=order.protocol.figures.step_up.value)
    except (StepTooLarge, DosingError) as refusal:
        raise InvalidInput({"dose": str(refusal)}) from refusal


def _newest(patient: Patient, plan_id: UUID) -> Plan:
    """The plan, if no newer one has taken its place."""
    plans = Plan.objects.filter(patient=patient).select_related(
        "decision", "weight__by", "confirmed", "signed"
    )
    plan = plans.filter(pk=plan_id).first()
    if plan is None:
        raise NotFound
    if plans.order_by("-at", "-id").values_list("pk", flat=True).first() != plan.pk:
        raise NotPossibleNow(
            _("A newer plan has taken its place; it is shown here now. Look at it first.")
        )
    return plan


def _refuse_another(is_same: bool, otherwise: str) -> None:
    """The same form a second time changes nothing; another one comes too late."""
    if not is_same:
        raise NotPossibleNow(otherwise)


def _check_weight(plan: Plan, patient: Patient, at: datetime) -> None:
    trouble = measure_again(plan, patient, on=at.astimezone(patient.site.zone).date())
    if trouble:
        raise NotPossibleNow(_("%(trouble)s Then draw the plan up anew.") % {"trouble": trouble})


def why_not_signed(plan: Plan, patient: Patient, at: datetime) -> str:
    """Why the newest plan cannot be signed now, as a sentence; empty when it can."""
    today = at.astimezone(patient.site.zone).date()
    if not hasattr(plan, "confirmed"):
        return _("A second person confirms the arithmetic first; then you sign.")
    if trouble := measure_again(plan, patient, on=today):
        return _("%(trouble)s Then draw the plan up anew.") % {"trouble": trouble}
    if not still_eligible(eligible_decision(patient), plan):
        return _("The newest screening is for another treatment. Draw up a new plan.")
    repeated = is_repeated(protocol(plan.protocol), plan.phase)
    checked = check_plan(patient, plan.decision, phase_is_repeated=repeated, on=today)
    if checked.screening_obstacles:
        return stands_in_the_way(checked.screening_obstacles)
    if checked.obstacles:
        return _("The plan cannot be signed yet: %(titles)s.") % {
            "titles": "; ".join(spoken(obstacle.title) for obstacle in checked.obstacles)
        }
    return ""


def _record(
    act: str, by: User, patient: Patient, at: datetime, subject: str, **details: str | int
) -> None:
    record(
        act,
        at=at,
        actor_id=by.pk,
        site_id=patient.site_id,
        patient_id=patient.pk,
        subject=subject,
        **details,
    )
