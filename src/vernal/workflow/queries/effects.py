"""Side effects as patient and staff see them: what was told, beside what was published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vernal.accounts.models import User
from vernal.knowledge.effects import asked, rates
from vernal.knowledge.figures import home_figures
from vernal.records.models import EffectsReported, Patient
from vernal.rules.effects import (
    AskedEffect,
    Axis,
    Comparison,
    Group,
    Moment,
    MomentDue,
    NoComparator,
    ObservedEffect,
    asked_from_home,
    asked_now,
    calls_now,
    moment_due,
    rates_beside,
)
from vernal.workflow.course_so_far import SessionSoFar, session_so_far, sessions_of
from vernal.workflow.effects import everything_felt, newest_told, session_of, told_at_home
from vernal.workflow.errors import NotFound
from vernal.workflow.patients import own_chart
from vernal.workflow.permissions import may_ask_effects
from vernal.workflow.queries.charts import ChartHead, head_of, readable_chart
from vernal.workflow.queries.cited import SourceLine, source_line
from vernal.workflow.queries.sites import SiteView, site_view

GROUPS: tuple[Group, ...] = ("ketamine", "ketamine_or_esketamine", "esketamine")
"""The spray has most of the published rates; each row names its treatment."""


@dataclass(frozen=True)
class Report:
    """What was told from home at one moment. `at` and `by_name` say when and by whom."""

    moment: Moment
    felt: tuple[ObservedEffect, ...]
    words: str
    at: datetime
    by_name: str


@dataclass(frozen=True)
class Published:
    """One asked effect with its published rates, axis by axis; arms always together."""

    effect: AskedEffect
    by_axis: Mapping[Axis, tuple[Comparison | NoComparator, ...]]


@dataclass(frozen=True)
class EffectsQuestion:
    """One session after which somebody is asked: by the page at home, or by staff who call."""

    session_id: UUID
    patient_id: UUID
    number: int
    dose_at: datetime | None
    site: SiteView
    asked: tuple[AskedEffect, ...]
    window: MomentDue | None
    next_due: MomentDue | None
    reports: Mapping[Moment, Report]
    published: Mapping[str, Published]
    sources: Mapping[str, SourceLine]

    @property
    def due(self) -> MomentDue | None:
        """The question whose time it is, while nobody has answered it."""
        is_told = self.window is None or self.window.moment in self.reports
        return None if is_told else self.window

    @property
    def newest(self) -> Report | None:
        return max(self.reports.values(), key=lambda each: each.at, default=None)


@dataclass(frozen=True)
class SessionEffects:
    """Everything felt around one session: before going home (the log) and at home."""

    session_id: UUID
    number: int
    dose_at: datetime
    felt: tuple[ObservedEffect, ...]
    reports: Mapping[Moment, Report]
    due: MomentDue | None
    calling: tuple[ObservedEffect, ...]


@dataclass(frozen=True)
class EffectsView:
    """The staff page: sessions, the newest first, and rates of everything that was felt."""

    head: ChartHead
    sessions: list[SessionEffects]
    published: Mapping[str, Published]
    sources: Mapping[str, SourceLine]
    may_ask: bool


def my_effects(*, by: User, session_id: UUID, at: datetime) -> EffectsQuestion:
    """One session of the patient's own. Published rates are those that patients may see."""
    patient = own_chart(by)
    row = session_of(by, session_id)
    if row.patient_id != patient.pk:
        raise NotFound
    session, told = session_so_far(row, at=at), newest_told([row.pk])[row.pk]
    return _question(session, told, patient.pk, site_view(patient.site), at)


def effects_question(
    *, by: User, patient_id: UUID, session_id: UUID, at: datetime
) -> EffectsQuestion:
    """The same, for staff who ask by telephone; the reading is noted."""
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page="effects:ask")
    row = session_of(by, session_id)
    if row.patient_id != patient.pk:
        raise NotFound
    session, told = session_so_far(row, at=at), newest_told([row.pk])[row.pk]
    return _question(session, told, patient.pk, site_view(patient.site), at)


def questions_for(
    patient: Patient, sessions: Iterable[SessionSoFar], *, at: datetime
) -> list[EffectsQuestion]:
    """Sessions after which the patient is asked something now."""
    until = home_figures().until
    recent = [each for each in sessions if each.dose_at and at < each.dose_at + until]
    told, site = newest_told([each.id for each in recent]), site_view(patient.site)
    questions = [_question(each, told[each.id], patient.pk, site, at) for each in recent]
    return [each for each in questions if each.due]


def effects(*, by: User, patient_id: UUID, at: datetime) -> EffectsView:
    """Every session's effects beside the published rates; the reading is noted."""
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page="effects")
    given = [each for each in sessions_of(patient, at=at) if each.is_given]
    told = newest_told([each.id for each in given])
    sessions = [_session(each, told[each.id], at=at) for each in reversed(given)]
    felt = {each.effect for session in sessions for each in session.felt if each.severity}
    published = {each.id: beside(each) for each in asked() if each.id in felt}
    return EffectsView(
        head=head_of(patient),
        sessions=sessions,
        published=published,
        sources=_sources(published),
        may_ask=may_ask_effects(by, patient),
    )


def beside(effect: AskedEffect, *, for_patients: bool = False) -> Published:
    """Published rates of one effect. Patients see what somebody has read in its source."""
    shown = [rate for rate in rates() if rate.standing == "verified" or not for_patients]
    return Published(effect, rates_beside(effect, shown, group=GROUPS))


def _question(
    session: SessionSoFar,
    told: Mapping[Moment, EffectsReported],
    patient_id: UUID,
    site: SiteView,
    at: datetime,
) -> EffectsQuestion:
    reports = {moment: _report(row) for moment, row in told.items()}
    windows = asked_from_home(session.dose_at, figures=home_figures()) if session.dose_at else ()
    on_list = asked_now(asked(), route=session.route)
    felt = {each.effect for report in reports.values() for each in report.felt if each.severity}
    published = {each.id: beside(each, for_patients=True) for each in on_list if each.id in felt}
    return EffectsQuestion(
        session_id=session.id,
        patient_id=patient_id,
        number=session.number,
        dose_at=session.dose_at,
        site=site,
        asked=on_list,
        window=_moment_due(session, told=(), at=at),
        next_due=next((each for each in windows if each.since > at), None),
        reports=reports,
        published=published,
        sources=_sources(published),
    )


def _moment_due(session: SessionSoFar, *, told: Iterable[Moment], at: datetime) -> MomentDue | None:
    if session.dose_at is None:
        return None
    return moment_due(session.dose_at, told=told, at=at, figures=home_figures())


def _session(
    session: SessionSoFar, told: Mapping[Moment, EffectsReported], *, at: datetime
) -> SessionEffects:
    felt = everything_felt(session, told.values())
    return SessionEffects(
        session_id=session.id,
        number=session.number,
        dose_at=session.dose_at,
        felt=felt,
        reports={moment: _report(row) for moment, row in told.items()},
        due=_moment_due(session, told=told, at=at),
        calling=calls_now(felt, {each.id: each for each in asked()}),
    )


def _report(row: EffectsReported) -> Report:
    felt = told_at_home(row.effects, row.asked_at)
    return Report(row.asked_at, felt, row.words, row.at, row.by.name)


def _sources(published: Mapping[str, Published]) -> dict[str, SourceLine]:
    rates = (
        each.rate
        for part in published.values()
        for found in part.by_axis.values()
        for each in found
    )
    return {key: source_line(key) for rate in rates for key in rate.sources}
