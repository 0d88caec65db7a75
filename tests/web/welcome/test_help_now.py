"""Help now: for anyone, at any hour, without logging in."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.web.intake.pages import text

pytestmark = pytest.mark.django_db
HELP = "/help-now/"


def test_it_is_there_for_everyone(site, patient, nurse, log_in) -> None:
    for browser in (Client(), log_in(patient.user), log_in(nurse)):
        page = text(browser.get(HELP))

        assert "Call or text 988" in page
        assert "call 911" in page
        assert site.phone in page


def test_numbers_can_be_pressed(site) -> None:
    page = Client().get(HELP).content.decode()

    assert 'href="tel:988"' in page
    assert 'href="sms:988"' in page
    assert f'href="tel:{site.phone.replace(" ", "")}"' in page


def test_it_stands_on_the_page_once(site) -> None:
    assert text(Client().get(HELP)).count("Call 988") == 1


def test_it_stands_without_a_clinic() -> None:
    assert Client().get(HELP).status_code == 200


def test_it_asks_the_database_for_the_clinics_alone(site, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(2):
        Client().get(HELP)
