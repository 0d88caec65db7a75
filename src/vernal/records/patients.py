"""Who is treated, and the account with which that person logs in."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from vernal.accounts.models import Site
from vernal.records.rows import Row


class Patient(Row):
    """A person screened or treated at one site. What is known of them stands in other rows."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="patients")


class PatientDetails(Row):
    """Name and how to reach the patient; the newest row counts."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="details")
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "-at"], name="newest_details")]


class PatientAccount(Row):
    """Ties a chart to the account its patient logs in with."""

    patient = models.OneToOneField(Patient, models.PROTECT, related_name="account")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="patient_account"
    )
