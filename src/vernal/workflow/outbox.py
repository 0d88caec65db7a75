"""The outbox: what leaves the house, at least once, in the order it came due."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from vernal.records.models import Message
from vernal.workflow.errors import DATABASE_REFUSED

LEASE = timedelta(minutes=2)  # longer than any single delivery may take
LONGEST_WAIT = timedelta(hours=1)
log = logging.getLogger("vernal.outbox")


class DeliveryFailed(Exception):
    """The post did not take it; it will be tried again."""


Deliver = Callable[[Message], None]
Clock = Callable[[], datetime]


def enqueue(
    *, key: str, kind: str, subject_id: UUID, at: datetime, to_user_id: UUID | None = None
) -> None:
    """Put one message into the outbox, within the act's transaction; the same key only once."""
    Message.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "subject_id": subject_id,
            "to_user_id": to_user_id,
            "made_at": at,
            "next_attempt_at": at,
        },
    )


def holds(key: str) -> bool:
    """Whether a message with this key was made, sent or not."""
    return Message.objects.filter(key=key).exists()


def send_due(deliver: Mapping[str, Deliver], *, clock: Clock, most: int | None = None) -> int:
    """Lease and deliver what is due, at most so many; returns how many were sent.

    The clock is asked for each message: a slow post must not shorten the next one's lease. With
    `most`, a round ends even where every delivery waits for a mail server that is away.
    """
    began = clock()
    tried = sent = 0
    while (most is None or tried < most) and (message := _lease_next(clock(), due_by=began)):
        sent += _try(message, deliver, clock)
        tried += 1
    return sent


def _lease_next(at: datetime, *, due_by: datetime) -> Message | None:
    due = Message.objects.filter(
        Q(leased_until=None) | Q(leased_until__lt=at), sent_at=None, next_attempt_at__lte=due_by
    ).order_by("next_attempt_at", "id")
    with transaction.atomic():
        message = due.select_for_update(skip_locked=True).first()
        if message:
            message.leased_until = at + LEASE
            message.attempts += 1
            message.save(update_fields=["leased_until", "attempts"])
    return message


def _try(message: Message, deliver: Mapping[str, Deliver], clock: Clock) -> bool:
    try:
        deliver[message.kind](message)
    except DATABASE_REFUSED:
        raise  # then nothing can be noted either; the lease runs out
    except Exception as error:  # whatever is wrong with one message, the alerts behind it must go
        message.next_attempt_at = clock() + wait_after(message.attempts)
        message.last_error = type(error.__cause__ or error).__name__
        log.warning(
            "event=not_sent message=%s attempts=%s error=%s",
            message.pk,
            message.attempts,
            message.last_error,
        )
    else:
        message.sent_at = clock()
        message.last_error = ""
    message.leased_until = None
    message.save(update_fields=["next_attempt_at", "last_error", "sent_at", "leased_until"])
    return message.sent_at is not None


def wait_after(attempts: int) -> timedelta:
    """Half a minute, doubled with each attempt, an hour at most."""
    return min(timedelta(seconds=30) * 2 ** min(attempts - 1, 10), LONGEST_WAIT)
