"""Alerts: opened for the named person on call, escalated while nobody takes them on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext as _

from vernal.accounts.models import Membership, OnCall, User
from vernal.audit.chain import record
from vernal.knowledge.alerts import escalation
from vernal.knowledge.figures import history_figures
from vernal.records.models import Alert, AlertAcknowledged, AlertEscalated, Patient
from vernal.rules.alerts import is_worse
from vernal.workflow import outbox
from vernal.workflow.alert_answers import reported
from vernal.workflow.errors import InvalidInput, NotFound, NotPossibleNow
from vernal.workflow.permissions import CLINICAL, check_may_acknowledge_alert


def open_alert(*, by: User, patient: Patient, kind: str, source: str, at: datetime) -> None:
    """Open an alert and tell the person on call; part of the caller's act, after its row is kept.

    While others of the kind wait for a person, only a worse answer opens one more, with a time and
    an escalation of its own: what is as bad or milder they say already. Where nobody is on call,
    every clinical member of the site is told.
    """
    # Two tabs that save at once wait for each other here, so that one alert is opened, not two.
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    waiting = list(Alert.objects.filter(patient=patient, kind=kind, acknowledged=None))
    if waiting and not _is_worse(Alert(kind=kind, source=source), waiting):
        return
    on_call = person_on_call(patient.site_id)
    alert, is_new = Alert.objects.get_or_create(
        source=source,
        defaults={"at": at, "by": by, "patient": patient, "kind": kind, "on_call": on_call},
    )
    if not is_new:
        return
    told = [on_call.pk] if on_call else clinical_staff(patient.site_id)
    _tell(alert, told, step=0, at=at, kind="worse_alert" if waiting else "alert")
    record(
        "alert.opened",
        at=at,
        actor_id=by.pk,
        site_id=patient.site_id,
        patient_id=patient.pk,
        subject=f"alert:{alert.pk}",
        kind=kind,
        source=source,
        worse=bool(waiting),
    )


@transaction.atomic
def acknowledge_alert(*, by: User, alert_id: UUID, note: str, at: datetime) -> None:
    """Take an alert on, saying what was or will be done. Only one person holds it.

    The milder ones of the patient that waited before it are taken on with it. One that came later
    goes on waiting: whoever writes the note may not have seen it.
    """
    alert = Alert.objects.select_related("patient").filter(pk=alert_id).first()
    if alert is None:
        raise NotFound
    check_may_acknowledge_alert(by, alert.patient)
    if not note.strip():
        raise InvalidInput({"note": _("Write what you did or will do now.")})
    row, is_new = AlertAcknowledged.objects.get_or_create(
        alert=alert, defaults={"at": at, "by": by, "note": note.strip()}
    )
    if row.by_id != by.pk:
        raise NotPossibleNow(
            _("%(name)s has already taken this alert on. Speak with them about what you know.")
            % {"name": row.by.name}
        )
    if is_new:
        _record_taken_on(alert, by=by, at=at)
        for earlier in _earlier(alert):
            _row, is_new = AlertAcknowledged.objects.get_or_create(
                alert=earlier, defaults={"at": at, "by": by, "note": row.note}
            )
            if is_new:
                _record_taken_on(earlier, by=by, at=at)


def escalate_overdue(*, at: datetime) -> int:
    """Tell every clinical member again while an alert waits too long; returns how many alerts were
    told about. The worker calls this. Each step happens once, whoever runs it; steps that a worker
    slept through become one. Once a worse alert of the patient has reached everyone, the earlier
    one is no longer told beside it."""
    policy = escalation()
    worse = _of_same_kind(acknowledged=None, at__gt=OuterRef("at"), escalations__isnull=False)
    waiting = Alert.objects.filter(~Exists(worse), acknowledged=None)
    waiting = waiting.annotate(last=Max("escalations__step"))
    escalated = 0
    for alert in waiting:
        step = policy.steps(at - alert.at)
        if step > (alert.last or 0):
            escalated += _escalate(alert.pk, step=step, at=at)
    return escalated


def person_on_call(site_id: UUID) -> User | None:
    """Who answers now; None when nobody was named or that person no longer works there."""
    newest = OnCall.objects.filter(site_id=site_id).select_related("user").first()
    if newest is None or newest.user_id not in clinical_staff(site_id):
        return None
    return newest.user


def _is_worse(new: Alert, waiting: list[Alert]) -> bool:
    answers = reported([new, *waiting])
    known = [each for alert in waiting for each in answers[alert.pk].answers]
    level = history_figures().same_day_level
    return is_worse(answers[new.pk].answers, known, same_day_level=level)


def _of_same_kind(**where: object) -> QuerySet[Alert]:
    """Alerts of the patient and the kind of an outer one."""
    return Alert.objects.filter(patient=OuterRef("patient"), kind=OuterRef("kind"), **where)


def _earlier(alert: Alert) -> QuerySet[Alert]:
    """Those of the patient and the kind that wait since before."""
    rows = Alert.objects.filter(patient=alert.patient_id, kind=alert.kind, acknowledged=None)
    return rows.filter(at__lte=alert.at).select_related("patient")


def _record_taken_on(alert: Alert, *, by: User, at: datetime) -> None:
    record(
        "alert.acknowledged",
        at=at,
        actor_id=by.pk,
        site_id=alert.patient.site_id,
        patient_id=alert.patient_id,
        subject=f"alert:{alert.pk}",
    )


@transaction.atomic
def _escalate(alert_id: UUID, *, step: int, at: datetime) -> bool:
    waiting = Alert.objects.select_for_update(no_key=True, of=("self",)).select_related("patient")
    alert = waiting.get(pk=alert_id)
    if AlertAcknowledged.objects.filter(alert=alert).exists():
        return False
    _row, is_new = AlertEscalated.objects.get_or_create(alert=alert, step=step, defaults={"at": at})
    if is_new:
        _tell(alert, clinical_staff(alert.patient.site_id), step=step, at=at)
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


def clinical_staff(site_id: UUID) -> list[UUID]:
    """Nurses, prescribers and the director who work at the site now."""
    held = Membership.objects.filter(
        site_id=site_id, ended_at=None, role__in=CLINICAL, user__is_active=True
    )
    return list(held.order_by("user_id").values_list("user_id", flat=True).distinct())


def _tell(
    alert: Alert, user_ids: list[UUID], *, step: int, at: datetime, kind: str = "alert"
) -> None:
    for user_id in user_ids:
        outbox.enqueue(
            key=f"alert:{alert.pk}:{step}:{user_id}",
            kind=kind,
            subject_id=alert.pk,
            to_user_id=user_id,
            at=at,
        )
