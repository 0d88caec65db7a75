"""Drawing a plan up: refusals beside the field, what was typed stays."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.planning import make_planning
from tests.web.plan.conftest import address, assert_kept_out, drawn_up, plan_form, words_of
from vernal.records.models import Plan

pytestmark = pytest.mark.django_db


def test_a_plain_form_draws_a_plan_up(planning, by_prescriber) -> None:
    response = drawn_up(by_prescriber, planning)

    assert response.headers["Location"] == address("plan", planning)
    assert Plan.objects.get().worksheet["given_mg"] == "44"


def test_the_form_begins_with_the_protocols_own_numbers(planning, by_prescriber) -> None:
    page = words_of(by_prescriber.get(address("new_plan", planning)))

    assert 'name="dose" value="0.5"' in page
    assert 'name="total_ml" value="50"' in page
    assert 'name="minutes" value="40"' in page
    assert "88 kg (194 lb)" in page
    assert "at most 1 mg/kg and 100 mg" in page


def test_sending_the_same_form_twice_draws_one_plan_up(planning, by_prescriber) -> None:
    form = plan_form()

    drawn_up(by_prescriber, planning, **form)
    drawn_up(by_prescriber, planning, **form)

    assert Plan.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"dose": "1.2", "reason": "x"}, "dose", "above the cap of 1 mg/kg"),
        ({"dose": "half"}, "dose", "Enter a number."),
        ({"dose": "0.6"}, "reason", "the plan says why"),
        ({"vial_mg_per_ml": "0"}, "vial_mg_per_ml", "above zero"),
        ({"vial_mg_per_ml": "-50"}, "vial_mg_per_ml", "above zero"),
        ({"vial_form": "hydrochloride"}, "vial_form", "different units"),
        ({"minutes": "20"}, "minutes", "outside 40 to 60"),
        ({"total_ml": "0.5"}, "total_ml", "larger total volume"),
    ],
)
def test_what_is_refused_stands_beside_its_field_and_what_was_typed_stays(
    planning, by_prescriber, changes, field, sentence
) -> None:
    response = by_prescriber.post(address("new_plan", planning), plan_form(**changes))

    assert response.status_code == 422
    page = words_of(response)
    assert sentence in page[page.index(f'id="id_{field}_error"') :][:900]
    typed = changes.get(field)
    assert typed is None or f'value="{typed}"' in page
    assert not Plan.objects.exists()


def test_a_weight_that_changed_is_asked_about_on_the_form(planning, by_prescriber) -> None:
    planning.examine(weight_kg="80.0")

    asked = by_prescriber.get(address("new_plan", planning))
    refused = by_prescriber.post(address("new_plan", planning), plan_form())
    done = drawn_up(by_prescriber, planning, weight_is_right="on")

    assert "Look at the weight again" in words_of(asked)
    assert refused.status_code == 422
    assert "differs by 9.1 %" in words_of(refused)
    assert done.status_code == 302


def test_an_unknown_weight_is_said_before_and_after(site, prescriber, log_in) -> None:
    planning = make_planning(site, prescriber=prescriber, weight_kg="")
    browser = log_in(prescriber)

    assert "The weight is not known" in words_of(browser.get(address("new_plan", planning)))
    refused = browser.post(address("new_plan", planning), plan_form())
    assert refused.status_code == 422
    assert "The weight is not known" in words_of(refused)


def test_from_a_bmi_of_30_on_the_form_asks_for_the_basis(site, prescriber, log_in) -> None:
    planning = make_planning(site, prescriber=prescriber, weight_kg="110.0", now=timezone.now())
    browser = log_in(prescriber)

    page = words_of(browser.get(address("new_plan", planning)))
    refused = browser.post(address("new_plan", planning), plan_form())
    done = drawn_up(browser, planning, basis="adjusted")

    assert "The dose rests on" in page
    assert refused.status_code == 422
    assert "No trial settles which is right." in words_of(refused)
    assert done.status_code == 302


def test_without_an_eligible_screening_nothing_is_drawn_up(site, prescriber, log_in) -> None:
    planning = make_planning(site, prescriber=prescriber, eligible=False)

    response = log_in(prescriber).post(address("new_plan", planning), plan_form())

    assert response.status_code == 409
    assert "The screening is not signed yet" in words_of(response)


def test_a_bar_found_since_is_named(planning, by_prescriber) -> None:
    planning.examine(systolic_mmhg="190", diastolic_mmhg="120")

    response = by_prescriber.get(address("new_plan", planning))

    assert response.status_code == 409
    assert "stricter than when it was signed" in words_of(response)


def test_others_are_kept_out(planning, elsewhere, by_nurse, by_prescriber, log_in) -> None:
    assert_kept_out(by_nurse, address("new_plan", planning), "Only a prescriber")
    refused = by_nurse.post(address("new_plan", planning), plan_form())
    foreign = reverse("new_plan", kwargs={"patient_id": elsewhere.patient_id})

    assert refused.status_code == 403
    assert by_prescriber.get(foreign).status_code == 404
    assert log_in(planning.patient.user).get(address("new_plan", planning)).status_code == 404


def test_under_the_tongue_nothing_is_diluted_and_one_solution_is_offered(
    site, prescriber, log_in
) -> None:
    planning = make_planning(site, prescriber=prescriber, eligible=False, now=timezone.now())
    planning.consider("sublingual")
    planning.decide()
    browser = log_in(prescriber)

    page = words_of(browser.get(address("new_plan", planning)))
    form = plan_form(
        protocol="trd-sublingual-clinic",
        schedule="induction/weekly",
        dose="10",
        vial_mg_per_ml="100",
        total_ml="",
        minutes="5",
    )
    done = drawn_up(browser, planning, **form)

    assert "Held under the tongue for" in page
    assert 'name="vial_mg_per_ml" value="100"' in page
    assert "Whole volume in the syringe" not in page
    assert done.status_code == 302
    assert Plan.objects.get().worksheet["draw_ml"] == "0.1"


def test_a_dose_with_its_reason_and_basis_shows_both_on_the_plan(site, prescriber, log_in) -> None:
    planning = make_planning(site, prescriber=prescriber, weight_kg="110.0", now=timezone.now())
    browser = log_in(prescriber)
    form = plan_form(basis="adjusted", dose="0.6", reason="Partial response before.")

    drawn_up(browser, planning, **form)

    page = words_of(browser.get(address("plan", planning)))
    assert "adjusted weight" in page
    assert "Partial response before." in page


def test_a_bar_found_while_the_form_was_filled_in_loses_nothing_typed(
    planning, by_prescriber
) -> None:
    planning.examine(systolic_mmhg="190", diastolic_mmhg="120")

    response = by_prescriber.post(
        address("new_plan", planning), plan_form(dose="0.45", reason="Small and frail.")
    )

    page = words_of(response)
    assert response.status_code == 409
    assert "stricter than when it was signed" in page
    assert 'value="0.45"' in page
    assert "Small and frail." in page


def test_the_whole_worksheet_is_seen_before_anything_is_kept(planning, by_prescriber) -> None:
    response = by_prescriber.post(address("new_plan", planning), plan_form())

    page = words_of(response)
    assert response.status_code == 200
    assert "Nothing is kept yet" in page
    assert all(each in page for each in ("Weight for the dose", "0.88 mL", "49.12 mL", "75 mL/h"))
    assert not Plan.objects.exists()


def test_something_can_be_changed_after_the_worksheet_was_seen(planning, by_prescriber) -> None:
    form = plan_form(dose="0.45", reason="Small and frail.")

    response = by_prescriber.post(address("new_plan", planning), {**form, "change": "1"})

    page = words_of(response)
    assert response.status_code == 200
    assert "Small and frail." in page and 'value="0.45"' in page
    assert "Not saved yet" not in page
    assert not Plan.objects.exists()


def test_a_weight_that_changed_since_the_worksheet_was_seen_asks_for_another_look(
    planning, by_prescriber
) -> None:
    form = plan_form()
    seal = by_prescriber.post(address("new_plan", planning), form).context["page"].seal
    planning.examine(weight_kg="87.0")

    response = by_prescriber.post(address("new_plan", planning), {**form, "seal": seal})

    assert response.status_code == 409
    assert "has changed since you looked at it" in words_of(response)
    assert not Plan.objects.exists()


def test_a_rounded_dose_is_one_figure_and_its_rounding_is_explained(
    site, nurse, prescriber, log_in
) -> None:
    now = timezone.now()
    planning = make_planning(
        site, nurse=nurse, prescriber=prescriber, weight_kg="72.6", height_cm="175", now=now
    )
    browser = log_in(prescriber)

    seen = words_of(browser.post(address("new_plan", planning), plan_form()))
    drawn_up(browser, planning)
    page = words_of(browser.get(address("plan", planning)))

    explained = (
        "The arithmetic gives 36.3 mg. A syringe is read to 0.01 mL, so it holds 36.5 mg (+0.6 %)."
    )
    assert explained in seen
    assert explained in page
    assert "0.5 mg/kg: 36.5 mg" in page
    assert "= 36.3 mg" not in page
