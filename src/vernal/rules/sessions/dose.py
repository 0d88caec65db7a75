"""Dose intervals and the dose given so far: rate times time, in decimals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from vernal.rules.sessions.events import Kind

MICROSECONDS_PER_HOUR = Decimal(3_600_000_000)
SHOWN_TO = Decimal("0.001")  # mg
TOLD_TO = timedelta(minutes=1)  # a start and an end are each told to the minute


class DoseEntry(Protocol):
    @property
    def kind(self) -> Kind: ...
    @property
    def at(self) -> datetime: ...
    @property
    def payload(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Interval:
    """A stretch at one rate; `end` is None while it runs."""

    start: datetime
    end: datetime | None
    rate_mg_per_h: Decimal


@dataclass(frozen=True)
class SingleDose:
    at: datetime
    dose_mg: Decimal
    route: str


@dataclass(frozen=True)
class DoseSoFar:
    """What has been given at one moment. `last_end_at` is None while an infusion runs."""

    given_mg: Decimal
    intervals: tuple[Interval, ...]
    singles: tuple[SingleDose, ...]
    planned_mg: Decimal | None
    first_at: datetime | None
    last_at: datetime | None
    last_end_at: datetime | None
    stopped_because: str

    @property
    def running(self) -> bool:
        return bool(self.intervals) and self.intervals[-1].end is None

    @property
    def rate_mg_per_h(self) -> Decimal:
        return self.intervals[-1].rate_mg_per_h if self.running else Decimal(0)

    @property
    def past_plan(self) -> bool:
        """Running on paper beyond the planned dose: the pump has probably ended, so record it."""
        return self.running and self.planned_mg is not None and self.given_mg > self.planned_mg

    @property
    def clearly_less(self) -> bool:
        """Whether part of the planned dose is still in the syringe, even when start and end are
        each told a minute off."""
        if self.planned_mg is None or not self.intervals:
            return False
        unsure_mg = self.intervals[-1].rate_mg_per_h * _hours(2 * TOLD_TO)
        return self.given_mg + unsure_mg < self.planned_mg


def dose_so_far(entries: Iterable[DoseEntry], *, now: datetime) -> DoseSoFar:
    """Entries in order of time. An infusion counts up to `now`; a single dose that is in the log
    counts at once, also when the device's clock is a few seconds ahead."""
    intervals: list[Interval] = []
    singles: list[SingleDose] = []
    planned: Decimal | None = None
    stopped_because = ""
    for entry in entries:
        payload = entry.payload
        match entry.kind:
            case Kind.dose_started | Kind.dose_resumed if "rate_mg_per_h" in payload:
                _close(intervals, entry.at)
                intervals.append(Interval(entry.at, None, payload["rate_mg_per_h"]))
                planned = payload.get("planned_dose_mg", planned)
                stopped_because = ""
            case Kind.rate_changed if "rate_mg_per_h" in payload and _close(intervals, entry.at):
                intervals.append(Interval(entry.at, None, payload["rate_mg_per_h"]))
            case Kind.dose_stopped:
                _close(intervals, entry.at)
                stopped_because = payload.get("reason", "other")
            case Kind.dose_given if "dose_mg" in payload:
                route = payload.get("route", "")
                singles.append(SingleDose(entry.at, payload["dose_mg"], route))
    return _summed(intervals, singles, planned, stopped_because, now)


def _close(intervals: list[Interval], at: datetime) -> bool:
    """End the running interval; whether there was one."""
    if not intervals or intervals[-1].end is not None:
        return False
    last = intervals[-1]
    intervals[-1] = Interval(last.start, at, last.rate_mg_per_h)
    return True


def _summed(
    intervals: list[Interval],
    singles: list[SingleDose],
    planned: Decimal | None,
    stopped_because: str,
    now: datetime,
) -> DoseSoFar:
    starts = [each.start for each in intervals] + [each.at for each in singles]
    running = bool(intervals) and intervals[-1].end is None
    ends = [each.end for each in intervals if each.end] + [each.at for each in singles]
    infused = sum((_infused_mg(each, now) for each in intervals), Decimal(0))
    given = infused + sum((each.dose_mg for each in singles), Decimal(0))
    return DoseSoFar(
        given_mg=given.quantize(SHOWN_TO),
        intervals=tuple(intervals),
        singles=tuple(singles),
        planned_mg=planned,
        first_at=min(starts, default=None),
        last_at=max(starts, default=None),
        last_end_at=None if running else max(ends, default=None),
        stopped_because=stopped_because,
    )


def _infused_mg(interval: Interval, now: datetime) -> Decimal:
    until = min(interval.end or now, now)
    return interval.rate_mg_per_h * _hours(max(until - interval.start, timedelta()))


def _hours(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(microseconds=1)) / MICROSECONDS_PER_HOUR
