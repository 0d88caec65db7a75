"""The session log: one row an event, never changed; every screen is a fold over it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from vernal.records.plans import Session


class SessionEvent(models.Model):
    """One append, in the full shape of `rules.sessions.events.Event`.

    `id` is made by the bedside device (UUIDv7) and unique here, so that sending twice keeps one.
    `author` is hashed as the account's id. `hash` covers `previous_hash` and every other column;
    the first event of a session begins its chain.
    """

    id = models.UUIDField(primary_key=True)
    session = models.ForeignKey(Session, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=30)
    payload = models.JSONField()
    device_id = models.CharField(max_length=64)
    sequence = models.PositiveBigIntegerField()
    device_at = models.DateTimeField()
    device_offset_min = models.SmallIntegerField()
    monotonic_ms = models.PositiveBigIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    corrects = models.UUIDField(null=True)
    entered_offline = models.BooleanField(default=False)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "previous_hash"], name="the_log_of_a_session_never_forks"
            ),
            models.UniqueConstraint(
                fields=["session", "device_id", "sequence"], name="a_device_counts_each_event_once"
            ),
        ]


class EventConflict(models.Model):
    """The same event id arrived with other content; both are kept, the first one counts."""

    event = models.ForeignKey(SessionEvent, models.PROTECT, related_name="conflicts")
    payload = models.JSONField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()


class Pin(models.Model):
    """The short number with which a nurse proves who makes the next entry while a dose runs.

    Hashed like a password; the newest row of a user counts.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="pins")
    hash = models.CharField(max_length=128)
    at = models.DateTimeField()
