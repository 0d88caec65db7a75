"""Step 4: consent: read at home, gone through with a clinician, signed by the patient."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from vernal.accounts.models import User
from vernal.audit.chain import record
from vernal.knowledge.consent import form_for
from vernal.records.models import (
    ConsentAnswered,
    ConsentDiscussed,
    ConsentSigned,
    ConsentWithdrawn,
    Patient,
    Plan,
)
from vernal.rules.conditions import Unknown
from vernal.rules.consent import (
    ConsentDraft,
    ConsentForm,
    SignedConsent,
    consent_holds,
    may_sign_consent,
    missing,
    settles,
)
from vernal.workflow.errors import InvalidInput, NotPossibleNow
from vernal.workflow.once import make_once, sent_before
from vernal.workflow.patients import own_chart, patient_with
from vernal.workflow.permissions import check_may_discuss_consent


@dataclass(frozen=True)
class Consenting:
    """Where consent to the newest plan stands: its form, and the newest row of each act.

    `answers` are all rows of answers to this version of the form, the oldest first.
    """

    form: ConsentForm
    answers: tuple[ConsentAnswered, ...]
    discussed: ConsentDiscussed | None
    signed: ConsentSigned | None

    @property
    def newest(self) -> ConsentAnswered | None:
        return self.answers[-1] if self.answers else None

    @property
    def draft(self) -> ConsentDraft:
        return draft_of(self.newest, self.discussed)


def plan_consented_to(patient: Patient) -> Plan | None:
    """The newest plan, drawn up or signed."""
    plans = Plan.objects.filter(patient=patient).select_related("decision", "signed")
    return plans.order_by("-at", "-id").first()


def consent_form_of(patient: Patient) -> ConsentForm | None:
    """The form for the newest plan; none without a plan."""
    plan = plan_consented_to(patient)
    return form_for(plan.decision.route, plan.decision.indication) if plan else None


def consenting(patient: Patient) -> Consenting | None:
    """None without a plan, because then there is nothing to consent to."""
    form = consent_form_of(patient)
    return consenting_to(form, patient) if form else None


def consenting_to(form: ConsentForm, patient: Patient) -> Consenting:
    """Where consent to one form stands."""
    rows = tuple(
        ConsentAnswered.objects.filter(
            patient=patient, route=form.route, indication=form.indication, version=form.version
        )
        .select_related("discussed__by", "discussed__signed__withdrawn")
        .order_by("at", "id")
    )
    return Consenting(form, rows, talk_about(form, rows), newest_signature(patient, form))


def talk_about(form: ConsentForm, rows: Sequence[ConsentAnswered]) -> ConsentDiscussed | None:
    """The talk about the newest of these answers, the oldest first; also an earlier one that found
    capacity, as long as later answers only settle what it was about."""
    if not rows or hasattr(rows[-1], "discussed"):
        return rows[-1].discussed if rows else None
    talked = next((row for row in reversed(rows) if hasattr(row, "discussed")), None)
    if talked is None or not talked.discussed.has_capacity or hasattr(talked.discussed, "signed"):
        return None
    settled = settles(form, draft_of(talked, None), draft_of(rows[-1], None))
    return talked.discussed if settled else None


def newest_signature(patient: Patient, form: ConsentForm) -> ConsentSigned | None:
    """The newest signature for this route and indication; else the newest of any."""
    rows = list(
        ConsentSigned.objects.filter(discussed__answered__patient=patient)
        .select_related("discussed__answered", "by", "withdrawn")
        .order_by("-at", "-id")
    )
    return signature_for(form, rows)


def standing_signatures(patient: Patient) -> list[ConsentSigned]:
    """Those that nobody has taken back, for whatever treatment, the newest first."""
    rows = ConsentSigned.objects.filter(discussed__answered__patient=patient, withdrawn=None)
    return list(rows.order_by("-at", "-id"))


def signature_for(form: ConsentForm, rows: Sequence[ConsentSigned]) -> ConsentSigned | None:
    """The one that counts among signatures of one patient, the newest first."""
    same = [
        row
        for row in rows
        if row.discussed.answered.route == form.route
        and row.discussed.answered.indication == form.indication
    ]
    return next(iter(same or rows), None)


def as_signed(row: ConsentSigned, patient: Patient) -> SignedConsent:
    """The signature as the rules read it, in days of the clinic."""
    answered, withdrawn = row.discussed.answered, getattr(row, "withdrawn", None)
    return SignedConsent(
        version=answered.version,
        route=answered.route,
        indication=answered.indication,
        signed_on=row.at.astimezone(patient.site.zone).date(),
        withdrawn_on=withdrawn.at.astimezone(patient.site.zone).date() if withdrawn else None,
    )


def consent_covers(patient: Patient, *, route: str, indication: str, on: date) -> bool:
    """Whether the patient has consented to this treatment and the consent holds on that day."""
    form = form_for(route, indication)
    row = newest_signature(patient, form)
    return consent_holds(form, as_signed(row, patient) if row else None, on=on)


def draft_of(answered: ConsentAnswered | None, discussed: ConsentDiscussed | None) -> ConsentDraft:
    """What was filled in and judged so far, as the rules read it."""
    return ConsentDraft(
        ticks=answered.ticks if answered else {},
        answers=answered.teach_backs if answered else {},
        has_capacity=discussed.has_capacity if discussed else Unknown.of("consent.has_capacity"),
    )


@transaction.atomic
def answer_consent(
    *,
    by: User,
    ticks: Mapping[str, bool],
    teach_backs: Mapping[str, str],
    id: UUID,
    at: datetime,
) -> None:
    """The patient's ticks and answers, as far as they go; earlier ones stay as rows."""
    patient = own_chart(by)
    form = _form(patient)
    wrong = {
        name: _("Choose one of the answers in the list.")
        for name in [
            *(set(ticks) - {each.id for each in form.elements}),
            *(
                name
                for name, choice in teach_backs.items()
                if not any(
                    each.id == name and choice in {option.id for option in each.choices}
                    for each in form.teach_backs
                )
            ),
        ]
    }
    if wrong:
        raise InvalidInput(wrong)
    if make_once(
        ConsentAnswered,
        id=id,
        at=at,
        by=by,
        patient=patient,
        route=form.route,
        indication=form.indication,
        version=form.version,
        ticks=dict(ticks),
        teach_backs=dict(teach_backs),
    ):
        _record("consent.answered", by, patient, at, f"consent:{id}")


