"""The decision whether, when and how to treat again."""

from __future__ import annotations

from django.db import models

from vernal.records.patients import Patient
from vernal.records.plans import Plan
from vernal.records.rows import Row


class ReviewSigned(Row):
    """What the clinician decided after looking at the course, with all it was decided from."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="reviews")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="reviews")
    option = models.CharField(max_length=40)
    note = models.TextField(max_length=4000)
    look_again_on = models.DateField(null=True)
    course = models.JSONField()
    options = models.JSONField()
    knowledge_version = models.CharField(max_length=12)

    class Meta:
        indexes = [models.Index(fields=["patient", "-at"], name="newest_review")]
