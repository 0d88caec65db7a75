"""What the clinic must have done before a plan is signed."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.web.plan.conftest import address, assert_kept_out, words_of
from vernal.records.models import SectionSaved

pytestmark = pytest.mark.django_db


def checks(**changes: str) -> dict[str, str]:
    given = {
        "id": str(uuid4()),
        "prescription_monitoring_queried": "yes",
        "prescription_monitoring_queried_on": "2026-03-02",
        "plan_has_end_point": "yes",
    }
    return {**given, **changes}


def saved():
    return SectionSaved.objects.filter(section="plan_checks")


def test_the_answers_are_kept(planning, by_nurse) -> None:
    response = by_nurse.post(address("plan_checks", planning), checks())

    assert response.headers["Location"] == address("plan", planning)
    assert saved().get().answers["prescription_monitoring_queried"] == "yes"


def test_what_the_records_know_is_not_asked(planning, by_nurse) -> None:
    page = words_of(by_nurse.get(address("plan_checks", planning)))

    assert "prescription_monitoring_queried" in page
    for known in ("consent_signed", "dosing_place", "planned_course", "rems_"):
        assert known not in page


def test_sending_the_same_form_twice_keeps_one_row(planning, by_nurse) -> None:
    form = checks()

    by_nurse.post(address("plan_checks", planning), form)
    by_nurse.post(address("plan_checks", planning), form)

    assert saved().count() == 1


def test_a_day_in_the_future_is_refused_beside_the_field(planning, by_nurse) -> None:
    form = checks(prescription_monitoring_queried_on="2099-01-01")

    response = by_nurse.post(address("plan_checks", planning), form)

    assert response.status_code == 422
    assert "in the future" in words_of(response)
    assert 'value="2099-01-01"' in words_of(response)
    assert not saved().exists()


def test_others_are_kept_out(planning, elsewhere, front_desk, by_nurse, log_in) -> None:
    assert_kept_out(log_in(front_desk), address("plan_checks", planning), "read by nurses")
    foreign = reverse("plan_checks", kwargs={"patient_id": elsewhere.patient_id})
    assert by_nurse.post(foreign, checks()).status_code == 404
    assert log_in(planning.patient.user).get(address("plan_checks", planning)).status_code == 404


def test_a_decision_changed_in_the_meantime_loses_nothing_ticked(planning, by_nurse) -> None:
    planning.decide("not_eligible", at=planning.now + timedelta(seconds=1))

    asked = by_nurse.get(address("plan_checks", planning))
    sent = by_nurse.post(address("plan_checks", planning), checks())

    assert asked.status_code == sent.status_code == 409
    assert 'name="plan_has_end_point"' not in words_of(asked)
    assert "does not say “eligible”" in words_of(sent)
    assert 'value="2026-03-02"' in words_of(sent)
    assert not saved().exists()
