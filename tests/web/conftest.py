"""A site, and a logged-in browser without JavaScript for each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime
from typing import NamedTuple

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.coursing import Coursing, make_coursing
from tests.daytime import ahead
from tests.factories import make_patient, make_site, make_staff
from tests.web.intake.pages import form, mine
from tests.web.world import OWN, World
from vernal.accounts.models import Role, Site, User
from vernal.records.models import Patient, PatientDetails

LogIn = Callable[[User], Client]


class Standing(NamedTuple):
    """The site and its staff, the same for every test of a module."""

    site: Site
    front_desk: User
    nurse: User
    prescriber: User
    administrator: User


def standing_in(world: World) -> Standing:
    """Those of the world, where a module has one: there is one site of that name."""
    roles = ("front_desk", "nurse", "prescriber", "administrator")
    return Standing(world.sites[OWN], *(world.users[role] for role in roles))


@pytest.fixture(scope="module", autouse=True)
def morning() -> Iterator[None]:
    """It is late morning at the clinic when a module begins; from then on time goes by."""
    real = timezone.now
    shift = ahead(real())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: real() + shift)
        yield


# For every module, so that it is there before a test's own transaction begins: a test may ask for
# one of the staff by name while it runs.
@pytest.fixture(scope="module", autouse=True)
def standing(lasting, morning) -> Standing:
    site = make_site("laramie")
    roles = (Role.front_desk, Role.nurse, Role.prescriber, Role.administrator)
    return Standing(site, *(make_staff(role, site) for role in roles))


@pytest.fixture(scope="module")
def standing_course(standing) -> Coursing:
    return make_coursing(standing.site, given=1)


@pytest.fixture
def site(standing, db) -> Site:
    return deepcopy(standing.site)


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
def front_desk(standing, db) -> User:
    return deepcopy(standing.front_desk)


@pytest.fixture
def nurse(standing, db) -> User:
    return deepcopy(standing.nurse)


@pytest.fixture
def prescriber(standing, db) -> User:
    return deepcopy(standing.prescriber)


@pytest.fixture
def administrator(standing, db) -> User:
    return deepcopy(standing.administrator)


@pytest.fixture
def patient(front_desk, site):
    """A patient who has accepted the invitation."""
    return make_patient(front_desk, site)


@pytest.fixture
def reachable(patient, log_in) -> None:
    """The patient has given a number, and somebody to call."""
    row = Patient.objects.get(pk=patient.patient_id)
    newest = row.details.latest("at")
    PatientDetails.objects.create(
        patient=row,
        at=timezone.now(),
        by=newest.by,
        given_name=newest.given_name,
        family_name=newest.family_name,
        email=newest.email,
        phone="307 555 0160",
    )
    typed = form(person_to_call="My sister, (307) 555-0147")
    log_in(patient.user).post(mine("support_at_home"), typed)


@pytest.fixture
def clock(monkeypatch) -> Callable[[datetime], None]:
    """Sets the time at which pages are asked for."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


@pytest.fixture
def course(standing_course, db) -> Coursing:
    """A patient after the first of six sessions."""
    return deepcopy(standing_course)


@pytest.fixture
def read_only(standing, db) -> Iterator[None]:
    """The database answers, but takes no more rows."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # later no row could be looked at
            cursor.execute("SET TRANSACTION READ ONLY")  # ends with the test's own transaction
            yield
        else:
            cursor.execute("PRAGMA query_only = ON")
            yield
            cursor.execute("PRAGMA query_only = OFF")
