"""The session as it stands: a pure fold over its events.

The same set of events gives the same state in whatever order and however often they arrive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from vernal.rules.sessions.dose import DoseSoFar, dose_so_far
from vernal.rules.sessions.events import Event, Kind, content
from vernal.rules.sessions.figures import SessionFigures
from vernal.rules.sessions.payloads import check_payload
from vernal.rules.sessions.states import (
    ENDED,
    ENTRY,
    MOVING,
    NEEDS_NO_RUNNING_DOSE,
    SAID,
    State,
    after,
    may_move,
)
from vernal.rules.sessions.timeline import ClockNote, Timeline, timeline
from vernal.words import Sentence as _

MEASURES = (
    "systolic_mmhg",
    "diastolic_mmhg",
    "heart_rate_per_min",
    "spo2_percent",
    "respiratory_rate_per_min",
)


@dataclass(frozen=True)
class Entry:
    """An event as it reads now. `event` is always the original; `corrections` say what changed.

    `at` is when it happened as far as people say, `made_at` when it was entered by the device's
    clock, and `entered_at` the same as far as it can be checked.
    """

    event: Event
    at: datetime
    made_at: datetime
    entered_at: datetime
    payload: Mapping[str, Any]
    corrections: tuple[Event, ...] = ()
    struck_out: bool = False

    @property
    def kind(self) -> Kind:
        return self.event.kind

    @property
    def arrived_at(self) -> datetime:
        """When the server had it; one that has not been received yet was just made."""
        return self.event.received_at or self.made_at

    @property
    def watched_at(self) -> datetime:
        """The later of told and entered: nobody was watched longer by a time that was told, or by
        the clock of a device."""
        return max(self.at, self.entered_at)

    @property
    def known_at(self) -> datetime:
        """When the server knew what this entry says now: it, and the last of its corrections."""
        known = [each.received_at for each in (self.event, *self.corrections) if each.received_at]
        return max(known, default=self.at)


@dataclass(frozen=True)
class Reading:
    at: datetime
    values: Mapping[str, Decimal]
    event_id: UUID


@dataclass(frozen=True)
class Problem:
    """Something in the log a person should look at; nothing was dropped because of it."""

    event_id: UUID
    sentence: str


@dataclass(frozen=True)
class SessionState:
    """Everything a screen needs. `entries` are in order and without sealed ones.

    `baseline` is the mean of the last two values before the first dose, measure by measure: one
    reading is noisy, and a high first one would hide a rise. With one value it is that value.

    `watched` is the dose by the clock that keeps a patient here: a start or an end counts from the
    later of told and entered. Told or corrected times change what the record says happened; nobody
    was watched longer by them.
    """

    now: datetime
    state: State
    entries: tuple[Entry, ...]
    sealed: frozenset[UUID]
    dose: DoseSoFar
    watched: DoseSoFar
    readings: tuple[Reading, ...]
    baseline: Mapping[str, Decimal]
    ended_at: datetime | None
    problems: tuple[Problem, ...]
    clocks: tuple[ClockNote, ...]
    figures: SessionFigures

    @property
    def last_reading(self) -> Reading | None:
        return self.readings[-1] if self.readings else None

    def of(self, *kinds: Kind) -> tuple[Entry, ...]:
        """Entries of these kinds that count: not struck out."""
        return tuple(each for each in self.entries if each.kind in kinds and not each.struck_out)


def fold(events: Iterable[Event], *, now: datetime, figures: SessionFigures) -> SessionState:
    """The state at `now` (server time), read by `figures`. Order and repeats of `events` make no
    difference."""
    unique, problems = _without_repeats(events)
    times = timeline(unique)
    sealed = _sealed(unique)
    entries, unmatched = _entries(unique, times, sealed)
    counting = tuple(each for each in entries if not each.struck_out)
    state, ended_at, moved_oddly = _walk(counting)
    dose = dose_so_far(counting, now=now)
    readings = tuple(_reading(each) for each in counting if each.kind == Kind.reading)
    return SessionState(
        now=now,
        state=state,
        entries=entries,
        sealed=sealed,
        dose=dose,
        watched=_watched(counting, now),
        readings=readings,
        baseline=_baseline(readings, dose.first_at),
        ended_at=ended_at,
        problems=tuple(
            sorted([*problems, *unmatched, *moved_oddly], key=lambda each: str(each.event_id))
        ),
        clocks=times.notes,
        figures=figures,
    )


def _watched(counting: Iterable[Entry], now: datetime) -> DoseSoFar:
    later = [replace(each, at=each.watched_at) for each in counting]
    later.sort(key=_order)
    return dose_so_far(later, now=now)


def as_of(state: SessionState, entry: Entry, *, by_then: bool = False) -> SessionState:
    """The log up to and with this entry, at its moment. `state`, `ended_at` and what is odd about
    the log stay those of the whole. `by_then`: without what arrived later than this entry."""
    entries = state.entries[: state.entries.index(entry) + 1]
    if by_then:
        entries = tuple(each for each in entries if each.arrived_at <= entry.arrived_at)
    counting = tuple(each for each in entries if not each.struck_out)
    readings = tuple(_reading(each) for each in counting if each.kind == Kind.reading)
    dose = dose_so_far(counting, now=entry.at)
    return replace(
        state,
        now=entry.at,
        entries=entries,
        dose=dose,
        readings=readings,
        baseline=_baseline(readings, dose.first_at),
    )


def _without_repeats(events: Iterable[Event]) -> tuple[list[Event], list[Problem]]:
    """One event an id. Two contents under one id cannot pass the server; if they do, it shows."""
    by_id: dict[UUID, dict[bytes, Event]] = defaultdict(dict)
    for event in events:
        known = by_id[event.id]
        key = content(event)
        if key not in known or _received(event) < _received(known[key]):
            known[key] = event
    problems = [
        Problem(
            event_id, _("Two different entries carry the same id; the first by content is shown.")
        )
        for event_id, versions in by_id.items()
        if len(versions) > 1
    ]
    return [versions[min(versions)] for versions in by_id.values()], problems


def _received(event: Event) -> tuple[bool, str]:
    """Known receipt first, then the earliest: of two copies the one the server confirmed."""
    return event.received_at is None, event.received_at.isoformat() if event.received_at else ""


def _sealed(events: list[Event]) -> frozenset[UUID]:
    """What seals name, and every correction of it: a corrected value must not show through."""
    sealed = {event.corrects for event in events if event.kind == Kind.sealed and event.corrects}
    corrections = [event for event in events if event.kind == Kind.correction]
    while more := {each.id for each in corrections if each.corrects in sealed} - sealed:
        sealed |= more
    return frozenset(sealed)


def _entries(
    events: list[Event], times: Timeline, sealed: frozenset[UUID]
) -> tuple[tuple[Entry, ...], list[Problem]]:
    by_id = {event.id: event for event in events}
    corrections: dict[UUID, list[Event]] = defaultdict(list)
    problems: list[Problem] = []
    for event in events:
        if event.kind not in (Kind.correction, Kind.sealed):
            continue
        root = _root(event, by_id)
        if root is None:
            problems.append(
                Problem(event.id, _("It names an entry that has not arrived; it waits for it."))
            )
        elif event.kind == Kind.correction and event.id not in sealed:
            corrections[root].append(event)
    entries: list[Entry] = []
    for event in events:
        if event.kind in (Kind.correction, Kind.sealed) or event.id in sealed:
            continue
        entry, wrong = _entry(event, corrections[event.id], times)
        entries.append(entry)
        problems += wrong
    return tuple(sorted(entries, key=_order)), problems


def _root(event: Event, by_id: Mapping[UUID, Event]) -> UUID | None:
    """The entry at the bottom of a chain of corrections; None if it is missing or a circle."""
    seen: set[UUID] = set()
    current: Event | None = event
    while current is not None and current.corrects is not None and current.id not in seen:
        seen.add(current.id)
        current = by_id.get(current.corrects)
    return current.id if current is not None and current.corrects is None else None


def _entry(event: Event, corrections: list[Event], times: Timeline) -> tuple[Entry, list[Problem]]:
    """The last correction that makes sense counts; original and corrections stay readable."""
    corrections = sorted(corrections, key=lambda each: (times.at[each.id], *_place(each)))
    checked = check_payload(event.kind, event.payload)
    payload, struck_out = checked.payload, False
    wrong = list(checked.errors.values())
    for correction in corrections:
        told = check_payload(Kind.correction, correction.payload, corrects_kind=event.kind)
        if told.errors:  # a correction that makes no sense changes nothing, and shows
            wrong += told.errors.values()
            continue
        struck_out = "replacement" not in told.payload
        payload, wrong = told.payload.get("replacement", payload), []
    problems = [Problem(event.id, sentence) for sentence in wrong]
    at = times.happened_at(event, payload, corrections)
    made_at, entered_at = times.at[event.id], times.entered_at(event)
    entry = Entry(event, at, made_at, entered_at, payload, tuple(corrections), struck_out)
    return entry, problems


def _place(event: Event) -> tuple[str, int, str]:
    return event.device_id, event.sequence, str(event.id)


def _order(entry: Entry) -> tuple[datetime, str, int, str]:
    return entry.at, *_place(entry.event)


def _walk(entries: tuple[Entry, ...]) -> tuple[State, datetime | None, list[Problem]]:
    """The state after all of them. While an infusion runs, no entry ends a session: whoever has
    left has the stop recorded first, and what was entered before it is looked at again."""
    state = State.planned
    ended_at: datetime | None = None
    runs = False
    problems: list[Problem] = []
    for entry in entries:
        if entry.kind not in MOVING:
            continue
        if runs and entry.kind in NEEDS_NO_RUNNING_DOSE:
            ended_nothing = _(
                "An infusion ran by the log, so this ended nothing: enter it after the stop."
            )
            problems.append(Problem(entry.event.id, ended_nothing))
            continue
        if not may_move(state, entry.kind):
            out_of_order = _(
                "By the log %(entry)s does not follow on %(state)s: check the order.",
                entry=ENTRY[entry.kind],
                state=SAID[state],
            )
            problems.append(Problem(entry.event.id, out_of_order))
        state = after(state, entry.kind)
        ended_at = (ended_at or entry.at) if state in ENDED else None
        if entry.kind in (Kind.dose_started, Kind.dose_resumed):
            runs = "rate_mg_per_h" in entry.payload
        elif entry.kind == Kind.dose_stopped:
            runs = False
    return state, ended_at, problems


def _reading(entry: Entry) -> Reading:
    values = {name: entry.payload[name] for name in MEASURES if name in entry.payload}
    if "oxygen_l_per_min" in entry.payload:
        values["oxygen_l_per_min"] = entry.payload["oxygen_l_per_min"]
    return Reading(entry.at, values, entry.event.id)


def _baseline(readings: tuple[Reading, ...], first_dose_at: datetime | None) -> dict[str, Decimal]:
    before = [each for each in readings if first_dose_at is None or each.at <= first_dose_at]
    baseline: dict[str, Decimal] = {}
    for measure in MEASURES:
        values = [each.values[measure] for each in before if measure in each.values][-2:]
        if values:
            baseline[measure] = sum(values, Decimal(0)) / len(values)
    return baseline
