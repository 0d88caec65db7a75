"""Finding a patient for an actor: the boundary every act and query goes through."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from vernal.accounts.models import User
from vernal.records.models import Patient
from vernal.workflow.errors import NotAllowed, NotFound


def own_chart(by: User) -> Patient:
    """The chart that belongs to the account itself."""
    patient = Patient.objects.select_related("site").filter(account__user=by).first()
    if patient is None:
        raise NotAllowed(_("These pages belong to a patient's own account."))
    return patient


def patient_with(patient_id: UUID) -> Patient:
    """The patient, for a permission check that must follow at once."""
    patient = Patient.objects.select_related("site").filter(pk=patient_id).first()
    if patient is None:
        raise NotFound
    return patient
