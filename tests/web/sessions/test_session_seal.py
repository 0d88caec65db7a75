"""What belongs to another patient vanishes from every view and stays in the log."""

from __future__ import annotations

from uuid import uuid4

import pytest

from vernal.records.models import SessionEvent
from vernal.rules.sessions import Kind
from vernal.workflow.session_log import verify_log

pytestmark = pytest.mark.django_db


@pytest.fixture
def note(soon):
    return soon.enter(Kind.note, -5, {"words": "Allergic to latex"}).event_id


def seal(browser, address, bedside, event_id, **typed):
    data = {"id": str(uuid4()), "reason": "Other patient", **typed}
    return browser.post(address("session_seal", bedside, event_id=event_id), data)


def test_it_asks_why(soon, note, log_in, address) -> None:
    page = log_in(soon.nurse).get(address("session_seal", soon, event_id=note))

    assert "Why it is sealed" in page.content.decode()


def test_a_sealed_entry_is_on_no_page_and_in_the_log(soon, note, log_in, address) -> None:
    browser = log_in(soon.nurse)

    assert seal(browser, address, soon, note).status_code == 302

    assert "latex" not in browser.get(address("session", soon)).content.decode()
    assert SessionEvent.objects.get(pk=note).payload == {"words": "Allergic to latex"}
    assert verify_log(soon.session_id).is_whole


def test_a_sealed_entry_is_neither_sealed_nor_corrected_again(soon, note, log_in, address) -> None:
    browser = log_in(soon.nurse)
    seal(browser, address, soon, note)

    assert seal(browser, address, soon, note).status_code == 404
    url = address("session_correct", soon, event_id=note)
    assert browser.get(url).status_code == 404


def test_twice_at_once_is_once(soon, note, log_in, address) -> None:
    seal(log_in(soon.nurse), address, soon, note)

    assert SessionEvent.objects.filter(kind="sealed").count() == 1


def test_without_a_reason_it_stays(soon, note, log_in, address) -> None:
    response = seal(log_in(soon.nurse), address, soon, note, reason=" ")

    assert response.status_code == 422
    assert "latex" in log_in(soon.nurse).get(address("session", soon)).content.decode()


def test_another_sites_entry(elsewhere, nurse, log_in, address) -> None:
    event_id = elsewhere.enter(Kind.note, -5, {"words": "x"}).event_id

    assert seal(log_in(nurse), address, elsewhere, event_id).status_code == 404


def test_the_wrong_role(soon, note, front_desk, log_in, address) -> None:
    assert seal(log_in(front_desk), address, soon, note).status_code == 403