@transaction.atomic
def discuss_consent(
    *, by: User, patient_id: UUID, has_capacity: bool, note: str, id: UUID, at: datetime
) -> None:
    """A clinician went through it with the patient and judged the capacity to decide.

    A patient who wishes to talk first is not asked to answer everything before.
    """
    patient = patient_with(patient_id)
    check_may_discuss_consent(by, patient)
    if not note.strip():
        raise InvalidInput({"note": _("Write in a few words how the talk went.")})
    talk = {"by": by, "has_capacity": has_capacity, "note": note.strip()}
    if sent_before(ConsentDiscussed, id=id, answered__patient=patient, **talk):
        return
    state = consenting(patient)
    if state is None or state.newest is None:
        raise NotPossibleNow(_("The patient reads and answers first; nothing is answered yet."))
    if state.discussed is not None:
        raise NotPossibleNow(_("These answers were gone through already."))
    if has_capacity and not wishes_to_talk(state) and (open_ := open_parts(state)):
        raise NotPossibleNow(
            _("Parts are still open: %(parts)s. The patient reads and answers them first.")
            % {"parts": "; ".join(open_)}
        )
    make_once(ConsentDiscussed, id=id, at=at, answered=state.newest, **talk)
    _record("consent.discussed", by, patient, at, f"discussed:{id}")


