"""Logging in: nobody learns who has an account, and nobody tries for long."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, identify_hasher
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse

from tests.factories import PASSWORD
from tests.web.accounts.conftest import log_in_as
from vernal.accounts.models import User

pytestmark = pytest.mark.django_db
SENTENCE = "That address and that password do not belong together."


def test_the_right_password_opens_the_start_page(nurse: User) -> None:
    client, answer = log_in_as(nurse)

    assert answer.headers["Location"] == reverse("home")
    assert "_auth_user_id" in client.session


def test_a_wrong_password_and_an_unknown_address_read_the_same(nurse: User) -> None:
    def told(email: str) -> str:
        answer = Client().post(
            reverse("account_login"), {"login": email, "password": "not this one"}
        )
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        return text.replace(email, "…")

    known, unknown = told(nurse.email), told("nobody@vernal.example")

    assert SENTENCE in known
    assert known == unknown


def test_an_unknown_address_costs_a_hash_too(nurse: User, monkeypatch) -> None:
    """Else the time of the answer would tell."""
    hashed = []
    make = User.set_password
    monkeypatch.setattr(User, "set_password", lambda *args: (hashed.append(1), make(*args)))

    Client().post(reverse("account_login"), {"login": "x@vernal.example", "password": "a"})

    assert hashed


def test_a_closed_account_does_not_open(nurse: User) -> None:
    nurse.is_active = False
    nurse.save()

    client, answer = log_in_as(nurse)

    assert answer.headers["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_the_session_is_another_after_logging_in(nurse: User) -> None:
    client = Client()
    client.post(reverse("account_login"), {"login": nurse.email, "password": "wrong"})
    session = client.session
    session["planted"] = "1"
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before

    client.post(reverse("account_login"), {"login": nurse.email, "password": PASSWORD})

    assert client.session.session_key not in (None, before)


def test_the_sixth_wrong_password_is_not_tried(nurse: User) -> None:
    for _ in range(5):
        log_in_as(nurse, "wrong")

    client, answer = log_in_as(nurse)

    assert "_auth_user_id" not in client.session
    assert "Too many attempts" in answer.content.decode()


def test_many_attempts_from_one_place_are_refused(settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    client = Client()
    answers = [
        client.post(reverse("account_login"), {"login": "x", "password": "y"}) for _ in range(4)
    ]

    assert answers[-1].status_code == 429
    assert "Too many attempts" in answers[-1].content.decode()


def test_limits_and_used_codes_are_shared_by_all_web_processes() -> None:
    from vernal.config import settings as real

    assert real.CACHES["default"]["BACKEND"].endswith("db.DatabaseCache")
    assert real.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 100_000


@pytest.mark.slow
def test_passwords_are_hashed_with_argon2() -> None:
    from vernal.config import settings as real

    with override_settings(PASSWORD_HASHERS=real.PASSWORD_HASHERS):
        user = User(email="a@vernal.example")
        user.set_password(PASSWORD)

        assert isinstance(identify_hasher(user.password), Argon2PasswordHasher)
        assert user.check_password(PASSWORD)


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_set_password"])
def test_there_is_no_sign_up_and_no_change_of_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_a_visitor_is_sent_on_only_within_the_house(nurse: User) -> None:
    answer = Client().post(
        reverse("account_login"),
        {"login": nurse.email, "password": PASSWORD, "next": "https://elsewhere.example/"},
    )

    assert answer.headers["Location"] == reverse("home")
