"""Choosing the route and the reason for which a patient is screened."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from vernal.records.models import TreatmentConsidered

pytestmark = pytest.mark.django_db


def address(patient_id) -> str:
    return reverse("consider", kwargs={"patient_id": patient_id})


def test_the_screening_is_made_for_the_chosen_route(patient, prescriber, log_in) -> None:
    browser = log_in(prescriber)
    form = {"id": str(uuid4()), "indication": "trd", "route": "sublingual"}

    response = browser.post(address(patient.patient_id), form)

    screening = reverse("screening", kwargs={"patient_id": patient.patient_id})
    assert response.headers["Location"] == screening
    assert "Under the tongue" in browser.get(screening).content.decode()


def test_choosing_twice_with_one_form_keeps_one_row(patient, prescriber, log_in) -> None:
    form = {"id": str(uuid4()), "indication": "trd", "route": "iv"}

    log_in(prescriber).post(address(patient.patient_id), form)
    log_in(prescriber).post(address(patient.patient_id), form)

    assert TreatmentConsidered.objects.count() == 1


def test_an_unknown_route_is_refused_beside_the_field(patient, prescriber, log_in) -> None:
    form = {"id": str(uuid4()), "indication": "trd", "route": "rectal"}

    response = log_in(prescriber).post(address(patient.patient_id), form)

    assert response.status_code == 422
    assert not TreatmentConsidered.objects.exists()
