"""Something a named person must look at now."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from vernal.records.patients import Patient
from vernal.records.rows import Row


class Alert(Row):
    """Opened for the person on call. `source` is the row that raised it, as kind:id."""

    class Kind(models.TextChoices):
        suicidal_thoughts = "suicidal_thoughts"
        severe_effect = "severe_effect"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=40, choices=Kind)
    source = models.CharField(max_length=80, unique=True)
    on_call = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )


class AlertAcknowledged(Row):
    """A named person has taken it on, and what they did."""

    alert = models.OneToOneField(Alert, models.PROTECT, related_name="acknowledged")
    note = models.TextField(max_length=2000)


class AlertEscalated(models.Model):
    """Nobody acknowledged in time: told again, more widely. One row a step."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="escalations")
    step = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "step"], name="each_step_escalates_once")
        ]
