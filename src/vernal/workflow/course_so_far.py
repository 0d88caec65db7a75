"""One patient's course as the records tell it: sessions by their logs, scores by their answers.

Everything here reads; nothing decides. A session counts as given when its log holds a dose.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from vernal.knowledge.figures import value
from vernal.knowledge.protocols import protocols
from vernal.records.models import Patient, Plan, Session
from vernal.rules.conditions import Unknown
from vernal.rules.due import CourseSession
from vernal.rules.outcomes import CourseDates, DatedScore
from vernal.rules.protocols import Protocol
from vernal.rules.retreatment import CoursePhase, this_course
from vernal.rules.sessions import ENDED, Kind, SessionState, State
from vernal.workflow.logs import logs_of
from vernal.workflow.scores import Measured, measurements, series_of
from vernal.workflow.standing import plan_in_force

DOSE_KINDS = (Kind.dose_started.value, Kind.dose_given.value)


@dataclass(frozen=True)
class SessionSoFar:
    """One session: what was planned, and what its log says. `dose_at` is None until a dose."""

    id: UUID
    number: int
    phase: str
    route: str
    planned_at: datetime
    dose_mg: Decimal
    is_cancelled: bool
    log: SessionState
    plan: Plan

    @property
    def dose_at(self) -> datetime | None:
        return self.log.dose.first_at

    @property
    def is_given(self) -> bool:
        return self.dose_at is not None

    @property
    def has_begun(self) -> bool:
        """Somebody arrived, drug was given, or it was ended without."""
        return self.log.state != State.planned

    @property
    def is_still_to_come(self) -> bool:
        return not (self.is_given or self.is_cancelled or self.log.state in ENDED)

    @property
    def began_at(self) -> datetime:
        """When it began, or is planned to begin."""
        return self.dose_at or self.planned_at


@dataclass(frozen=True)
class CourseSoFar:
    """Everything outcomes and the review are judged from, as of a day.

    `sessions` are all of the patient; `given` those of the newest course that had a dose.
    """

    patient: Patient
    plan: Plan | None
    protocol: Protocol | None
    sessions: tuple[SessionSoFar, ...]
    given: tuple[CourseSession, ...]
    measured: tuple[Measured, ...]
    dates: CourseDates
    phase: CoursePhase
    sessions_left: int | Unknown
    on: date

    @property
    def series(self) -> tuple[DatedScore, ...]:
        return series_of(self.measured)

    @property
    def last_session_on(self) -> date | None:
        return self.given[-1].on if self.given else None


def course_so_far(patient: Patient, *, at: datetime) -> CourseSoFar:
    """The course as of now, in a number of queries that does not grow with it."""
    zone = patient.site.zone
    plan = plan_in_force(patient)
    sessions = sessions_of(patient, at=at)
    given = this_course(
        (
            as_course_session(each, on=each.began_at.astimezone(zone).date())
            for each in sessions
            if each.is_given
        ),
        gap_days=int(value("course_gap")),
    )
    coming = [each for each in sessions if plan and each.is_still_to_come]
    return CourseSoFar(
        patient=patient,
        plan=plan,
        protocol=protocols().get(plan.protocol) if plan else None,
        sessions=sessions,
        given=given,
        measured=measurements(patient),
        dates=_dates(given, coming, sessions),
        phase=_phase(patient, plan, given, coming),
        sessions_left=len(coming) if sessions else Unknown.of("course.sessions_left"),
        on=at.astimezone(zone).date(),
    )


def sessions_of(patient: Patient, *, at: datetime) -> tuple[SessionSoFar, ...]:
    """Every session of the patient in order of time; three queries."""
    rows = Session.objects.filter(patient=patient).select_related("plan__decision", "cancelled")
    rows = list(rows.prefetch_related("moves"))
    logs = logs_of(rows, at=at)
    return tuple(sorted((so_far(row, logs[row.pk]) for row in rows), key=lambda s: s.began_at))


def session_so_far(row: Session, *, at: datetime) -> SessionSoFar:
    """One session with its log."""
    return so_far(row, logs_of([row], at=at)[row.pk])


def as_course_session(session: SessionSoFar, *, on: date) -> CourseSession:
    """A session as the calendar of scales sees it."""
    if session.is_given:
        return CourseSession(on, session.phase, "given")
    return CourseSession(on, session.phase, "planned" if session.is_still_to_come else "not_given")


def course_sessions(course: CourseSoFar) -> list[CourseSession]:
    """Every session of the patient, with the day on which it began or is planned to begin."""
    return as_course_sessions(course.sessions, zone=course.patient.site.zone)


def as_course_sessions(sessions: Iterable[SessionSoFar], *, zone: ZoneInfo) -> list[CourseSession]:
    """Sessions in order of time, as calendars see them."""
    dose, found = None, []
    for each in sessions:
        raised = each.is_given and dose is not None and each.dose_mg > dose
        on = each.began_at.astimezone(zone).date()
        found.append(replace(as_course_session(each, on=on), dose_raised=raised))
        dose = each.dose_mg if each.is_given else dose
    return found


def so_far(row: Session, log: SessionState) -> SessionSoFar:
    """One session with its log folded; the row comes with its plan and its moves."""
    moves = sorted(row.moves.all(), key=lambda move: move.at)
    protocol = protocols().get(row.plan.protocol)
    return SessionSoFar(
        id=row.pk,
        number=row.number,
        phase=row.plan.phase,
        route=protocol.route if protocol else "iv",
        planned_at=moves[-1].planned_at if moves else row.planned_at,
        dose_mg=Decimal(row.plan.worksheet["given_mg"]),
        is_cancelled=hasattr(row, "cancelled"),
        log=log,
        plan=row.plan,
    )


def _dates(
    given: tuple[CourseSession, ...],
    coming: list[SessionSoFar],
    sessions: tuple[SessionSoFar, ...],
) -> CourseDates:
    """The induction is over once no session of it is left to come. The course is the newest one:
    its first dose comes as many given sessions from the end as it has."""
    doses = [each.dose_at for each in sessions if each.is_given]
    induction = [each.on for each in given if each.phase == "induction"]
    runs = any(each.phase == "induction" for each in coming)
    return CourseDates(
        first_session_on=given[0].on if given else None,
        induction_ended_on=induction[-1] if induction and not runs else None,
        first_dose_at=doses[-len(given)] if given else None,
    )


def _phase(
    patient: Patient,
    plan: Plan | None,
    given: tuple[CourseSession, ...],
    coming: list[SessionSoFar],
) -> CoursePhase:
    """The phase of the plan; finished once a review stopped the course and nothing is planned."""
    review = patient.reviews.order_by("-at").first()
    after_all = review and (not given or review.at.date() >= given[-1].on)
    if review and review.option == "stop" and after_all and not coming:
        return "finished"
    return plan.phase if plan else "induction"
