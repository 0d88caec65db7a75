"""Whether a plan still holds today: its weight, the screening, the checks before it is signed.

A session asks `why_session_may_not_begin`. Everything here reads; the acts of `plans` decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from vernal.accounts.models import User
from vernal.knowledge import screening as screening_rules
from vernal.knowledge.facts import Fact, facts, sections
from vernal.knowledge.protocols import protocol
from vernal.records.models import (
    Patient,
    Plan,
    ReviewSigned,
    ScreeningDecision,
    SectionSaved,
    Session,
)
from vernal.rules.conditions import Facts, Unknown, Value, facts_used
from vernal.rules.eligibility import Obstacle, obstacles_to_eligible
from vernal.rules.facts import days_since
from vernal.rules.findings import Findings
from vernal.rules.protocols import Protocol
from vernal.rules.retreatment import holds_sessions_back
from vernal.rules.screening import findings_for
from vernal.rules.weights import Weight, WeightNotUsable, usable_weight, weight_changed_much
from vernal.workflow.answers import value_of
from vernal.workflow.apart import why_not_now
from vernal.workflow.consents import consent_covers
from vernal.workflow.doses import Measured, measured
from vernal.workflow.screening import Considered, Screened, screen
from vernal.workflow.spoken import spoken

CHECKS = "plan_checks"
# Known from the records themselves; nobody is asked for them.
WORKED_OUT = frozenset({"consent_signed", "planned_course", "dosing_place"})


@dataclass(frozen=True)
class Checked:
    """The screening as of today, and what the rules of the plan find with the checks made."""

    screened: Screened
    screening_obstacles: tuple[Obstacle, ...]
    findings: Findings
    obstacles: tuple[Obstacle, ...]


def newest_decision(patient: Patient) -> ScreeningDecision | None:
    return ScreeningDecision.objects.filter(patient=patient).order_by("-at", "-id").first()


def plans_of(patient: Patient) -> list[Plan]:
    """Every plan with what was done with it, the newest first."""
    return list(
        Plan.objects.filter(patient=patient)
        .select_related("by", "decision", "weight__by", "confirmed__by", "signed__by")
        .order_by("-at", "-id")
    )


def plan_in_force(patient: Patient) -> Plan | None:
    """The newest plan that is signed; drafts do not count."""
    return (
        Plan.objects.filter(patient=patient, signed__isnull=False)
        .select_related("by", "decision", "weight__by", "confirmed__by", "signed__by")
        .order_by("-signed__at", "-id")
        .first()
    )


def treatment_of(decision: ScreeningDecision) -> Considered:
    return Considered(decision.route, decision.indication)


def check_plan(
    patient: Patient, decision: ScreeningDecision, *, phase_is_repeated: bool, on: date
) -> Checked:
    """Judge the treatment of the decision anew, and the rules of the moment of the plan."""
    considered = treatment_of(decision)
    screened = screen(patient, on=on, considered=considered)
    known = {
        **screened.history.facts,
        **checks_of(patient, on=on),
        "consent_signed": consent_covers(
            patient, route=considered.route, indication=considered.indication, on=on
        ),
        "planned_course": "recurrent" if phase_is_repeated else "single",
        "dosing_place": "clinic",
    }
    findings = findings_for(
        known,
        screening_rules.rules(),
        route=considered.route,
        indication=considered.indication,
        moment="plan",
    )
    return Checked(
        screened=screened,
        screening_obstacles=obstacles_to_eligible(
            screened.findings, overridden=screened.overridden, weighed=screened.weighed
        ),
        findings=findings,
        obstacles=obstacles_to_eligible(findings, overridden=(), weighed=screened.weighed),
    )


def why_not_by(by: User, plan: Plan, patient: Patient, *, on: date) -> str:
    """Why this clinician may not sign this plan, as a sentence; empty when nothing speaks against.

    A bar set aside needs two people, to the end: who set it aside signs neither screening nor plan.
    """
    screened = screen(patient, on=on, considered=treatment_of(plan.decision))
    if any(override.by_id == by.pk for override in screened.overridden.values()):
        return _("You set a bar aside for this patient, so another clinician signs the plan.")
    return ""


def asked_before_plan(considered: Considered) -> tuple[Fact, ...]:
    """The questions of the plan's checks that a rule for this treatment needs, in their order."""
    needed = {
        fact
        for rule in screening_rules.rules()
        if "plan" in rule.asked_at
        and rule.scope.covers(route=considered.route, indication=considered.indication)
        for fact in facts_used(rule.when)
    }
    needed |= {each for fact in needed for each in facts()[fact].derived_from}
    needed -= WORKED_OUT | {"months_since_in_person_visit"}  # only for doses at home
    (section,) = (each for each in sections("plan") if each.id == CHECKS)
    return tuple(facts()[fact_id] for fact_id in section.facts if fact_id in needed)


def conditions_of(fact: str) -> frozenset[str]:
    """Conditions of the moment of the plan that ask for a fact."""
    return frozenset(
        rule.condition
        for rule in screening_rules.rules()
        if "plan" in rule.asked_at and fact in facts_used(rule.when)
    )


def newest_checks(patient: Patient) -> SectionSaved | None:
    return (
        SectionSaved.objects.filter(patient=patient, section=CHECKS)
        .select_related("by")
        .order_by("-at", "-id")
        .first()
    )


def checks_of(patient: Patient, *, on: date) -> Mapping[str, Value | Unknown]:
    """The checks before a plan as facts, with what follows from them."""
    row = newest_checks(patient)
    kept = row.answers if row else {}
    (section,) = (each for each in sections("plan") if each.id == CHECKS)
    known: Facts = {
        fact_id: value_of(facts()[fact_id], kept.get(fact_id)) for fact_id in section.facts
    }
    since = days_since(known, "prescription_monitoring_queried_on", on=on)
    return {**known, "days_since_prescription_monitoring_query": since}


