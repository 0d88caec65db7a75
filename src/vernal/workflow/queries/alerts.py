"""Alerts that wait for a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery

from vernal.accounts.models import User
from vernal.records.models import Alert, Patient, PatientDetails, SectionSaved
from vernal.workflow.alert_answers import Reported, reported
from vernal.workflow.errors import NotFound
from vernal.workflow.permissions import (
    CLINICAL,
    check_may_acknowledge_alert,
    check_may_read_alerts,
    sites_where,
)
from vernal.workflow.queries.reach import SUPPORT, phone_of
from vernal.workflow.queries.readings import note_list_reading, note_reading
from vernal.workflow.queries.sites import SiteView, site_view

ALERTS_LENGTH = 200
PERSON = "person_to_call"


@dataclass(frozen=True)
class WaitingAlert:
    """One that nobody has taken on yet, with what was answered and who was told."""

    id: UUID
    kind: str
    at: datetime
    on_call: str
    reported: Reported


@dataclass(frozen=True)
class AlertView:
    """One alert, what was answered, and how to reach those it is about.

    `patient_phone` is empty and `person_to_call` None where nobody gave it. `acknowledged_by` is
    empty while it waits. `others` are the patient's other alerts of the kind that wait, the newest
    first, where the alert was opened by itself.
    """

    id: UUID
    patient_id: UUID
    patient_name: str
    patient_phone: str
    person_to_call: str | None
    site: SiteView
    kind: str
    at: datetime
    on_call: str
    acknowledged_by: str
    acknowledged_at: datetime | None
    note: str
    reported: Reported
    others: tuple[WaitingAlert, ...] = ()


def alerts(*, by: User, at: datetime) -> list[AlertView]:
    """Alerts of the actor's sites: every one that waits, intention and plans before all others,
    then the longest waiting; after them the newest that were taken on.

    Who stood on the list is on record.
    """
    check_may_read_alerts(by)
    rows = _alerts().filter(patient__site__in=sites_where(by, CLINICAL))
    waiting = rows.filter(acknowledged=None).order_by("at")
    taken_on = rows.filter(acknowledged__isnull=False).order_by("-at")[:ALERTS_LENGTH]
    found = [*waiting, *taken_on]
    shown = [(row.patient.site_id, row.patient_id) for row in found]
    note_list_reading("alerts.read", by=by, at=at, shown=shown)
    told = reported(found)
    views = [_view(row, told[row.pk]) for row in found]
    return sorted(views, key=_is_not_first)  # stable: among equals the order of time stays


def _is_not_first(view: AlertView) -> bool:
    return bool(view.acknowledged_by) or not view.reported.is_grave


def waiting_alerts(patient: Patient) -> list[WaitingAlert]:
    """The patient's alerts that nobody has taken on: the gravest first, then the newest."""
    rows = list(patient.alerts.filter(acknowledged=None).select_related("on_call").order_by("-at"))
    told = reported(rows)
    found = [
        WaitingAlert(
            id=row.pk,
            kind=row.kind,
            at=row.at,
            on_call=row.on_call.name if row.on_call else "",
            reported=told[row.pk],
        )
        for row in rows
    ]
    suicidal = Alert.Kind.suicidal_thoughts
    return sorted(found, key=lambda each: (each.kind != suicidal, not each.reported.is_grave))


def alert(*, by: User, alert_id: UUID, at: datetime) -> AlertView:
    """One alert; opening it is noted, because it tells something about a patient."""
    row = _alerts().filter(pk=alert_id).first()
    if row is None:
        raise NotFound
    check_may_acknowledge_alert(by, row.patient)
    note_reading(by=by, patient=row.patient, at=at, page="alert")
    others = (each for each in waiting_alerts(row.patient) if each.kind == row.kind)
    newest_first = sorted(others, key=lambda each: each.at, reverse=True)
    return replace(
        _view(row, reported([row])[row.pk]),
        others=tuple(each for each in newest_first if each.id != row.pk),
    )


def count_open_alerts(*, by: User) -> int:
    """How many alerts at the actor's sites nobody has taken on."""
    return Alert.objects.filter(
        patient__site__in=sites_where(by, CLINICAL), acknowledged=None
    ).count()


def _alerts():
    details = PatientDetails.objects.filter(patient=OuterRef("patient")).order_by("-at")
    support = SectionSaved.objects.filter(patient=OuterRef("patient"), section=SUPPORT)
    return Alert.objects.select_related("patient__site", "on_call", "acknowledged__by").annotate(
        given_name=Subquery(details.values("given_name")[:1]),
        family_name=Subquery(details.values("family_name")[:1]),
        phone=Subquery(details.values("phone")[:1]),
        support=Subquery(support.order_by("-at", "-id").values("answers")[:1]),
    )


def _view(row: Alert, told: Reported) -> AlertView:
    taken_on = getattr(row, "acknowledged", None)
    return AlertView(
        id=row.pk,
        patient_id=row.patient_id,
        patient_name=f"{row.given_name} {row.family_name}",
        patient_phone=phone_of(row.phone, row.support),
        person_to_call=(row.support or {}).get(PERSON),
        site=site_view(row.patient.site),
        kind=row.kind,
        at=row.at,
        on_call=row.on_call.name if row.on_call else "",
        acknowledged_by=taken_on.by.name if taken_on else "",
        acknowledged_at=taken_on.at if taken_on else None,
        note=taken_on.note if taken_on else "",
        reported=told,
    )
