"""The idle lock hides nothing and stops nothing: it asks who makes the next entry."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.bedside import DOSE
from tests.factories import PASSWORD, make_staff
from vernal.accounts.models import Role
from vernal.audit.models import Entry
from vernal.records.models import SessionEvent
from vernal.rules.sessions import Kind
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


@pytest.fixture
def lent(running, idle, address):
    """The nurse's browser in the hands of the prescriber, while a dose runs."""
    set_pin(by=running.prescriber, password=PASSWORD, pin="8305", again="8305", at=timezone.now())
    idle.post(address("session_unlock", running), who(running.prescriber, "8305"))
    return idle


def left_alone(browser) -> None:
    session = browser.session
    session[LAST] = (timezone.now() - timedelta(minutes=10)).isoformat()
    session.save()


def stop(browser, address, bedside):
    data = {"id": str(uuid4()), "reason": "patient_asked"}
    return browser.post(address("session_event", bedside, kind="dose_stopped"), data)


def authors(kind: str) -> set[str]:
    return {row.author.name for row in SessionEvent.objects.filter(kind=kind)}


def test_lent_hands_go_on_in_the_same_session(running, lent, address) -> None:
    assert note(lent, address, running).status_code == 302
    assert note(lent, address, running).status_code == 302

    assert authors("note") == {running.prescriber.name}


def test_lent_hands_end_when_nobody_does_anything(running, lent, address) -> None:
    left_alone(lent)

    assert stop(lent, address, running).status_code == 302
    assert authors("dose_stopped") == {running.nurse.name}
    assert note(lent, address, running).status_code == 422
    assert note(lent, address, running, **who(running.nurse)).status_code == 302
    assert authors("note") == {running.nurse.name}


def test_lent_hands_end_with_the_dose(running, lent, address) -> None:
    stop(lent, address, running)

    assert note(lent, address, running).status_code == 422
    assert note(lent, address, running, **who(running.nurse)).status_code == 302
    assert note(lent, address, running).status_code == 302
    assert authors("note") == {running.nurse.name}


def test_hands_lent_before_a_dose_end_with_it_too(soon, lent, address) -> None:
    soon.prepare()
    set_pin(by=soon.prescriber, password=PASSWORD, pin="8305", again="8305", at=timezone.now())
    lent.post(address("session_unlock", soon), who(soon.prescriber, "8305"))
    soon.enter(Kind.dose_started, 0, DOSE)
    assert note(lent, address, soon).status_code == 302

    stop(lent, address, soon)

    assert note(lent, address, soon).status_code == 422


def test_lent_hands_end_in_another_session(running, recovered, lent, address) -> None:
    assert note(lent, address, recovered).status_code == 422
    assert note(lent, address, running).status_code == 422

    assert not SessionEvent.objects.filter(kind="note").exists()


def test_a_window_that_looks_again_by_itself_takes_no_hands(
    running, recovered, lent, address
) -> None:
    page = lent.get(address("session", recovered), headers={"HX-Request": "true"})

    assert running.prescriber.name not in page.content.decode().partition("made as")[2][:80]
    assert note(lent, address, running).status_code == 302
    assert authors("note") == {running.prescriber.name}


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
        "made_by": str(running.nurse.pk),
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
