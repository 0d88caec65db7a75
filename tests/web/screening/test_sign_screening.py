"""The signed decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_patient
from tests.web.screening.conftest import decision
from vernal import knowledge
from vernal.audit.models import Entry
from vernal.records.models import Alert, ScreeningDecision
from vernal.workflow.alerts import acknowledge_alert

pytestmark = pytest.mark.django_db


def address(patient_id) -> str:
    return reverse("sign_screening", kwargs={"patient_id": patient_id})


def test_eligible_keeps_facts_findings_and_rule_versions(screenable, prescriber, log_in) -> None:
    patient_id = screenable(has_hypertension="yes")

    log_in(prescriber).post(address(patient_id), decision())

    row = ScreeningDecision.objects.get()
    assert (row.outcome, row.by, row.route) == ("eligible", prescriber, "iv")
    assert row.facts["aneurysm"] is False
    assert row.facts["systolic_mmhg"] == "122"
    assert ["SCR-016", 1] in [rule for found in row.findings["found"] for rule in found["rules"]]
    assert row.knowledge_version == knowledge.version()


def test_signing_twice_with_one_form_keeps_one(screenable, prescriber, log_in) -> None:
    patient_id, form = screenable(), decision()

    log_in(prescriber).post(address(patient_id), form)
    log_in(prescriber).post(address(patient_id), form)

    assert ScreeningDecision.objects.count() == 1
    assert Entry.objects.filter(act="screening.signed").count() == 1


@pytest.mark.parametrize(
    "difference",
    [{"aneurysm": "yes"}, {"aneurysm": "unknown"}, {"dementia": "yes"}, {"aneurysm": ""}],
)
def test_eligible_is_refused_while_something_stands_in_the_way(
    screenable, prescriber, log_in, difference
) -> None:
    response = log_in(prescriber).post(address(screenable(**difference)), decision())

    assert response.status_code == 422
    assert "Eligible cannot be signed yet" in response.content.decode()
    assert not ScreeningDecision.objects.exists()


def test_a_patient_nobody_has_asked_anything_cannot_be_eligible(
    front_desk, site, prescriber, log_in
) -> None:
    patient = make_patient(front_desk, site)

    response = log_in(prescriber).post(address(patient.patient_id), decision())

    assert response.status_code == 422


def test_an_open_alert_is_taken_on_before_eligible_is_signed(
    screenable, prescriber, log_in
) -> None:
    patient_id = screenable(wish_to_be_dead="yes")

    response = log_in(prescriber).post(address(patient_id), decision())

    assert response.status_code == 422
    assert "Open alert about suicidal thoughts" in response.content.decode()
    alert = Alert.objects.get(patient_id=patient_id)
    acknowledge_alert(by=prescriber, alert_id=alert.pk, note="Spoke; no intent.", at=timezone.now())
    log_in(prescriber).post(address(patient_id), decision())
    assert ScreeningDecision.objects.get().outcome == "eligible"


def test_not_eligible_needs_no_complete_history(patient, prescriber, log_in) -> None:
    log_in(prescriber).post(address(patient.patient_id), decision("not_eligible"))

    assert ScreeningDecision.objects.get().outcome == "not_eligible"


def test_a_deferral_names_a_day_to_come(patient, prescriber, log_in) -> None:
    later = (timezone.now() + timedelta(days=30)).date().isoformat()

    log_in(prescriber).post(address(patient.patient_id), decision("deferred", defer_until=later))

    assert ScreeningDecision.objects.get().defer_until.isoformat() == later


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"outcome": "deferred"}, "Choose a day after today"),
        ({"outcome": "deferred", "defer_until": "2020-01-01"}, "Choose a day after today"),
        ({"outcome": "not_eligible", "note": " "}, "Write in a few words why you decide so"),
        ({"outcome": ""}, "Choose a decision: eligible, not eligible or defer."),
        ({"outcome": "deferred", "defer_until": "soon"}, "year-month-day, like 2026-03-28."),
    ],
)
def test_a_wrong_field_is_named_and_what_was_typed_stays(
    patient, prescriber, log_in, changes, sentence
) -> None:
    form = {**decision(note="Wait for the MRI."), **changes}

    response = log_in(prescriber).post(address(patient.patient_id), form)

    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert form["note"].strip() in page
    assert not ScreeningDecision.objects.exists()


def test_the_audit_entry_holds_ids_and_the_outcome_alone(screenable, prescriber, log_in) -> None:
    patient_id = screenable()

    log_in(prescriber).post(address(patient_id), decision(note="A private reason."))

    entry = Entry.objects.get(act="screening.signed")
    assert entry.details == {"outcome": "eligible"}
    assert entry.patient_id == patient_id
