"""What must leave the house: written in the act's own transaction, sent by `vernal worker`."""

from __future__ import annotations

from django.db import models


class Message(models.Model):
    """One thing to send. Holds ids only; the text is made when it is sent.

    `key` makes it unique, so that doing an act twice sends once. A worker leases a message for a
    while; if it dies, the lease runs out and another takes over.
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    to_user_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(sent_at=None),
                name="messages_still_to_send",
            )
        ]
