"""What the prescriber decided for one patient, and the dates on which it happens."""

from __future__ import annotations

from django.db import models

from vernal.records.intake import SectionSaved
from vernal.records.patients import Patient
from vernal.records.rows import Row
from vernal.records.screening import ScreeningDecision


class Plan(Row):
    """A plan as drawn up. The newest one that is confirmed and signed counts.

    `worksheet` keeps every line of the dose arithmetic as it was shown; `weight` is the staff
    measurement it rests on. One of `dose_mg_per_kg` and `dose_mg` is given, by route.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="plans")
    decision = models.ForeignKey(ScreeningDecision, models.PROTECT, related_name="plans")
    protocol = models.CharField(max_length=60)
    protocol_version = models.PositiveSmallIntegerField()
    phase = models.CharField(max_length=40)
    schedule = models.CharField(max_length=40)
    dose_mg_per_kg = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    dose_mg = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    weight = models.ForeignKey(SectionSaved, models.PROTECT, related_name="+")
    weight_basis = models.CharField(max_length=10)
    reason = models.TextField(max_length=4000, blank=True)
    worksheet = models.JSONField()
    knowledge_version = models.CharField(max_length=12)

    class Meta:
        indexes = [models.Index(fields=["patient", "-at"], name="newest_plan")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(dose_mg_per_kg__gt=0, dose_mg=None)
                | models.Q(dose_mg_per_kg=None, dose_mg__gt=0),
                name="a_plan_has_one_kind_of_dose",
            )
        ]


class PlanConfirmed(Row):
    """A second person went through the arithmetic line by line; never the one who drew it up."""

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="confirmed")


class PlanSigned(Row):
    """A prescriber signed the plan."""

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="signed")


class Session(Row):
    """One visit under a plan in which a dose may be given, as first booked."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="sessions")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    planned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"], name="one_session_of_a_number_in_a_plan"
            )
        ]


class SessionMoved(Row):
    """Another time for a session that has not begun; the newest row counts."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="moves")
    planned_at = models.DateTimeField()
    reason = models.TextField(max_length=1000)


class SessionCancelled(Row):
    """The session will not take place."""

    session = models.OneToOneField(Session, models.PROTECT, related_name="cancelled")
    reason = models.TextField(max_length=1000)
