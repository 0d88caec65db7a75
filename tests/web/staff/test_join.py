"""The one-time link of a staff member."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import PASSWORD, make_newcomer
from vernal.accounts.models import Site, User
from vernal.workflow.staff import INVITATION_LASTS, staff_invitation_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(site: Site) -> User:
    return make_newcomer(site)


def address(user: User, *, ago: timedelta = timedelta(0)) -> str:
    token = staff_invitation_token(user.pk, at=timezone.now() - ago)
    return reverse("join", kwargs={"token": token})


def test_a_password_is_chosen_and_opens_the_account(newcomer: User) -> None:
    browser, place = Client(), address(newcomer)
    assert newcomer.email in browser.get(place).content.decode()

    answer = browser.post(place, {"password": PASSWORD, "again": PASSWORD})

    assert answer.headers["Location"] == reverse("account_login")
    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)


def test_the_link_works_once(newcomer: User) -> None:
    browser, place = Client(), address(newcomer)
    browser.post(place, {"password": PASSWORD, "again": PASSWORD})

    answer = browser.post(place, {"password": "another sentence", "again": "another sentence"})

    assert answer.status_code == 409
    assert "has been used" in answer.content.decode()
    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"password": "short", "again": "short"}, "at least 12 characters"),
        ({"password": PASSWORD, "again": "something else"}, "The two passwords differ"),
        ({"password": "password1234", "again": "password1234"}, "too common"),
    ],
)
def test_a_weak_password_is_refused(typed: dict[str, str], sentence: str, newcomer: User) -> None:
    answer = Client().post(address(newcomer), typed)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_an_old_link_says_so(newcomer: User) -> None:
    old = address(newcomer, ago=INVITATION_LASTS + timedelta(minutes=1))

    assert Client().get(old).status_code == 409


def test_a_made_up_link_is_not_found() -> None:
    assert Client().get(reverse("join", kwargs={"token": "made:up"})).status_code == 404