@transaction.atomic
def sign_consent(
    *, by: User, typed_name: str, id: UUID, at: datetime, shows: UUID | None = None
) -> None:
    """The patient signs by typing the name on the chart, after the talk. `shows` is the plan that
    the page showed; where another takes its place meanwhile, that one is read first."""
    patient = own_chart(by)
    signature = {"by": by, "typed_name": " ".join(typed_name.split())}
    if sent_before(ConsentSigned, id=id, discussed__answered__patient=patient, **signature):
        return
    state = consenting(patient)
    if state is None or state.discussed is None:
        raise NotPossibleNow(_("A clinician goes through it with you first; then you sign."))
    if hasattr(state.discussed, "signed"):
        raise NotPossibleNow(_("This is signed already."))
    if may_sign_consent(state.form, state.draft) is not True:
        raise NotPossibleNow(_("This cannot be signed: talk it over with the clinic first."))
    plan = plan_consented_to(patient)
    if plan is None or shows not in (None, plan.pk):
        raise NotPossibleNow(
            _("The plan has changed since you opened this page. Read what it says now, then sign.")
        )
    if _plain(typed_name) != _plain(name_on_chart(patient)):
        raise InvalidInput(
            {
                "typed_name": _("Type your name as the clinic has it: %(name)s.")
                % {"name": name_on_chart(patient)}
            }
        )
    make_once(ConsentSigned, id=id, at=at, discussed=state.discussed, **signature)
    _record(
        "consent.signed",
        by,
        patient,
        at,
        f"signed:{id}",
        version=state.form.version,
        plan=str(plan.pk),
    )


@transaction.atomic
def withdraw_consent(
    *, by: User, patient_id: UUID | None = None, reason: str, id: UUID, at: datetime
) -> None:
    """The patient takes the consent back; staff may write down what the patient said.

    Every signature that stands is taken back, whichever treatment it was for: who no longer wants
    ketamine does not say so route by route.
    """
    if patient_id is None:
        patient = own_chart(by)
    else:
        patient = patient_with(patient_id)
        check_may_discuss_consent(by, patient)
    told = {"by": by, "reason": reason.strip()}
    whose = {"signed__discussed__answered__patient": patient}
    if sent_before(ConsentWithdrawn, id=id, **whose, **told):
        return
    standing = standing_signatures(patient)
    if not standing:
        raise NotPossibleNow(_("There is no consent to take back."))
    for number, signed in enumerate(standing):
        row_id = uuid5(id, str(signed.pk)) if number else id
        make_once(ConsentWithdrawn, id=row_id, at=at, signed=signed, **told)
        _record("consent.withdrawn", by, patient, at, f"withdrawn:{row_id}")


def wishes_to_talk(state: Consenting) -> bool:
    """Whether the patient wants to talk about a part, and nobody has since."""
    return state.discussed is None and bool(missing(state.form, state.draft).refused)


def open_parts(state: Consenting) -> list[str]:
    """What the patient still has to agree to or answer rightly before the talk, in its words."""
    open_ = missing(state.form, state.draft)
    parts = {*open_.elements, *open_.refused, *open_.teach_backs, *open_.to_explain}
    titles = [each.title for each in state.form.elements if each.id in parts]
    return titles + [each.question for each in state.form.teach_backs if each.id in parts]


def name_on_chart(patient: Patient) -> str:
    """First and last name, as the patient signs."""
    details = patient.details.latest("at")
    return f"{details.given_name} {details.family_name}"


def _form(patient: Patient) -> ConsentForm:
    form = consent_form_of(patient)
    if form is None:
        raise NotPossibleNow(_("There is no plan yet, so there is nothing to consent to."))
    return form


def _plain(name: str) -> str:
    """Case, spaces and accents do not make another person."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).split())


def _record(
    act: str, by: User, patient: Patient, at: datetime, subject: str, **details: str
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
