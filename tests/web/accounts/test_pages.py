"""Every page about the own account: our look, our words, and nothing the policy forbids."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from tests.factories import PASSWORD
from tests.web.accounts.conftest import log_in_as
from vernal.accounts.models import User

pytestmark = pytest.mark.django_db

OPEN = [
    "account_login",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
]
LOGGED_IN = [
    "account_logout",
    "account_reauthenticate",
    "account_change_password",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
]
WITH_APP = [
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
]


def trusted(user: User) -> Client:
    """Logged in, and just asked once more."""
    client = Client()
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def check_page(answer) -> str:
    text = answer.content.decode()
    assert answer.status_code == 200, answer.get("Location")
    assert "vernal/tokens" in text, "not our page"
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script, script
    assert not re.search(r"\son[a-z]+=|<style|\sstyle=|javascript:", text)
    assert "sign up" not in text.lower()
    for address in re.findall(r'(?:href|action)="(/[^"?#]*)', text):
        if not address.startswith("/static/"):
            try:
                resolve(address)
            except Resolver404:
                pytest.fail(f"{address} leads nowhere")
    return text


@pytest.mark.parametrize("name", OPEN)
def test_a_page_for_anyone(name: str) -> None:
    check_page(Client().get(reverse(name)))


@pytest.mark.parametrize("name", LOGGED_IN)
def test_a_page_for_someone_who_is_logged_in(name: str, nurse: User) -> None:
    check_page(trusted(nurse).get(reverse(name)))


@pytest.mark.parametrize("name", WITH_APP)
def test_a_page_for_someone_with_an_app(name: str, nurse: User, secret: str) -> None:
    check_page(trusted(nurse).get(reverse(name)))


@pytest.mark.parametrize("name", LOGGED_IN)
def test_a_visitor_gets_to_no_page_of_an_account(name: str) -> None:
    answer = Client().get(reverse(name))

    assert answer.status_code == 302


def test_the_second_step_is_our_page_too(nurse: User, secret: str) -> None:
    client, answer = log_in_as(nurse)

    assert answer.headers["Location"] == reverse("mfa_authenticate")
    text = check_page(client.get(reverse("mfa_authenticate")))
    assert "data-passkey" in text


def test_a_page_of_an_account_is_never_kept_by_a_browser(nurse: User) -> None:
    answer = trusted(nurse).get(reverse("mfa_activate_totp"))

    assert "no-store" in answer.headers["Cache-Control"]


def test_the_policy_lets_the_square_be_shown_and_no_script_of_others(nurse: User) -> None:
    answer = trusted(nurse).get(reverse("mfa_activate_totp"))

    policy = answer.headers["Content-Security-Policy"]
    assert "img-src 'self' data:" in policy
    assert "script-src 'self';" in policy + ";"
    assert "data:image/svg+xml;base64," in answer.content.decode()
