"""Alerts: opened for the named person on call, escalated while nobody takes them on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from vernal.accounts.models import Membership, OnCall, User
from vernal.audit.chain import record
from vernal.knowledge.alerts import escalation
from vernal.records.models import Alert, AlertAcknowledged, AlertEscalated, Patient
from vernal.workflow import outbox
from vernal.workflow.errors import InvalidInput, NotFound
from vernal.workflow.permissions import CLINICAL, check_may_acknowledge_alert


def open_alert(*, by: User, patient: Patient, kind: str, source: str, at: datetime) -> None:
    """Open an alert and tell the person on call; part of the caller's act.

    One of the kind that nobody has taken on yet already says it. Where nobody is on call, every
    clinical member of the site is told.
    """
    if Alert.objects.filter(patient=patient, kind=kind, acknowledged=None).exists():
        return
    on_call = person_on_call(patient.site_id)
    alert, is_new = Alert.objects.get_or_create(
        source=source,
        defaults={"at": at, "by": by, "patient": patient, "kind": kind, "on_call": on_call},
    )
    if not is_new:
        return
    _tell(alert, [on_call.pk] if on_call else _clinical_staff(patient.site_id), step=0, at=at)
    record(
        "alert.opened",
        at=at,
        actor_id=by.pk,
        site_id=patient.site_id,
        patient_id=patient.pk,
        subject=f"alert:{alert.pk}",
        kind=kind,
        source=source,
    )


@transaction.atomic
def acknowledge_alert(*, by: User, alert_id: UUID, note: str, at: datetime) -> None:
    """Take an alert on, saying what was or will be done. The first acknowledgement stands."""
    alert = Alert.objects.select_related("patient").filter(pk=alert_id).first()
    if alert is None:
        raise NotFound
    check_may_acknowledge_alert(by, alert.patient)
    if not note.strip():
        raise InvalidInput({"note": _("Write what you did or will do now.")})
    _row, is_new = AlertAcknowledged.objects.get_or_create(
        alert=alert, defaults={"at": at, "by": by, "note": note.strip()}
    )
    if is_new:
        record(
            "alert.acknowledged",
            at=at,
            actor_id=by.pk,
            site_id=alert.patient.site_id,
            patient_id=alert.patient_id,
            subject=f"alert:{alert.pk}",
        )


def escalate_overdue(*, at: datetime) -> int:
    """Tell every clinical member again while an alert waits too long; returns how many were told
    about. The worker calls this; each step happens once, whoever runs it."""
    escalated = 0
    policy = escalation()
    waiting = Alert.objects.filter(acknowledged=None).select_related("patient")
    for alert in waiting.prefetch_related("escalations"):
        steps_due = int((at - alert.at) / policy.repeat_after)
        done = len(alert.escalations.all())
        if done < min(steps_due, policy.most_repeats):
            escalated += _escalate(alert.pk, step=done + 1, at=at)
    return escalated


def person_on_call(site_id: UUID) -> User | None:
    newest = OnCall.objects.filter(site_id=site_id).select_related("user").first()
    return newest.user if newest else None


@transaction.atomic
def _escalate(alert_id: UUID, *, step: int, at: datetime) -> bool:
    alert = Alert.objects.select_related("patient").get(pk=alert_id)
    _row, is_new = AlertEscalated.objects.get_or_create(alert=alert, step=step, defaults={"at": at})
    if is_new:
        _tell(alert, _clinical_staff(alert.patient.site_id), step=step, at=at)
        record(
            "alert.escalated",
            at=at,
            actor_id=None,
            site_id=alert.patient.site_id,
            patient_id=alert.patient_id,
            subject=f"alert:{alert.pk}",
            step=step,
        )
    return is_new


def _clinical_staff(site_id: UUID) -> list[UUID]:
    held = Membership.objects.filter(site_id=site_id, ended_at=None, role__in=CLINICAL)
    return list(held.order_by("user_id").values_list("user_id", flat=True).distinct())


def _tell(alert: Alert, user_ids: list[UUID], *, step: int, at: datetime) -> None:
    for user_id in user_ids:
        outbox.enqueue(
            key=f"alert:{alert.pk}:{step}:{user_id}",
            kind="alert",
            subject_id=alert.pk,
            to_user_id=user_id,
            at=at,
        )
