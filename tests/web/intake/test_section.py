"""A section taken down by staff: an interview, or an examination."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import make_staff
from tests.web.intake.pages import (
    again,
    beside,
    form,
    is_ticked,
    mine,
    row,
    send,
    text,
    theirs,
    value,
)
from vernal.accounts.models import Role
from vernal.audit.models import Entry
from vernal.knowledge.facts import facts
from vernal.records.models import Alert, SectionSaved

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(nurse, log_in):
    return log_in(nurse)


def test_a_patients_page_is_worded_for_staff_with_the_question_below(browser, patient) -> None:
    page = text(browser.get(theirs(patient, "heart_and_circulation")))

    fact = facts()["aneurysm"]
    assert f"{fact.label} {fact.ask}" in page
    assert "Not known" in page


def test_an_answer_taken_down_names_who_asked_and_leads_to_the_chart(
    browser, nurse, patient
) -> None:
    response = browser.post(theirs(patient, "allergies"), form(allergy_ketamine="no"))

    assert response.headers["Location"] == reverse(
        "chart", kwargs={"patient_id": patient.patient_id}
    )
    assert SectionSaved.objects.get().by == nurse
    assert f"by {nurse.name}" in text(browser.get(theirs(patient, "allergies")))


def test_a_measured_weight_is_shown_in_kilograms_pounds_and_bmi(browser, patient) -> None:
    page = send(browser, theirs(patient, "examination"), form(weight_kg="72.6", height_cm="168"))

    assert page.redirect_chain == [(theirs(patient, "examination"), 302)]
    words = text(page)
    assert "72.6 kg = 160.1 lb" in words
    assert "168 cm = 5 ft 6 in" in words
    assert "25.7 kg/m²" in words


def test_pounds_are_turned_into_kilograms(browser, patient) -> None:
    browser.post(theirs(patient, "examination"), form(weight_kg="160 lb"))

    assert SectionSaved.objects.get().answers == {"weight_kg": "72.6"}


def test_a_weight_that_jumped_asks_to_confirm_exactly_this_weight(browser, patient) -> None:
    address = theirs(patient, "examination")
    browser.post(address, form(weight_kg="72.6"), follow=True)

    shows = again(browser, address)["shows"]

    def measured(weight_kg: str, **typed: str):
        return browser.post(address, form(shows=shows, weight_kg=weight_kg, **typed))

    refused = measured("160", heart_rate_per_min="72")
    assert refused.status_code == 422
    assert "The last weight was 72.6 kg" in beside(refused, "weight_kg")
    assert value(refused, "weight_kg") == "160"
    assert value(refused, "heart_rate_per_min") == "72"
    assert value(refused, "weight_kg-confirm") == "160"

    other = measured("61", **{"weight_kg-confirm": "160"})
    assert other.status_code == 422

    confirmed = measured("160", **{"weight_kg-confirm": "160"})
    assert confirmed.status_code == 302
    assert SectionSaved.objects.count() == 2


def test_nothing_is_to_be_confirmed_before_there_is_a_doubt(browser, patient) -> None:
    page = browser.get(theirs(patient, "examination")).content.decode()

    assert "weight_kg-confirm" not in page


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        (
            {"systolic_mmhg": "80", "diastolic_mmhg": "120"},
            "diastolic_mmhg",
            "Diastolic 120 is not below systolic 80.",
        ),
        (
            {"weight_kg": "300", "height_cm": "100"},
            "weight_kg",
            "This weight does not go with this height",
        ),
        ({"spo2_percent": "980"}, "spo2_percent", "Write a number from 50 to 100 %."),
        ({"weight_kg": "heavy"}, "weight_kg", "Write it in digits, like 165."),
    ],
)
def test_what_cannot_be_right_is_named_beside_its_field_and_stays(
    browser, patient, typed, field, sentence
) -> None:
    response = browser.post(theirs(patient, "examination"), form(pressure_symptoms="no", **typed))

    assert response.status_code == 422
    assert beside(response, field).startswith(sentence)
    assert {name: value(response, name) for name in typed} == typed
    assert is_ticked(response, "pressure_symptoms", "no")
    assert not SectionSaved.objects.exists()


def test_staff_take_down_medicines_and_settle_a_name(browser, patient) -> None:
    address = theirs(patient, "medicines")

    page = send(browser, address, form(**row(0, name="sertralin")))
    assert "Did you mean" in text(page)
    named = again(browser, address, use="0:sertraline", **row(0, name="sertralin"))
    browser.post(address, named)

    assert SectionSaved.objects.latest("at").answers["lines"][0]["name"] == "sertraline"


def test_a_yes_taken_down_opens_the_alert(browser, patient) -> None:
    browser.post(theirs(patient, "suicidal_thoughts"), form(wish_to_be_dead="yes"))

    assert Alert.objects.count() == 1
    assert "1 open alert" in text(browser.get(theirs(patient, "about_you")))


@pytest.mark.parametrize("role", [Role.front_desk, Role.administrator])
@pytest.mark.parametrize("method", ["get", "post"])
def test_other_roles_are_refused_with_the_reason(site, patient, log_in, role, method) -> None:
    browser = log_in(make_staff(role, site))

    response = getattr(browser, method)(theirs(patient, "about_you"))

    assert response.status_code == 403
    assert "read by nurses, prescribers and the director" in text(response)


def test_staff_of_another_site_find_nothing(other_site, patient, log_in) -> None:
    browser = log_in(make_staff(Role.prescriber, other_site))

    for typed in (None, form(sex_at_birth="male")):
        address = theirs(patient, "about_you")
        response = browser.get(address) if typed is None else browser.post(address, typed)
        assert response.status_code == 404
    assert not SectionSaved.objects.exists()


def test_a_patient_finds_no_staff_page(patient, log_in) -> None:
    browser = log_in(patient.user)

    assert browser.get(theirs(patient, "examination")).status_code == 404
    assert browser.post(theirs(patient, "examination"), form(weight_kg="70")).status_code == 404
    assert not SectionSaved.objects.exists()


def test_a_section_that_does_not_exist_is_not_found(browser, patient) -> None:
    assert browser.get(theirs(patient, "no_such_page")).status_code == 404


def test_twice_is_once(browser, patient) -> None:
    typed = form(allergy_ketamine="no")

    for _ in range(2):
        assert browser.post(theirs(patient, "allergies"), typed).status_code == 302

    assert SectionSaved.objects.count() == 1


def test_reading_and_saving_are_on_record_without_an_answer(browser, nurse, patient) -> None:
    browser.get(theirs(patient, "allergies"))
    browser.post(theirs(patient, "allergies"), form(other_allergies="Hazelnuts"))

    entries = Entry.objects.filter(actor_id=nurse.pk)
    assert {"chart.read", "section.saved"} <= set(entries.values_list("act", flat=True))
    assert not any("Hazel" in f"{entry.subject}{entry.details}" for entry in entries)


def test_the_number_of_queries_is_small(browser, patient, django_assert_max_num_queries) -> None:
    browser.post(theirs(patient, "examination"), form(weight_kg="70"), follow=True)

    with django_assert_max_num_queries(14):
        browser.get(theirs(patient, "examination"))


def test_who_is_measured_stands_above_the_page_with_the_birth_date(browser, patient) -> None:
    browser.post(theirs(patient, "about_you"), form(birth_date="1984-03-28"))

    page = text(browser.get(theirs(patient, "examination")))

    assert "Wren Hollis · born Mar 28, 1984" in page
    assert "New York Heart Association" in page


def test_liver_tests_are_asked_for_as_the_laboratory_prints_them(browser, patient) -> None:
    page = browser.get(theirs(patient, "laboratory")).content.decode()

    assert "ALT (alanine aminotransferase)" in page
    assert 'name="alt_upper_limit_u_per_l"' in page
    assert "U/L" in page


class TestSavedMeanwhile:
    """Two people have one page open; the second to save sees what the first one saved."""

    def test_a_medicine_told_meanwhile_is_not_taken_away(
        self, browser, patient, nurse, log_in
    ) -> None:
        address, own, mine_ = theirs(patient, "medicines"), log_in(patient.user), mine("medicines")
        own.post(mine_, form(**row(0, name="sertraline")))
        opened = again(browser, address, **row(0, name="sertraline", dose="50", unit="mg"))
        both = {**row(0, name="sertraline"), **row(1, name="phenelzine", dose="15", unit="mg")}
        own.post(mine_, again(own, mine_, **both))

        refused = browser.post(address, opened)

        assert refused.status_code == 409
        assert "Wren Hollis saved this page on" in text(refused)
        assert "added phenelzine 15 mg" in text(refused)
        assert value(refused, "line-0-dose") == "50"
        assert SectionSaved.objects.count() == 2

        own_form = {**opened, **{n: value(refused, n) for n in ("id", "shows")}}
        assert browser.post(address, own_form).status_code == 302
        assert SectionSaved.objects.latest("at").by == nurse

    def test_answers_that_changed_are_named_and_what_was_typed_stays(
        self, browser, patient, log_in
    ) -> None:
        address, own = theirs(patient, "heart_and_circulation"), log_in(patient.user)
        opened = again(browser, address, aneurysm="no")
        own.post(mine("heart_and_circulation"), form(aneurysm="yes"))

        refused = browser.post(address, opened)

        assert refused.status_code == 409
        assert f"“{facts()['aneurysm'].label}” Yes" in text(refused)
        assert is_ticked(refused, "aneurysm", "no")

    def test_the_same_answers_saved_twice_stand_in_nobodys_way(
        self, browser, patient, log_in
    ) -> None:
        address, own = theirs(patient, "allergies"), log_in(patient.user)
        own.post(mine("allergies"), form(allergy_ketamine="no"))
        opened = again(browser, address, allergy_ketamine="yes")
        own.post(mine("allergies"), again(own, mine("allergies"), allergy_ketamine="no"))

        assert browser.post(address, opened).status_code == 302

    def test_more_rows_keep_the_page_as_old_as_it_was(self, browser, patient, log_in) -> None:
        address, own = theirs(patient, "medicines"), log_in(patient.user)
        opened = again(browser, address, more="", **row(0, name="sertraline"))
        own.post(mine("medicines"), form(**row(0, name="phenelzine")))

        grown = browser.post(address, opened)

        assert value(grown, "shows") == opened["shows"]

    def test_the_same_form_sent_twice_is_kept_once(self, browser, patient) -> None:
        address = theirs(patient, "allergies")
        typed = again(browser, address, allergy_ketamine="no")

        for _ in range(2):
            assert browser.post(address, typed).status_code == 302

        assert SectionSaved.objects.count() == 1
