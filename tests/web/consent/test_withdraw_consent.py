"""Staff write down that the patient takes the consent back."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import make_patient, make_staff
from vernal.accounts.models import Role
from vernal.records.models import ConsentWithdrawn

pytestmark = pytest.mark.django_db


def address(planning) -> str:
    return reverse("withdraw_consent", kwargs={"patient_id": planning.patient_id})


def test_what_the_patient_said_is_kept_with_who_wrote_it_down(planning, by_nurse) -> None:
    planning.consent()
    form = {"id": str(uuid4()), "reason": "Said so on the telephone."}

    for _ in range(2):
        assert by_nurse.post(address(planning), form).status_code == 302

    assert ConsentWithdrawn.objects.get().by == planning.nurse


def test_a_reason_that_is_too_long_is_refused_and_stays(planning, by_nurse) -> None:
    planning.consent()

    response = by_nurse.post(address(planning), {"id": str(uuid4()), "reason": "x" * 1001})

    assert response.status_code == 422
    assert "x" * 1001 in response.content.decode()
    assert not ConsentWithdrawn.objects.exists()


def test_without_a_consent_there_is_nothing_to_take_back(planning, by_nurse) -> None:
    form = {"id": str(uuid4()), "reason": "Wants to wait."}

    response = by_nurse.post(address(planning), form)

    assert response.status_code == 409
    assert "Wants to wait." in response.content.decode()


def test_others_are_kept_out(planning, other_site, front_desk, by_nurse, own, log_in) -> None:
    planning.consent()
    form = {"id": str(uuid4()), "reason": ""}

    assert log_in(front_desk).post(address(planning), form).status_code == 403
    foreign = make_patient(make_staff(Role.front_desk, other_site), other_site)
    url = reverse("withdraw_consent", kwargs={"patient_id": foreign.patient_id})
    assert by_nurse.post(url, form).status_code == 404
    assert own.post(address(planning), form).status_code == 404
