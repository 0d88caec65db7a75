"""The plan of one patient: dose, arithmetic, what is found, expected level, calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from vernal.accounts.models import User
from vernal.knowledge.facts import Fact
from vernal.knowledge.protocols import protocol, protocols_for
from vernal.records.models import Patient, Plan, ScreeningDecision
from vernal.rules.conditions import Unknown
from vernal.rules.protocols import Protocol
from vernal.rules.weights import body_mass_index, weight_changed_much
from vernal.workflow.doses import Measured, measured
from vernal.workflow.errors import NotAllowed, NotPossibleNow
from vernal.workflow.patients import patient_with
from vernal.workflow.permissions import (
    check_may_ask_history,
    check_may_confirm_plan,
    check_may_prescribe,
    may_book,
    may_confirm_plan,
    may_prescribe,
)
from vernal.workflow.plans import why_no_plan, why_not_signed
from vernal.workflow.queries.bookings import BookedLine, session_lines
from vernal.workflow.queries.charts import ChartHead, head_of, readable_chart
from vernal.workflow.queries.consents import ConsentState, consent_state_for
from vernal.workflow.queries.expected import Expected, expected_level
from vernal.workflow.queries.screening import FindingLine, finding_lines
from vernal.workflow.spoken import spoken
from vernal.workflow.standing import (
    Checked,
    asked_before_plan,
    check_plan,
    conditions_of,
    is_repeated,
    measure_again,
    newest_checks,
    newest_decision,
    plans_of,
    stands_in_the_way,
    still_eligible,
    treatment_of,
    weight_of,
    why_not_by,
)


@dataclass(frozen=True)
class Signature:
    by_name: str
    at: datetime


@dataclass(frozen=True)
class WorksheetLine:
    key: str
    what: str
    how: str
    value: str
    unit: str


@dataclass(frozen=True)
class PlanLine:
    """One plan as it was drawn up, and what was done with it."""

    id: UUID
    protocol: Protocol
    phase: str
    schedule: str
    dose: str
    numbers: Mapping[str, Any]
    lines: list[WorksheetLine]
    weight: str
    weight_basis: str
    weight_on: datetime
    weight_by: str
    reason: str
    drawn_up: Signature
    confirmed: Signature | None
    signed: Signature | None
    drawn_up_by_me: bool


@dataclass(frozen=True)
class PlanView:
    """`plan` is the newest; `in_force` the one that counts until a newer one is signed.

    `lacks_only_consent` are the open conditions that the patient's signature settles;
    `stricter` is what the screening finds today and did not settle when it was signed. Who
    set a bar aside (`set_aside_by_me`) does not sign the plan.
    """

    head: ChartHead
    route: str
    indication: str
    plan: PlanLine | None
    in_force: PlanLine | None
    earlier: list[PlanLine]
    cannot_plan: str
    trouble: list[str]
    stricter: list[FindingLine]
    findings: list[FindingLine]
    open_conditions: frozenset[str]
    lacks_only_consent: frozenset[str]
    consent: ConsentState | None
    expected: Expected | None
    sessions: list[BookedLine]
    may_prescribe: bool
    may_confirm: bool
    may_book: bool
    set_aside_by_me: bool


@dataclass(frozen=True)
class MeasuredWeight:
    """The weight a new plan would rest on. `question` when it is far from the one before."""

    words: str
    at: datetime
    by_name: str
    question: str
    bmi: Decimal | None


@dataclass(frozen=True)
class NewPlanView:
    """What a prescriber draws a plan up from; `closed` says why none may be drawn up now."""

    head: ChartHead
    route: str
    indication: str
    protocols: tuple[Protocol, ...]
    weight: MeasuredWeight | None
    closed: str


@dataclass(frozen=True)
class PlanToAct:
    """The newest plan before it is confirmed or signed; `closed` says why it may not be now."""

    head: ChartHead
    plan: PlanLine
    today: date
    usual_sessions: int | None
    closed: str


@dataclass(frozen=True)
class ChecksView:
    """The checks before a plan is signed; `closed` says why none are made now."""

    head: ChartHead
    facts: tuple[Fact, ...]
    kept: Mapping[str, str]
    saved: Signature | None
    closed: str


def plan(*, by: User, patient_id: UUID, at: datetime) -> PlanView:
    """The plan as of now; the reading is noted."""
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page="plan")
    today = at.astimezone(patient.site.zone).date()
    plans = plans_of(patient)
    newest = plans[0] if plans else None
    in_force = _in_force(plans)
    screened = newest_decision(patient)
    decision = newest.decision if newest else screened
    checked = None
    if decision is not None and decision.outcome == "eligible":
        repeated = newest is not None and is_repeated(protocol(newest.protocol), newest.phase)
        checked = check_plan(patient, decision, phase_is_repeated=repeated, on=today)
    return PlanView(
        head=head_of(patient, checked.screened.history.saved if checked else None),
        route=decision.route if decision else "",
        indication=decision.indication if decision else "",
        plan=_plan_line(newest, patient, by) if newest else None,
        in_force=_plan_line(in_force, patient, by) if in_force else None,
        earlier=[_plan_line(each, patient, by) for each in plans[1:]],
        cannot_plan=why_no_plan(screened),
        trouble=_trouble(newest, screened, patient, today),
        stricter=_stricter(checked) if checked else [],
        findings=finding_lines(checked.findings, checked.screened) if checked else [],
        open_conditions=frozenset(each.condition for each in checked.obstacles)
        if checked
        else frozenset(),
        lacks_only_consent=_lacks_only_consent(checked),
        consent=consent_state_for(newest, patient, on=today) if newest else None,
        expected=expected_level(newest) if newest else None,
        sessions=session_lines(patient, at=at),
        may_prescribe=may_prescribe(by, patient),
        may_confirm=may_confirm_plan(by, patient),
        may_book=may_book(by, patient),
        set_aside_by_me=checked is not None
        and any(each.by_id == by.pk for each in checked.screened.overridden.values()),
    )


def new_plan(*, by: User, patient_id: UUID, at: datetime) -> NewPlanView:
    """What a prescriber needs to draw a plan up. Raises `NotPossibleNow` before any screening."""
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page="plan")
    check_may_prescribe(by, patient)
    decision = _signed_decision(patient)
    today = at.astimezone(patient.site.zone).date()
    offered = protocols_for(route=decision.route, indication=decision.indication)
    if not offered:
        raise NotPossibleNow(_("There is no protocol for this treatment, so nothing is planned."))
    return NewPlanView(
        head=head_of(patient),
        route=decision.route,
        indication=decision.indication,
        protocols=offered,
        weight=_weight(measured(patient), offered[0]),
        closed=why_no_plan(decision) or _why_stricter(patient, decision, today),
    )


def plan_to_confirm(*, by: User, patient_id: UUID, at: datetime) -> PlanToAct:
    """The newest plan's lines, for the second person."""
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page="plan:confirm")
    check_may_confirm_plan(by, patient)
    found = _plan_to_act(patient, by, at)
    if found.plan.drawn_up_by_me:
        raise NotAllowed(
            _("You drew this plan up, so another clinician goes through the arithmetic.")
        )
    closed = _("The arithmetic is confirmed already.") if found.plan.confirmed else ""
    return replace(found, closed=closed)


