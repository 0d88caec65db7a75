"""The history as it is asked for and as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from vernal.accounts.models import User
from vernal.knowledge.alerts import escalation
from vernal.knowledge.facts import Fact, Section, facts, sections
from vernal.knowledge.medications import medicines
from vernal.records.models import Assessment, Patient
from vernal.rules.medications import find_medicine
from vernal.workflow.history import SavedSection, newest_sections
from vernal.workflow.intake import patient_sections, section_with
from vernal.workflow.patients import own_chart
from vernal.workflow.queries.charts import ChartHead, head_of, readable_chart
from vernal.workflow.queries.sites import SiteView, site_view

PHQ9 = "phq9"


@dataclass(frozen=True)
class SectionState:
    """How far one section is. `answered` of `asked` counts only sections of questions."""

    id: str
    title: str
    asked_of: str
    form: str
    is_saved: bool
    answered: int
    asked: int
    saved_at: datetime | None
    saved_by: str


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
    """One section to be filled in: its questions and what was answered last."""

    patient_id: UUID
    head: ChartHead
    section: Section
    facts: tuple[Fact, ...]
    kept: Mapping[str, Any]
    saved_at: datetime | None
    saved_by: str
    number: int
    of: int
    next_id: str
    unlisted: list[UnlistedMedicine]


@dataclass(frozen=True)
class UnlistedMedicine:
    """A name that is not on the shipped list, and those it may stand for."""

    typed_as: str
    suggestions: list[str]


def my_care(*, by: User) -> MyCare:
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


@dataclass(frozen=True)
class MySafety:
    """An open alert as its patient sees it. `on_call` is empty where everyone is told."""

    site: SiteView
    on_call: str
    told_at: datetime
    others_told_after_min: int


def my_safety(*, by: User) -> MySafety | None:
    """The patient's own alert that nobody has taken on yet, if there is one."""
    patient = own_chart(by)
    alert = patient.alerts.filter(acknowledged=None).select_related("on_call").first()
    if alert is None:
        return None
    return MySafety(
        site=site_view(patient.site),
        on_call=alert.on_call.name if alert.on_call else "",
        told_at=alert.at,
        others_told_after_min=int(escalation().repeat_after.total_seconds() // 60),
    )


def my_section(*, by: User, section_id: str) -> SectionView:
    """A section of the patient's own history."""
    patient, section = own_chart(by), section_with(section_id)
    return _section_view(patient, section, [each.id for each in patient_sections()])


def section(*, by: User, patient_id: UUID, section_id: str, at: datetime) -> SectionView:
    """Any section of a patient's history, for staff who ask; the reading is noted."""
    found = section_with(section_id)
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page=f"intake:{section_id}")
    return _section_view(patient, found, [each.id for each in screening_sections()])


def screening_sections() -> list[Section]:
    """Every section that belongs to the screening: the history and what staff add."""
    return [each for each in sections() if each.asked_at == "screening"]


def section_states(patient: Patient) -> list[SectionState]:
    saved = newest_sections(patient)
    phq9 = patient.assessments.filter(scale="phq-9").select_related("by").order_by("-at").first()
    return [_state(each, saved.get(each.id), phq9) for each in screening_sections()]


def _state(section: Section, saved: SavedSection | None, phq9: Assessment | None) -> SectionState:
    if section.id == PHQ9:
        at, by_name = (phq9.at, phq9.by.name) if phq9 else (None, "")
    else:
        at, by_name = (saved.at, saved.by_name) if saved else (None, "")
    return SectionState(
        id=section.id,
        title=section.title,
        asked_of=section.asked_of,
        form=section.form,
        is_saved=at is not None,
        answered=len(saved.answers) if saved and section.form == "facts" else 0,
        asked=len(section.facts),
        saved_at=at,
        saved_by=by_name,
    )


def _section_view(patient: Patient, section: Section, order: list[str]) -> SectionView:
    saved = newest_sections(patient).get(section.id)
    place = order.index(section.id) if section.id in order else -1
    return SectionView(
        patient_id=patient.pk,
        head=head_of(patient),
        section=section,
        facts=tuple(facts()[fact_id] for fact_id in section.facts),
        kept=saved.answers if saved else {},
        saved_at=saved.at if saved else None,
        saved_by=saved.by_name if saved else "",
        number=place + 1,
        of=len(order),
        next_id=order[place + 1] if 0 <= place < len(order) - 1 else "",
        unlisted=_unlisted(saved),
    )


def _unlisted(saved: SavedSection | None) -> list[UnlistedMedicine]:
    lines = saved.answers.get("lines", []) if saved else []
    searches = [(line["name"], find_medicine(line["name"], medicines().values())) for line in lines]
    return [
        UnlistedMedicine(typed_as, [medicine.name for medicine in search.suggestions])
        for typed_as, search in searches
        if search.exact is None
    ]
