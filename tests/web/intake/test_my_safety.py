"""The help page: help first, then the truth about who reads the answers and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_alert, make_patient, make_staff, tell_item_9, tell_thoughts
from tests.web.intake.pages import form, text, theirs
from vernal.accounts.models import OnCall, Role
from vernal.knowledge.alerts import escalation
from vernal.web.parts import moment
from vernal.workflow.alerts import acknowledge_alert

pytestmark = pytest.mark.django_db
HELP = "/my-care/help/"


@pytest.fixture
def browser(patient, log_in):
    return log_in(patient.user)


def put_on_call(user, site) -> None:
    OnCall.objects.create(site=site, user=user, since=timezone.now(), set_by=user)


def test_help_comes_before_everything_else(browser, patient, nurse, site) -> None:
    make_alert(patient)

    page = text(browser.get(HELP))

    assert "Call 988" in page
    assert site.phone in page
    assert page.index("Call 988") < page.index("Who reads your answer")
    assert page.count("Call 988") == 1


def test_it_names_who_is_on_call_and_when_others_are_told(
    browser, patient, prescriber, site
) -> None:
    put_on_call(prescriber, site)
    make_alert(patient)

    page = text(browser.get(HELP))

    minutes = int(escalation().repeat_after.total_seconds() // 60)
    assert f"a message was put on its way to {prescriber.name}, who is on call" in page
    assert f"after {minutes} minutes" in page
    later = int(escalation().later_every.total_seconds() // 60)
    assert f"later every {later} minutes, until someone takes it on" in page
    assert f"The clinic is open {site.opening_hours}." in page


def test_it_tells_which_answer_was_sent_when_and_to_whom(
    browser, patient, nurse, prescriber, site
) -> None:
    nine = timezone.now() - timedelta(hours=1)
    put_on_call(prescriber, site)
    tell_thoughts(patient, 1, at=nine)
    put_on_call(nurse, site)
    tell_thoughts(patient, 1, 5, at=nine + timedelta(minutes=30))
    tell_thoughts(patient, 1, at=nine + timedelta(minutes=40))

    page = text(browser.get(HELP))

    first, _on, worse = page.partition(f"to {nurse.name}")
    assert (
        f"{moment(nine, site.time_zone)} a message was put on its way to {prescriber.name}" in first
    )
    assert (
        "have you wished that you were dead, or that you could fall asleep and not wake up?” Yes"
        in first
    )
    assert moment(nine + timedelta(minutes=30), site.time_zone) in first
    assert "have you made a plan to end your life or taken any step towards it?” Yes" in worse
    assert page.count("a message was put on its way") == 2
    assert "Any other is kept in your chart and not sent on." in page


def test_a_worse_answer_to_the_phq_9_is_told_in_its_own_words(browser, patient, nurse) -> None:
    tell_item_9(patient, 1)
    tell_item_9(patient, 3)

    page = text(browser.get(HELP))

    assert page.index("hurting yourself in some way” Several days.") < page.index(
        "hurting yourself in some way” Nearly every day."
    )


def test_what_a_clinician_noted_is_not_called_the_patients_answer(
    browser, patient, nurse, log_in
) -> None:
    rated = form(clinician_suicidal_ideation_level="4")
    log_in(nurse).post(theirs(patient, "mental_state"), rated)

    page = text(browser.get(HELP))

    assert "It is about what a clinician noted after speaking with you." in page
    assert "your answer:" not in page


def test_with_nobody_on_call_it_says_that_all_are_told(browser, patient, nurse) -> None:
    make_alert(patient)

    assert "on its way to all clinicians" in text(browser.get(HELP))


def test_where_nobody_can_be_told_it_says_so(other_site, log_in) -> None:
    patient = make_patient(make_staff(Role.front_desk, other_site), other_site)
    make_alert(patient)

    page = text(log_in(patient.user).get(HELP))

    assert "nobody" in page
    assert "Please call someone now." in page
    assert "on its way" not in page


def test_without_an_open_alert_it_leads_back(browser, patient, nurse) -> None:
    assert browser.get(HELP).headers["Location"] == reverse("my_care")

    alert_id = make_alert(patient)
    acknowledge_alert(by=nurse, alert_id=alert_id, note="I called.", at=timezone.now())

    assert browser.get(HELP).headers["Location"] == reverse("my_care")


def test_another_patients_alert_is_not_shown(browser, front_desk, site, nurse) -> None:
    make_alert(make_patient(front_desk, site))

    assert browser.get(HELP).headers["Location"] == reverse("my_care")


def test_staff_are_told_that_the_page_is_a_patients(nurse, log_in) -> None:
    response = log_in(nurse).get(HELP)

    assert response.status_code == 403
    assert "a patient's own account" in text(response)


def test_the_way_on_leads_to_the_next_open_page(browser, patient) -> None:
    make_alert(patient)

    page = browser.get(HELP)

    assert reverse("my_section", kwargs={"section_id": "about_you"}) in page.content.decode()
    assert "Go on to: About you" in text(page)
