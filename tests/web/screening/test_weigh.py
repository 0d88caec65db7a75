"""A prescriber's signed benefit–risk note."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.web.screening.conftest import words
from vernal.records.models import BenefitRiskNote

pytestmark = pytest.mark.django_db
DEMENTIA = {"dementia": "yes"}


def address(patient_id) -> str:
    return reverse("weigh", kwargs={"patient_id": patient_id})


def condition_of(patient_id, prescriber, log_in) -> str:
    """The condition of the one finding that is to be weighed, from its form on the page."""
    page = log_in(prescriber).get(reverse("screening", kwargs={"patient_id": patient_id}))
    (card,) = page.context["page"].standing_in_the_way
    return card.line.condition


def test_a_note_is_kept_with_name_and_reason(screenable, prescriber, log_in) -> None:
    patient_id = screenable(**DEMENTIA)
    condition = condition_of(patient_id, prescriber, log_in)

    log_in(prescriber).post(address(patient_id), words(condition))

    page = log_in(prescriber).get(reverse("screening", kwargs={"patient_id": patient_id}))
    assert "Discussed with cardiology" in page.content.decode()
    assert page.context["page"].standing_in_the_way == []
    assert BenefitRiskNote.objects.get().by == prescriber


def test_signing_it_twice_keeps_one(screenable, prescriber, log_in) -> None:
    patient_id = screenable(**DEMENTIA)
    form = words(condition_of(patient_id, prescriber, log_in))

    log_in(prescriber).post(address(patient_id), form)
    log_in(prescriber).post(address(patient_id), form)

    assert BenefitRiskNote.objects.count() == 1


def test_an_empty_note_is_refused_beside_the_field(screenable, prescriber, log_in) -> None:
    patient_id = screenable(**DEMENTIA)
    condition = condition_of(patient_id, prescriber, log_in)

    response = log_in(prescriber).post(address(patient_id), words(condition, reason=" "))

    assert response.status_code == 422
    assert not BenefitRiskNote.objects.exists()


def test_a_bar_cannot_be_weighed_away(screenable, prescriber, log_in) -> None:
    patient_id = screenable(allergy_ketamine="yes")
    condition = condition_of(patient_id, prescriber, log_in)

    response = log_in(prescriber).post(address(patient_id), words(condition))

    assert response.status_code == 409
    assert not BenefitRiskNote.objects.exists()


def test_a_condition_that_was_not_found_does_not_exist(screenable, prescriber, log_in) -> None:
    response = log_in(prescriber).post(address(screenable()), words("made_up"))

    assert response.status_code == 404


def test_a_note_counts_no_longer_when_the_facts_change(
    screenable, prescriber, nurse, log_in
) -> None:
    patient_id = screenable(alt_u_per_l="140")
    form = words(condition_of(patient_id, prescriber, log_in))
    log_in(prescriber).post(address(patient_id), form)
    laboratory = reverse("section", kwargs={"patient_id": patient_id, "section_id": "laboratory"})
    page = log_in(nurse).get(laboratory)
    typed = {name: field.initial or "" for name, field in page.context["form"].fields.items()}
    typed |= {"id": str(page.context["form"]["id"].value()), "alt_u_per_l": "360"}

    log_in(nurse).post(laboratory, typed)

    page = log_in(prescriber).get(reverse("screening", kwargs={"patient_id": patient_id}))
    (card,) = page.context["page"].standing_in_the_way
    assert card.line.note is None
