"""Scores over sessions, judged by stated definitions, as staff and as the patient see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from vernal.accounts.models import User
from vernal.knowledge.figures import outcome_figures
from vernal.knowledge.scales import definitions_of, scale
from vernal.rules.conditions import Truth, Unknown
from vernal.rules.measures import MeasureDue
from vernal.rules.outcomes import DatedScore, Definition, Judged, baseline, score_that_meets
from vernal.rules.retreatment import Prompt
from vernal.rules.scales import Band, Scale, band
from vernal.rules.sessions import MonitoringRule
from vernal.workflow.course_so_far import CourseSoFar, course_so_far
from vernal.workflow.errors import NotFound
from vernal.workflow.measures import Done, calendar_measures, measures_done, measures_waiting
from vernal.workflow.outcomes import (
    COURSE_SCALE,
    gate_of_mood,
    judged,
    measured_scales,
    scales_at_home,
    scales_waiting,
)
from vernal.workflow.patients import own_chart
from vernal.workflow.permissions import may_enter_score
from vernal.workflow.queries.charts import ChartHead, head_of, readable_chart
from vernal.workflow.queries.cited import SourceLine, source_line
from vernal.workflow.queries.effects import EffectsQuestion, questions_for
from vernal.workflow.queries.sites import SiteView, site_view
from vernal.workflow.reviews import reviewed
from vernal.workflow.scores import Measured


@dataclass(frozen=True)
class Line:
    """A level on the chart: the score at which something is reached, by which definition."""

    definition: Definition
    value: Decimal


@dataclass(frozen=True)
class ScoreChart:
    """Everything one picture shows. `sessions_on` are days on which a dose was given."""

    scale: Scale
    scores: tuple[DatedScore, ...]
    sessions_on: tuple[date, ...]
    planned_on: tuple[date, ...]
    bands: tuple[Band, ...]
    start: DatedScore | None
    lines: tuple[Line, ...]
    on: date


@dataclass(frozen=True)
class CopyLine:
    """One filled-in copy. `value` is None while answers are missing."""

    scale: Scale
    on: date
    value: Decimal | None
    band: str
    by_name: str


@dataclass(frozen=True)
class WaitingLine:
    scale: Scale
    since: date
    until: date
    at: str
    at_home: bool
    rows: tuple[str, ...]


@dataclass(frozen=True)
class MeasureLine:
    """A test or call that waits, with the words and the rows of the calendar."""

    title: str
    due: MeasureDue
    rows: tuple[str, ...]


@dataclass(frozen=True)
class DoneLine:
    title: str
    done: Done


@dataclass(frozen=True)
class OutcomesView:
    head: ChartHead
    chart: ScoreChart
    charted: tuple[Scale, ...]
    judged: tuple[Judged, ...]
    prompts: tuple[Prompt, ...]
    open_prompts: tuple[Prompt, ...]
    suicidal: Truth
    gate: MonitoringRule | None
    waiting: tuple[WaitingLine, ...]
    copies: tuple[CopyLine, ...]
    measures: tuple[MeasureLine, ...]
    measures_done: tuple[DoneLine, ...]
    measures_offered: Mapping[str, str]
    sources: Mapping[str, SourceLine]
    may_enter: bool


@dataclass(frozen=True)
class MyOutcomes:
    """How the patient is doing: what waits, and the picture with verified content alone."""

    patient_id: UUID
    site: SiteView
    waiting: tuple[WaitingLine, ...]
    at_any_time: tuple[Scale, ...]
    questions: tuple[EffectsQuestion, ...]
    chart: ScoreChart
    next_session_at: datetime | None


@dataclass(frozen=True)
class MyScale:
    patient_id: UUID
    scale: Scale
    site: SiteView
    last_on: date | None


def outcomes(*, by: User, patient_id: UUID, scale_id: str, at: datetime) -> OutcomesView:
    """The course in scores; the reading is noted. An unknown scale shows the course's own."""
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page="outcomes")
    course = course_so_far(patient, at=at)
    found = reviewed(course)
    charted = tuple(scale(name) for name in measured_scales(course)) or (scale(COURSE_SCALE),)
    shown = next((each for each in charted if each.id == scale_id), charted[0])
    verdicts = judged(course, shown.id)
    asked, done = calendar_measures(course.protocol), measures_done(course)
    gate = gate_of_mood(course)
    return OutcomesView(
        head=head_of(patient),
        chart=score_chart(course, shown, definitions_of(shown.id)),
        charted=charted,
        judged=verdicts,
        prompts=found.review.prompts,
        open_prompts=tuple(each.prompt for each in found.review.open_prompts),
        suicidal=found.state.suicidal_thoughts,
        gate=gate,
        waiting=waiting_lines(course),
        copies=tuple(_copy(each) for each in reversed(course.measured)),
        measures=tuple(
            MeasureLine(asked[each.due.scale].title, each, asked[each.due.scale].rows)
            for each in measures_waiting(course, done)
        ),
        measures_done=tuple(
            DoneLine(asked[each.measure].title, each) for each in done if each.measure in asked
        ),
        measures_offered={each.measure: each.title for each in asked.values()},
        sources={key: source_line(key) for key in _keys(verdicts, found.review.prompts, gate)},
        may_enter=may_enter_score(by, patient),
    )


