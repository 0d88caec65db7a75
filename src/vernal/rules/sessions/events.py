"""One entry of the session log, as a value, and the one byte form that is hashed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

FORM = "vernal-event-1"  # stands in front of the bytes; a new form gets a new name

# Milliseconds of some three hundred years, and years around them: what is beyond cannot be meant,
# and arithmetic with it would break every later reading of the log.
MOST_COUNTED = 10**13
EARLIEST_YEAR, LATEST_YEAR = 2000, 2300


class Kind(StrEnum):
    """What an event can be. The list is closed: a new kind is a new release."""

    checked_in = "checked_in"
    checklist = "checklist"
    escort = "escort"
    reading = "reading"
    score = "score"
    symptom = "symptom"
    effect = "effect"
    dose_started = "dose_started"
    rate_changed = "rate_changed"
    dose_stopped = "dose_stopped"
    dose_resumed = "dose_resumed"
    dose_given = "dose_given"
    hold_ended = "hold_ended"
    dosing_finished = "dosing_finished"
    intervention = "intervention"
    alarm_acknowledged = "alarm_acknowledged"
    vial_counted = "vial_counted"
    concentration = "concentration"
    note = "note"
    signature = "signature"
    discharged = "discharged"
    left_against_advice = "left_against_advice"
    transferred = "transferred"
    session_stopped = "session_stopped"
    device_taken_over = "device_taken_over"
    correction = "correction"
    sealed = "sealed"


@dataclass(frozen=True)
class Event:
    """One append. The device makes `id` (UUIDv7), `sequence`, `device_at` and `monotonic_ms`.

    `device_at` keeps the offset the nurse saw; `monotonic_ms` counts from the session's start on
    that device and does not jump. `received_at`, `previous_hash` and `hash` come from the storage
    layer. `corrects` names the event a correction or a seal is about.
    """

    id: UUID
    session_id: UUID
    kind: Kind
    payload: Mapping[str, Any]
    device_id: str
    sequence: int
    device_at: datetime
    monotonic_ms: int
    author: str
    received_at: datetime | None = None
    previous_hash: str | None = None
    hash: str | None = None
    corrects: UUID | None = None
    entered_offline: bool = False

    def __post_init__(self) -> None:
        for name in ("device_at", "received_at"):
            at = getattr(self, name)
            if at is not None and at.utcoffset() is None:
                raise ValueError(f"{name} needs a time zone: the clock it came from must be known.")
        if not (0 <= self.sequence <= MOST_COUNTED and 0 <= self.monotonic_ms <= MOST_COUNTED):
            raise ValueError("sequence and monotonic_ms count up from 0, within a human lifetime.")
        if not EARLIEST_YEAR <= self.device_at.year <= LATEST_YEAR:
            raise ValueError("device_at is no time at which a session could be.")
        if (self.kind in (Kind.correction, Kind.sealed)) != (self.corrects is not None):
            raise ValueError("a correction and a seal name the event they are about; others none.")
        object.__setattr__(self, "payload", MappingProxyType(dict(self.payload)))


def canonical(event: Event) -> bytes:
    """What is hashed: everything but the hash itself.

    The form's name, a line end, then JSON: keys sorted, no spaces, UTF-8. A number is a plain
    decimal string without trailing zeros, so that "52.50" from a form and 52.5 from a column give
    the same bytes; a moment is UTC with microseconds, its offset beside it in minutes.
    """
    return _bytes(
        _device_part(event)
        | {"received_at": _plain(event.received_at), "previous_hash": event.previous_hash}
    )


def content(event: Event) -> bytes:
    """What the device said. Same id and same content is a repeat; other content is a conflict."""
    return _bytes(_device_part(event))


def _device_part(event: Event) -> dict[str, object]:
    return {
        "id": str(event.id),
        "session_id": str(event.session_id),
        "kind": event.kind.value,
        "payload": _plain(event.payload),
        "device_id": event.device_id,
        "sequence": event.sequence,
        "device_at": _plain(event.device_at),
        "device_offset_min": _offset_min(event.device_at),
        "monotonic_ms": event.monotonic_ms,
        "author": event.author,
        "corrects": _plain(event.corrects),
        "entered_offline": event.entered_offline,
    }


def _bytes(parts: Mapping[str, object]) -> bytes:
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{FORM}\n{text}".encode()


def _offset_min(at: datetime) -> int:
    offset = at.utcoffset() or timedelta()
    return int(offset.total_seconds() // 60)


def _plain(value: object) -> object:
    """`value` in types JSON can carry exactly. A float is refused: it has no one decimal form."""
    match value:
        case None | bool() | str():
            return value
        case int() | Decimal():
            return plain_number(Decimal(value))
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case UUID():
            return str(value)
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
    raise TypeError(f"{type(value).__name__} has no canonical form; give a Decimal, text or time.")


def plain_number(value: Decimal) -> str:
    """Without exponent and trailing zeros; zero has no sign."""
    return format(value.normalize(), "f") if value else "0"
