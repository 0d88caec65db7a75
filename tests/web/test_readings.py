"""Who was shown what: each page about a patient is on record, once, before it is shown."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.bedside import make_bedside
from tests.factories import make_site, make_staff
from tests.web.conftest import Standing, standing_in
from tests.web.matrix import (
    CLINICAL,
    INQUIRY,
    NOTE,
    OF_A_PATIENT,
    PATIENT,
    READ_BY_NOBODY_ELSE,
    ROWS,
    SESSION,
    SHOWS_NOBODY,
    STAFF,
    Row,
)
from tests.web.world import NEIGHBOUR, OTHER, OWN, World, make_world
from vernal.accounts.models import Membership, Role
from vernal.audit import chain
from vernal.audit.models import Entry
from vernal.records.models import Invitation
from vernal.web.staff.words import ACTS

pytestmark = pytest.mark.django_db
READ = [row for row in ROWS if "get" in row.methods and not row.allowed <= {PATIENT}]
ABOUT_PATIENTS = [row for row in READ if row.name not in SHOWS_NOBODY | READ_BY_NOBODY_ELSE]
NAMES = ("Wren", "Hollis")
AGAIN = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def world(lasting, morning) -> World:
    return make_world()


@pytest.fixture(scope="module")
def standing(world: World) -> Standing:
    return standing_in(world)


def _address(row: Row, world: World) -> str:
    return reverse(row.name, kwargs=row.arguments(world, OWN) if row.arguments else {})


def _browser(who: str, world: World) -> Client:
    client = Client(raise_request_exception=False)
    if who in world.users:
        client.force_login(world.users[who])
    return client


def _readings() -> list[Entry]:
    return list(Entry.objects.filter(act__endswith=".read"))


@pytest.mark.parametrize(
    ("row", "who"), [(row, who) for row in ABOUT_PATIENTS for who in sorted(row.allowed)], ids=str
)
def test_opening_a_page_about_patients_is_on_record_once(row: Row, who: str, world: World) -> None:
    before = len(_readings())

    page = _browser(who, world).get(_address(row, world))

    *_, entry = found = _readings()
    assert page.status_code in {200, 409}
    assert len(found) == before + 1
    assert (entry.actor_id, entry.site_id) == (world.users[who].pk, world.sites[OWN].pk)
    assert entry.act in ACTS
    assert not any(name in chain.canonical(entry).decode() for name in NAMES)
    if row.arguments in OF_A_PATIENT:
        assert entry.patient_id == world.patient_id[OWN]


@pytest.mark.parametrize("row", ABOUT_PATIENTS, ids=str)
def test_what_cannot_be_recorded_is_not_shown(row: Row, world: World, monkeypatch) -> None:
    def refuse(*args, **kwargs) -> None:
        raise OperationalError("the disk is full")

    browser = _browser(sorted(row.allowed)[0], world)
    monkeypatch.setattr(Entry, "save", refuse)

    page = browser.get(_address(row, world))

    assert page.status_code == 503
    assert not any(name in page.content.decode() for name in NAMES)


@pytest.mark.parametrize("row", [row for row in READ if row.name in SHOWS_NOBODY], ids=str)
def test_a_page_that_is_no_reading_shows_nobody(row: Row, world: World) -> None:
    who = next(each for each in (*STAFF, "nobody") if each in row.allowed)
    before = len(_readings())

    page = _browser(who, world).get(_address(row, world))

    # The styleguide's patient is made up, and called the same in each test.
    assert row.name.startswith("styleguide") or not any(
        name in page.content.decode() for name in NAMES
    )
    assert len(_readings()) == before


def test_a_list_is_on_record_with_everyone_on_it(world: World) -> None:
    own = {world.patient_id[OWN], world.patient_id[NEIGHBOUR]}

    _browser("nurse", world).get(reverse("patients"))

    (entry,) = Entry.objects.filter(act="patients.read")
    assert {str(patient_id) for patient_id in own} <= set(entry.details["patients"])
    assert str(world.patient_id[OTHER]) not in entry.details["patients"]


def test_a_list_of_two_sites_is_on_record_at_each(world: World) -> None:
    nurse = world.users["nurse"]
    Membership.objects.create(
        user=nurse, site=world.sites[OTHER], role=Role.nurse, granted_at=timezone.now()
    )

    _browser("nurse", world).get(reverse("alerts"))

    entries = Entry.objects.filter(act="alerts.read")
    assert {entry.site_id for entry in entries} == {site.pk for site in world.sites.values()}
    (other,) = (entry for entry in entries if entry.site_id == world.sites[OTHER].pk)
    assert other.details == {"patients": [str(world.patient_id[OTHER])]}


def test_a_list_that_shows_nobody_is_no_reading(log_in) -> None:
    browser = log_in(make_staff(Role.nurse, make_site("an empty one")))

    for name in ("patients", "inbox", "alerts", "sessions_today"):
        assert browser.get(reverse(name)).status_code == 200

    assert _readings() == []


class TestLookingAgain:
    """A page that looks again by itself is on record already, which the server knows, not it."""

    @pytest.fixture
    def session(self, world: World) -> str:
        return reverse("session", kwargs=SESSION(world, OWN))

    def test_it_adds_nothing_to_what_is_on_record(self, world: World, session: str) -> None:
        browser = _browser("nurse", world)

        for _time in range(3):
            browser.get(session)
            browser.get(session, headers=AGAIN)

        assert len(_readings()) == 3

    def test_a_header_alone_proves_nothing(self, world: World, session: str) -> None:
        browser = _browser("nurse", world)

        page = browser.get(session, headers=AGAIN)
        browser.get(session, headers=AGAIN)

        assert page.status_code == 200
        assert len(_readings()) == 1

    def test_another_log_in_starts_over(self, world: World, session: str) -> None:
        _browser("nurse", world).get(session)
        browser = _browser("nurse", world)

        browser.get(session, headers=AGAIN)
        assert len(_readings()) == 2

        browser.logout()
        browser.force_login(world.users["nurse"])
        browser.get(session, headers=AGAIN)
        assert len(_readings()) == 3

    def test_it_holds_for_one_session_of_one_patient(self, world: World, session: str) -> None:
        browser = _browser("nurse", world)
        browser.get(session)

        browser.get(reverse("session", kwargs=SESSION(world, NEIGHBOUR)), headers=AGAIN)

        assert {entry.patient_id for entry in _readings()} == {
            world.patient_id[OWN],
            world.patient_id[NEIGHBOUR],
        }

    @pytest.mark.parametrize(
        "row", [row for row in ABOUT_PATIENTS if row.name != "session"], ids=str
    )
    def test_no_other_page_is_spared(self, row: Row, world: World, session: str) -> None:
        browser = _browser(sorted(row.allowed & CLINICAL)[0], world)
        browser.get(session)
        before = len(_readings())

        browser.get(_address(row, world), headers=AGAIN)

        assert len(_readings()) == before + 1

    def test_the_nurses_day_is_on_record_again_when_somebody_new_stands_on_it(
        self, world: World, monkeypatch
    ) -> None:
        today = reverse("sessions_today")
        browser = _browser("nurse", world)
        browser.get(today)
        browser.get(today, headers=AGAIN)
        assert len(_readings()) == 1

        soon = make_bedside(world.sites[OWN], now=timezone.now())
        for _time in range(2):
            browser.get(today, headers=AGAIN)

        *_, entry = found = _readings()
        assert len(found) == 2
        assert str(soon.patient.patient_id) in entry.details["patients"]


class TestSendingAForm:
    """An act has its own entry."""

    @pytest.fixture
    def note(self, world: World) -> str:
        return reverse("session_event", kwargs=NOTE(world, OWN))

    def test_what_is_kept_is_no_reading(self, world: World, note: str) -> None:
        browser = _browser("nurse", world)

        kept = browser.post(note, {"id": str(uuid4()), "words": "Calm."})

        assert kept.status_code == 302
        assert _readings() == []
        assert Entry.objects.latest("sequence").act == "session.note"

    def test_what_is_refused_to_someone_who_opened_nothing_shows_it_to_them(
        self, world: World, note: str
    ) -> None:
        browser = _browser("nurse", world)

        for _time in range(2):
            assert browser.post(note, {}).status_code == 422

        (entry,) = _readings()
        assert entry.patient_id == world.patient_id[OWN]
        assert entry.details == {"page": "session_event"}

    def test_what_is_refused_after_the_form_was_opened_is_on_record(
        self, world: World, note: str
    ) -> None:
        browser = _browser("nurse", world)
        browser.get(note)

        browser.post(note, {})

        assert len(_readings()) == 1

    def test_an_answered_inquiry_is_read_when_it_is_shown(self, world: World) -> None:
        address = reverse("inquiry", kwargs=INQUIRY(world, OWN))
        browser = _browser("front_desk", world)

        refused = browser.post(address, {"email": "no address"})
        assert refused.status_code == 422
        assert len(_readings()) == 1

        person = {"given_name": "Wren", "family_name": "Hollis", "email": "w@vernal.example"}
        browser.post(address, {**person, "id": str(uuid4())})
        assert len(_readings()) == 1

        browser.get(address)
        entry = _readings()[-1]
        assert (entry.act, entry.subject) == ("inquiry.read", f"inquiry:{world.inquiry[OWN]}")
        assert entry.patient_id == Invitation.objects.get(email="w@vernal.example").patient_id
