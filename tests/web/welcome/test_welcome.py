"""The front door."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.intake.pages import text

pytestmark = pytest.mark.django_db


def test_everyone_may_read_it_and_ask(site) -> None:
    page = Client().get("/")

    assert page.status_code == 200
    assert reverse("ask") in page.content.decode()
    assert reverse("account_login") in page.content.decode()


def test_it_says_what_the_treatment_cannot_do(site) -> None:
    page = text(Client().get("/"))

    assert "It is not shown to prevent suicide." in page
    assert "off label" in page
    assert "It does not work for everyone" in page


def test_help_and_the_clinic_are_there(site, other_site) -> None:
    page = text(Client().get("/"))

    assert "Call 988" in page
    for clinic in (site, other_site):
        assert clinic.phone in page
        assert clinic.opening_hours in page


def test_someone_logged_in_may_read_it_too(patient, log_in) -> None:
    assert log_in(patient.user).get("/").status_code == 200


def test_without_a_clinic_it_still_stands() -> None:
    assert Client().get("/").status_code == 200


def test_it_sets_no_cookie_and_is_not_stored(site) -> None:
    response = Client().get("/")

    assert not response.cookies
    assert "no-store" in response.headers["Cache-Control"]
