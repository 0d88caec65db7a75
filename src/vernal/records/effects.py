"""Side effects as the patient tells them from home."""

from __future__ import annotations

from django.db import models

from vernal.records.plans import Session
from vernal.records.rows import Row


class EffectsReported(Row):
    """What was felt after a session, asked again at four hours and on the next day.

    `effects` lists, for each effect asked about, severity, beginning and end as they were told.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="effects_reported")
    asked_at = models.CharField(max_length=20)
    effects = models.JSONField()
    words = models.TextField(max_length=4000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["session", "asked_at", "-at"], name="newest_effects")]
