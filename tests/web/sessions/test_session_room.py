"""Light or dark, for this browser alone."""

from __future__ import annotations

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_the_room_turns_dark_and_light_again(soon, log_in, address) -> None:
    browser, url = log_in(soon.nurse), address("session", soon)
    assert 'data-room="light"' in browser.get(url).content.decode()

    response = browser.post(reverse("session_room"), {"back": url})

    assert response.headers["Location"] == url
    assert 'data-room="dark"' in browser.get(url).content.decode()
    browser.post(reverse("session_room"))
    assert 'data-room="light"' in browser.get(url).content.decode()


def test_it_leads_to_no_other_host(nurse, log_in) -> None:
    response = log_in(nurse).post(reverse("session_room"), {"back": "https://elsewhere.example/"})

    assert response.headers["Location"] == reverse("sessions_today")


def test_a_get_changes_nothing(nurse, log_in) -> None:
    assert log_in(nurse).get(reverse("session_room")).status_code == 405
