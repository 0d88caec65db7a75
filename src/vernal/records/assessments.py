"""Filled-in scales."""

from __future__ import annotations

from django.db import models

from vernal.records.patients import Patient
from vernal.records.rows import Row


class Assessment(Row):
    """One filled-in copy of a scale: item numbers to answers, or `total` where only it is kept.

    The score is worked out by `rules.scales`, never stored beside the answers. `rated_on` is the
    day of the rating where it was not the day on which it was written down.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="assessments")
    scale = models.CharField(max_length=40)
    scale_version = models.PositiveSmallIntegerField()
    answers = models.JSONField()
    rated_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "scale", "-at"], name="newest_of_a_scale")]
