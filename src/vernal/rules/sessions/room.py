"""How much drug may be in, so that nobody makes room for more by telling of less.

A stop or a slower rate that is told for earlier, arrives late or carries an old time lowers what
the log says was given. The room for more is judged as if it had come when the server knew of it,
and by rate and time alone: a syringe that is said to have held less ends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from vernal.rules.sessions.dose import DoseSoFar, dose_so_far
from vernal.rules.sessions.events import Kind
from vernal.rules.sessions.fold import Entry, SessionState
from vernal.rules.sessions.plan import Order

STARTS = frozenset({Kind.dose_started, Kind.dose_resumed})


def most_given_mg(entries: Iterable[Entry], *, now: datetime) -> Decimal:
    """The most that can be in by these entries, in order of time: never less than they say."""
    entries = [each for each in entries if not each.struck_out]
    told = dose_so_far(entries, now=now).on_paper_mg
    return max(told, dose_so_far(_as_known(entries), now=now).on_paper_mg)


def left_mg(order: Order, state: SessionState) -> Decimal:
    """What the order leaves to give at `state.now`, in mg; nothing where it names no dose."""
    most = order.most_mg
    if most is None:
        return Decimal(0)
    return max(most - most_given_mg(state.entries, now=state.now), Decimal(0))


def takes_drug_out(before: DoseSoFar, after: DoseSoFar) -> bool:
    """Whether a change leaves less in the record, now or once the syringe at the pump is empty."""
    drawn_before, drawn_after = before.planned_mg or Decimal(0), after.planned_mg or Decimal(0)
    return after.given_mg < before.given_mg or drawn_after < drawn_before


def _as_known(entries: list[Entry]) -> list[Entry]:
    """What ends or slows an infusion, moved to when it was known; never past what gives more, and
    in their order where moments meet."""
    moved: list[Entry] = []
    more_at: datetime | None = None
    for entry, gives_more in reversed(list(zip(entries, _give_more(entries), strict=True))):
        at = entry.at
        if gives_more:
            more_at = entry.at
        elif entry.kind in (Kind.dose_stopped, Kind.rate_changed):
            at = max(at, entry.arrived_at)
            at = min(at, more_at) if more_at else at
        moved.append(replace(entry, at=at))
    moved.reverse()
    return sorted(moved, key=lambda each: each.at)


def _give_more(entries: list[Entry]) -> list[bool]:
    """For each entry, whether drug runs faster from it on."""
    found: list[bool] = []
    running = Decimal(0)
    for entry in entries:
        before, rate = running, entry.payload.get("rate_mg_per_h", running)
        if entry.kind in STARTS or (entry.kind == Kind.rate_changed and running):
            running = rate
        elif entry.kind == Kind.dose_stopped:
            running = Decimal(0)
        found.append(running > before)
    return found
