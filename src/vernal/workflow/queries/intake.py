"""The history as it is asked for and as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from vernal.accounts.models import User
from vernal.knowledge.alerts import escalation
from vernal.knowledge.facts import Fact, Section, facts, sections
from vernal.knowledge.figures import value as figure
from vernal.knowledge.scales import scale
from vernal.records.models import Alert, Assessment, Patient
from vernal.rules.conditions import Facts
from vernal.workflow.alert_answers import PHQ9, PHQ9_SCALE
from vernal.workflow.alerts import clinical_staff
from vernal.workflow.history import SavedSection, known_facts, newest_sections, saves_of
from vernal.workflow.intake import patient_sections, section_with
from vernal.workflow.meanwhile import NOTHING_SAVED
from vernal.workflow.patients import own_chart
from vernal.workflow.queries.alerts import WaitingAlert, waiting_alerts
from vernal.workflow.queries.charts import ChartHead, head_of, readable_chart
from vernal.workflow.queries.medicine_names import NameQuestion, name_questions
from vernal.workflow.queries.sites import SiteView, site_view


@dataclass(frozen=True)
class Question:
    """A question by its label for staff and in the words a patient reads."""

    label: str
    ask: str


@dataclass(frozen=True)
class SectionState:
    """How far one section is: questions without an answer, and those answered “I don't know”."""

    id: str
    title: str
    asked_of: str
    saved_at: datetime | None
    saved_by: str
    open: tuple[Question, ...] = ()
    not_known: tuple[Question, ...] = ()

    @property
    def is_saved(self) -> bool:
        return self.saved_at is not None


@dataclass(frozen=True)
class MyCare:
    """The patient's own page."""

    patient_id: UUID
    name: str
    site: SiteView
    sections: list[SectionState]
    sent_at: datetime | None
    decision: str

    @property
    def next_section(self) -> SectionState | None:
        return next((state for state in self.sections if not state.is_saved), None)


@dataclass(frozen=True)
class SectionView:
    """One section to be filled in: its questions and what was answered last, in the save `shows`.

    `measured` are all facts known now, for what the page works out from them (BMI, pounds).
    """

    patient_id: UUID
    head: ChartHead
    section: Section
    facts: tuple[Fact, ...]
    kept: Mapping[str, Any]
    shows: UUID
    state: SectionState
    number: int
    of: int
    next_id: str
    last_id: str
    name_questions: list[NameQuestion]
    measured: Facts


@dataclass(frozen=True)
class SectionHistory:
    """Every save of one section, the newest first."""

    head: ChartHead
    section: Section
    facts: tuple[Fact, ...]
    saves: list[Save]


@dataclass(frozen=True)
class Save:
    at: datetime
    by_name: str
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class MySafety:
    """The open alerts of a kind as their patient sees them, the first at the top: one for each
    answer that was sent. `anyone_told` is False where the clinic has nobody whom Vernal could
    tell; otherwise everyone was told where an alert has no `on_call`."""

    site: SiteView
    sent: tuple[WaitingAlert, ...]
    anyone_told: bool
    others_told_after_min: int
    others_told_later_every_min: int


def my_care(*, by: User) -> MyCare:
    """How far the patient's own history is, and what was decided."""
    patient = own_chart(by)
    sent = patient.intakes_sent.order_by("at").first()
    decision = patient.screening_decisions.order_by("-at").first()
    return MyCare(
        patient_id=patient.pk,
        name=by.name,
        site=site_view(patient.site),
        sections=[state for state in section_states(patient) if state.asked_of == "patient"],
        sent_at=sent.at if sent else None,
        decision=decision.outcome if decision else "",
    )


