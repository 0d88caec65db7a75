"""One's own PIN, set with one's own password."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.factories import PASSWORD
from vernal.records.models import Pin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_tries():
    cache.clear()


def send(browser, **changes: str):
    given = {"password": PASSWORD, "pin": "4917", "again": "4917"}
    return browser.post(reverse("pin"), {**given, **changes})


def test_a_pin_is_kept_hashed(nurse, log_in) -> None:
    response = send(log_in(nurse))

    assert response.headers["Location"] == reverse("sessions_today")
    pin = Pin.objects.get(user=nurse)
    assert "4917" not in pin.hash


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"password": "wrong"}, "not your password"),
        ({"pin": "123", "again": "123"}, "4 to 8 digits"),
        ({"pin": "12a4", "again": "12a4"}, "4 to 8 digits"),
        ({"pin": "1111", "again": "1111"}, "try this one first"),
        ({"pin": "4321", "again": "4321"}, "try this one first"),
        ({"again": "4918"}, "do not match"),
    ],
)
def test_what_is_refused(changes, sentence, nurse, log_in) -> None:
    response = send(log_in(nurse), **changes)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Pin.objects.exists()


def test_passwords_are_not_guessed_here(nurse, log_in) -> None:
    browser = log_in(nurse)
    for _time in range(5):
        send(browser, password="wrong")

    assert "Too many wrong passwords" in send(browser).content.decode()
    assert not Pin.objects.exists()


def test_twice_the_newest_counts(nurse, log_in) -> None:
    browser = log_in(nurse)
    send(browser)
    send(browser, pin="8305", again="8305")

    assert Pin.objects.filter(user=nurse).count() == 2


def test_it_is_for_clinical_staff(front_desk, log_in) -> None:
    assert send(log_in(front_desk)).status_code == 403
