"""The list of patients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery

from vernal.accounts.models import User
from vernal.records.models import Alert, Patient, PatientDetails
from vernal.workflow.permissions import (
    FRONT_OF_HOUSE,
    check_may_list_patients,
    may_read_chart,
    sites_where,
)
from vernal.workflow.queries.courses_places import Place, places
from vernal.workflow.queries.readings import note_list_reading
from vernal.workflow.queries.sites import SiteView, site_view


@dataclass(frozen=True)
class PatientLine:
    """One line of the list: who, and where the course of care stands.

    Alerts and alarms are told to those alone who may open the chart: `has_open_alert` and
    `has_alarm` are False for everyone else.
    """

    id: UUID
    name: str
    site: SiteView
    place: Place
    has_open_alert: bool
    may_open: bool

    @property
    def has_alarm(self) -> bool:
        return self.may_open and self.place.has_alarm


def patients(*, by: User, at: datetime) -> list[PatientLine]:
    """Patients of the actor's sites: open alerts, alarms and due reviews first, then the newest.

    Who stood on the list is on record.
    """
    check_may_list_patients(by)
    rows = list(_named().filter(site__in=sites_where(by, FRONT_OF_HOUSE)).order_by("-at"))
    shown = [(row.site_id, row.pk) for row in rows]
    note_list_reading("patients.read", by=by, at=at, shown=shown)
    found = places(rows, at=at)
    lines = [_line(by, row, found[row.pk]) for row in rows]
    return sorted(lines, key=_urgency)


def _line(by: User, row: Patient, place: Place) -> PatientLine:
    may_open = may_read_chart(by, row)
    return PatientLine(
        id=row.pk,
        name=f"{row.given_name} {row.family_name}",
        site=site_view(row.site),
        place=place,
        has_open_alert=may_open and row.has_open_alert,
        may_open=may_open,
    )


def _urgency(line: PatientLine) -> tuple[bool, bool, bool]:
    is_due = line.place.standing.waits == "review_due"
    return not line.has_open_alert, not line.has_alarm, not is_due


def _named():
    details = PatientDetails.objects.filter(patient=OuterRef("pk")).order_by("-at")
    return Patient.objects.select_related("site").annotate(
        given_name=Subquery(details.values("given_name")[:1]),
        family_name=Subquery(details.values("family_name")[:1]),
        has_open_alert=Exists(Alert.objects.filter(patient=OuterRef("pk"), acknowledged=None)),
    )
