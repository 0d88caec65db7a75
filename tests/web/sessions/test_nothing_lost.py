"""What fails around a session takes nothing away from it."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.web.sessions.test_session_events import event, statuses
from vernal.records.models import SessionEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(running, log_in) -> Client:
    """Logged in before anything fails."""
    return log_in(running.nurse)


@pytest.fixture
def known(running) -> int:
    """Entries of all sessions before the test."""
    return SessionEvent.objects.count()


def made(running, kind: str = "reading") -> dict[str, object]:
    return event(kind, made_by=str(running.nurse.pk))


def sent(device: Client, url: str, *events: dict[str, object]):
    body = json.dumps({"events": list(events)})
    return device.post(url, body, content_type="application/json")


@pytest.mark.parametrize("kind", ["reading", "note"])
def test_a_database_that_takes_nothing_never_says_kept(
    kind: str, running, address, device, known, read_only
) -> None:
    """The device holds on to whatever is not answered by kept, and sends it again."""
    response = sent(device, address("session_events", running), made(running, kind))

    assert response.status_code == 503
    assert SessionEvent.objects.count() == known


def test_charting_does_not_wait_for_a_mail_server(
    running, address, device, known, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise AssertionError("charting reached for the mail server")

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", away)

    assert statuses(sent(device, address("session_events", running), made(running))) == [201]
    assert SessionEvent.objects.count() == known + 1
