"""The days of a phase: laid out by a protocol's spacing on the days on which a clinic is open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING

from vernal.rules.protocols import DoesNotFit, Phase, Protocol
from vernal.words import Sentence as _

_HOURS_PER_DAY = 24
_DAYS_PER_WEEK = 7
_MOST_DAYS_SHIFTED = 28
"""A clinic closed for longer than this has no calendar to lay out."""


def earliest_next_at(protocol: Protocol, last_start_at: datetime) -> datetime:
    """The first moment the next dose may start, by the hours between sessions (clock hours)."""
    return last_start_at + timedelta(hours=float(protocol.figures.hours_between.value))


def check_gap(protocol: Protocol, *, last_start_at: datetime, next_start_at: datetime) -> None:
    """Raises `DoesNotFit` when the next dose would start too soon; exactly at the limit fits."""
    earliest = earliest_next_at(protocol, last_start_at)
    if next_start_at < earliest:
        hours = protocol.figures.hours_between.value
        raise DoesNotFit(
            _(
                "At least %(hours)s hours lie between two sessions: not before %(day)s, %(time)s.",
                hours=hours,
                day=earliest,
                time=f"{earliest:%H:%M}",
            )
        )


def lay_out(
    protocol: Protocol,
    phase: str,
    first_on: date,
    *,
    schedule: str | None = None,
    sessions: int | None = None,
    closed_weekdays: Iterable[int] = (),
    closed_days: Iterable[date] = (),
) -> tuple[date, ...]:
    """Days for the sessions of a phase, as near to its schedule as open days allow, never nearer.

    `closed_weekdays` count from Monday = 0. A day is moved later, not earlier: the hours between
    sessions, the most in seven days and the window of the phase hold. Without `sessions` it is the
    usual number. Raises `DoesNotFit`.
    """
    chosen = protocol.phase(phase)
    spacing = chosen.schedule(schedule)
    closed = frozenset(closed_weekdays), frozenset(closed_days)
    count = _count(chosen, sessions)
    if not _is_open(first_on, *closed):
        raise DoesNotFit(
            _("The clinic is closed on %(day)s. Choose another first day.", day=first_on)
        )
    days = [first_on]
    wanted = first_on
    for number in range(1, count):
        wanted += timedelta(days=spacing.gaps_days[(number - 1) % len(spacing.gaps_days)])
        days.append(_next_day(protocol, days, wanted, *closed))
    _check_window(chosen, days)
    return tuple(days)


def usual_span_days(phase: Phase, schedule: str) -> int | None:
    """Days from the first to the last of the usual number of sessions, as the schedule spaces them;
    None where a phase has no usual number."""
    if phase.sessions is None:
        return None
    gaps = phase.schedule(schedule).gaps_days
    return sum(gaps[number % len(gaps)] for number in range(int(phase.sessions.value) - 1))


def _count(phase: Phase, sessions: int | None) -> int:
    if sessions is None and phase.sessions is None:
        raise DoesNotFit(
            _("%(phase)s has no usual number of sessions. Say how many.", phase=phase.title)
        )
    count = int(phase.sessions.value) if sessions is None and phase.sessions else sessions or 0
    if count < 1:
        raise DoesNotFit(_("A phase has one session or more."))
    if phase.most_sessions is not None and count > phase.most_sessions.value:
        raise DoesNotFit(
            _(
                "%(phase)s has at most %(most)s sessions, not %(n)s.",
                phase=phase.title,
                most=phase.most_sessions.value,
                n=count,
            )
        )
    return count


def _next_day(
    protocol: Protocol,
    days: list[date],
    wanted: date,
    weekdays: frozenset[int],
    holidays: frozenset[date],
) -> date:
    hours = protocol.figures.hours_between.value
    least_days = int((hours / _HOURS_PER_DAY).to_integral_value(rounding=ROUND_CEILING))
    earliest = max(wanted, days[-1] + timedelta(days=least_days))
    per_week = int(protocol.figures.most_per_week.value)
    if len(days) >= per_week:
        earliest = max(earliest, days[-per_week] + timedelta(days=_DAYS_PER_WEEK))
    for later in range(_MOST_DAYS_SHIFTED):
        day = earliest + timedelta(days=later)
        if _is_open(day, weekdays, holidays):
            return day
    raise DoesNotFit(_("The clinic has no open day from %(day)s on for four weeks.", day=earliest))


def _is_open(day: date, weekdays: frozenset[int], holidays: frozenset[date]) -> bool:
    return day.weekday() not in weekdays and day not in holidays


def _check_window(phase: Phase, days: list[date]) -> None:
    if phase.window is None:
        return
    within = int(phase.window.value)
    span = (days[-1] - days[0]).days + 1
    if span > within:
        raise DoesNotFit(
            _(
                "%(n)s sessions from %(first)s to %(last)s take %(span)s days; %(phase)s has "
                "%(within)s. Choose a closer schedule, fewer sessions or another first day.",
                n=len(days),
                first=days[0],
                last=days[-1],
                span=span,
                phase=phase.title.lower(),
                within=within,
            )
        )
