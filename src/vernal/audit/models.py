"""One table: the audit chain."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One thing done or read. Holds ids and plain words, never names, answers or free text.

    `hash` covers `previous_hash` and the canonical form of every other column
    (`audit.chain.canonical`), so that a changed, missing or inserted row shows.
    """

    sequence = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=80)
    actor_id = models.UUIDField(null=True)  # none: someone who is not logged in
    site_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    subject = models.CharField(
        max_length=80, blank=True
    )  # kind:id of the row that was made or read
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["sequence"]
        indexes = [models.Index(fields=["patient_id", "sequence"], name="audit_of_one_patient")]
