"""What the worker does, round after round."""

from __future__ import annotations

import logging
import signal
import threading

from django.db import close_old_connections
from django.utils import timezone

from vernal.workflow import effects
from vernal.workflow.alerts import escalate_overdue
from vernal.workflow.errors import DATABASE_REFUSED
from vernal.workflow.mail import DELIVERIES
from vernal.workflow.outbox import send_due

PAUSE_S = 2.0
MOST_A_ROUND = 20  # so that alerts are escalated even while a mail server makes each letter wait
log = logging.getLogger("vernal.worker")


def round_of_post(*, most: int | None = None) -> int:
    """Escalate what waits too long, remind of what is asked at home, then send what is due.

    Returns how many were sent.
    """
    escalate_overdue(at=timezone.now())
    effects.remind(at=timezone.now())
    return send_due(DELIVERIES, clock=timezone.now, most=most)


def keep_posting() -> None:
    """Round after round until told to end; a database that is away is asked again."""
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    while not ending.wait(PAUSE_S):
        try:
            close_old_connections()
            round_of_post(most=MOST_A_ROUND)
        except DATABASE_REFUSED as error:
            log.error("event=database_refused error=%s", type(error).__name__)
