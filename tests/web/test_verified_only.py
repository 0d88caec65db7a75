"""What nobody has read in its source never reaches a patient, on any page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest
from django.urls import reverse

from tests.coursing import make_coursing
from vernal.knowledge import effects as known_effects
from vernal.knowledge import scales as known_scales
from vernal.workflow.effects import Told

pytestmark = pytest.mark.django_db
MARK = "unread-by-anybody"


@pytest.fixture
def marked(monkeypatch) -> None:
    """Every rate, definition and band is unverified, and its words say so."""
    rates = tuple(
        replace(each, standing="unverified", drug=replace(each.drug, words=MARK))
        for each in known_effects.rates()
    )
    phq9 = known_scales.scale("phq-9")
    bands = tuple(replace(each, standing="unverified", label=MARK) for each in phq9.bands)
    definitions = tuple(
        replace(each, standing="unverified", words=MARK)
        for each in known_scales.definitions_of("phq-9")
    )
    effects, outcomes = (
        import_module(f"vernal.workflow.queries.{name}") for name in ("effects", "outcomes")
    )
    monkeypatch.setattr(effects, "rates", lambda: rates)
    monkeypatch.setattr(outcomes, "scale", lambda name: replace(phq9, bands=bands))
    monkeypatch.setattr(outcomes, "definitions_of", lambda name: definitions)
    monkeypatch.setattr("vernal.workflow.outcomes.definitions_of", lambda *_: definitions)


@pytest.fixture
def course(site):
    course = make_coursing(site, given=2)
    course.score(18, course.dose_at(1) - timedelta(hours=2))
    course.score(8, course.dose_at(2) - timedelta(hours=2))
    course.tell(2, Told("nausea", 2), Told("dizziness", 1), Told("spacey", 1))
    return course


def staff_pages(course) -> list[str]:
    return [
        reverse(name, kwargs={"patient_id": course.patient_id}) for name in ("effects", "outcomes")
    ]


def patient_pages(course) -> list[str]:
    return [
        reverse("my_care"),
        reverse("my_outcomes"),
        reverse("my_scale", kwargs={"scale_id": "phq-9"}),
        reverse("my_scale", kwargs={"scale_id": "gad-7"}),
        reverse("my_effects", kwargs={"session_id": course.session(1).pk}),
        reverse("my_effects", kwargs={"session_id": course.session(2).pk}),
        reverse("my_section", kwargs={"section_id": "phq9"}),
    ]


def test_staff_see_it_and_patients_do_not(marked, course, log_in, clock) -> None:
    clock(course.dose_at(2) + timedelta(hours=6))
    staff, patient = log_in(course.prescriber), log_in(course.patient.user)

    assert all(MARK in staff.get(page).content.decode() for page in staff_pages(course))
    for page in patient_pages(course):
        response = patient.get(page)
        assert response.status_code == 200, page
        assert MARK not in response.content.decode(), page


def test_without_the_mark_patients_do_see_what_was_read(course, log_in, clock) -> None:
    clock(course.dose_at(2) + timedelta(hours=6))
    patient = log_in(course.patient.user)

    effects = reverse("my_effects", kwargs={"session_id": course.session(2).pk})
    assert "What studies found" in patient.get(effects).content.decode()
    assert "mild" in patient.get(reverse("my_outcomes")).content.decode()
