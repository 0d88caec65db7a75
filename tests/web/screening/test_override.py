"""A second clinician sets a bar aside."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.web.screening.conftest import decision, words
from vernal.records.models import BarOverride, ScreeningDecision

pytestmark = pytest.mark.django_db
ANEURYSM = {"aneurysm": "yes"}


def address(patient_id) -> str:
    return reverse("override", kwargs={"patient_id": patient_id})


def condition_of(patient_id, prescriber, log_in) -> str:
    page = log_in(prescriber).get(reverse("screening", kwargs={"patient_id": patient_id}))
    (card,) = page.context["page"].standing_in_the_way
    return card.line.condition


def test_another_clinician_may_sign_after_an_override(
    screenable, prescriber, director, log_in
) -> None:
    patient_id = screenable(**ANEURYSM)
    condition = condition_of(patient_id, prescriber, log_in)
    log_in(director).post(address(patient_id), words(condition))

    log_in(prescriber).post(
        reverse("sign_screening", kwargs={"patient_id": patient_id}), decision()
    )

    assert ScreeningDecision.objects.get().outcome == "eligible"


def test_whoever_overrides_cannot_sign(screenable, prescriber, log_in) -> None:
    patient_id = screenable(**ANEURYSM)
    condition = condition_of(patient_id, prescriber, log_in)
    log_in(prescriber).post(address(patient_id), words(condition))

    response = log_in(prescriber).post(
        reverse("sign_screening", kwargs={"patient_id": patient_id}), decision()
    )

    assert response.status_code == 409
    page = response.content.decode()
    assert "another clinician must sign" in page
    assert "Two trials failed." in page
    assert not ScreeningDecision.objects.exists()


def test_some_bars_nobody_may_set_aside(screenable, prescriber, director, log_in) -> None:
    patient_id = screenable(allergy_ketamine="yes")
    condition = condition_of(patient_id, prescriber, log_in)

    response = log_in(director).post(address(patient_id), words(condition))

    assert response.status_code == 409
    page = response.content.decode()
    assert "Nobody may set this bar aside" in page
    assert "Discussed with cardiology" in page
    assert not BarOverride.objects.exists()


def test_an_override_without_a_reason_is_refused(screenable, prescriber, director, log_in) -> None:
    patient_id = screenable(**ANEURYSM)
    condition = condition_of(patient_id, prescriber, log_in)

    response = log_in(director).post(address(patient_id), words(condition, reason=""))

    assert response.status_code == 422
    assert not BarOverride.objects.exists()


def test_overriding_twice_with_one_form_keeps_one(screenable, prescriber, director, log_in) -> None:
    patient_id = screenable(**ANEURYSM)
    form = words(condition_of(patient_id, prescriber, log_in))

    log_in(director).post(address(patient_id), form)
    log_in(director).post(address(patient_id), form)

    assert BarOverride.objects.count() == 1


def test_whoever_set_a_bar_aside_reads_before_signing_that_another_signs(
    screenable, prescriber, director, log_in
) -> None:
    patient_id = screenable(**ANEURYSM)
    condition = condition_of(patient_id, prescriber, log_in)
    log_in(director).post(address(patient_id), words(condition))
    url = reverse("screening", kwargs={"patient_id": patient_id})

    assert "another clinician signs" in log_in(director).get(url).content.decode()
    assert "another clinician signs" not in log_in(prescriber).get(url).content.decode()


def test_words_about_what_is_no_longer_found_come_back_with_the_reason(
    screenable, prescriber, director, log_in
) -> None:
    condition = condition_of(screenable(**ANEURYSM), prescriber, log_in)

    response = log_in(director).post(address(screenable()), words(condition))

    assert response.status_code == 409
    page = response.content.decode()
    assert "no longer found" in page
    assert "Discussed with cardiology" in page
