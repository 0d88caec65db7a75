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


@pytest.mark.parametrize(
    "back",
    [
        *("https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example/"),
        *("NaN", "-1", "1e30", "x", "", "plan", "javascript:x"),
    ],
)
def test_it_leads_to_a_page_of_this_host_or_to_the_day(nurse, log_in, back) -> None:
    response = log_in(nurse).post(reverse("session_room"), {"back": back})

    assert response.status_code == 302
    assert response.headers["Location"] == reverse("sessions_today")


def test_a_get_changes_nothing(nurse, log_in) -> None:
    assert log_in(nurse).get(reverse("session_room")).status_code == 405