def open_before_signing(*, by: User, patient_id: UUID, at: datetime) -> str:
    """What is still open before the newest plan can be signed, as a sentence; empty for nothing."""
    patient = patient_with(patient_id)
    check_may_confirm_plan(by, patient)
    if reason := why_no_plan(newest_decision(patient)):
        return reason
    return why_not_signed(plans_of(patient)[0], patient, at)


def plan_to_sign(*, by: User, patient_id: UUID, at: datetime) -> PlanToAct:
    """The newest plan, for the prescriber who signs and books it."""
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page="plan:sign")
    check_may_prescribe(by, patient)
    found = _plan_to_act(patient, by, at)
    if found.plan.signed:
        return replace(found, closed=_("This plan is signed already."))
    row = Plan.objects.select_related("decision").get(pk=found.plan.id)
    other = why_not_by(by, row, patient, on=found.today)
    return replace(found, closed=other or why_not_signed(row, patient, at))


def plan_checks(*, by: User, patient_id: UUID, at: datetime) -> ChecksView:
    """The questions before a plan is signed, as they were answered last."""
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page="plan:checks")
    check_may_ask_history(by, patient)
    decision = _signed_decision(patient)
    asked = asked_before_plan(treatment_of(decision))
    row = newest_checks(patient)
    return ChecksView(
        head=head_of(patient),
        facts=asked,
        kept=row.answers if row else {},
        saved=Signature(row.by.name, row.at) if row else None,
        closed=why_no_plan(decision),
    )


