"""When each event happened, on one clock, whatever the devices' clocks did.

Within a device, order and intervals come from sequence and monotonic time. Between devices, wall
clocks are compared after taking off the skew that was measured at each contact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from vernal.rules.sessions.events import Event

NOTICEABLE_SKEW = timedelta(seconds=30)  # session/no_data_lost.md, 7


@dataclass(frozen=True)
class ClockNote:
    """A device's clock that is off by more than 30 s (`skew`) or that jumped (`jump`)."""

    device_id: str
    kind: str
    by: timedelta


@dataclass(frozen=True)
class Timeline:
    at: Mapping[UUID, datetime]
    skews: Mapping[str, timedelta]
    notes: tuple[ClockNote, ...]

    def happened_at(self, event: Event, payload: Mapping[str, Any]) -> datetime:
        """The time the nurse gave for a late entry, else the time of the entry."""
        told = payload.get("happened_at")
        return told - self.skews[event.device_id] if told else self.at[event.id]


def timeline(events: Iterable[Event]) -> Timeline:
    """Times of a set of events without repeats; the same for every order of the set."""
    by_device: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_device[event.device_id].append(event)
    at: dict[UUID, datetime] = {}
    skews: dict[str, timedelta] = {}
    notes: list[ClockNote] = []
    for device_id, own in sorted(by_device.items()):
        own.sort(key=lambda event: (event.sequence, event.id))
        unjumped, jumps = _by_monotonic_time(own)
        skews[device_id] = skew = _skew(own, unjumped)
        at |= {event_id: moment - skew for event_id, moment in unjumped.items()}
        notes += [ClockNote(device_id, "skew", skew)] if skew else []
        notes += [ClockNote(device_id, "jump", jump) for jump in jumps]
    return Timeline(at, skews, tuple(notes))


def _by_monotonic_time(own: list[Event]) -> tuple[dict[UUID, datetime], list[timedelta]]:
    """Each time from the device's first wall time plus monotonic time since.

    Where monotonic time starts again (the device was restarted) the wall clock is asked again, but
    nothing moves before what came earlier in sequence.
    """
    at: dict[UUID, datetime] = {}
    jumps: list[timedelta] = []
    first = previous = own[0]
    zero = first.device_at - timedelta(milliseconds=first.monotonic_ms)
    offset = timedelta()
    for event in own:
        if event.monotonic_ms < previous.monotonic_ms:
            zero = max(event.device_at, at[previous.id]) - timedelta(
                milliseconds=event.monotonic_ms
            )
            offset = timedelta()
        at[event.id] = zero + timedelta(milliseconds=event.monotonic_ms)
        drift = event.device_at - at[event.id]
        if abs(drift - offset) > NOTICEABLE_SKEW:
            jumps.append(drift - offset)
            offset = drift
        previous = event
    return at, jumps


def _skew(own: list[Event], at: Mapping[UUID, datetime]) -> timedelta:
    """How far the device is ahead of the server: the contact with the least delay tells best.

    An event entered offline arrives late, so it only proves a clock that runs ahead.
    """
    ahead = [
        (event.entered_offline, at[event.id] - event.received_at)
        for event in own
        if event.received_at is not None
    ]
    direct = [by for offline, by in ahead if not offline]
    by = max(direct or [timedelta(), *(by for _, by in ahead)])
    return by if abs(by) > NOTICEABLE_SKEW else timedelta()
