"""Which readings are due, from the wall clock: a device that slept shows every one it missed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from vernal.rules.sessions.fold import SessionState
from vernal.rules.sessions.monitoring import Timetable
from vernal.rules.sessions.readings import pressure_times

Status = Literal["next", "due", "overdue", "missed"]


@dataclass(frozen=True)
class Due:
    """A reading that is `next`, `due` (a little late), `overdue`, or was `missed` for good."""

    at: datetime
    status: Status


def due_times(
    timetable: Timetable, state: SessionState, *, taken: Iterable[datetime] | None = None
) -> tuple[Due, ...]:
    """All due times of a session that has had drug, up to and including the next one.

    `taken` are the times at which it was done; pressures unless something else is asked for.
    """
    if state.dose.first_at is None:
        return ()
    until = state.ended_at or state.now
    done = pressure_times(state) if taken is None else sorted(taken)
    since = [at for at in done if state.dose.first_at <= at <= until]
    found: dict[datetime, Due] = {}
    for at in (*_regular(timetable, state, since, until), *_fixed(timetable, state, done)):
        found.setdefault(at, Due(at, _status(at, since, state)))
    wanted = (due for due in found.values() if state.ended_at is None or due.at <= until)
    return tuple(sorted(_only_one_next(wanted), key=lambda due: due.at))


def is_silent(timetable: Timetable, state: SessionState) -> bool:
    """Whether a running session has been without its readings for longer than is due."""
    return state.ended_at is None and any(
        due.status == "overdue" for due in due_times(timetable, state)
    )


def _regular(
    timetable: Timetable, state: SessionState, taken: list[datetime], until: datetime
) -> Iterator[datetime]:
    """Due one interval after the start and after each reading, and again until there is one."""
    assert state.dose.first_at is not None  # noqa: S101  # the caller has looked
    anchors = [state.dose.first_at, *taken]
    for position, at in enumerate(anchors):
        following = anchors[position + 1] if position + 1 < len(anchors) else None
        last = at + state.figures.due_for  # a log left open for months is no list of a month
        while (interval := _interval(timetable, state, at)) and at + interval <= last:
            at += interval
            if following is not None and at + state.figures.late_after >= following:
                break
            yield at
            if following is None and at > until:
                break


def _interval(timetable: Timetable, state: SessionState, at: datetime) -> timedelta | None:
    ended = state.dose.last_end_at
    after = ended is not None and at >= ended
    every_min = timetable.after_every_min if after else timetable.during_every_min
    return timedelta(minutes=every_min) if every_min else None


def _fixed(
    timetable: Timetable, state: SessionState, done: Sequence[datetime]
) -> Iterator[datetime]:
    """Fixed minutes and the end of the dose, where no reading was near enough."""
    assert state.dose.first_at is not None  # noqa: S101  # the caller has looked
    wanted = [state.dose.first_at + timedelta(minutes=minute) for minute in timetable.at_min]
    if timetable.at_end and state.dose.last_end_at is not None:
        wanted.append(state.dose.last_end_at)
    near_to = state.figures.near
    last = state.ended_at or state.now + near_to
    for at in wanted:
        near = any(abs(each - at) <= near_to for each in done)
        if not near and at <= last:
            yield at


def _status(at: datetime, taken: list[datetime], state: SessionState) -> Status:
    if at > state.now:
        return "next"
    if state.ended_at is not None or any(each > at for each in taken):
        return "missed"
    return "overdue" if state.now > at + state.figures.late_after else "due"


def _only_one_next(dues: Iterator[Due]) -> Iterator[Due]:
    """Of those still ahead, the earliest."""
    ahead: list[Due] = []
    for due in dues:
        if due.status == "next":
            ahead.append(due)
        else:
            yield due
    yield from sorted(ahead, key=lambda due: due.at)[:1]
