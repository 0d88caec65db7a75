"""When each clock that keeps a patient here runs out, as a moment and not as minutes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from vernal.rules.conditions import All, Any, Compare, Condition, Facts, judge
from vernal.rules.discharge import Minimums
from vernal.rules.screening import Indication, Route
from vernal.rules.sessions.fold import SessionState
from vernal.rules.sessions.monitoring import MonitoringRule
from vernal.rules.sessions.readings import minutes, pressure_times

Since = Literal["start", "end", "dose"]


@dataclass(frozen=True)
class ClockEnd:
    """`criterion` holds from `at` on: `least_min` minutes after the start, end or last dose."""

    criterion: str
    at: datetime
    least_min: Decimal
    since: Since


def clock_ends(
    state: SessionState,
    facts: Facts,
    rules: Iterable[MonitoringRule],
    *,
    minimums: Minimums,
    route: Route,
    indication: Indication,
) -> tuple[ClockEnd, ...]:
    """The clocks of a discharge that still run at `state.now`, the last to end first."""
    moments = _moments(state)
    asked: list[tuple[str, Condition]] = [
        ("protocol.since_start", _below("start", minimums.since_start_min)),
        ("protocol.since_end", _below("end", minimums.since_end_min)),
    ]
    asked += [
        (rule.id, rule.when)
        for rule in rules
        if rule.blocks == "discharge"
        and rule.when is not None
        and rule.scope.covers(route=route, indication=indication)
    ]
    found = [_end(name, when, state, facts, moments) for name, when in asked]
    return tuple(sorted((each for each in found if each), key=lambda each: each.at, reverse=True))


def baseline_from(
    state: SessionState,
    rules: Iterable[MonitoringRule],
    *,
    route: Route,
    indication: Indication,
) -> datetime | None:
    """From when the next pressure before the dose is far enough from the newest one; None where no
    rule asks for a distance, before the first pressure, and once that moment is past."""
    taken = pressure_times(state)
    gaps = [
        least
        for rule in rules
        if rule.blocks == "start"
        and rule.when is not None
        and rule.scope.covers(route=route, indication=indication)
        for least in _gaps_in(rule.when)
    ]
    if not taken or not gaps:
        return None
    at = taken[-1] + timedelta(minutes=float(max(gaps)))
    return at if at > state.now else None


def _gaps_in(condition: Condition) -> Iterator[Decimal]:
    match condition:
        case Compare("baseline_gap_min", "below", value) if isinstance(value, Decimal):
            yield value
        case All(parts) | Any(parts):
            for part in parts:
                yield from _gaps_in(part)


def _moments(state: SessionState) -> dict[Since, datetime]:
    dose = state.watched
    known: dict[Since, datetime | None] = {
        "start": dose.first_at,
        "end": dose.last_end_at,
        "dose": dose.last_at,
    }
    return {since: at for since, at in known.items() if at is not None}


def _below(since: Since, least_min: Decimal) -> Compare:
    return Compare(f"minutes_since_{since}", "below", least_min)


def _end(
    name: str,
    when: Condition,
    state: SessionState,
    facts: Facts,
    moments: dict[Since, datetime],
) -> ClockEnd | None:
    """The first moment ahead at which time alone lifts the condition; None where it does not."""
    candidates = sorted(
        (
            ClockEnd(name, moments[since] + timedelta(minutes=float(least)), least, since)
            for since, least in _clocks_in(when)
            if since in moments
        ),
        key=lambda each: each.at,
    )
    if judge(when, _facts_at(state.now, facts, moments)) is False:
        return None
    for each in candidates:
        if each.at > state.now and judge(when, _facts_at(each.at, facts, moments)) is False:
            return each
    return None


def _facts_at(at: datetime, facts: Facts, moments: dict[Since, datetime]) -> Facts:
    return {
        **facts,
        **{f"minutes_since_{since}": minutes(at - zero) for since, zero in moments.items()},
    }


def _clocks_in(condition: Condition) -> Iterator[tuple[Since, Decimal]]:
    known: dict[str, Since] = {
        "minutes_since_start": "start",
        "minutes_since_end": "end",
        "minutes_since_dose": "dose",
    }
    match condition:
        case Compare(fact, "below", value) if fact in known and isinstance(value, Decimal):
            yield known[fact], value
        case All(parts) | Any(parts):
            for part in parts:
                yield from _clocks_in(part)
