"""The outbox: once in, at least once out, whatever dies in between."""

from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPServerDisconnected
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, transaction

from tests.factories import NOW
from tests.machines import PATIENCE, machine
from vernal.records.models import Message
from vernal.workflow.outbox import LEASE, DeliveryFailed, enqueue, send_due, wait_after

pytestmark = pytest.mark.django_db
SUBJECT = UUID("33333333-3333-4333-8333-333333333333")


def waiting(key: str = "letter:1", *, at: datetime = NOW) -> None:
    enqueue(key=key, kind="letter", subject_id=SUBJECT, at=at)


def post(deliver: Callable[[Message], None], *, at: datetime = NOW, most: int | None = None) -> int:
    return send_due({"letter": deliver}, clock=lambda: at, most=most)


def away(_message: Message) -> None:
    raise DeliveryFailed from SMTPServerDisconnected("user@somewhere.example is away")


def test_the_same_key_is_sent_once() -> None:
    sent = []
    waiting()
    waiting()

    post(lambda message: sent.append(message.key))
    waiting()
    post(lambda message: sent.append(message.key), at=NOW + timedelta(days=1))

    assert sent == ["letter:1"]


def test_a_message_of_an_act_that_failed_is_not_sent() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        waiting()
        raise ZeroDivisionError

    assert not Message.objects.exists()


def test_what_came_due_first_goes_first_and_what_is_not_due_waits() -> None:
    sent = []
    waiting("later", at=NOW - timedelta(minutes=1))
    waiting("first", at=NOW - timedelta(minutes=2))
    waiting("not yet", at=NOW + timedelta(seconds=1))

    post(lambda message: sent.append(message.key))

    assert sent == ["first", "later"]


def test_what_was_not_taken_is_tried_again_after_longer_and_longer() -> None:
    waiting()
    at, waits = NOW, []
    for _ in range(10):
        assert post(away, at=at) == 0
        assert post(away, at=at) == 0  # not due yet: no attempt is made
        message = Message.objects.get()
        waits.append(message.next_attempt_at - at)
        at = message.next_attempt_at

    assert message.attempts == 10
    assert [wait.total_seconds() for wait in waits] == [
        30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600,
    ]  # fmt: skip
    assert post(lambda _message: None, at=at) == 1


def test_a_wait_stays_an_hour_however_often_it_failed() -> None:
    assert wait_after(30_000) == timedelta(hours=1)


def test_a_failure_is_kept_by_its_kind_alone() -> None:
    """What a mail server answers may hold an address."""
    waiting()

    post(away)

    message = Message.objects.get()
    assert message.last_error == "SMTPServerDisconnected"
    assert message.leased_until is None


@pytest.mark.parametrize("error", [ValueError("bad header"), KeyError("unknown")])
def test_a_message_that_cannot_be_sent_does_not_stop_those_behind_it(error: Exception) -> None:
    sent = []
    waiting("bad", at=NOW - timedelta(minutes=1))
    waiting("good")

    def deliver(message: Message) -> None:
        if message.key == "bad":
            raise error
        sent.append(message.key)

    assert post(deliver) == 1
    assert sent == ["good"]
    assert Message.objects.get(key="bad").last_error == type(error).__name__


def test_a_kind_nobody_delivers_does_not_stop_those_behind_it() -> None:
    enqueue(key="odd", kind="odd", subject_id=SUBJECT, at=NOW - timedelta(minutes=1))
    waiting()

    assert post(lambda _message: None) == 1


def test_a_database_that_is_away_ends_the_round() -> None:
    waiting()

    def deliver(_message: Message) -> None:
        raise OperationalError

    with pytest.raises(OperationalError):
        post(deliver)

    assert Message.objects.get().sent_at is None


def test_a_leased_message_is_left_alone_until_the_lease_runs_out() -> None:
    """The worker that leased it may be in the middle of sending, or dead."""
    waiting()
    with pytest.raises(KeyboardInterrupt):
        post(_die)
    sent = []

    post(lambda message: sent.append(message.key), at=NOW + LEASE)
    assert sent == []
    post(lambda message: sent.append(message.key), at=NOW + LEASE + timedelta(seconds=1))
    assert sent == ["letter:1"]


def _die(_message: Message) -> None:
    raise KeyboardInterrupt


def test_a_round_may_be_bounded() -> None:
    for number in range(5):
        waiting(f"letter:{number}")

    assert post(lambda _message: None, most=3) == 3
    assert post(lambda _message: None, most=3) == 2


def test_a_slow_post_does_not_shorten_the_next_lease() -> None:
    """Each message is leased when it is taken, not when the round began."""
    moments = iter(NOW + timedelta(minutes=minute) for minute in range(100))
    leases = []
    waiting("one")
    waiting("two")

    def deliver(message: Message) -> None:
        message.refresh_from_db()
        leases.append(message.leased_until)

    send_due({"letter": deliver}, clock=lambda: next(moments))

    assert leases[1] - leases[0] >= timedelta(minutes=2)


def test_a_row_holds_ids_only() -> None:
    """No column could hold a name, an address or a text."""
    columns = {field.name for field in Message._meta.concrete_fields}

    assert columns == {
        "id", "key", "kind", "subject_id", "to_user_id", "made_at", "next_attempt_at",
        "leased_until", "attempts", "last_error", "sent_at",
    }  # fmt: skip


PREPARE = """
from datetime import timedelta
from uuid import uuid4
from django.utils import timezone
from vernal.accounts.models import User
from vernal.workflow.outbox import enqueue
user = User.objects.create_user("nurse@vernal.example", None, name="Nora Quill")
enqueue(key="alert:1", kind="alert", subject_id=uuid4(), to_user_id=user.pk, at=timezone.now())
"""
STUCK = """
import time
from django.core import mail
import vernal.workflow.mail as letters
def stuck(*_):
    print("sending", flush=True)
    time.sleep(60)
letters.send_mail = stuck
from vernal.workflow.posting import round_of_post
round_of_post()
"""
LATER = """
from datetime import timedelta
from django.utils import timezone
from vernal.records.models import Message
from vernal.workflow.mail import DELIVERIES
from vernal.workflow.outbox import send_due
now = timezone.now()
print(*[send_due(DELIVERIES, clock=lambda: now + timedelta(seconds=s)) for s in (0, 121, 122)])
print(Message.objects.get().attempts)
"""


@pytest.mark.slow
def test_a_message_of_a_killed_worker_is_sent_by_another(tmp_path: Path) -> None:
    with machine(tmp_path / "clinic", migrated=True) as clinic:
        clinic.run(PREPARE)
        worker = clinic.start(STUCK)
        assert worker.stdout.readline() == "sending\n"
        worker.send_signal(signal.SIGKILL)
        worker.communicate(timeout=PATIENCE)

        said = clinic.run(LATER)

        assert said.split() == ["0", "1", "0", "2"]
        (letter,) = (clinic.folder / "mail").iterdir()
        assert "To: nurse@vernal.example" in letter.read_text()


def test_ids_are_what_the_keys_are_made_of() -> None:
    key = f"alert:{uuid4()}:12:{uuid4()}"

    assert len(key) <= Message._meta.get_field("key").max_length
