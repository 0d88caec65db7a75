"""A site, and a logged-in browser without JavaScript for each role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from tests.coursing import Coursing, make_coursing
from tests.factories import make_patient, make_site, make_staff
from vernal.accounts.models import Role, Site, User

LogIn = Callable[[User], Client]


@pytest.fixture
def site(db) -> Site:
    return make_site("laramie")


@pytest.fixture
def other_site(db) -> Site:
    return make_site("cheyenne")


@pytest.fixture
def log_in() -> LogIn:
    def browser_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return browser_of


@pytest.fixture
def front_desk(site) -> User:
    return make_staff(Role.front_desk, site)


@pytest.fixture
def nurse(site) -> User:
    return make_staff(Role.nurse, site)


@pytest.fixture
def prescriber(site) -> User:
    return make_staff(Role.prescriber, site)


@pytest.fixture
def administrator(site) -> User:
    return make_staff(Role.administrator, site)


@pytest.fixture
def patient(front_desk, site):
    """A patient who has accepted the invitation."""
    return make_patient(front_desk, site)


@pytest.fixture
def clock(monkeypatch) -> Callable[[datetime], None]:
    """Sets the time at which pages are asked for."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


@pytest.fixture
def course(site) -> Coursing:
    """A patient after the first of six sessions."""
    return make_coursing(site, given=1)
