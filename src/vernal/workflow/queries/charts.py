"""The head of a chart: who the patient is, and where the course of care stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from vernal.accounts.models import User
from vernal.records.models import Patient
from vernal.workflow.history import SavedSection, newest_sections
from vernal.workflow.patients import patient_with
from vernal.workflow.permissions import check_may_read_chart
from vernal.workflow.queries.reach import SUPPORT, phone_of
from vernal.workflow.queries.readings import note_reading
from vernal.workflow.queries.sites import SiteView, site_view


@dataclass(frozen=True)
class ChartHead:
    """What stands at the top of every page about one patient."""

    patient_id: UUID
    name: str
    birth_date: date | None
    email: str
    phone: str
    site: SiteView


def chart_head(*, by: User, patient_id: UUID, at: datetime, page: str) -> ChartHead:
    """Open a page of the chart; the reading itself is noted in the audit chain."""
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page=page)
    return head_of(patient)


def readable_chart(*, by: User, patient_id: UUID, at: datetime, page: str) -> Patient:
    """The patient, once the actor may read the chart and the reading is on record."""
    patient = patient_with(patient_id)
    check_may_read_chart(by, patient)
    note_reading(by=by, patient=patient, at=at, page=page)
    return patient


def head_of(patient: Patient, saved: Mapping[str, SavedSection] | None = None) -> ChartHead:
    """`saved` are the newest sections where the page has read them already."""
    details = patient.details.latest("at")
    found = newest_sections(patient) if saved is None else saved
    told = {name: found[name].answers for name in ("about_you", SUPPORT) if name in found}
    birth_date = told.get("about_you", {}).get("birth_date")
    return ChartHead(
        patient_id=patient.pk,
        name=f"{details.given_name} {details.family_name}",
        birth_date=date.fromisoformat(birth_date) if birth_date else None,
        email=details.email,
        phone=phone_of(details.phone, told.get(SUPPORT)),
        site=site_view(patient.site),
    )
