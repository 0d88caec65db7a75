"""Sessions as pages show them: one as it stands now, and the sessions of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

from vernal.accounts.models import Membership, Role, Site, User
from vernal.audit.chain import record
from vernal.knowledge import monitoring
from vernal.records.models import Patient, Plan, Session, SessionEvent
from vernal.rules.discharge import DischargeCheck
from vernal.rules.medications import SessionDay
from vernal.rules.sessions import (
    Alarms,
    Discrepancy,
    Kind,
    Order,
    SessionState,
    StartCheck,
    State,
    Vial,
    close_out,
    vials,
)
from vernal.rules.sessions.clocks import ClockEnd
from vernal.rules.sessions.limits import Limit, limits
from vernal.rules.sessions.monitoring import Urgency
from vernal.rules.sessions.next_action import NextAction
from vernal.rules.sessions.syringe import Syringe
from vernal.rules.sessions.together import Together, together
from vernal.workflow.apart import ENDING, planned_at
from vernal.workflow.care import Care, DueLine, care_of
from vernal.workflow.errors import NotFound
from vernal.workflow.expected import ExpectedLevel, expected_level
from vernal.workflow.past_sessions import PastSession, session_before
from vernal.workflow.permissions import (
    CLINICAL,
    SIGNING,
    check_may_chart_session,
    check_may_see_sessions,
    sites_where,
)
from vernal.workflow.queries.charts import ChartHead, head_of
from vernal.workflow.queries.sites import SiteView, site_view
from vernal.workflow.session_log import events_of
from vernal.workflow.standing import newest_hold, why_not_carried, why_session_may_not_begin

DAYS_AHEAD = 7
UNDER_WAY = frozenset({State.checked_in, State.dosed, State.recovering})


@dataclass(frozen=True)
class SessionView:
    """Everything the page of one session shows, judged at `now` by the server's clock."""

    head: ChartHead
    session_id: UUID
    number: int
    planned_at: datetime
    protocol_title: str
    drug: str
    substance: str
    molecule: str
    route: str
    infusion: bool
    now: datetime
    state: SessionState
    order: Order
    syringe: Syringe
    alarms: Alarms
    together: Together | None
    due: list[DueLine]
    next: NextAction
    not_yet: tuple[str, ...]
    last: tuple[PastSession, ...]
    start: StartCheck
    discharge: DischargeCheck
    clocks: tuple[ClockEnd, ...]
    unsigned: tuple[str, ...]
    person_to_call: str
    asked: tuple[str, ...]
    medicines_today: tuple[MedicineToday, ...]
    answers: Mapping[str, object]
    limits: tuple[Limit, ...]
    expected: ExpectedLevel | None
    vials: tuple[Vial, ...]
    discrepancies: tuple[Discrepancy, ...]
    names: Mapping[str, str]
    is_cancelled: bool
    may_sign_as: tuple[str, ...]

    @property
    def dose_runs(self) -> bool:
        """An infusion runs, or a dose is held in the mouth: nobody may be away."""
        return self.state.state == State.dosed

    @property
    def is_silent(self) -> bool:
        return self.state.ended_at is None and any(
            line.due.status == "overdue" for line in self.due if line.measure == "vital_signs"
        )


@dataclass(frozen=True)
class MedicineToday:
    """A medicine of the patient's list, and what is advised for the day of a session."""

    name: str
    advice: tuple[SessionDay, ...]


@dataclass(frozen=True)
class SessionLine:
    """One session of a day. `alarm` is the strictest that calls somebody, `overdue_min` how long
    the oldest reading has been waiting, `waits` what keeps the first dose from beginning,
    `home_from` when the last clock ends, `held_until` the day before which the newest review lets
    nobody be treated."""

    session_id: UUID
    patient_name: str
    site: SiteView
    number: int
    planned_at: datetime
    state: State
    dose_running: bool
    alarm: str
    overdue_min: int | None
    next_due_at: datetime | None
    next: NextAction
    waits: tuple[str, ...]
    home_from: datetime | None
    held_until: date | None


@dataclass(frozen=True)
class Colleague:
    user_id: UUID
    name: str


