"""Consent as the patient and the clinician see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from vernal.accounts.models import User
from vernal.knowledge.consent import form_for
from vernal.knowledge.outcomes import ExpectedBenefit, expected_benefit
from vernal.knowledge.protocols import protocol
from vernal.records.models import Patient, Plan
from vernal.rules.calendars import usual_span_days
from vernal.rules.consent import (
    ConsentForm,
    EndReason,
    Missing,
    ends_on,
    missing,
    why_consent_ended,
)
from vernal.units.exact import plain, to_nearest
from vernal.workflow.consents import (
    Consenting,
    as_signed,
    consenting,
    consenting_to,
    draft_of,
    name_on_chart,
    plan_consented_to,
    standing_signatures,
    wishes_to_talk,
)
from vernal.workflow.errors import NotPossibleNow
from vernal.workflow.patients import own_chart
from vernal.workflow.permissions import check_may_discuss_consent
from vernal.workflow.queries.charts import ChartHead, head_of, readable_chart
from vernal.workflow.queries.sites import SiteView, site_view

SHOWN_MG_PER_KG = Decimal("0.01")


@dataclass(frozen=True)
class ConsentState:
    """How far consent to the newest plan is.

    `step` is read, talk, answer_again, discuss, lacks_capacity, sign, holds or ended; `ended` says
    why an earlier signature no longer counts. `holds_until` is the first day without consent.
    """

    step: str
    signed_at: datetime | None
    holds_until: date | None
    ended: tuple[EndReason, ...]


@dataclass(frozen=True)
class FirstAnswer:
    """A teach-back question, what was chosen at first and now, both as words."""

    question: str
    first: str
    first_was_right: bool
    now: str
    is_right: bool
    explain: str
    times: int


@dataclass(frozen=True)
class Planned:
    """What the newest plan says. Numbers as they are written; `sessions` and `days` from the first
    to the last as they are booked, before that as is usual; None where no number is usual."""

    id: UUID
    dose_mg: str
    dose_mg_per_kg: str
    minutes: str
    schedule: str
    sessions: int | None
    days: int | None


@dataclass(frozen=True)
class MyConsent:
    """The patient's own form, with what was ticked and answered last. `may_withdraw` while any
    signature stands, for another treatment too. `was_talked_about`: the answers as they stand."""

    site: SiteView
    name: str
    form: ConsentForm
    planned: Planned
    benefit: ExpectedBenefit
    ticks: Mapping[str, bool]
    answers: Mapping[str, str]
    missing: Missing
    state: ConsentState
    was_talked_about: bool
    may_withdraw: bool


@dataclass(frozen=True)
class ConsentView:
    """The same for the clinician, with the first answers and the talk."""

    head: ChartHead
    form: ConsentForm
    planned: Planned
    benefit: ExpectedBenefit
    ticks: Mapping[str, bool]
    missing: Missing
    first_answers: list[FirstAnswer]
    answered_at: datetime | None
    discussed_by: str
    discussed_at: datetime | None
    has_capacity: bool | None
    note: str
    state: ConsentState
    may_withdraw: bool


def consent_state(patient: Patient, *, on: date) -> ConsentState | None:
    """None without a plan."""
    found = consenting(patient)
    return state_of(found, patient, on) if found else None


def consent_state_for(plan: Plan, patient: Patient, *, on: date) -> ConsentState:
    """The same for a plan that is at hand."""
    form = form_for(plan.decision.route, plan.decision.indication)
    return state_of(consenting_to(form, patient), patient, on)


def my_consent(*, by: User, at: datetime) -> MyConsent:
    """The patient's own page. Raises `NotPossibleNow` without a plan."""
    patient = own_chart(by)
    found, plan = _found(patient)
    return MyConsent(
        site=site_view(patient.site),
        name=name_on_chart(patient),
        form=found.form,
        planned=planned(plan),
        benefit=expected_benefit(found.form.indication, found.form.route).for_patients(),
        ticks=found.draft.ticks,
        answers=found.draft.answers,
        missing=missing(found.form, found.draft),
        state=state_of(found, patient, at.astimezone(patient.site.zone).date()),
        was_talked_about=found.discussed is not None,
        may_withdraw=bool(standing_signatures(patient)),
    )


