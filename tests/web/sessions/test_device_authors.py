"""What waits on a device is its author's: nobody else's hands send it, and nobody else reads it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.factories import PASSWORD, make_staff
from tests.web.sessions.test_session_events import event, statuses
from vernal.accounts.models import Role, User
from vernal.records.models import SessionEvent
from vernal.workflow.pins import set_pin

pytestmark = pytest.mark.django_db
PIN = "4917"


@pytest.fixture
def other(running, site) -> User:
    """The nurse who has the device next."""
    cache.clear()
    return make_staff(Role.nurse, site, name="Robin Vale")


def sent(browser, url: str, *events: dict[str, Any]):
    return browser.post(url, {"events": list(events)}, content_type="application/json")


def keys_on(page) -> dict[str, Any]:
    found = re.search(r'<script id="device-keys" type="application/json">(.*?)</script>', page)
    return json.loads(found.group(1))


def made(by: User, kind: str = "note", **more: Any) -> dict[str, Any]:
    return event(kind, made_by=str(by.pk), entered_offline=True, **more)


STOP = {"kind": "dose_stopped", "fields": {"reason": "other"}}


@pytest.mark.parametrize("what", [{}, STOP], ids=["note", "stop"])
def test_what_one_person_made_is_never_kept_as_another_s(
    running, other, log_in, address, what
) -> None:
    waiting = made(running.nurse, **what)

    response = sent(log_in(other), address("session_events", running), waiting)

    assert statuses(response) == [423]
    assert running.nurse.name in response.json()["answers"][0]["reason"]
    assert not SessionEvent.objects.filter(pk=waiting["id"]).exists()


def test_it_is_kept_as_its_author_s_once_that_person_gave_a_pin(
    running, other, log_in, address
) -> None:
    set_pin(by=running.nurse, password=PASSWORD, pin=PIN, again=PIN, at=timezone.now())
    waiting, browser = made(running.nurse), log_in(other)
    proof = {"entered_by": str(running.nurse.pk), "pin": PIN}
    browser.post(address("session_unlock", running), proof)

    assert statuses(sent(browser, address("session_events", running), waiting)) == [201]
    assert SessionEvent.objects.get(pk=waiting["id"]).author == running.nurse


def test_somebody_of_another_site_is_not_named(running, elsewhere, log_in, address) -> None:
    waiting = made(elsewhere.nurse)

    response = sent(log_in(running.nurse), address("session_events", running), waiting)

    assert statuses(response) == [423]
    assert elsewhere.nurse.name not in response.content.decode()


@pytest.mark.parametrize("who", ["", "nurse", None, 5])
def test_an_entry_without_an_author_is_refused(running, log_in, address, who) -> None:
    waiting = event("note", made_by=who)

    response = sent(log_in(running.nurse), address("session_events", running), waiting)

    assert statuses(response) == [422]


def test_a_page_holds_the_key_of_its_own_person_alone(running, other, log_in, address) -> None:
    url = address("session", running)
    first, again, next_one = (
        keys_on(log_in(user).get(url).content.decode())
        for user in (running.nurse, running.nurse, other)
    )

    assert first == again
    assert first["by"] == str(running.nurse.pk)
    assert first["people"].keys() == {str(running.nurse.pk)}
    assert first["people"][first["by"]]["key"] != next_one["people"][next_one["by"]]["key"]