def weight_of(plan: Plan, patient: Patient) -> Weight:
    """The measurement the plan rests on."""
    row = plan.weight
    return Weight(
        Decimal(row.answers["weight_kg"]),
        row.at.astimezone(patient.site.zone).date(),
        row.by.name,
    )


def measure_again(
    plan: Plan, patient: Patient, *, on: date, found: list[Measured] | None = None
) -> str:
    """Why the plan's weight no longer carries its dose, as a sentence; empty when it does.

    The newest measurement must be fresh, and near enough to the one the plan rests on.
    """
    newest = next(iter(measured(patient) if found is None else found), None)
    limits = protocol(plan.protocol).weight_limits
    try:
        usable_weight(newest.weight if newest else weight_of(plan, patient), on=on, limits=limits)
    except WeightNotUsable as trouble:
        return spoken(str(trouble))
    if newest is None or newest.row.pk == plan.weight_id:
        return ""
    changed = weight_changed_much(
        newest.weight, weight_of(plan, patient), ask_again_percent=limits.ask_again_percent
    )
    return spoken(changed or "")


def is_repeated(protocol_: Protocol, phase: str) -> bool:
    """A phase of more than one session, or of no fixed number."""
    sessions = protocol_.phase(phase).sessions
    return sessions is None or sessions.value > 1


def newest_review(plan: Plan) -> ReviewSigned | None:
    return ReviewSigned.objects.filter(plan=plan).order_by("-at", "-id").first()


@dataclass(frozen=True)
class Held:
    """A plan whose sessions wait by its newest review until a day begins at the clinic."""

    plan: Plan
    until_at: datetime

    def keeps(self, session: Session, *, planned_at: datetime) -> bool:
        """Whether a session of that plan lies before the day."""
        return session.plan_id == self.plan.pk and planned_at < self.until_at


def newest_hold(patient: Patient) -> Held | None:
    """What holds the sessions of the plan in force, if its newest review waits."""
    plan = plan_in_force(patient)
    reviewed = newest_review(plan) if plan else None
    if plan and reviewed and reviewed.option == "wait" and reviewed.look_again_on:
        begins = datetime.combine(reviewed.look_again_on, time(), tzinfo=patient.site.zone)
        return Held(plan, begins)
    return None


def why_course_is_held_back(session: Session, *, at: datetime) -> tuple[str, ...]:
    """What only a new decision about the course can change: the plan, and the newest review."""
    patient = session.patient
    plan = plan_in_force(patient)
    if plan is None or plan.pk != session.plan_id:
        return (_("It belongs to no signed plan that is in force."),)
    reviewed = newest_review(plan)
    today = at.astimezone(patient.site.zone).date()
    if reviewed and holds_sessions_back(
        reviewed.option, look_again_on=reviewed.look_again_on, on=today
    ):
        return (_held_sentence(reviewed),)
    return ()


def _held_sentence(reviewed: ReviewSigned) -> str:
    if reviewed.option != "wait" or reviewed.look_again_on is None:
        return _("The newest review of the course holds further sessions back.")
    until = date_format(reviewed.look_again_on, "M j, Y")
    return _("The newest review of the course holds further sessions back until %(day)s.") % {
        "day": until
    }


def why_session_may_not_begin(session: Session, *, at: datetime) -> tuple[str, ...]:
    """Every reason why this session may not begin now, as sentences; none means that it may.

    What carries it, its day, and the patient's other sessions: the gates of the day are in
    `rules.sessions`.
    """
    return (*why_not_carried(session, at=at), *why_not_now(session, at=at))


def why_not_carried(
    session: Session, *, at: datetime, dosed_on: date | None = None
) -> tuple[str, ...]:
    """What plan, review, weight, screening and consent say against it as of `at`, whatever its
    day. The weight is as old as it will be on the day of the dose, today where none is given.
    Without the course nothing else matters."""
    if held := why_course_is_held_back(session, at=at):
        return held
    patient, plan = session.patient, session.plan
    today = at.astimezone(patient.site.zone).date()
    decision = newest_decision(patient)
    reasons = [_("It was cancelled.")] if hasattr(session, "cancelled") else []
    if trouble := measure_again(plan, patient, on=dosed_on or today):
        reasons.append(trouble)
    if decision is None or not still_eligible(decision, plan):
        reasons.append(_("The newest screening no longer says that the patient is eligible."))
    considered = treatment_of(plan.decision)
    if not consent_covers(
        patient, route=considered.route, indication=considered.indication, on=today
    ):
        reasons.append(_("No consent that holds is signed for this treatment."))
    screened = screen(patient, on=today, considered=considered)
    open_ = obstacles_to_eligible(
        screened.findings, overridden=screened.overridden, weighed=screened.weighed
    )
    if open_:
        reasons.append(stands_in_the_way(open_))
    return tuple(reasons)


def may_session_begin(session: Session, *, at: datetime) -> bool:
    """Whether its day, the other sessions, plan, weight, screening and consent let it begin."""
    return not why_session_may_not_begin(session, at=at)


def still_eligible(decision: ScreeningDecision, plan: Plan) -> bool:
    """Whether the newest decision is one on which this plan may rest."""
    return decision.outcome == ScreeningDecision.Outcome.eligible and treatment_of(
        decision
    ) == treatment_of(plan.decision)


def stands_in_the_way(obstacles: tuple[Obstacle, ...]) -> str:
    return _("The screening is stricter than when it was signed: %(titles)s. Screen again.") % {
        "titles": "; ".join(spoken(obstacle.title) for obstacle in obstacles)
    }
