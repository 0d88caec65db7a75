"""The history, section by section. Each save is a row; the newest row of a section counts."""

from __future__ import annotations

from django.db import models

from vernal.records.patients import Patient
from vernal.records.rows import Row


class SectionSaved(Row):
    """Answers to one section of `knowledge/data/intake.yaml`, by the patient or by staff.

    `answers` maps fact ids to values in JSON form, or holds the `rows` of a list section; a
    question without an answer has no key.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="sections_saved")
    section = models.CharField(max_length=60)
    answers = models.JSONField()
    knowledge_version = models.CharField(max_length=12)

    class Meta:
        indexes = [models.Index(fields=["patient", "section", "-at"], name="newest_of_a_section")]


class IntakeSent(Row):
    """The patient says: this is what I know. Staff may go on asking."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="intakes_sent")