def my_safety(*, by: User, kind: str = Alert.Kind.suicidal_thoughts.value) -> MySafety | None:
    """What was sent of the patient's own answers and nobody has taken on yet, if anything was."""
    patient = own_chart(by)
    waiting = (each for each in waiting_alerts(patient) if each.kind == kind)
    sent = tuple(sorted(waiting, key=lambda each: each.at))
    if not sent:
        return None
    has_named = any(each.on_call for each in sent)
    return MySafety(
        site=site_view(patient.site),
        sent=sent,
        anyone_told=has_named or bool(clinical_staff(patient.site_id)),
        others_told_after_min=int(escalation().repeat_after.total_seconds() // 60),
        others_told_later_every_min=int(escalation().later_every.total_seconds() // 60),
    )


def my_section(*, by: User, section_id: str, at: datetime) -> SectionView:
    """A section of the patient's own history."""
    patient, section = own_chart(by), section_with(section_id)
    order = [each.id for each in patient_sections()]
    return _section_view(patient, section, order, at=at)


def section(*, by: User, patient_id: UUID, section_id: str, at: datetime) -> SectionView:
    """Any section of a patient's history, for staff who ask; the reading is noted."""
    found = section_with(section_id)
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page=f"intake:{section_id}")
    return _section_view(patient, found, [each.id for each in screening_sections()], at=at)


def section_history(*, by: User, patient_id: UUID, section_id: str, at: datetime) -> SectionHistory:
    """Who answered what when, in one section; the reading is noted."""
    found = section_with(section_id)
    page = f"intake:{section_id}:history"
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page=page)
    saves = (
        [Save(row.at, row.by.name, row.answers) for row in _phq9_of(patient)]
        if found.id == PHQ9
        else [Save(each.at, each.by_name, each.answers) for each in saves_of(patient, found)]
    )
    return SectionHistory(head_of(patient), found, _facts_of(found), saves)


def screening_sections() -> list[Section]:
    """Every section that belongs to the screening: the history and what staff add."""
    return [each for each in sections() if each.asked_at == "screening"]


def section_states(
    patient: Patient, saved: Mapping[str, SavedSection] | None = None
) -> list[SectionState]:
    """`saved` are the newest sections where the page has read them already."""
    newest = newest_sections(patient) if saved is None else saved
    phq9 = _phq9_of(patient).first()
    return [
        _scale_state(each, phq9) if each.id == PHQ9 else _state(each, newest.get(each.id))
        for each in screening_sections()
    ]


def _state(section: Section, saved: SavedSection | None) -> SectionState:
    answers = saved.answers if saved else {}
    asked = _facts_of(section)
    return SectionState(
        id=section.id,
        title=section.title,
        asked_of=section.asked_of,
        saved_at=saved.at if saved else None,
        saved_by=saved.by_name if saved else "",
        open=tuple(
            Question(fact.label, fact.ask)
            for fact in asked
            if fact.id not in answers and not fact.may_stay_empty
        ),
        not_known=tuple(
            Question(fact.label, fact.ask)
            for fact in asked
            if answers.get(fact.id) in fact.open_answers
        ),
    )


def _scale_state(section: Section, row: Assessment | None) -> SectionState:
    answers = row.answers if row else {}
    return SectionState(
        id=section.id,
        title=section.title,
        asked_of=section.asked_of,
        saved_at=row.at if row else None,
        saved_by=row.by.name if row else "",
        open=tuple(
            Question(item.label, item.text or item.label)
            for item in scale(PHQ9_SCALE).items
            if item.counts and item.id not in answers
        ),
    )


def _section_view(
    patient: Patient, section: Section, order: list[str], *, at: datetime
) -> SectionView:
    newest = newest_sections(patient)
    saved = newest.get(section.id)
    kept = saved.answers if saved else {}
    state = _state(section, saved)
    if section.id == PHQ9:
        row = _phq9_of(patient).first()
        stays_open = timedelta(hours=float(figure("scale_stays_open")))
        kept = row.answers if row and at - row.at < stays_open else {}
        state = _scale_state(section, row)
    place = order.index(section.id) if section.id in order else -1
    return SectionView(
        patient_id=patient.pk,
        head=head_of(patient, newest),
        section=section,
        facts=_facts_of(section),
        kept=kept,
        shows=saved.id if saved else NOTHING_SAVED,
        state=state,
        number=place + 1,
        of=len(order),
        next_id=order[place + 1] if 0 <= place < len(order) - 1 else "",
        last_id=order[place - 1] if place > 0 else "",
        name_questions=name_questions(kept.get("lines", [])),
        measured=known_facts(newest, on=_day(patient, at)),
    )


def _facts_of(section: Section) -> tuple[Fact, ...]:
    return tuple(facts()[fact_id] for fact_id in section.facts)


def _phq9_of(patient: Patient):
    rows = Assessment.objects.filter(patient=patient, scale=PHQ9_SCALE)
    return rows.select_related("by").order_by("-at")


def _day(patient: Patient, at: datetime) -> date:
    return at.astimezone(patient.site.zone).date()
