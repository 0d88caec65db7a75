"""The idle lock hides nothing and stops nothing: it asks who makes the next entry."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.factories import PASSWORD, make_staff
from vernal.accounts.models import Role
from vernal.audit.models import Entry
from vernal.records.models import SessionEvent
from vernal.web.sessions.idle import LAST
from vernal.workflow.pins import set_pin

pytestmark = pytest.mark.django_db
PIN = "4917"


@pytest.fixture(autouse=True)
def _no_tries():
    cache.clear()


@pytest.fixture
def running(running):
    set_pin(by=running.nurse, password=PASSWORD, pin=PIN, again=PIN, at=timezone.now())
    return running


@pytest.fixture
def idle(running, log_in, address):
    """A browser that was left alone for ten minutes."""
    browser = log_in(running.nurse)
    browser.get(address("session", running))
    session = browser.session
    session[LAST] = (timezone.now() - timedelta(minutes=10)).isoformat()
    session.save()
    return browser


def note(browser, address, bedside, **typed):
    data = {"id": str(uuid4()), "words": "Calm", **typed}
    return browser.post(address("session_event", bedside, kind="note"), data)


def who(user, pin: str = PIN) -> dict[str, str]:
    return {"entered_by": str(user.pk), "pin": pin}


def test_the_page_hides_nothing(running, idle, address) -> None:
    page = idle.get(address("session", running)).content.decode()

    assert "122/78" in page
    assert "Stop the dose" in page
    assert "asks for a PIN" in page


def test_the_next_entry_waits_for_the_pin_and_keeps_what_was_typed(running, idle, address) -> None:
    response = note(idle, address, running)

    assert response.status_code == 422
    assert "Who makes this entry?" in response.content.decode()
    assert "Calm" in response.content.decode()
    assert not SessionEvent.objects.filter(kind="note").exists()


def test_opening_a_page_does_not_end_the_lock(running, idle, address) -> None:
    idle.get(address("session_event", running, kind="note"))
    idle.get(address("session", running))

    assert note(idle, address, running).status_code == 422


def test_the_pin_lets_the_entry_through_and_the_next_ones(running, idle, address) -> None:
    assert note(idle, address, running, **who(running.nurse)).status_code == 302
    assert note(idle, address, running).status_code == 302


def test_the_pin_names_who_makes_the_entry(site, running, idle, address) -> None:
    colleague = make_staff(Role.nurse, site, name="Second nurse")
    set_pin(by=colleague, password=PASSWORD, pin="8305", again="8305", at=timezone.now())

    note(idle, address, running, **who(colleague, "8305"))
    note(idle, address, running)

    authors = {row.author for row in SessionEvent.objects.filter(kind="note")}
    assert authors == {colleague}
    assert "Second nurse" in idle.get(address("session", running)).content.decode()


def test_a_stop_never_waits_for_a_pin(running, idle, address) -> None:
    response = idle.post(
        address("session_event", running, kind="dose_stopped"),
        {"id": str(uuid4()), "reason": "alarm"},
    )

    assert response.status_code == 302
    assert not running.view(13).state.dose.running


def test_a_device_is_told_to_ask(running, idle, address) -> None:
    event = {
        "id": str(uuid4()),
        "kind": "note",
        "fields": {"words": "Calm"},
        "device_id": "tablet-1",
        "sequence": 16,
        "device_at": timezone.now().isoformat(),
        "monotonic_ms": 1,
    }

    response = idle.post(
        address("session_events", running), {"events": [event]}, content_type="application/json"
    )

    assert response.json()["answers"][0]["status"] == 423


def test_the_pin_alone_opens_the_way_for_what_waits_on_the_device(running, idle, address) -> None:
    response = idle.post(address("session_unlock", running), who(running.nurse))

    assert response.headers["Location"] == address("session", running)
    assert note(idle, address, running).status_code == 302


def test_a_wrong_pin_is_refused_and_on_record(running, idle, address) -> None:
    response = idle.post(address("session_unlock", running), who(running.nurse, "0000"))

    assert response.status_code == 422
    # The sentence is escaped in the page.
    assert "not this person" in response.content.decode()
    assert Entry.objects.filter(act="pin.refused", subject=f"user:{running.nurse.pk}").exists()


def test_after_five_wrong_ones_the_right_one_waits_too(running, idle, address) -> None:
    for _time in range(5):
        idle.post(address("session_unlock", running), who(running.nurse, "0000"))

    response = idle.post(address("session_unlock", running), who(running.nurse))

    assert response.status_code == 422
    assert "Too many wrong PINs" in response.content.decode()


def test_someone_without_a_pin_is_told_how_to_get_one(running, idle, address) -> None:
    response = idle.post(address("session_unlock", running), who(running.prescriber))

    assert "has no PIN yet" in response.content.decode()


def test_without_a_running_dose_nobody_asks(running, idle, address) -> None:
    idle.post(
        address("session_event", running, kind="dose_stopped"),
        {"id": str(uuid4()), "reason": "patient_asked"},
    )

    assert note(idle, address, running).status_code == 302


def test_another_sites_session(elsewhere, nurse, log_in, address) -> None:
    assert log_in(nurse).get(address("session_unlock", elsewhere)).status_code == 404


def test_the_wrong_role(running, front_desk, log_in, address) -> None:
    assert log_in(front_desk).get(address("session_unlock", running)).status_code == 403
