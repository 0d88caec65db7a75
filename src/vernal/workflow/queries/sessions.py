"""One session as pages show it, judged now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from vernal.accounts.models import Membership, Role, User
from vernal.knowledge import monitoring
from vernal.knowledge.figures import device_steps
from vernal.records.models import Plan, Session
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
from vernal.rules.sessions.next_action import NextAction
from vernal.rules.sessions.syringe import Syringe
from vernal.rules.sessions.together import Together, together
from vernal.workflow.apart import planned_at
from vernal.workflow.care import Care, DueLine, care_of
from vernal.workflow.errors import NotFound
from vernal.workflow.expected import ExpectedLevel, expected_level
from vernal.workflow.past_sessions import PastSession, session_before
from vernal.workflow.permissions import (
    CLINICAL,
    SIGNING,
    check_may_chart_session,
)
from vernal.workflow.queries.charts import ChartHead, head_of
from vernal.workflow.queries.readings import note_reading
from vernal.workflow.session_log import events_of
from vernal.workflow.spoken import spoken
from vernal.workflow.standing import why_session_may_not_begin


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
    baseline_from: datetime | None
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
class Colleague:
    user_id: UUID
    name: str


def session(*, by: User, session_id: UUID, at: datetime, page: str = "session") -> SessionView:
    """One session now; that `page` of it was read is noted.

    An empty `page` is no reading: an act alone, or a page that is on record already.
    """
    row = _session(by, session_id)
    if page:
        _note(by, row, page, at)
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
        substance=spoken(str(care.protocol.substance)),
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
        baseline_from=care.baseline_from,
        not_yet=not_yet(care),
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


def note_session_reading(*, by: User, session_id: UUID, at: datetime, page: str) -> None:
    """The same reading, noted late: the page is shown after all."""
    _note(by, _session(by, session_id), page, at)


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


def _session(by: User, session_id: UUID) -> Session:
    rows = Session.objects.select_related(
        "patient__site", "plan__decision", "plan__signed", "cancelled"
    ).prefetch_related("moves")
    row = rows.filter(pk=session_id).first()
    if row is None:
        raise NotFound
    check_may_chart_session(by, row.patient)
    return row


def _note(by: User, row: Session, page: str, at: datetime) -> None:
    subject = f"session:{row.pk}"
    note_reading(by=by, patient=row.patient, at=at, page=page, subject=subject)


def _drug(care: Care) -> str:
    vial = care.session.plan.worksheet.get("vial_mg_per_ml")
    substance = spoken(str(care.protocol.substance))
    return f"{substance}, {vial} mg/mL" if vial else substance


def _syringe(plan: Plan) -> Syringe:
    """The worksheet that a second person confirmed; a session has a signed plan alone."""
    names = (each.name for each in fields(Syringe) if each.name in plan.worksheet)
    told = {name: plan.worksheet[name] for name in names}
    numbers = {name: None if text is None else Decimal(text) for name, text in told.items()}
    return Syringe(**numbers, pump_step_ml_per_h=device_steps().pump_ml_per_h)


def _is_running(care: Care) -> bool:
    """Whether a dose runs that an alarm can act on: a pump that must be empty is no such dose."""
    return care.state.dose.running and care.next.why != "pump_is_empty"


def _is_before_a_dose(care: Care) -> bool:
    return care.state.ended_at is None and care.state.dose.first_at is None


def not_yet(care: Care) -> tuple[str, ...]:
    """What speaks against a dose before there is one."""
    if not _is_before_a_dose(care):
        return ()
    return why_session_may_not_begin(care.session, at=care.state.now)


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
