"""A second person confirms the arithmetic, line by line."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.planning import LINES
from tests.web.plan.conftest import address, assert_kept_out, words_of
from vernal.records.models import PlanConfirmed
from vernal.web.plan.words import STEPS

pytestmark = pytest.mark.django_db


def ticks(plan_id, *lines: str) -> dict[str, str]:
    return {"id": str(uuid4()), "plan": str(plan_id), **dict.fromkeys(lines or LINES, "on")}


def test_ticking_every_line_confirms(planning, by_nurse) -> None:
    plan_id = planning.draw_up()

    page = words_of(by_nurse.get(address("confirm_plan", planning)))
    response = by_nurse.post(address("confirm_plan", planning), ticks(plan_id))

    assert "Volume to draw: 0.88 mL" in page
    assert response.headers["Location"] == address("plan", planning)
    assert PlanConfirmed.objects.get().by == planning.nurse


def test_it_says_what_is_still_open_before_the_plan_is_signed(planning, by_nurse) -> None:
    form = ticks(planning.draw_up())

    page = words_of(by_nurse.post(address("confirm_plan", planning), form, follow=True))

    (message,) = re.findall(r"Confirmed\. [^<]*", page)
    assert "The plan cannot be signed yet: " in message
    assert "onsent" in message
    assert "can be signed." not in page


def test_a_screening_that_changed_meanwhile_is_said_after_confirming(planning, by_nurse) -> None:
    form = ticks(planning.draw_up())
    planning.decide("not_eligible", at=planning.now + timedelta(minutes=1))

    page = words_of(by_nurse.post(address("confirm_plan", planning), form, follow=True))

    assert "Confirmed. The newest screening does not say “eligible”" in page


def test_once_nothing_is_open_it_says_who_signs(planning, by_nurse) -> None:
    form = ticks(planning.draw_up())
    planning.check()
    planning.consent()

    page = words_of(by_nurse.post(address("confirm_plan", planning), form, follow=True))

    assert "Confirmed. A prescriber or the medical director can sign the plan now." in page


def test_a_line_without_a_tick_is_refused_beside_it_and_the_others_stay(planning, by_nurse) -> None:
    plan_id = planning.draw_up()
    form = ticks(plan_id, *[line for line in LINES if line != "rate"])

    response = by_nurse.post(address("confirm_plan", planning), form)

    page = words_of(response)
    assert response.status_code == 422
    assert page.count("Work this line out yourself") == 2  # beside the line, and in the summary
    assert 'name="dose"' in page and page.count("checked") == len(LINES) - 1
    assert not PlanConfirmed.objects.exists()


def test_the_author_is_told_why_another_person_does_it(planning, by_prescriber) -> None:
    plan_id = planning.draw_up()

    assert_kept_out(by_prescriber, address("confirm_plan", planning), "another clinician")
    response = by_prescriber.post(address("confirm_plan", planning), ticks(plan_id))
    assert response.status_code == 403
    assert not PlanConfirmed.objects.exists()


def test_twice_does_no_harm(planning, by_nurse) -> None:
    form = ticks(planning.draw_up())

    for _ in range(2):
        response = by_nurse.post(address("confirm_plan", planning), form)

    assert response.status_code == 302
    assert PlanConfirmed.objects.count() == 1
    assert "confirmed already" in words_of(by_nurse.get(address("confirm_plan", planning)))


def test_a_plan_replaced_in_the_meantime_is_not_confirmed(planning, by_nurse) -> None:
    form = ticks(planning.draw_up())
    planning.draw_up(at=planning.now + timedelta(seconds=1))

    response = by_nurse.post(address("confirm_plan", planning), form)

    assert response.status_code == 409
    assert "newer plan" in words_of(response)


def test_without_a_plan_there_is_nothing_to_confirm(planning, by_nurse) -> None:
    response = by_nurse.get(address("confirm_plan", planning))

    assert response.status_code == 409


def test_others_are_kept_out(planning, elsewhere, front_desk, by_nurse, log_in) -> None:
    planning.draw_up()
    url = address("confirm_plan", planning)

    assert_kept_out(log_in(front_desk), url, "read by nurses")
    foreign = reverse("confirm_plan", kwargs={"patient_id": elsewhere.patient_id})
    assert by_nurse.get(foreign).status_code == 404
    assert log_in(planning.patient.user).get(url).status_code == 404


def test_ticks_for_a_replaced_plan_do_not_count_for_the_newer_one(planning, by_nurse) -> None:
    form = ticks(planning.draw_up())
    newer = planning.draw_up(at=planning.now + timedelta(seconds=1))

    page = words_of(by_nurse.post(address("confirm_plan", planning), form))

    assert f'name="plan" value="{newer}"' in page
    assert "checked" not in page


def test_each_tick_says_in_words_which_step_was_worked_out(planning, by_nurse) -> None:
    planning.draw_up()

    page = words_of(by_nurse.get(address("confirm_plan", planning)))

    assert "I divided the dose by what one mL of the vial holds, 50 mg" in page
    assert "I subtracted: 50 mL in all less 0.88 mL leave 49.12 mL of diluent to add." in page
    assert "50 mL in 40 min, rounded down, need 75 mL/h." in page
    assert "that you did each step yourself" in page


def test_every_line_of_both_worksheets_has_its_words() -> None:
    assert set(STEPS) == {*LINES, "per_kg", "hold"}