def session(*, by: User, session_id: UUID, at: datetime, poll: bool = False) -> SessionView:
    """One session now. Opening it is noted; the page looking again by itself is not."""
    row = _session(by, session_id)
    if not poll:
        _note_reading(by, row, at)
    events = list(row.events.select_related("author"))
    care = care_of(row, events_of(events), now=at)
    counted = vials(care.state)
    return SessionView(
        head=head_of(row.patient),
        session_id=row.pk,
        number=row.number,
        planned_at=planned_at(row),
        protocol_title=care.protocol.title,
        drug=_drug(care),
        substance=str(care.protocol.substance),
        molecule=care.protocol.substance.molecule,
        route=care.route,
        infusion=care.infusion,
        now=at,
        state=care.state,
        order=care.order,
        syringe=_syringe(row.plan),
        alarms=care.alarms,
        together=together(care.alarms, dose_running=_is_running(care)),
        due=care.due,
        next=care.next,
        not_yet=_not_yet(care),
        last=session_before(row, at=at) if _is_before_a_dose(care) else (),
        start=care.start,
        discharge=care.discharge,
        clocks=care.clocks,
        unsigned=_unsigned(care),
        person_to_call=_person_to_call(care),
        asked=care.asked,
        medicines_today=_medicines_today(care),
        answers=_answers(care.state),
        limits=_limits(care),
        expected=expected_level(care),
        vials=counted,
        discrepancies=close_out(counted),
        names={str(event.author_id): event.author.name for event in events},
        is_cancelled=hasattr(row, "cancelled"),
        may_sign_as=_roles(by, row.patient.site_id),
    )


def colleagues(*, by: User, session_id: UUID) -> list[Colleague]:
    """Who may make an entry in this session: clinical staff of the site, the actor first."""
    row = _session(by, session_id)
    members = (
        Membership.objects.filter(
            site_id=row.patient.site_id, role__in=list(CLINICAL), ended_at=None
        )
        .select_related("user")
        .order_by("user__name")
    )
    found = {member.user_id: Colleague(member.user_id, member.user.name) for member in members}
    return sorted(found.values(), key=lambda each: each.user_id != by.pk)


def sessions_today(*, by: User, at: datetime) -> list[SessionLine]:
    """Today's sessions of the actor's sites and every one still under way, overdue first."""
    check_may_see_sessions(by)
    found: list[SessionLine] = []
    for site in Site.objects.filter(pk__in=sites_where(by, CLINICAL)):
        found += [_line(row, site, at) for row in _of_the_day(site, at)]
    return sorted(found, key=_urgency)


def sessions_ahead(*, by: User, at: datetime) -> list[SessionLine]:
    """What is planned at the actor's sites for the seven days after today, the next first."""
    check_may_see_sessions(by)
    found: list[SessionLine] = []
    for site in Site.objects.filter(pk__in=sites_where(by, CLINICAL)):
        tomorrow = _midnight(site, at, 1)
        rows = _planned_between(site, tomorrow, _midnight(site, at, 1 + DAYS_AHEAD))
        found += [_line(row, site, at, is_of_today=False) for row in rows]
    return sorted(found, key=lambda line: line.planned_at)


def _session(by: User, session_id: UUID) -> Session:
    rows = Session.objects.select_related(
        "patient__site", "plan__decision", "plan__signed", "cancelled"
    ).prefetch_related("moves")
    row = rows.filter(pk=session_id).first()
    if row is None:
        raise NotFound
    check_may_chart_session(by, row.patient)
    return row


@transaction.atomic
def _note_reading(by: User, row: Session, at: datetime) -> None:
    record(
        "chart.read",
        at=at,
        actor_id=by.pk,
        site_id=row.patient.site_id,
        patient_id=row.patient_id,
        subject=f"session:{row.pk}",
        page="session",
    )


def _drug(care: Care) -> str:
    vial = care.session.plan.worksheet.get("vial_mg_per_ml")
    return f"{care.protocol.substance}, {vial} mg/mL" if vial else str(care.protocol.substance)


def _syringe(plan: Plan) -> Syringe:
    """The worksheet that a second person confirmed; a session has a signed plan alone."""
    names = (each.name for each in fields(Syringe))
    told = {name: plan.worksheet.get(name) for name in names}
    return Syringe(**{name: None if text is None else Decimal(text) for name, text in told.items()})


def _is_running(care: Care) -> bool:
    """Whether a dose runs that an alarm can act on: a pump that must be empty is no such dose."""
    return care.state.dose.running and care.next.why != "pump_is_empty"


def _is_before_a_dose(care: Care) -> bool:
    return care.state.ended_at is None and care.state.dose.first_at is None


def _not_yet(care: Care, *, is_of_today: bool = True) -> tuple[str, ...]:
    """What speaks against a dose before there is one, on its day or as of now."""
    if not _is_before_a_dose(care):
        return ()
    ask = why_session_may_not_begin if is_of_today else why_not_carried
    return ask(care.session, at=care.state.now)


def _unsigned(care: Care) -> tuple[str, ...]:
    """Whose signature under the discharge is missing."""
    signed = {"nurse": care.facts["nurse_signed"], "clinician": care.facts["clinician_signed"]}
    return tuple(role for role, has_signed in signed.items() if has_signed is not True)


