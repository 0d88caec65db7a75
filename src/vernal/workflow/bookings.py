"""Sessions in the calendar: laid out when a plan is signed, moved and cancelled with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from vernal.accounts.models import User
from vernal.audit.chain import record
from vernal.knowledge.protocols import protocol
from vernal.records.models import (
    Patient,
    Plan,
    Session,
    SessionCancelled,
    SessionEvent,
    SessionMoved,
)
from vernal.rules.calendars import check_gap, lay_out
from vernal.rules.protocols import DoesNotFit, Protocol
from vernal.rules.sessions.allowed import BEFORE_ARRIVAL
from vernal.workflow.apart import last_drug_at
from vernal.workflow.errors import InvalidInput, NotFound, NotPossibleNow
from vernal.workflow.once import make_once, sent_before
from vernal.workflow.patients import patient_with
from vernal.workflow.permissions import check_may_book

DAYS_OF_A_WEEK = 7


@dataclass(frozen=True)
class Booked:
    """A session with the moment that counts now. `has_begun` when its log holds an entry that is
    not made before anybody arrives: a note of the day before keeps nobody from moving it."""

    session: Session
    planned_at: datetime
    is_cancelled: bool
    has_begun: bool


def booked_sessions(patient: Patient) -> list[Booked]:
    """Every session of the patient, in the order of their moments."""
    rows = Session.objects.filter(patient=patient).select_related("plan", "cancelled")
    events = SessionEvent.objects.filter(session__in=rows).exclude(kind__in=BEFORE_ARRIVAL)
    begun = set(events.values_list("session_id", flat=True))
    moves: dict[UUID, datetime] = dict(
        SessionMoved.objects.filter(session__in=rows)
        .order_by("at", "id")
        .values_list("session_id", "planned_at")
    )
    found = [
        Booked(
            session=row,
            planned_at=moves.get(row.pk, row.planned_at),
            is_cancelled=hasattr(row, "cancelled"),
            has_begun=row.pk in begun,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: each.planned_at)


def last_begun(patient: Patient) -> Session | None:
    """The session that began last."""
    begun = [each for each in booked_sessions(patient) if each.has_begun]
    return begun[-1].session if begun else None


def book(
    plan: Plan,
    patient: Patient,
    *,
    first_on: date,
    starts_at: time,
    closed_weekdays: frozenset[int],
    sessions: int | None,
    by: User,
    at: datetime,
) -> list[datetime]:
    """Lay the phase out from the first day on; each session begins at the same hour there."""
    chosen, zone = protocol(plan.protocol), patient.site.zone
    try:
        days = lay_out(
            chosen,
            plan.phase,
            first_on,
            schedule=plan.schedule,
            sessions=sessions,
            closed_weekdays=closed_weekdays,
        )
    except DoesNotFit as refusal:
        raise InvalidInput({"first_on": str(refusal)}) from refusal
    moments = [datetime.combine(day, starts_at, tzinfo=zone) for day in days]
    if moments[0] <= at:
        raise InvalidInput(
            {"first_on": _("The first session lies in the past; choose a later day.")}
        )
    _check_after_last(chosen, patient, moments[0], at=at)
    for number, moment in enumerate(moments, start=1):
        Session.objects.create(
            at=at, by=by, patient=patient, plan=plan, number=number, planned_at=moment
        )
    return moments


def release_others(plan: Plan, patient: Patient, *, by: User, at: datetime) -> None:
    """Cancel what other plans had booked and has not begun: this plan takes their place."""
    for booked in _still_open(patient):
        if booked.session.plan_id != plan.pk:
            _cancel(booked, patient, reason=_("A new plan was signed."), by=by, at=at)


def close_plan(plan: Plan, patient: Patient, *, reason: str, by: User, at: datetime) -> None:
    """Cancel what the plan had booked and has not begun: a signed review ended it."""
    for booked in _still_open(patient):
        if booked.session.plan_id == plan.pk:
            _cancel(booked, patient, reason=reason, by=by, at=at)


def _still_open(patient: Patient) -> list[Booked]:
    return [each for each in booked_sessions(patient) if not (each.is_cancelled or each.has_begun)]


def _cancel(booked: Booked, patient: Patient, *, reason: str, by: User, at: datetime) -> None:
    SessionCancelled.objects.create(at=at, by=by, session=booked.session, reason=reason)
    _record("session.cancelled", by, patient, at, booked.session)


@transaction.atomic
def move_session(
    *,
    by: User,
    patient_id: UUID,
    session_id: UUID,
    planned_on: date,
    starts_at: time,
    reason: str,
    id: UUID,
    at: datetime,
) -> None:
    """Another day or hour, if the hours between sessions hold on both sides."""
    patient, booked, others = _open_session(by, patient_id, session_id)
    _require_reason(reason)
    moment = datetime.combine(planned_on, starts_at, tzinfo=patient.site.zone)
    move = {
        "by": by,
        "session": booked.session,
        "planned_at": moment,
        "reason": reason.strip(),
    }
    if sent_before(SessionMoved, id=id, **move):
        return
    _check_open(booked)
    if moment <= at:
        raise InvalidInput({"planned_on": _("This lies in the past; choose a later day.")})
    _check_fits(booked.session.plan, moment, [each.planned_at for each in others], patient)
    make_once(SessionMoved, id=id, at=at, **move)
    _record("session.moved", by, patient, at, booked.session)


@transaction.atomic
def cancel_session(
    *, by: User, patient_id: UUID, session_id: UUID, reason: str, id: UUID, at: datetime
) -> None:
    """The session will not take place."""
    patient, booked, _others = _open_session(by, patient_id, session_id)
    _require_reason(reason)
    end = {"by": by, "session": booked.session, "reason": reason.strip()}
    if sent_before(SessionCancelled, id=id, **end):
        return
    _check_open(booked)
    make_once(SessionCancelled, id=id, at=at, **end)
    _record("session.cancelled", by, patient, at, booked.session)


def _open_session(
    by: User, patient_id: UUID, session_id: UUID
) -> tuple[Patient, Booked, list[Booked]]:
    """The session and the others that stand."""
    patient = patient_with(patient_id)
    check_may_book(by, patient)
    booked = booked_sessions(patient)
    this = next((each for each in booked if each.session.pk == session_id), None)
    if this is None:
        raise NotFound
    return patient, this, [each for each in booked if each != this and not each.is_cancelled]


def _check_open(booked: Booked) -> None:
    if booked.is_cancelled:
        raise NotPossibleNow(_("This session was cancelled."))
    if booked.has_begun:
        raise NotPossibleNow(_("This session has begun; its own page says how it goes on."))


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput({"reason": _("Write why; it is kept with your name.")})


def _check_after_last(chosen: Protocol, patient: Patient, first: datetime, *, at: datetime) -> None:
    """By the last planned moment of what has begun, and by when drug was really given."""
    moments = [each.planned_at for each in booked_sessions(patient) if each.has_begun]
    given = last_drug_at(patient, at=at)
    moments += [given] if given else []
    if moments:
        _between(chosen, max(moments).astimezone(patient.site.zone), first, "first_on")


def _check_fits(plan: Plan, moment: datetime, others: list[datetime], patient: Patient) -> None:
    chosen = protocol(plan.protocol)
    here = [other.astimezone(patient.site.zone) for other in others]
    for other in here:
        _between(chosen, min(other, moment), max(other, moment), "planned_on")
    per_week = int(chosen.figures.most_per_week.value)
    days = sorted(each.date() for each in (*here, moment))
    for first, last in zip(days, days[per_week:], strict=False):
        if last - first < timedelta(days=DAYS_OF_A_WEEK):
            raise InvalidInput(
                {
                    "planned_on": _("At most %(most)s sessions fit in seven days.")
                    % {"most": per_week}
                }
            )


def _between(chosen: Protocol, earlier: datetime, later: datetime, field: str) -> None:
    try:
        check_gap(chosen, last_start_at=earlier, next_start_at=later)
    except DoesNotFit as refusal:
        raise InvalidInput({field: str(refusal)}) from refusal


def _record(act: str, by: User, patient: Patient, at: datetime, session: Session) -> None:
    record(
        act,
        at=at,
        actor_id=by.pk,
        site_id=patient.site_id,
        patient_id=patient.pk,
        subject=f"session:{session.pk}",
    )
