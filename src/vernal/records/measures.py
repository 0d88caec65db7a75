"""Tests and calls that the calendar asks for and no scale holds."""

from __future__ import annotations

from django.db import models

from vernal.records.patients import Patient
from vernal.records.rows import Row


class MeasureDone(Row):
    """One test or call: on which day it was done, and what came of it, in words."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="measures_done")
    measure = models.CharField(max_length=40)
    done_on = models.DateField()
    result = models.TextField(max_length=1000)

    class Meta:
        indexes = [models.Index(fields=["patient", "measure", "-at"], name="newest_of_a_measure")]
