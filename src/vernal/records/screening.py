"""The pre-treatment check: what is considered, what was weighed, who overrode, what was decided."""

from __future__ import annotations

from django.db import models

from vernal.records.patients import Patient
from vernal.records.rows import Row


class TreatmentConsidered(Row):
    """Route and indication the screening is made for; the newest row counts."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="treatments_considered")
    route = models.CharField(max_length=20)
    indication = models.CharField(max_length=20)


class AboutOneFinding(Row):
    """A word about one finding, bound to the rule versions and facts it was said about.

    When rule or facts change, the words no longer count and must be said again.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="%(class)ss")
    condition = models.CharField(max_length=80)
    finding = models.JSONField()
    reason = models.TextField(max_length=4000)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["patient", "condition", "-at"])]


class BenefitRiskNote(AboutOneFinding):
    """A prescriber weighed benefit against risk."""


class BarOverride(AboutOneFinding):
    """A second clinician sets a bar aside, with a reason. Never the one who signs the decision."""


class ScreeningDecision(Row):
    """Signed by a named clinician. Keeps facts, findings, rule ids and versions for ten years."""

    class Outcome(models.TextChoices):
        eligible = "eligible"
        not_eligible = "not_eligible"
        deferred = "deferred"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="screening_decisions")
    route = models.CharField(max_length=20)
    indication = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20, choices=Outcome)
    defer_until = models.DateField(null=True)
    note = models.TextField(max_length=4000)
    facts = models.JSONField()
    findings = models.JSONField()
    knowledge_version = models.CharField(max_length=12)

    class Meta:
        indexes = [models.Index(fields=["patient", "-at"], name="newest_screening_decision")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="deferred", defer_until__isnull=False)
                | (~models.Q(outcome="deferred") & models.Q(defer_until=None)),
                name="only_a_deferral_has_a_date",
            )
        ]
