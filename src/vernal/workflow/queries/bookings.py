"""The calendar of one patient's sessions, for staff and for the patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from vernal.accounts.models import User
from vernal.knowledge.protocols import protocol
from vernal.records.models import Patient
from vernal.rules.sessions import SessionState, State
from vernal.workflow.bookings import Booked, booked_sessions
from vernal.workflow.errors import NotFound
from vernal.workflow.logs import TELL_THE_STATE, logs_of
from vernal.workflow.patients import own_chart
from vernal.workflow.permissions import check_may_book
from vernal.workflow.queries.charts import ChartHead, head_of, readable_chart
from vernal.workflow.queries.consents import ConsentState, consent_state
from vernal.workflow.queries.sites import SiteView, site_view
from vernal.workflow.standing import Held, newest_hold


@dataclass(frozen=True)
class BookedLine:
    """One session in the calendar. `may_change` while it has not begun and still stands.

    It is `held` while a signed review waits: until `held_until` no dose is given. `by_the_log` is
    where a session that has begun stands; None before.
    """

    id: UUID
    number: int
    planned_at: datetime
    state: str
    may_change: bool
    held_until: date | None = None
    by_the_log: State | None = None


@dataclass(frozen=True)
class BookingView:
    """`planned_on` and `starts_at` count now, in the clinic's own time."""

    head: ChartHead
    session: BookedLine
    planned_on: date
    starts_at: time
    hours_between: str


@dataclass(frozen=True)
class MyPlan:
    """The patient's own: no dose, no arithmetic."""

    site: SiteView
    consent: ConsentState
    sessions: list[BookedLine]


def booking(*, by: User, patient_id: UUID, session_id: UUID, at: datetime) -> BookingView:
    """One session that may be moved or cancelled."""
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page="plan:session")
    check_may_book(by, patient)
    booked = {each.session.pk: each for each in booked_sessions(patient)}
    if session_id not in booked:
        raise NotFound
    planned_at = booked[session_id].planned_at.astimezone(patient.site.zone)
    chosen = protocol(booked[session_id].session.plan.protocol)
    return BookingView(
        head=head_of(patient),
        session=_session_line(booked[session_id], at),
        planned_on=planned_at.date(),
        starts_at=planned_at.time(),
        hours_between=str(chosen.figures.hours_between.value),
    )


def my_plan(*, by: User, at: datetime) -> MyPlan | None:
    """What patients see of their plan: consent, and sessions to come, today's as long as it has
    not begun. None without a plan."""
    patient = own_chart(by)
    today = at.astimezone(patient.site.zone).date()
    state = consent_state(patient, on=today)
    if state is None:
        return None
    lines = session_lines(patient, at=at)
    to_come = [line for line in lines if _is_to_come(line, today, patient.site.zone)]
    return MyPlan(site_view(patient.site), state, to_come)


def _is_to_come(line: BookedLine, today: date, zone: ZoneInfo) -> bool:
    on = line.planned_at.astimezone(zone).date()
    return line.state in ("planned", "held") or (line.state == "missed" and on == today)


def session_lines(patient: Patient, *, at: datetime) -> list[BookedLine]:
    held, booked = newest_hold(patient), booked_sessions(patient)
    begun = [each.session for each in booked if each.has_begun]
    logs = logs_of(begun, at=at, kinds=TELL_THE_STATE) if begun else {}
    return [_session_line(each, at, held, logs.get(each.session.pk)) for each in booked]


def _session_line(
    booked: Booked, at: datetime, held: Held | None = None, log: SessionState | None = None
) -> BookedLine:
    state, until = "planned", None
    if booked.is_cancelled:
        state = "cancelled"
    elif booked.has_begun:
        state = "begun"
    elif booked.planned_at < at:
        state = "missed"
    elif held and held.keeps(booked.session, planned_at=booked.planned_at):
        state, until = "held", held.until_at.date()
    return BookedLine(
        id=booked.session.pk,
        number=booked.session.number,
        planned_at=booked.planned_at,
        state=state,
        may_change=state in ("planned", "missed", "held"),
        held_until=until,
        by_the_log=log.state if log else None,
    )
