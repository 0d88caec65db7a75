"""The sessions of a day and of the days after it, as a list shows them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from vernal.accounts.models import Site, User
from vernal.records.models import Patient, Session, SessionEvent
from vernal.rules.sessions import ENDED, Kind, State
from vernal.rules.sessions.monitoring import Urgency
from vernal.rules.sessions.next_action import NextAction
from vernal.workflow.apart import not_ended, planned_at
from vernal.workflow.care import Care, care_of
from vernal.workflow.permissions import CLINICAL, check_may_see_sessions, sites_where
from vernal.workflow.queries.readings import note_list_reading
from vernal.workflow.queries.sessions import not_yet
from vernal.workflow.queries.sites import SiteView, site_view
from vernal.workflow.session_log import events_of
from vernal.workflow.standing import newest_hold, why_not_carried

DAYS_AHEAD = 7
UNDER_WAY = frozenset({State.checked_in, State.dosed, State.recovering})


@dataclass(frozen=True)
class SessionLine:
    """One session of a day. `alarm` is the strictest that calls somebody, `alarm_strictness` what
    it asks of people and of the dose, `is_paused` a dose that may go on, `overdue_min` how long the
    oldest reading has been waiting, `waits` what keeps the first dose from beginning, `home_from`
    when the last clock ends, `held_until` the day before which the newest review lets nobody be
    treated."""

    session_id: UUID
    patient_id: UUID
    patient_name: str
    site: SiteView
    number: int
    planned_at: datetime
    state: State
    dose_running: bool
    is_paused: bool
    alarm: str
    alarm_strictness: tuple[int, int]
    overdue_min: int | None
    next_due_at: datetime | None
    next: NextAction
    waits: tuple[str, ...]
    home_from: datetime | None
    held_until: date | None


@dataclass(frozen=True)
class SessionDays:
    """`today` has every session that is still under way too; `ahead` are the days after today."""

    today: list[SessionLine]
    ahead: list[SessionLine]

    @property
    def patients(self) -> frozenset[UUID]:
        """Everyone on the list."""
        return frozenset(line.patient_id for line in (*self.today, *self.ahead))


def session_days(
    *, by: User, at: datetime, days_ahead: int = DAYS_AHEAD, on_record: Collection[UUID] = ()
) -> SessionDays:
    """Today's sessions at the actor's sites, overdue first, and the days ahead, the next first.

    Who stood on the list is on record; nothing is added to it where all of them are `on_record`
    already, as for a page that looks again by itself.
    """
    check_may_see_sessions(by)
    sites = list(Site.objects.filter(pk__in=sites_where(by, CLINICAL)))
    today = [_line(row, site, at) for site in sites for row in _of_the_day(site, at)]
    ahead = [
        line
        for site in (sites if days_ahead else ())
        for line in _lines_ahead(_of_the_days_ahead(site, at, days_ahead), site, at)
    ]
    days = SessionDays(
        today=sorted(today, key=_urgency), ahead=sorted(ahead, key=lambda line: line.planned_at)
    )
    if not days.patients <= set(on_record):
        shown = [(line.site.id, line.patient_id) for line in (*days.today, *days.ahead)]
        note_list_reading("sessions.read", by=by, at=at, shown=shown)
    return days


def _of_the_day(site: Site, at: datetime) -> Iterable[Session]:
    of_today = _planned_between(site, _midnight(site, at, 0), _midnight(site, at, 1))
    known = {row.pk for row in of_today}
    others = Session.objects.filter(patient__site=site, cancelled=None).exclude(pk__in=known)
    return [*of_today, *_standing(site).filter(pk__in=not_ended(others, at=at))]


def _of_the_days_ahead(site: Site, at: datetime, days: int) -> list[Session]:
    return _planned_between(site, _midnight(site, at, 1), _midnight(site, at, 1 + days))


def _midnight(site: Site, at: datetime, days_on: int) -> datetime:
    day = at.astimezone(site.zone).date() + timedelta(days=days_on)
    return datetime.combine(day, time(), tzinfo=site.zone)


def _standing(site: Site) -> QuerySet[Session]:
    return (
        Session.objects.filter(patient__site=site, cancelled=None)
        .select_related("patient__site", "plan__decision", "plan__signed", "cancelled")
        .prefetch_related(
            "moves", "patient__details", Prefetch("events", SessionEvent.objects.all())
        )
    )


def _planned_between(site: Site, begins: datetime, ends: datetime) -> list[Session]:
    """By the newest moment a session was moved to."""
    near = Q(planned_at__gte=begins, planned_at__lt=ends)
    near |= Q(moves__planned_at__gte=begins, moves__planned_at__lt=ends)
    rows = _standing(site).filter(near).distinct()
    return [row for row in rows if begins <= planned_at(row) < ends]


def _line(row: Session, site: Site, at: datetime) -> SessionLine:
    """One that is under way is judged by its whole log; every other only by where it stands."""
    care = care_of(row, events_of(row.events.all()), now=at)
    state = care.state.state
    if state in UNDER_WAY:
        return _under_way(row, site, care)
    if state in ENDED:
        return _quiet(row, site, state, NextAction(None, "ended"))
    waits = not_yet(care)
    held = _held_until(row, at) if waits else None
    return _quiet(row, site, state, NextAction(Kind.checked_in, "arrived"), waits, held)


def _lines_ahead(rows: list[Session], site: Site, at: datetime) -> list[SessionLine]:
    """What keeps a course waiting is asked once for a plan, for the next of its sessions."""
    waiting: dict[UUID, tuple[str, ...]] = {}
    lines = []
    for row in sorted(rows, key=planned_at):
        if care_of(row, events_of(row.events.all()), now=at).state.state != State.planned:
            lines.append(_line(row, site, at))
            continue
        if row.plan_id not in waiting:
            day = planned_at(row).astimezone(site.zone).date()
            waiting[row.plan_id] = why_not_carried(row, at=at, dosed_on=day)
        waits = waiting[row.plan_id]
        held = _held_until(row, at) if waits else None
        comes = NextAction(Kind.checked_in, "arrived")
        lines.append(_quiet(row, site, State.planned, comes, waits, held))
    return lines


def _under_way(row: Session, site: Site, care: Care) -> SessionLine:
    now = care.state.now
    late = [each.at for each in care.readings_due if each.status == "overdue"]
    ahead = [each.at for each in care.readings_due if each.status in ("next", "due")]
    return replace(
        _quiet(row, site, care.state.state, care.next, not_yet(care)),
        dose_running=care.state.dose.running,
        is_paused=care.state.dose.is_paused,
        **_alarm(care),
        overdue_min=int((now - late[0]).total_seconds() // 60) if late else None,
        next_due_at=ahead[0] if ahead else None,
        home_from=care.clocks[0].at if care.clocks else None,
    )


def _quiet(
    row: Session,
    site: Site,
    state: State,
    comes: NextAction,
    waits: tuple[str, ...] = (),
    held_until: date | None = None,
) -> SessionLine:
    return SessionLine(
        session_id=row.pk,
        patient_id=row.patient_id,
        patient_name=_name(row.patient),
        site=site_view(site),
        number=row.number,
        planned_at=planned_at(row),
        state=state,
        dose_running=False,
        is_paused=False,
        alarm="",
        alarm_strictness=(0, 0),
        overdue_min=None,
        next_due_at=None,
        next=comes,
        waits=waits,
        home_from=None,
        held_until=held_until,
    )


def _held_until(row: Session, at: datetime) -> date | None:
    held = newest_hold(row.patient)
    if held is None or at >= held.until_at or not held.keeps(row, planned_at=planned_at(row)):
        return None
    return held.until_at.date()


def _alarm(care: Care) -> dict[str, Any]:
    """The strictest alarm that somebody has to answer; nothing in silence."""
    first = next((each for each in care.alarms.sounding if each.urgency >= Urgency.call), None)
    if first is None:
        return {}
    return {"alarm": first.title, "alarm_strictness": (int(first.urgency), int(first.dose))}


def _name(patient: Patient) -> str:
    details = max(patient.details.all(), key=lambda each: each.at)  # read with the sessions
    return f"{details.given_name} {details.family_name}"


def _urgency(line: SessionLine) -> tuple[object, ...]:
    """The strictest alarm, then the longest overdue, then what is under way, then what comes."""
    urgency, dose = line.alarm_strictness
    waiting = -(line.overdue_min or 0) if line.overdue_min is not None else 1
    return -urgency, -dose, waiting, line.state not in UNDER_WAY, line.planned_at
