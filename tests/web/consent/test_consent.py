"""The clinician's page: what is open, what was wrong at first, where it stands."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import make_patient, make_staff
from vernal.accounts.models import Role
from vernal.audit.models import Entry

pytestmark = pytest.mark.django_db


def address(planning) -> str:
    return reverse("consent", kwargs={"patient_id": planning.patient_id})


def test_before_an_answer_it_says_where_the_patient_finds_it(planning, by_nurse) -> None:
    page = by_nurse.get(address(planning)).content.decode()

    assert "The patient has not answered yet." in page
    assert "Not approved for this use" in page
    assert 'name="has_capacity"' not in page


def test_what_was_wrong_at_first_stays_visible(planning, by_nurse) -> None:
    planning.answer(wrong=("teach-back.driving",))
    planning.answer()

    page = by_nurse.get(address(planning)).content.decode()

    assert "Wrong: The same evening, if I feel well" in page
    assert "Reactions can be slow" in page
    assert 'name="has_capacity"' in page


def test_once_signed_it_says_so_with_the_talk(planning, by_nurse) -> None:
    planning.consent()

    page = by_nurse.get(address(planning)).content.decode()

    assert "It holds until" in page
    assert "has the capacity to decide: Asked good questions." in page


def test_reading_it_is_noted(planning, by_nurse) -> None:
    by_nurse.get(address(planning))

    assert Entry.objects.filter(act="chart.read").last().details == {"page": "consent"}


def test_others_are_kept_out(planning, other_site, front_desk, by_nurse, own, log_in) -> None:
    response = log_in(front_desk).get(address(planning))
    assert response.status_code == 403
    assert "read by nurses" in response.content.decode()
    foreign = make_patient(make_staff(Role.front_desk, other_site), other_site)
    url = reverse("consent", kwargs={"patient_id": foreign.patient_id})
    assert by_nurse.get(url).status_code == 404
    assert own.get(address(planning)).status_code == 404
