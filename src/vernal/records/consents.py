"""Consent: read and answered at home, gone through with a clinician, signed by the patient."""

from __future__ import annotations

from django.db import models

from vernal.records.patients import Patient
from vernal.records.rows import Row


class ConsentAnswered(Row):
    """Elements ticked and teach-back questions answered, by the patient; the newest counts.

    `version` is that of the whole form for this route and indication.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="consents_answered")
    route = models.CharField(max_length=20)
    indication = models.CharField(max_length=20)
    version = models.CharField(max_length=64)
    ticks = models.JSONField()
    teach_backs = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-at"], name="newest_consent_answers")]


class ConsentDiscussed(Row):
    """A clinician went through it with the patient and judged the capacity to decide."""

    answered = models.OneToOneField(ConsentAnswered, models.PROTECT, related_name="discussed")
    has_capacity = models.BooleanField()
    note = models.TextField(max_length=4000)


class ConsentSigned(Row):
    """The patient's signature, typed by the patient after the talk."""

    discussed = models.OneToOneField(ConsentDiscussed, models.PROTECT, related_name="signed")
    typed_name = models.CharField(max_length=160)


class ConsentWithdrawn(Row):
    """The patient may stop at any time; a new consent begins anew."""

    signed = models.OneToOneField(ConsentSigned, models.PROTECT, related_name="withdrawn")
    reason = models.TextField(max_length=1000, blank=True)
