"""The screening page."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_patient, tell_thoughts
from tests.web.intake.pages import text
from tests.web.screening.conftest import words
from vernal.audit.models import Entry
from vernal.records.models import Alert
from vernal.workflow import intake
from vernal.workflow.alerts import acknowledge_alert

pytestmark = pytest.mark.django_db


def address(patient_id) -> str:
    return reverse("screening", kwargs={"patient_id": patient_id})


def test_a_complete_healthy_patient_has_nothing_in_the_way(screenable, prescriber, log_in) -> None:
    page = log_in(prescriber).get(address(screenable())).content.decode()

    assert "Nothing stands in the way" in page


def test_a_bar_says_what_it_is_why_and_what_to_do(screenable, prescriber, log_in) -> None:
    page = log_in(prescriber).get(address(screenable(aneurysm="yes"))).content.decode()

    assert "Bar: do not give" in page
    assert "Aneurysm" in page
    assert "signs neither the decision nor the plan" in page


def test_what_is_not_known_leads_to_the_section_that_asks(
    front_desk, site, prescriber, log_in
) -> None:
    patient = make_patient(front_desk, site)

    page = log_in(prescriber).get(address(patient.patient_id)).content.decode()

    examination = reverse(
        "section", kwargs={"patient_id": patient.patient_id, "section_id": "examination"}
    )
    assert "Still to be asked or measured" in page
    assert examination in page
    assert "Nothing stands in the way" not in page


@pytest.mark.parametrize(
    ("level", "says"),
    [
        (1, "Suicidal thoughts without intent"),
        (4, "Suicidal thoughts with intent or plan"),
        (5, "Suicidal thoughts with intent or plan"),
    ],
)
def test_what_needs_action_today_stands_before_what_is_missing(
    front_desk, site, prescriber, log_in, level, says
) -> None:
    patient = make_patient(front_desk, site)
    tell_thoughts(patient, *range(1, level + 1))

    page = text(log_in(prescriber).get(address(patient.patient_id)))

    today = page.index("Needs action today")
    assert today < page.index("Open alert about suicidal thoughts") < page.index(says)
    assert page.index(says) < page.index("Bars that cannot be judged")
    assert page.index(says) < page.index("Still to be asked or measured")
    assert "What needs action today stands at the top" in page
    assert page.count(says) == 1


def test_an_alarm_that_was_weighed_is_settled(screenable, prescriber, log_in) -> None:
    patient_id = screenable(suicide_attempt_when="within_3_months")
    for alert in Alert.objects.filter(patient=patient_id):
        acknowledge_alert(by=prescriber, alert_id=alert.pk, note="Called.", at=timezone.now())
    browser = log_in(prescriber)
    assert "Needs action today" in text(browser.get(address(patient_id)))

    note = words("HOU-SUI-2", "Talked it over; the safety plan is signed.")
    browser.post(reverse("weigh", kwargs={"patient_id": patient_id}), note)

    page = text(browser.get(address(patient_id)))
    assert "Needs action today" not in page
    assert "Weighed and set aside" in page


def test_nothing_needs_action_where_no_alarm_is_found(screenable, prescriber, log_in) -> None:
    page = text(log_in(prescriber).get(address(screenable(aneurysm="yes"))))

    assert "Needs action today" not in page


def test_medicines_that_were_never_asked_about_are_not_none(
    front_desk, site, prescriber, log_in
) -> None:
    patient = make_patient(front_desk, site)
    browser = log_in(prescriber)
    at = timezone.now()

    never = text(browser.get(address(patient.patient_id)))
    save_none(patient, "medicines", at=at)
    half = text(browser.get(address(patient.patient_id)))
    save_none(patient, "stopped_medicines", at=at)
    both = text(browser.get(address(patient.patient_id)))

    asked = "Medicines Not asked yet: Medicines you stopped lately , Medicines you take now ."
    assert "No medicines are listed." not in never + half
    assert asked in never
    assert "Not asked yet: Medicines you stopped lately ." in half
    assert "No medicines are listed." in both


def save_none(patient, section_id, *, at) -> None:
    intake.save_lines(
        by=patient.user,
        patient_id=patient.patient_id,
        section_id=section_id,
        lines=(),
        id=uuid4(),
        at=at,
    )


def test_an_i_do_not_know_is_not_a_no(screenable, prescriber, log_in) -> None:
    page = log_in(prescriber).get(address(screenable(aneurysm="unknown"))).content.decode()

    assert "Could be a bar" in page


def test_medicines_say_plainly_that_an_antidepressant_may_continue(
    screenable, prescriber, log_in
) -> None:
    page = log_in(prescriber).get(address(screenable())).content.decode()

    assert "May continue" in page
    assert "escitalopram" in page


def test_expected_benefit_shows_the_comparison_group(screenable, prescriber, log_in) -> None:
    page = log_in(prescriber).get(address(screenable())).content.decode()

    assert "midazolam" in page
    assert "No comparison group" in page


def test_a_nurse_reads_but_cannot_sign(screenable, nurse, log_in) -> None:
    page = log_in(nurse).get(address(screenable())).content.decode()

    assert "A prescriber or the medical director weighs, overrides and signs." in page
    assert "Sign the decision" not in page


def test_reading_it_is_on_record(screenable, prescriber, log_in) -> None:
    patient_id = screenable()

    log_in(prescriber).get(address(patient_id))

    entry = Entry.objects.filter(act="chart.read", patient_id=patient_id).latest("sequence")
    assert (entry.actor_id, entry.details) == (prescriber.pk, {"page": "screening"})


def test_the_number_of_queries_is_constant(
    screenable, prescriber, log_in, django_assert_max_num_queries
) -> None:
    patient_id = screenable(aneurysm="yes", has_hypertension="yes")
    browser = log_in(prescriber)

    with django_assert_max_num_queries(20):
        browser.get(address(patient_id))


def test_a_source_that_was_read_second_hand_says_so_beside_it(
    screenable, prescriber, log_in, monkeypatch
) -> None:
    monkeypatch.setattr(
        "vernal.workflow.queries.cited.read_second_hand", lambda source: "blog.example"
    )

    page = log_in(prescriber).get(address(screenable(aneurysm="yes"))).content.decode()

    assert "(read at blog.example, not in the work itself)" in page
