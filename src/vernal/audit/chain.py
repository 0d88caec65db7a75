"""Appending to the audit chain and proving it whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from vernal.audit.models import Entry

BEGINNING = "0" * 64  # the hash before the first entry
_POSTGRESQL_LOCK = 0x5645524E  # any fixed number: writers of the chain queue behind it


def record(
    act: str,
    *,
    at: datetime,
    actor_id: UUID | None,
    site_id: UUID | None = None,
    patient_id: UUID | None = None,
    subject: str = "",
    **details: str | int | list[str],
) -> Entry:
    """Append one entry; the caller's transaction carries it, so act and entry stand or fall as one.

    Raises `RuntimeError` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"The audit entry {act!r} must be written in the act's own transaction.")
    _queue_behind_other_writers()
    last = Entry.objects.order_by("-sequence").only("sequence", "hash").first()
    entry = Entry(
        sequence=last.sequence + 1 if last else 1,
        at=at,
        act=act,
        actor_id=actor_id,
        site_id=site_id,
        patient_id=patient_id,
        subject=subject,
        details=details,
        previous_hash=last.hash if last else BEGINNING,
    )
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)
    return entry


def canonical(entry: Entry) -> bytes:
    """The one byte form of an entry: JSON with sorted keys, no spaces, UTC with microseconds."""
    content: dict[str, Any] = {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "act": entry.act,
        "actor_id": _text(entry.actor_id),
        "site_id": _text(entry.site_id),
        "patient_id": _text(entry.patient_id),
        "subject": entry.subject,
        "details": entry.details,
    }
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def hash_of(entry: Entry) -> str:
    """SHA-256, in hex, of the hash before it and the canonical form: what ties two entries."""
    return hashlib.sha256(entry.previous_hash.encode() + b"\n" + canonical(entry)).hexdigest()


@dataclass(frozen=True)
class ChainReport:
    """What `verify` saw; `broken_at` is the number of the first entry that does not fit."""

    entries: int
    head: str
    broken_at: int | None

    @property
    def is_whole(self) -> bool:
        return self.broken_at is None


def verify() -> ChainReport:
    """Walk the whole chain of the database, in constant memory."""
    return walk(Entry.objects.order_by("sequence").iterator(chunk_size=2000))


def walk(entries: Iterable[Entry]) -> ChainReport:
    """Prove entries, given in their order, wherever they come from: the database or a backup."""
    head, count = BEGINNING, 0
    for entry in entries:
        fits = (
            entry.sequence == count + 1
            and entry.previous_hash == head
            and entry.hash == hash_of(entry)
        )
        if not fits:
            return ChainReport(entries=count, head=head, broken_at=entry.sequence)
        head, count = entry.hash, count + 1
    return ChainReport(entries=count, head=head, broken_at=None)


def _queue_behind_other_writers() -> None:
    # SQLite needs nothing: transactions begin IMMEDIATE, so there is one writer at a time.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_POSTGRESQL_LOCK])


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
