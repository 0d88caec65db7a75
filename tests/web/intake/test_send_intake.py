"""Sending the history to the clinic."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.web.intake.pages import text
from vernal.audit.models import Entry
from vernal.records.models import IntakeSent

pytestmark = pytest.mark.django_db
SEND = "/my-care/send/"


@pytest.fixture
def browser(patient, log_in):
    return log_in(patient.user)


def test_a_complete_history_is_sent_and_thanked_for(browser, save_everything) -> None:
    save_everything()

    response = browser.post(SEND, follow=True)

    assert response.redirect_chain == [(reverse("my_care"), 302)]
    assert "The clinic has your history" in text(response)
    assert IntakeSent.objects.count() == 1


def test_open_questions_do_not_hold_it_back(browser, save_everything) -> None:
    save_everything(seizures="", aneurysm="unknown")

    browser.post(SEND)

    assert IntakeSent.objects.exists()


def test_sections_that_nobody_saved_are_named(browser) -> None:
    response = browser.post(SEND)

    assert response.status_code == 409
    assert "Still to do: About you, Heart and circulation" in text(response)
    assert "Your history" in text(response)
    assert not IntakeSent.objects.exists()


def test_twice_is_once(browser, save_everything) -> None:
    save_everything()

    for _ in range(2):
        browser.post(SEND)

    assert IntakeSent.objects.count() == 1
    assert Entry.objects.filter(act="intake.sent").count() == 1


def test_looking_at_the_address_sends_nothing(browser, save_everything) -> None:
    save_everything()

    assert browser.get(SEND).status_code == 405
    assert not IntakeSent.objects.exists()


def test_staff_cannot_send_for_a_patient(nurse, log_in) -> None:
    response = log_in(nurse).post(SEND)

    assert response.status_code == 403
    assert "a patient's own account" in text(response)
