"""Where courses stand: what the records of many patients say, read in a fixed number of queries.

The list of patients and the chart show the same places; `rules.course_steps` decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from vernal.knowledge import monitoring
from vernal.knowledge.consent import form_for
from vernal.knowledge.facts import facts
from vernal.knowledge.figures import home_figures
from vernal.knowledge.protocols import protocols
from vernal.knowledge.sessions import span
from vernal.records.models import (
    Assessment,
    ConsentAnswered,
    IntakeSent,
    MeasureDone,
    Patient,
    PatientAccount,
    Plan,
    ReviewSigned,
    ScreeningDecision,
    SectionSaved,
    Session,
)
from vernal.rules.conditions import Facts, Unknown
from vernal.rules.course_steps import (
    Marks,
    PlanMark,
    ReviewMark,
    SessionMark,
    Standing,
    next_session,
    sessions_given,
    where_it_stands,
)
from vernal.rules.effects import asked_from_home
from vernal.rules.sessions import (
    SessionState,
    State,
    Urgency,
    alarms_standing,
    order_facts,
    session_facts,
)
from vernal.workflow.care import ordered
from vernal.workflow.consents import Consenting, signature_for, talk_about
from vernal.workflow.course_so_far import SessionSoFar, as_course_sessions, so_far
from vernal.workflow.effects import newest_told
from vernal.workflow.logs import TELL_THE_STATE, logs_of
from vernal.workflow.measures import (
    answers_in,
    calendar_measures,
    measures_asked,
    sections_that_answer,
)
from vernal.workflow.outcomes import scales_asked
from vernal.workflow.queries.consents import state_of
from vernal.workflow.queries.intake import screening_sections
from vernal.workflow.scores import rated_on
from vernal.workflow.standing import CHECKS

UNDER_WAY = frozenset({State.checked_in, State.dosed, State.recovering})
CONSENT = {
    "holds": "holds",
    "sign": "to_sign",
    "discuss": "to_discuss",
    "talk": "to_discuss",
    "lacks_capacity": "to_discuss",
}


@dataclass(frozen=True)
class Place:
    """Where one course stands, and the session that comes next. `booked` counts those that stand:
    given, under way or to come; `overdue` are titles of tests and calls whose day has passed."""

    standing: Standing
    next_session: SessionMark | None
    given: int
    booked: int
    has_plan: bool
    overdue: tuple[str, ...] = ()

    @property
    def has_alarm(self) -> bool:
        """Whether an alarm that somebody has to act on sounds in the session under way."""
        return bool(self.standing.session and self.standing.session.alarm)


@dataclass(frozen=True)
class _Read:
    """What was read for all patients at once, by patient; logs by session. `running` are the whole
    logs of sessions under way."""

    at: datetime
    accounts: frozenset[UUID]
    sent: frozenset[UUID]
    decisions: Mapping[UUID, ScreeningDecision]
    sections: Mapping[UUID, set[str]]
    newest: Mapping[UUID, Plan]
    in_force: Mapping[UUID, Plan]
    answered: Mapping[UUID, list[ConsentAnswered]]
    reviews: Mapping[UUID, ReviewSigned]
    sessions: Mapping[UUID, list[Session]]
    logs: Mapping[UUID, SessionState]
    running: Mapping[UUID, SessionState]
    filled: Mapping[UUID, list[Assessment]]
    measured: Mapping[UUID, list[MeasureDone]]
    tested: Mapping[UUID, list[SectionSaved]]
    asked_from: Mapping[UUID, datetime]


def places(patients: Sequence[Patient], *, at: datetime) -> dict[UUID, Place]:
    """By patient where the course stands at `at`; the patients come with their sites."""
    read = _read([each.pk for each in patients], at)
    return {each.pk: _place(each, read) for each in patients}


def _place(patient: Patient, read: _Read) -> Place:
    on = read.at.astimezone(patient.site.zone).date()
    marks = _marks(patient, read, on)
    return Place(
        standing=where_it_stands(marks, on=on),
        next_session=next_session(marks, on=on),
        given=sessions_given(marks),
        booked=sum(
            each.is_to_come or each.is_under_way or each.dose_at is not None
            for each in marks.sessions
        ),
        has_plan=patient.pk in read.newest,
        overdue=marks.overdue,
    )


def _marks(patient: Patient, read: _Read, on: date) -> Marks:
    key = patient.pk
    decision, plan = read.decisions.get(key), read.in_force.get(key)
    rows = [
        (row, so_far(row, read.logs[row.pk]))
        for row in read.sessions[key]
        if read.logs[row.pk].dose.first_at or (plan and row.plan_id == plan.pk)
    ]
    return Marks(
        has_account=key in read.accounts,
        history_begun=bool(read.sections[key]),
        history_sent=key in read.sent,
        section=next(
            (
                each.title
                for each in screening_sections()
                if each.asked_of == "staff" and each.id not in read.sections[key]
            ),
            "",
        ),
        decision=decision.outcome if decision else "",
        deferred_until=decision.defer_until if decision else None,
        has_plan_in_force=plan is not None,
        draft=_draft(patient, read, on),
        sessions=tuple(_session(row, each, patient, read) for row, each in rows),
        scales=_scales(patient, plan, [each for _row, each in rows], read, on),
        overdue=_overdue(patient, plan, [each for _row, each in rows], read, on),
        review=_review(read.reviews.get(key)),
    )


def _draft(patient: Patient, read: _Read, on: date) -> PlanMark | None:
    """The newest plan while nobody has signed it."""
    plan = read.newest.get(patient.pk)
    if plan is None or hasattr(plan, "signed"):
        return None
    step = state_of(_consenting(plan, read.answered[patient.pk]), patient, on).step
    return PlanMark(
        is_confirmed=hasattr(plan, "confirmed"),
        consent=CONSENT.get(step, "to_read"),
        is_checked=CHECKS in read.sections[patient.pk],
    )


def _consenting(plan: Plan, answered: Sequence[ConsentAnswered]) -> Consenting:
    """As `consenting_to` finds it, from rows that were read already, the oldest first."""
    form = form_for(plan.decision.route, plan.decision.indication)
    key = (form.route, form.indication, form.version)
    rows = tuple(row for row in answered if (row.route, row.indication, row.version) == key)
    discussed = [row.discussed for row in answered if hasattr(row, "discussed")]
    signed = [row.signed for row in discussed if hasattr(row, "signed")]
    signed.sort(key=lambda row: (row.at, row.pk), reverse=True)
    return Consenting(
        form=form,
        answers=rows,
        discussed=talk_about(form, rows),
        signed=signature_for(form, signed),
    )


def _session(row: Session, session: SessionSoFar, patient: Patient, read: _Read) -> SessionMark:
    mark = SessionMark(
        id=session.id,
        number=session.number,
        planned_at=session.planned_at,
        planned_on=session.planned_at.astimezone(patient.site.zone).date(),
        state=session.log.state,
        dose_at=session.dose_at,
        is_cancelled=session.is_cancelled,
        was_left_open=session.began_at < read.at - span("due_for"),
        asked_from=read.asked_from.get(row.pk),
    )
    return replace(mark, alarm=_alarm(row, read)) if mark.is_under_way else mark


def _alarm(row: Session, read: _Read) -> str:
    """The strictest alarm that somebody has to act on now, judged from log and order alone: no
    alarm that asks for a person rests on the chart only."""
    others = (read.logs[each.pk] for each in read.sessions[row.patient_id] if each.pk != row.pk)
    order = ordered(row.plan, first_session=not any(log.dose.first_at for log in others))
    unknown: Facts = {name: Unknown.of(name) for name in facts()}

    def facts_at(state: SessionState) -> Facts:
        return {**unknown, **order_facts(state, order), **session_facts(state)}

    found = alarms_standing(
        read.running[row.pk],
        facts_at,
        monitoring.rules(),
        route=row.plan.decision.route,
        indication=row.plan.decision.indication,
    )
    calling = (each.title for each in found.sounding if each.urgency >= Urgency.call)
    return next(calling, "")


def _scales(
    patient: Patient, plan: Plan | None, sessions: list[SessionSoFar], read: _Read, on: date
) -> tuple[str, ...]:
    """Titles of the scales that wait today."""
    if plan is None:
        return ()
    in_order = sorted(sessions, key=lambda each: each.began_at)
    waiting = scales_asked(
        protocols().get(plan.protocol),
        as_course_sessions(in_order, zone=patient.site.zone),
        [(row.scale, rated_on(row, patient)) for row in read.filled[patient.pk]],
        on=on,
    )
    return tuple(each.scale.title for each in waiting)


def _overdue(
    patient: Patient, plan: Plan | None, sessions: list[SessionSoFar], read: _Read, on: date
) -> tuple[str, ...]:
    """Titles of the tests and calls that should have been done by yesterday."""
    if plan is None:
        return ()
    chosen, zone = protocols().get(plan.protocol), patient.site.zone
    done = [(row.measure, row.done_on) for row in read.measured[patient.pk]]
    for row in read.tested[patient.pk]:
        on_day = row.at.astimezone(zone).date()
        done += [(measure, on_day) for measure in answers_in(row.answers, chosen)]
    in_order = sorted(sessions, key=lambda each: each.began_at)
    asked = measures_asked(chosen, as_course_sessions(in_order, zone=zone), done, on=on)
    titles = calendar_measures(chosen)
    return tuple(titles[each.due.scale].title for each in asked if each.is_overdue)


def _review(row: ReviewSigned | None) -> ReviewMark | None:
    return ReviewMark(row.option, row.at, row.look_again_on) if row else None


def _read(keys: list[UUID], at: datetime) -> _Read:
    plans = Plan.objects.filter(patient__in=keys).select_related("decision", "signed", "confirmed")
    newest = {row.patient_id: row for row in plans.order_by("at", "id")}
    signed = [row for row in plans if hasattr(row, "signed")]
    signed.sort(key=lambda row: (row.signed.at, row.pk))
    in_force = {row.patient_id: row for row in signed}
    drafted = [key for key, plan in newest.items() if not hasattr(plan, "signed")]
    reviews = ReviewSigned.objects.filter(plan__in=[plan.pk for plan in in_force.values()])
    sessions = list(
        Session.objects.filter(patient__in=keys)
        .select_related("plan__decision", "cancelled")
        .prefetch_related("moves")
    )
    logs = logs_of(sessions, at=at, kinds=TELL_THE_STATE)
    running = [row for row in sessions if logs[row.pk].state in UNDER_WAY]
    return _Read(
        at=at,
        accounts=_having(PatientAccount, keys),
        sent=_having(IntakeSent, keys),
        decisions={row.patient_id: row for row in _in_order(ScreeningDecision, patient__in=keys)},
        sections=_sections(keys),
        newest=newest,
        in_force=in_force,
        answered=_by_patient(
            _in_order(ConsentAnswered, patient__in=drafted).select_related(
                "discussed__signed__withdrawn"
            )
        ),
        reviews={row.plan.patient_id: row for row in reviews.order_by("at", "id")},
        sessions=_by_patient(sessions),
        logs=logs,
        running=logs_of(running, at=at) if running else {},
        filled=_by_patient(_in_order(Assessment, patient__in=list(in_force))),
        measured=_by_patient(_in_order(MeasureDone, patient__in=list(in_force))),
        tested=_by_patient(
            _in_order(SectionSaved, patient__in=list(in_force), section__in=sections_that_answer())
        ),
        asked_from=_asked_from(logs, at),
    )


def _asked_from(logs: Mapping[UUID, SessionState], at: datetime) -> dict[UUID, datetime]:
    """By session when the question at home is put that is open, or comes next."""
    figures = home_figures()
    doses = {key: log.dose.first_at for key, log in logs.items() if log.dose.first_at}
    recent = {key: dose_at for key, dose_at in doses.items() if at < dose_at + figures.until}
    told = newest_told(list(recent)) if recent else {}
    found: dict[UUID, datetime] = {}
    for key, dose_at in recent.items():
        for each in asked_from_home(dose_at, figures=figures):
            if at < each.until and each.moment not in told[key]:
                found.setdefault(key, each.since)
    return found


def _sections(keys: list[UUID]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = defaultdict(set)
    rows = SectionSaved.objects.filter(patient__in=keys).order_by()
    for patient_id, section in rows.values_list("patient_id", "section").distinct():
        found[patient_id].add(section)
    return found


def _having(model: type[Model], keys: list[UUID]) -> frozenset[UUID]:
    rows = model.objects.filter(patient__in=keys).order_by()
    return frozenset(rows.values_list("patient_id", flat=True))


def _in_order(model: type[Model], **wanted: Any) -> QuerySet[Any]:
    return model.objects.filter(**wanted).order_by("at", "id")


def _by_patient(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.patient_id].append(row)
    return found