def consent(*, by: User, patient_id: UUID, at: datetime) -> ConsentView:
    """The clinician's page; the reading is noted."""
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page="consent")
    check_may_discuss_consent(by, patient)
    found, plan = _found(patient)
    discussed = found.discussed
    return ConsentView(
        head=head_of(patient),
        form=found.form,
        planned=planned(plan),
        benefit=expected_benefit(found.form.indication, found.form.route),
        ticks=found.draft.ticks,
        missing=missing(found.form, found.draft),
        first_answers=_first_answers(found),
        answered_at=found.newest.at if found.newest else None,
        discussed_by=discussed.by.name if discussed else "",
        discussed_at=discussed.at if discussed else None,
        has_capacity=discussed.has_capacity if discussed else None,
        note=discussed.note if discussed else "",
        state=state_of(found, patient, at.astimezone(patient.site.zone).date()),
        may_withdraw=bool(standing_signatures(patient)),
    )


def planned(plan: Plan) -> Planned:
    """What a patient is asked to agree to: the syringe as it was worked out, and how often."""
    phase = protocol(plan.protocol).phase(plan.phase)
    booked = list(
        plan.sessions.filter(cancelled=None)
        .order_by("planned_at")
        .values_list("planned_at", flat=True)
        if hasattr(plan, "signed")
        else ()
    )
    usual = int(phase.sessions.value) if phase.sessions else None
    sheet = plan.worksheet
    per_kg = (
        plan.dose_mg_per_kg
        or to_nearest(
            Decimal(sheet["ordered_mg"]) / Decimal(sheet["weight_kg"]), SHOWN_MG_PER_KG
        ).rounded
    )
    return Planned(
        id=plan.pk,
        dose_mg=sheet["given_mg"],
        dose_mg_per_kg=plain(per_kg),
        minutes=sheet["minutes"],
        schedule=phase.schedule(plan.schedule).title,
        sessions=len(booked) or usual,
        days=(booked[-1] - booked[0]).days if booked else usual_span_days(phase, plan.schedule),
    )


def _found(patient: Patient) -> tuple[Consenting, Plan]:
    plan = plan_consented_to(patient)
    if plan is None:
        raise NotPossibleNow(_("There is no plan yet, so there is nothing to consent to."))
    form = form_for(plan.decision.route, plan.decision.indication)
    return consenting_to(form, patient), plan


def state_of(found: Consenting, patient: Patient, on: date) -> ConsentState:
    """How far consent to one form is on a day."""
    signed = as_signed(found.signed, patient) if found.signed else None
    ended = why_consent_ended(found.form, signed, on=on) if signed else ()
    step = "holds" if signed and not ended else _step(found)
    return ConsentState(
        step=step,
        signed_at=found.signed.at if found.signed else None,
        holds_until=ends_on(signed) if signed else None,
        ended=ended,
    )


def _step(found: Consenting) -> str:
    """What comes next when nothing is signed that holds."""
    discussed = found.discussed
    if discussed is not None and hasattr(discussed, "signed"):
        return "ended"
    if discussed is not None and not discussed.has_capacity:
        return "lacks_capacity"
    if wishes_to_talk(found):
        return "talk"
    open_ = missing(found.form, draft_of(found.newest, None))
    if found.newest is None or open_.elements or open_.teach_backs:
        return "read"
    if open_.to_explain or open_.refused:
        return "answer_again"
    return "sign" if discussed else "discuss"


def _first_answers(found: Consenting) -> list[FirstAnswer]:
    lines = []
    for asked in found.form.teach_backs:
        words = {choice.id: choice.words for choice in asked.choices}
        chosen = [row.teach_backs[asked.id] for row in found.answers if asked.id in row.teach_backs]
        if not chosen:
            lines.append(FirstAnswer(asked.question, "", False, "", False, asked.explain, 0))
            continue
        lines.append(
            FirstAnswer(
                question=asked.question,
                first=words[chosen[0]],
                first_was_right=chosen[0] == asked.right,
                now=words[chosen[-1]],
                is_right=chosen[-1] == asked.right,
                explain=asked.explain,
                times=len(chosen),
            )
        )
    return lines
