"""The patient's own page: what comes next, how far it is, what is still open."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_patient
from tests.web.intake.pages import form, mine, text
from vernal.workflow import intake

pytestmark = pytest.mark.django_db
MY_CARE = "/my-care/"


@pytest.fixture
def browser(patient, log_in):
    return log_in(patient.user)


def test_a_new_patient_begins_with_the_first_page(browser) -> None:
    page = browser.get(MY_CARE)

    assert "0 of 15 sections" in text(page)
    assert f'href="{mine("about_you")}"' in page.content.decode()
    assert "Begin" in text(page)


def test_the_next_page_is_the_first_that_nobody_saved(browser) -> None:
    browser.post(mine("about_you"), form(sex_at_birth="female", later="1"))
    browser.get(MY_CARE)  # takes the message

    page = browser.get(MY_CARE)

    assert "Go on" in text(page)
    assert "3 questions open" in text(page)
    assert "1 of 15 sections" in text(page)


def test_before_sending_open_questions_and_not_knowing_are_shown(browser, save_everything) -> None:
    save_everything(aneurysm="unknown", seizures="")

    page = text(browser.get(MY_CARE))

    assert "Questions still open" in page
    assert "Have you ever had a seizure" in page
    assert "You answered “I don't know”" in page
    assert "Have you ever been told that you have an aneurysm?" in page
    assert "Send my history to the clinic" in page


def test_a_question_that_may_stay_empty_is_not_open(browser, save_everything) -> None:
    save_everything(heart_symptoms_now="")

    page = text(browser.get(MY_CARE))

    assert "Questions still open" not in page


def test_what_was_sent_is_thanked_for(browser, patient, save_everything) -> None:
    save_everything()
    intake.send_intake(by=patient.user, patient_id=patient.patient_id, at=timezone.now())

    page = text(browser.get(MY_CARE))

    assert "You sent your history on" in page
    assert "Send my history" not in page


def test_nobody_elses_history_is_on_it(browser, front_desk, site) -> None:
    other = make_patient(front_desk, site)

    assert str(other.patient_id) not in browser.get(MY_CARE).content.decode()


def test_staff_are_told_that_the_page_is_a_patients(nurse, log_in) -> None:
    response = log_in(nurse).get(reverse("my_care"))

    assert response.status_code == 403
    assert "a patient's own account" in text(response)


def test_help_stands_on_the_page(browser, site) -> None:
    page = text(browser.get(MY_CARE))

    assert "Call 988" in page
    assert site.phone in page


def test_the_number_of_queries_does_not_grow_with_the_history(
    browser, save_everything, django_assert_max_num_queries
) -> None:
    save_everything()
    save_everything(seizures="")

    with django_assert_max_num_queries(11):
        browser.get(MY_CARE)
