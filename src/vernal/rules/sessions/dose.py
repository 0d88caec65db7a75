"""Dose intervals and the dose given so far: rate times time, in decimals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
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
    """What has been given at one moment. `planned_mg` is what is in once the syringe at the pump is
    empty, `on_paper_mg` rate times time alone. `last_end_at` is None while an infusion runs.
    `is_finished`: somebody said that the dosing is over, whole or not."""

    given_mg: Decimal
    on_paper_mg: Decimal
    intervals: tuple[Interval, ...]
    singles: tuple[SingleDose, ...]
    planned_mg: Decimal | None
    first_at: datetime | None
    last_at: datetime | None
    last_end_at: datetime | None
    stopped_because: str
    is_finished: bool

    @property
    def running(self) -> bool:
        return bool(self.intervals) and self.intervals[-1].end is None

    @property
    def rate_mg_per_h(self) -> Decimal:
        return self.intervals[-1].rate_mg_per_h if self.running else Decimal(0)

    @property
    def past_plan(self) -> bool:
        """Running on paper beyond what was drawn: the pump is empty, so record its end."""
        return self.running and self.planned_mg is not None and self.on_paper_mg > self.planned_mg

    @property
    def is_left(self) -> bool:
        """Whether an infusion was stopped with something in the syringe to go on with."""
        return (
            bool(self.intervals)
            and not self.running
            and self.planned_mg is not None
            and self.given_mg < self.planned_mg
            and not self.is_finished
        )

    @property
    def is_paused(self) -> bool:
        """Whether it was stopped for a while and nobody has said yet whether it goes on."""
        return self.is_left and self.stopped_because == "paused"

    @property
    def clearly_less(self) -> bool:
        """Whether part of the planned dose is still in the syringe, even when start and end are
        each told a minute off."""
        if self.planned_mg is None or not self.intervals:
            return False
        unsure_mg = self.intervals[-1].rate_mg_per_h * _hours(2 * TOLD_TO)
        return self.given_mg + unsure_mg < self.planned_mg


@dataclass
class _Syringe:
    """One start of an infusion: what was drawn for it, and its stretches at the pump."""

    planned_mg: Decimal | None
    intervals: list[Interval] = field(default_factory=list)

    def close(self, at: datetime) -> bool:
        """End the stretch that runs; whether there was one."""
        if not self.intervals or self.intervals[-1].end is not None:
            return False
        self.intervals[-1] = replace(self.intervals[-1], end=at)
        return True

    def on_paper_mg(self, now: datetime) -> Decimal:
        return sum((_infused_mg(each, now) for each in self.intervals), Decimal(0))

    def given_mg(self, now: datetime) -> Decimal:
        """A pump gives no more than its syringe holds."""
        on_paper = self.on_paper_mg(now)
        return on_paper if self.planned_mg is None else min(on_paper, self.planned_mg)


def dose_so_far(entries: Iterable[DoseEntry], *, now: datetime) -> DoseSoFar:
    """Entries in order of time. An infusion counts up to `now`, and up to what was drawn for it; a
    single dose that is in the log counts at once, also when the device's clock is a few seconds
    ahead."""
    syringes = [_Syringe(None)]
    singles: list[SingleDose] = []
    stopped_because, is_finished = "", False
    for entry in entries:
        payload, rate = entry.payload, entry.payload.get("rate_mg_per_h")
        match entry.kind:
            case Kind.dose_started | Kind.dose_resumed if rate is not None:
                syringes[-1].close(entry.at)
                if entry.kind == Kind.dose_started:
                    syringes.append(_Syringe(payload.get("planned_dose_mg")))
                syringes[-1].intervals.append(Interval(entry.at, None, rate))
                stopped_because, is_finished = "", False
            case Kind.rate_changed if rate is not None and syringes[-1].close(entry.at):
                syringes[-1].intervals.append(Interval(entry.at, None, rate))
            case Kind.dose_stopped:
                syringes[-1].close(entry.at)
                stopped_because = payload.get("reason", "other")
                is_finished = stopped_because == "finished"
            case Kind.dosing_finished:
                stopped_because, is_finished = payload.get("reason", stopped_because), True
            case Kind.dose_given if "dose_mg" in payload:
                route = payload.get("route", "")
                singles.append(SingleDose(entry.at, payload["dose_mg"], route))
    return _summed(syringes, singles, now, stopped_because=stopped_because, is_finished=is_finished)


def _summed(
    syringes: list[_Syringe],
    singles: list[SingleDose],
    now: datetime,
    *,
    stopped_because: str,
    is_finished: bool,
) -> DoseSoFar:
    intervals = [interval for syringe in syringes for interval in syringe.intervals]
    starts = [each.start for each in intervals] + [each.at for each in singles]
    running = bool(intervals) and intervals[-1].end is None
    ends = [each.end for each in intervals if each.end] + [each.at for each in singles]
    *earlier, last = syringes
    before = sum((each.given_mg(now) for each in earlier), Decimal(0))
    before += sum((each.dose_mg for each in singles), Decimal(0))
    return DoseSoFar(
        given_mg=(before + last.given_mg(now)).quantize(SHOWN_TO),
        on_paper_mg=(before + last.on_paper_mg(now)).quantize(SHOWN_TO),
        intervals=tuple(intervals),
        singles=tuple(singles),
        planned_mg=None if last.planned_mg is None else before + last.planned_mg,
        first_at=min(starts, default=None),
        last_at=max(starts, default=None),
        last_end_at=None if running else max(ends, default=None),
        stopped_because=stopped_because,
        is_finished=is_finished,
    )


def _infused_mg(interval: Interval, now: datetime) -> Decimal:
    until = min(interval.end or now, now)
    return interval.rate_mg_per_h * _hours(max(until - interval.start, timedelta()))


def _hours(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(microseconds=1)) / MICROSECONDS_PER_HOUR
