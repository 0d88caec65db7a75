"""Setting up an authenticator app, and logging in with it."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import override_settings
from django.urls import reverse

from tests.web.accounts.conftest import code_now, log_in_as
from tests.web.accounts.test_pages import trusted
from vernal.accounts.models import User

pytestmark = pytest.mark.django_db
URL = reverse("mfa_activate_totp")


def test_an_app_is_set_up_and_recovery_codes_follow(nurse: User) -> None:
    client = trusted(nurse)
    secret = client.get(URL).context["form"].secret

    answer = client.post(URL, {"code": code_now(secret)})

    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    kinds = set(Authenticator.objects.filter(user=nurse).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    codes = client.get(answer.headers["Location"])
    assert len(codes.context["unused_codes"]) == 10


def test_a_wrong_code_sets_nothing_up(nurse: User) -> None:
    client = trusted(nurse)
    client.get(URL)

    answer = client.post(URL, {"code": "000000"})

    assert "Incorrect code" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_setting_up_asks_once_more_who_is_there(nurse: User) -> None:
    client, _ = log_in_as(nurse)

    answer = client.get(URL)

    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_logging_in_then_asks_for_the_code_and_takes_it_once(nurse: User, secret: str) -> None:
    client, answer = log_in_as(nurse)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    code = code_now(secret)

    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert "_auth_user_id" in client.session

    thief, _ = log_in_as(nurse)
    thief.post(reverse("mfa_authenticate"), {"code": code})
    assert "_auth_user_id" not in thief.session


def test_the_second_step_is_not_tried_for_long(nurse: User, secret: str) -> None:
    client, _ = log_in_as(nurse)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})

    client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})

    assert "_auth_user_id" not in client.session


@override_settings(SECOND_FACTOR_ENFORCED=True)
def test_taking_the_app_off_closes_the_charts_again(nurse: User, secret: str) -> None:
    client = trusted(nurse)
    assert client.get(reverse("patients")).status_code == 200

    client.post(reverse("mfa_deactivate_totp"))

    assert client.get(reverse("patients")).headers["Location"] == reverse("mfa_index")
