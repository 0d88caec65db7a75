"""A staff member whose second step is asked for, as it is outside the demo."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client

from tests.factories import PASSWORD
from vernal.accounts.models import User


@pytest.fixture(autouse=True)
def _no_attempts_yet():
    """Limits on attempts are counted in the cache."""
    cache.clear()


@pytest.fixture
def secret(nurse: User) -> str:
    """The nurse's authenticator app, already set up."""
    made = generate_totp_secret()
    TOTP.activate(nurse, made)
    return made


def log_in_as(user: User, password: str = PASSWORD) -> tuple[Client, object]:
    client = Client()
    answer = client.post("/accounts/login/", {"login": user.email, "password": password})
    return client, answer


def code_now(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import (
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