def _signed_decision(patient: Patient) -> ScreeningDecision:
    """The newest decision, whatever it says. Raises `NotPossibleNow` while there is none."""
    decision = newest_decision(patient)
    if decision is None:
        raise NotPossibleNow(why_no_plan(None))
    return decision


def _why_stricter(patient: Patient, decision: ScreeningDecision, today: date) -> str:
    """What the screening finds today and did not when it was signed; empty for nothing."""
    checked = check_plan(patient, decision, phase_is_repeated=False, on=today)
    return stands_in_the_way(checked.screening_obstacles) if checked.screening_obstacles else ""


def _lacks_only_consent(checked: Checked | None) -> frozenset[str]:
    """The bar of consent, where capacity is found: consent is a step to come, not an alarm."""
    if checked is None or checked.screened.history.facts.get("decision_capacity") is not True:
        return frozenset()
    return frozenset(
        obstacle.condition
        for obstacle in checked.obstacles
        if obstacle.condition in conditions_of("consent_signed")
    )


def _in_force(plans: list[Plan]) -> Plan | None:
    signed = [each for each in plans if hasattr(each, "signed")]
    return max(signed, key=lambda each: each.signed.at, default=None)


def _plan_to_act(patient: Patient, by: User, at: datetime) -> PlanToAct:
    plans = plans_of(patient)
    if not plans:
        raise NotPossibleNow(_("There is no plan yet. A prescriber draws it up first."))
    usual = protocol(plans[0].protocol).phase(plans[0].phase).sessions
    return PlanToAct(
        head=head_of(patient),
        plan=_plan_line(plans[0], patient, by),
        today=at.astimezone(patient.site.zone).date(),
        usual_sessions=int(usual.value) if usual else None,
        closed="",
    )


def _plan_line(row: Plan, patient: Patient, by: User) -> PlanLine:
    chosen = protocol(row.protocol)
    phase = chosen.phase(row.phase)
    dose, unit = (
        (row.dose_mg_per_kg, "mg/kg") if row.dose_mg_per_kg is not None else (row.dose_mg, "mg")
    )
    weight = weight_of(row, patient)
    return PlanLine(
        id=row.pk,
        protocol=chosen,
        phase=phase.title,
        schedule=phase.schedule(row.schedule).title,
        dose=f"{dose.normalize():f} {unit}",
        numbers=row.worksheet,
        lines=[WorksheetLine(**line) for line in row.worksheet["lines"]],
        weight=spoken(str(weight)),
        weight_basis=row.weight_basis,
        weight_on=row.weight.at,
        weight_by=row.weight.by.name,
        reason=row.reason,
        drawn_up=Signature(row.by.name, row.at),
        confirmed=_signature(row, "confirmed"),
        signed=_signature(row, "signed"),
        drawn_up_by_me=row.by_id == by.pk,
    )


def _signature(row: Plan, act: str) -> Signature | None:
    done = getattr(row, act, None)
    return Signature(done.by.name, done.at) if done else None


def _trouble(
    newest: Plan | None,
    screened: ScreeningDecision | None,
    patient: Patient,
    today: date,
) -> list[str]:
    """What makes the newest plan stale: its weight, or another decision."""
    found = []
    if newest is not None:
        again = measure_again(newest, patient, on=today)
        found += [again] if again else []
        if screened is not None and not still_eligible(screened, newest):
            found.append(_("The newest screening no longer says eligible for this treatment."))
    return found


def _stricter(checked: Checked) -> list[FindingLine]:
    """Findings of the screening that keep the plan from going on, open alerts among them."""
    open_ = {each.condition for each in checked.screening_obstacles}
    lines = finding_lines(checked.screened.findings, checked.screened)
    return [line for line in lines if line.condition in open_]


def _weight(found: list[Measured], chosen: Protocol) -> MeasuredWeight | None:
    if not found:
        return None
    newest = found[0]
    question = (
        weight_changed_much(
            newest.weight,
            found[1].weight,
            ask_again_percent=chosen.weight_limits.ask_again_percent,
        )
        if len(found) > 1
        else None
    )
    height = newest.height_cm
    return MeasuredWeight(
        words=spoken(str(newest.weight)),
        at=newest.row.at,
        by_name=newest.row.by.name,
        question=spoken(question or ""),
        bmi=None
        if isinstance(height, Unknown)
        else body_mass_index(newest.weight.kg, height, chosen.body),
    )