def _person_to_call(care: Care) -> str:
    """As the patient wrote it in the history: a name and a number; empty when nobody knows."""
    told = care.known.get("person_to_call")
    return told if isinstance(told, str) else ""


def _answers(state: SessionState) -> dict[str, object]:
    """The newest answer to each question of checklist and symptoms."""
    return {
        name: answer
        for entry in state.of(Kind.checklist, Kind.symptom)
        for name, answer in entry.payload.get("answers", {}).items()
    }


def _medicines_today(care: Care) -> tuple[MedicineToday, ...]:
    return tuple(
        MedicineToday(each.name, each.session_day)
        for each in care.screened.medications.medicines
        if each.session_day
    )


def _limits(care: Care) -> tuple[Limit, ...]:
    return limits(
        "systolic_mmhg",
        monitoring.rules(),
        baseline=care.state.baseline.get("systolic_mmhg"),
        route=care.route,
        indication=care.indication,
    )


def _roles(by: User, site_id: UUID) -> tuple[str, ...]:
    held = by.roles.get(site_id, frozenset())
    roles = {"nurse": Role.nurse in held, "clinician": bool(held & SIGNING), "witness": True}
    return tuple(role for role, allowed in roles.items() if allowed)


def _of_the_day(site: Site, at: datetime) -> Iterable[Session]:
    of_today = _planned_between(site, _midnight(site, at, 0), _midnight(site, at, 1))
    begun = _standing(site).filter(events__isnull=False).exclude(events__kind__in=ENDING)
    known = {row.pk for row in of_today}
    return [*of_today, *(row for row in begun.distinct() if row.pk not in known)]


def _midnight(site: Site, at: datetime, days_on: int) -> datetime:
    day = at.astimezone(site.zone).date() + timedelta(days=days_on)
    return datetime.combine(day, time(), tzinfo=site.zone)


def _standing(site: Site) -> QuerySet[Session]:
    return (
        Session.objects.filter(patient__site=site, cancelled=None)
        .select_related("patient__site", "plan__decision", "plan__signed", "cancelled")
        .prefetch_related("moves", Prefetch("events", SessionEvent.objects.all()))
    )


def _planned_between(site: Site, begins: datetime, ends: datetime) -> list[Session]:
    """By the newest moment a session was moved to."""
    near = Q(planned_at__gte=begins, planned_at__lt=ends)
    near |= Q(moves__planned_at__gte=begins, moves__planned_at__lt=ends)
    rows = _standing(site).filter(near).distinct()
    return [row for row in rows if begins <= planned_at(row) < ends]


def _line(row: Session, site: Site, at: datetime, *, is_of_today: bool = True) -> SessionLine:
    care = care_of(row, events_of(row.events.all()), now=at)
    late = [each.at for each in care.readings_due if each.status == "overdue"]
    ahead = [each.at for each in care.readings_due if each.status in ("next", "due")]
    ended = care.state.ended_at is not None
    waits = _not_yet(care, is_of_today=is_of_today)
    return SessionLine(
        session_id=row.pk,
        patient_name=_name(row.patient),
        site=site_view(site),
        number=row.number,
        planned_at=planned_at(row),
        state=care.state.state,
        dose_running=care.state.dose.running,
        alarm=_alarm(care) if not ended else "",
        overdue_min=int((at - late[0]).total_seconds() // 60) if late and not ended else None,
        next_due_at=ahead[0] if ahead and not ended else None,
        next=care.next,
        waits=waits,
        home_from=care.clocks[0].at if care.clocks and not ended else None,
        held_until=_held_until(row, at) if waits and care.state.state == State.planned else None,
    )


def _held_until(row: Session, at: datetime) -> date | None:
    held = newest_hold(row.patient)
    if held is None or at >= held.until_at or not held.keeps(row, planned_at=planned_at(row)):
        return None
    return held.until_at.date()


def _alarm(care: Care) -> str:
    """The title of the strictest alarm that somebody has to answer; empty in silence."""
    asked = (each.title for each in care.alarms.sounding if each.urgency >= Urgency.call)
    return next(asked, "")


def _name(patient: Patient) -> str:
    details = patient.details.latest("at")
    return f"{details.given_name} {details.family_name}"


def _urgency(line: SessionLine) -> tuple[bool, int, bool, datetime]:
    """Alarms, then the longest overdue, then what is under way, then what is planned."""
    waiting = -(line.overdue_min or 0) if line.overdue_min is not None else 1
    return not line.alarm, waiting, line.state not in UNDER_WAY, line.planned_at
