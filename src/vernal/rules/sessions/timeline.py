"""When each event happened, on one clock, whatever the devices' clocks did.

Within a device, order and intervals come from sequence and monotonic time. Between devices, wall
clocks are compared after taking off the skew that was measured at each contact. Whatever a clock
says, nothing was made after the server had it, and nothing is told for after the server knew it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_high
from typing import Any, Literal
from uuid import UUID

from vernal.rules.sessions.events import Event

NOTICEABLE_SKEW = timedelta(seconds=30)  # session/no_data_lost.md, 7


@dataclass(frozen=True)
class ClockNote:
    """A device's clock that is off by more than 30 s (`skew`), whose wall time jumped (`jump`), or
    whose monotonic time stood still (`slept`) or ran ahead (`raced`)."""

    device_id: str
    kind: Literal["skew", "jump", "slept", "raced"]
    by: timedelta


@dataclass(frozen=True)
class Timeline:
    """`at` is when each event was entered. `met` are devices whose clock the server has seen, in
    something that was sent at once."""

    at: Mapping[UUID, datetime]
    met: frozenset[str]
    skews: Mapping[str, timedelta]
    notes: tuple[ClockNote, ...]

    def happened_at(
        self, event: Event, payload: Mapping[str, Any], corrections: Iterable[Event] = ()
    ) -> datetime:
        """The time the nurse gave for a late entry, else the time of the entry. Once the server has
        everything about it, a told time is no later than that."""
        told = payload.get("happened_at")
        if told is None:
            return self.at[event.id]
        moment: datetime = told - self.skews[event.device_id]
        received = [each.received_at for each in (event, *corrections)]
        known = [each for each in received if each is not None]
        return min(moment, max(known)) if len(known) == len(received) else moment

    def entered_at(self, event: Event) -> datetime:
        """When it was entered, as far as that can be checked: what was sent at once not before the
        server had it, and what was made without network by a clock that the server has seen."""
        if event.received_at is None or (event.entered_offline and event.device_id in self.met):
            return self.at[event.id]
        return max(self.at[event.id], event.received_at)


def timeline(events: Iterable[Event]) -> Timeline:
    """Times of a set of events without repeats; the same for every order of the set."""
    by_device: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_device[event.device_id].append(event)
    at: dict[UUID, datetime] = {}
    skews: dict[str, timedelta] = {}
    notes: list[ClockNote] = []
    met: set[str] = set()
    for device_id, own in sorted(by_device.items()):
        own.sort(key=lambda event: (event.sequence, event.id))
        plain, seen = _by_monotonic_time(own)
        skews[device_id] = skew = _skew(own, plain)
        at |= _made_before_received(own, plain, skew)
        notes += [ClockNote(device_id, "skew", skew)] if skew else []
        notes += seen
        met |= {device_id for event in own if _contact(event) is not None}
    return Timeline(at, frozenset(met), skews, tuple(notes))


def _made_before_received(
    own: list[Event], plain: Mapping[UUID, datetime], skew: timedelta
) -> dict[UUID, datetime]:
    """Each time without the skew, and not noticeably later than the server had this event or a
    later one of the device: contacts that were late make a clock look slow, and would move
    everything on."""
    at: dict[UUID, datetime] = {}
    latest: datetime | None = None
    following: datetime | None = None
    for event in reversed(own):
        moment = plain[event.id] - skew
        latest = min((each for each in (latest, event.received_at) if each), default=None)
        if latest is not None and moment - latest > NOTICEABLE_SKEW:
            moment = latest
        at[event.id] = following = moment if following is None else min(moment, following)
    return at


def _by_monotonic_time(own: list[Event]) -> tuple[dict[UUID, datetime], list[ClockNote]]:
    """Each time from the device's first wall time plus monotonic time since.

    Where monotonic time starts again (the device was restarted) the wall clock is asked again, but
    nothing moves before what came earlier in sequence. Where wall and monotonic time part, one of
    them is wrong: monotonic time is believed, unless the next contact with the server shows that
    the wall clock kept its distance, so that monotonic time stood still while the device slept, or
    ran ahead.
    """
    at: dict[UUID, datetime] = {}
    notes: list[ClockNote] = []
    previous = own[0]
    zero = previous.device_at - timedelta(milliseconds=previous.monotonic_ms)
    offset = timedelta()
    for position, event in enumerate(own):
        since = timedelta(milliseconds=event.monotonic_ms)
        if event.monotonic_ms < previous.monotonic_ms:
            zero, offset = max(event.device_at, at[previous.id]) - since, timedelta()
        change = event.device_at - (zero + since) - offset
        if abs(change) > NOTICEABLE_SKEW:
            kept = _wall_clock_kept_time(own, position)
            zero, offset = (zero + change, offset) if kept else (zero, offset + change)
            notes.append(ClockNote(event.device_id, _named(change, wall_kept_time=kept), change))
        at[event.id] = zero + since
        previous = event
    return at, notes


def _named(change: timedelta, *, wall_kept_time: bool) -> Literal["jump", "slept", "raced"]:
    if not wall_kept_time:
        return "jump"
    return "slept" if change > timedelta() else "raced"


def _wall_clock_kept_time(own: list[Event], position: int) -> bool:
    """Whether contacts before and after this event show the wall clock equally far off."""
    before = [by for event in own[:position] if (by := _contact(event)) is not None]
    after = [by for event in own[position:] if (by := _contact(event)) is not None]
    return bool(before and after) and abs(after[0] - before[-1]) <= NOTICEABLE_SKEW


def _contact(event: Event) -> timedelta | None:
    """How far the wall clock was ahead of the server when an event was sent at once."""
    if event.received_at is None or event.entered_offline:
        return None
    return event.device_at - event.received_at


def _skew(own: list[Event], at: Mapping[UUID, datetime]) -> timedelta:
    """How far the device is ahead of the server: the middle contact tells best, so that one that
    was late or wrong moves nothing; of two the one with less delay.

    An event entered offline arrives late, so it only proves a clock that runs ahead.
    """
    ahead = [
        (event.entered_offline, at[event.id] - event.received_at)
        for event in own
        if event.received_at is not None
    ]
    direct = [by for offline, by in ahead if not offline]
    by = median_high(direct) if direct else max([timedelta(), *(by for _, by in ahead)])
    return by if abs(by) > NOTICEABLE_SKEW else timedelta()