def my_outcomes(*, by: User, at: datetime) -> MyOutcomes:
    """The patient's own page; nothing on it that nobody has read in its source."""
    patient = own_chart(by)
    course = course_so_far(patient, at=at)
    shown = scale(COURSE_SCALE)
    verified = [each for each in definitions_of(shown.id) if each.standing == "verified"]
    coming = [each.planned_at for each in course.sessions if each.is_still_to_come]
    return MyOutcomes(
        patient_id=patient.pk,
        site=site_view(patient.site),
        waiting=tuple(each for each in waiting_lines(course) if each.at_home),
        at_any_time=_open_scales(course),
        questions=tuple(questions_for(patient, course.sessions, at=at)),
        chart=score_chart(course, shown, verified, for_patients=True),
        next_session_at=min((each for each in coming if each > at), default=None),
    )


def my_scale(*, by: User, scale_id: str) -> MyScale:
    """One scale to fill in at home."""
    patient = own_chart(by)
    if scale_id not in scales_at_home():
        raise NotFound
    last = patient.assessments.filter(scale=scale_id).order_by("-at").first()
    return MyScale(
        patient_id=patient.pk,
        scale=scale(scale_id),
        site=site_view(patient.site),
        last_on=last.at.astimezone(patient.site.zone).date() if last else None,
    )


def score_chart(
    course: CourseSoFar,
    shown: Scale,
    definitions: Iterable[Definition],
    *,
    for_patients: bool = False,
) -> ScoreChart:
    """Levels are drawn where they can be known: a fall needs the score at the start."""
    scores = tuple(each for each in course.series if each.scale == shown.id)
    start = baseline(
        scores,
        scale=shown.id,
        first_session_on=course.dates.first_session_on,
        first_dose_at=course.dates.first_dose_at,
        figures=outcome_figures(),
    )
    known = None if isinstance(start, Unknown) else start
    zone = course.patient.site.zone
    return ScoreChart(
        scale=shown,
        scores=scores,
        sessions_on=tuple(each.on for each in course.given),
        planned_on=tuple(
            each.planned_at.astimezone(zone).date()
            for each in course.sessions
            if each.is_still_to_come
        ),
        bands=tuple(
            each for each in shown.bands if each.standing == "verified" or not for_patients
        ),
        start=known,
        lines=tuple(_lines(definitions, known)),
        on=course.on,
    )


def _lines(definitions: Iterable[Definition], start: DatedScore | None) -> Iterable[Line]:
    """Response and remission, by the first definition of each: the one that is used."""
    seen: set[str] = set()
    for each in definitions:
        if each.outcome not in ("response", "remission") or each.outcome in seen:
            continue
        value = score_that_meets(each, reference=start.value if start else None)
        if value is not None:
            seen.add(each.outcome)
            yield Line(each, value)


def waiting_lines(course: CourseSoFar) -> tuple[WaitingLine, ...]:
    return tuple(
        WaitingLine(
            each.scale, each.due.since, each.due.until, each.due.at, each.at_home, each.rows
        )
        for each in scales_waiting(course)
    )


def _open_scales(course: CourseSoFar) -> tuple[Scale, ...]:
    """What may be filled in at any time once the history holds its first copy."""
    if not any(each.scale == COURSE_SCALE for each in course.measured):
        return ()
    return tuple(scales_at_home()[name] for name in (COURSE_SCALE, "gad-7"))


def _copy(each: Measured) -> CopyLine:
    asked = scale(each.scale)
    if isinstance(each.score, Unknown):
        return CopyLine(asked, each.on, None, "", each.by_name)
    reached = band(asked, each.score.value)
    label = reached.label if reached else ""
    return CopyLine(asked, each.on, each.score.value, label, each.by_name)


def _keys(
    verdicts: Iterable[Judged], prompts: Iterable[Prompt], gate: MonitoringRule | None
) -> set[str]:
    keys = {key for each in verdicts for key in each.definition.sources}
    keys |= {key for each in prompts for key in each.sources}
    return keys | set(gate.sources if gate else ())
