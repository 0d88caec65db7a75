"""Tests and calls of the calendar: what waits, what was done, and writing it down."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import get_args
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from vernal.accounts.models import User
from vernal.audit.chain import record
from vernal.knowledge.facts import sections
from vernal.knowledge.figures import calendar_figures
from vernal.knowledge.protocols import protocols
from vernal.knowledge.scales import scales
from vernal.records.models import MeasureDone, SectionSaved
from vernal.rules.due import CourseSession, DueAt
from vernal.rules.measures import MeasureDue, MeasureLine, measures_due
from vernal.rules.protocols import Due, Protocol
from vernal.workflow.course_so_far import CourseSoFar, course_sessions, course_so_far
from vernal.workflow.errors import InvalidInput
from vernal.workflow.once import make_once
from vernal.workflow.patients import patient_with
from vernal.workflow.permissions import check_may_enter_score

LONGEST_RESULT = 1000


@dataclass(frozen=True)
class Done:
    """One test or call as it was written down. `result` is empty where the history holds it."""

    measure: str
    on: date
    result: str
    by_name: str


def calendar_measures(protocol: Protocol | None) -> dict[str, Due]:
    """Lines of the protocol's calendar that ask for no scale, by measure."""
    calendar = protocol.calendar if protocol else ()
    return {each.measure: each for each in calendar if each.measure not in scales()}


def measures_done(course: CourseSoFar) -> tuple[Done, ...]:
    """What was written down, and answers of the history that are the same measure; newest first."""
    rows = MeasureDone.objects.filter(patient=course.patient).select_related("by")
    written = [Done(row.measure, row.done_on, row.result, row.by.name) for row in rows]
    found = [*written, *_in_history(course)]
    return tuple(sorted(found, key=lambda each: each.on, reverse=True))


def measures_waiting(course: CourseSoFar, done: tuple[Done, ...]) -> tuple[MeasureDue, ...]:
    """What the calendar asks for by today and nobody has done."""
    answered = [(each.measure, each.on) for each in done]
    return measures_asked(course.protocol, course_sessions(course), answered, on=course.on)


def measures_asked(
    protocol: Protocol | None,
    sessions: Iterable[CourseSession],
    done: Iterable[tuple[str, date]],
    *,
    on: date,
) -> tuple[MeasureDue, ...]:
    """The same from what it rests on; `done` are measures with the day of each."""
    lines = [
        MeasureLine(each.measure, moment, each.first_sessions)
        for each in calendar_measures(protocol).values()
        for moment in each.when
        if moment in get_args(DueAt)
    ]
    return measures_due(lines, sessions, on, done, figures=calendar_figures())


def sections_that_answer() -> list[str]:
    """Sections of the history with an answer that is a measure of some calendar."""
    facts = {each.fact for protocol in protocols().values() for each in protocol.calendar}
    return [each.id for each in sections() if facts.intersection(each.facts)]


def answers_in(answers: Collection[str], protocol: Protocol | None) -> list[str]:
    """Measures that the answers of a saved section are as well."""
    lines = calendar_measures(protocol).values()
    return [each.measure for each in lines if each.fact and each.fact in answers]


@transaction.atomic
def record_measure(
    *,
    by: User,
    patient_id: UUID,
    measure: str,
    done_on: date,
    result: str,
    id: UUID,
    at: datetime,
) -> None:
    """Write down a test or a call: its day and what came of it."""
    patient = patient_with(patient_id)
    check_may_enter_score(by, patient)
    course = course_so_far(patient, at=at)
    _check(measure, done_on, result, course)
    if make_once(
        MeasureDone,
        id=id,
        at=at,
        by=by,
        patient=patient,
        measure=measure,
        done_on=done_on,
        result=result.strip(),
    ):
        record(
            "measure.done",
            at=at,
            actor_id=by.pk,
            site_id=patient.site_id,
            patient_id=patient.pk,
            subject=f"measure:{id}",
            measure=measure,
        )


def _check(measure: str, done_on: date, result: str, course: CourseSoFar) -> None:
    refused = {}
    if measure not in calendar_measures(course.protocol):
        refused["measure"] = _("Choose one of the tests and calls in the list.")
    if done_on > course.on:
        refused["done_on"] = _("This day has not come yet; write the day on which it was done.")
    if not result.strip() or len(result) > LONGEST_RESULT:
        refused["result"] = _("Write in a few words what came of it.")
    if refused:
        raise InvalidInput(refused)


def _in_history(course: CourseSoFar) -> list[Done]:
    rows = SectionSaved.objects.filter(patient=course.patient, section__in=sections_that_answer())
    zone = course.patient.site.zone
    return [
        Done(measure, row.at.astimezone(zone).date(), "", row.by.name)
        for row in rows.select_related("by")
        for measure in answers_in(row.answers, course.protocol)
    ]
