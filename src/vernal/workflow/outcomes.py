"""Step 7: is it working: totals entered by staff, what is due, and outcomes by definition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import get_args
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from vernal.accounts.models import User
from vernal.audit.chain import record
from vernal.knowledge import monitoring
from vernal.knowledge.figures import calendar_figures, outcome_figures
from vernal.knowledge.scales import definitions_of, offered, shapes
from vernal.knowledge.sessions import span
from vernal.records.models import Assessment
from vernal.rules.conditions import facts_used, judge
from vernal.rules.due import CourseSession, Due, DueAt, ScaleDue, due
from vernal.rules.outcomes import Judged
from vernal.rules.protocols import Protocol
from vernal.rules.retreatment import judge_on_course
from vernal.rules.scales import Scale, entered_total
from vernal.rules.sessions import MonitoringRule
from vernal.rules.sessions.mood import mood_facts
from vernal.workflow.course_so_far import CourseSoFar, course_sessions
from vernal.workflow.errors import InvalidInput
from vernal.workflow.once import make_once
from vernal.workflow.patients import patient_with
from vernal.workflow.permissions import check_may_enter_score
from vernal.workflow.scores import TOTAL, mood_scores

COURSE_SCALE = "phq-9"


def check_may_enter(*, by: User, patient_id: UUID) -> None:
    """Raises unless the actor may enter scores of this patient."""
    check_may_enter_score(by, patient_with(patient_id))


@transaction.atomic
def enter_total(
    *,
    by: User,
    patient_id: UUID,
    scale_id: str,
    total: Decimal,
    rated_on: date,
    id: UUID,
    at: datetime,
) -> None:
    """Keep a total that was worked out on paper, by its day."""
    patient = patient_with(patient_id)
    check_may_enter_score(by, patient)
    entered = scales_by_total().get(scale_id)
    if entered is None:
        raise InvalidInput({"scale": _("Choose one of the scales in the list.")})
    _check_day(rated_on, at.astimezone(patient.site.zone).date())
    try:
        entered_total(entered, total)
    except ValueError as refusal:
        raise InvalidInput({"total": str(refusal)}) from refusal
    if make_once(
        Assessment,
        id=id,
        at=at,
        by=by,
        patient=patient,
        scale=entered.id,
        scale_version=entered.version,
        answers={TOTAL: format(total.normalize(), "f")},
        rated_on=rated_on,
    ):
        record(
            "scale.saved",
            at=at,
            actor_id=by.pk,
            site_id=patient.site_id,
            patient_id=patient.pk,
            subject=f"assessment:{id}",
            scale=entered.id,
        )


def scales_by_total() -> dict[str, Scale]:
    """Scales whose total may be entered, clinician-rated ones first."""
    found = [each for each in offered().values() if TOTAL in each.entry]
    found.sort(key=lambda each: ("clinician" not in shapes()[each.id].rater, each.title))
    return {each.id: each for each in found}


def scales_at_home() -> dict[str, Scale]:
    """Scales a patient fills in alone: wording that may be shown, answered by the patient."""
    return {
        name: each
        for name, each in offered().items()
        if shapes()[name].text != "not_shipped" and shapes()[name].rater == "patient"
    }


@dataclass(frozen=True)
class ScaleWaiting:
    """A scale the protocol's calendar asks for now. `at_home` when the patient fills it in."""

    scale: Scale
    due: Due
    at_home: bool
    rows: tuple[str, ...]


def scales_waiting(course: CourseSoFar) -> tuple[ScaleWaiting, ...]:
    """What the calendar of the plan's protocol asks for today and nobody has filled in."""
    filled = [(each.scale, each.on) for each in course.measured]
    return scales_asked(course.protocol, course_sessions(course), filled, on=course.on)


def scales_asked(
    protocol: Protocol | None,
    sessions: Iterable[CourseSession],
    filled: Iterable[tuple[str, date]],
    *,
    on: date,
) -> tuple[ScaleWaiting, ...]:
    """The same from what it rests on; `filled` are scales with the day each copy is for."""
    if protocol is None:
        return ()
    calendar, rows = calendar_of(protocol)
    waiting = due(calendar, sessions, on, filled, figures=calendar_figures())
    return tuple(
        ScaleWaiting(
            scale=offered()[each.scale],
            due=each,
            at_home=each.scale in scales_at_home(),
            rows=rows[each.scale, each.at],
        )
        for each in waiting
    )


def calendar_of(
    protocol: Protocol,
) -> tuple[list[ScaleDue], dict[tuple[str, DueAt], tuple[str, ...]]]:
    """The protocol's calendar as far as it asks for scales, and the row behind each line."""
    lines: list[ScaleDue] = []
    rows: dict[tuple[str, DueAt], tuple[str, ...]] = {}
    for each in protocol.calendar:
        for moment in each.when:
            if each.measure in offered() and moment in get_args(DueAt):
                lines.append(ScaleDue(each.measure, moment))
                rows[each.measure, moment] = each.rows
    return lines, rows


def gate_of_mood(course: CourseSoFar) -> MonitoringRule | None:
    """The gate on mood that holds the next dose back until a clinician has seen the patient, if
    one does."""
    facts = mood_facts(
        mood_scores(course.patient),
        on=course.on,
        first_session=not course.given,
        fresh_for=span("mood_fresh_for"),
    )
    gates = (gate for gate in monitoring.of_kind("gate") if gate.blocks == "start" and gate.when)
    return next(
        (
            gate
            for gate in gates
            if facts_used(gate.when) <= facts.keys() and judge(gate.when, facts) is True
        ),
        None,
    )


def judged(course: CourseSoFar, scale_id: str) -> tuple[Judged, ...]:
    """Every definition on a scale, judged on this course."""
    response = next(iter(definitions_of(scale_id, "response")), None)
    return tuple(
        judge_on_course(
            each,
            course.series,
            response=response,
            dates=course.dates,
            on=course.on,
            figures=outcome_figures(),
        )
        for each in definitions_of(scale_id)
        if each.outcome != "futility"
    )


def measured_scales(course: CourseSoFar) -> Iterable[str]:
    """Scales with a score, the one the course is judged on first."""
    found = dict.fromkeys(each.scale for each in course.series)
    return sorted(found, key=lambda name: name != COURSE_SCALE)


def _check_day(rated_on: date, today: date) -> None:
    if rated_on > today:
        raise InvalidInput({"rated_on": _("This day is in the future; write a day that has been.")})
    if rated_on.year < today.year - 5:
        raise InvalidInput({"rated_on": _("This day is too long ago; check the year.")})
