"""Signing a plan, and its sessions in the calendar."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.planning import make_planning
from tests.web.plan.conftest import address, assert_kept_out, open_day, words_of
from vernal.records.models import PlanSigned, Session
from vernal.workflow.screening import override_bar, screen

pytestmark = pytest.mark.django_db


def signature(plan_id, planning, **changes) -> dict[str, object]:
    given = {
        "id": str(uuid4()),
        "plan": str(plan_id),
        "first_on": open_day(planning).isoformat(),
        "starts_at": "09:30",
        "sessions": "6",
        "closed_weekdays": ["5", "6"],
    }
    return {**given, **changes}


def test_a_plain_form_signs_and_books(planning, by_prescriber) -> None:
    plan_id = planning.ready_to_sign()

    response = by_prescriber.post(address("sign_plan", planning), signature(plan_id, planning))

    assert response.headers["Location"] == address("plan", planning)
    assert PlanSigned.objects.get().by == planning.prescriber
    zone = planning.chart.site.zone
    hours = {each.planned_at.astimezone(zone).strftime("%H:%M") for each in Session.objects.all()}
    assert Session.objects.count() == 6
    assert hours == {"09:30"}


def test_an_unconfirmed_plan_has_no_form_and_is_not_signed(planning, by_prescriber) -> None:
    plan_id = planning.draw_up()
    planning.check()
    planning.consent()

    page = words_of(by_prescriber.get(address("sign_plan", planning)))
    response = by_prescriber.post(address("sign_plan", planning), signature(plan_id, planning))

    assert "A second person confirms the arithmetic first" in page
    assert 'name="first_on"' not in page
    assert response.status_code == 409
    assert not PlanSigned.objects.exists()


def test_what_is_open_is_named_instead_of_the_form(planning, by_prescriber) -> None:
    planning.confirm(planning.draw_up())

    page = words_of(by_prescriber.get(address("sign_plan", planning)))

    assert "cannot be signed yet" in page
    assert "consent" in page


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"first_on": "2020-01-06"}, "first_on", "past"),
        ({"first_on": "soon"}, "first_on", "Enter a valid date."),
        ({"sessions": "9"}, "first_on", "at most 8 sessions"),
        ({"starts_at": "25:00"}, "starts_at", "Enter a valid time."),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(
    planning, by_prescriber, changes, field, sentence
) -> None:
    plan_id = planning.ready_to_sign()

    response = by_prescriber.post(
        address("sign_plan", planning), signature(plan_id, planning, **changes)
    )

    page = words_of(response)
    assert response.status_code == 422
    assert sentence in page[page.index(f'id="id_{field}_error"') :][:400]
    assert not PlanSigned.objects.exists()
    assert not Session.objects.exists()


def test_twice_does_no_harm(planning, by_prescriber) -> None:
    form = signature(planning.ready_to_sign(), planning)

    for _ in range(2):
        response = by_prescriber.post(address("sign_plan", planning), form)

    assert response.status_code == 302
    assert Session.objects.count() == 6


def test_others_are_kept_out(planning, elsewhere, by_nurse, by_prescriber, log_in) -> None:
    planning.ready_to_sign()
    url = address("sign_plan", planning)

    assert_kept_out(by_nurse, url, "Only a prescriber")
    foreign = reverse("sign_plan", kwargs={"patient_id": elsewhere.patient_id})
    assert by_prescriber.get(foreign).status_code == 404
    assert log_in(planning.patient.user).get(url).status_code == 404


def test_whoever_set_a_bar_aside_reads_that_another_signs_the_plan(
    site, nurse, prescriber, log_in
) -> None:
    planning = make_planning(
        site, nurse=nurse, prescriber=prescriber, eligible=False, now=timezone.now(), aneurysm="yes"
    )
    bar = screen(planning.chart, on=planning.now.date()).findings.found[0]
    override_bar(
        by=planning.director,
        patient_id=planning.patient_id,
        condition=bar.condition,
        reason="Repaired, imaging clear.",
        id=uuid4(),
        at=planning.now,
    )
    planning.decide()
    plan_id = planning.ready_to_sign()
    by_director = log_in(planning.director)

    plan = words_of(by_director.get(address("plan", planning)))
    page = words_of(by_director.get(address("sign_plan", planning)))
    response = by_director.post(address("sign_plan", planning), signature(plan_id, planning))

    assert "another clinician signs the plan" in plan
    assert address("sign_plan", planning) not in plan
    assert "another clinician signs the plan" in page
    assert response.status_code in (403, 409)
    assert not PlanSigned.objects.exists()
