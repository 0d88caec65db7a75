"""Session events for tests: minutes count from nine o'clock on the device."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from vernal.knowledge.sessions import session_figures
from vernal.rules.sessions import Event, Kind, SessionState, fold

FIGURES = session_figures()
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SESSION = UUID(int=1)
DRUG = "ketamine hydrochloride"
INFUSION = {"rate_mg_per_h": "52.5", "planned_dose_mg": 35, "drug": DRUG}
SPRAY = {"dose_mg": 56, "route": "nasal", "drug": "esketamine"}


def at(minute: float) -> datetime:
    return NINE + timedelta(minutes=minute)


@dataclass
class Device:
    """A bedside device. `ahead` is how far its clock is off; `number` keeps ids apart.

    Sequence and monotonic time follow the minute, so events may be written down in any order.
    """

    name: str = "bed-1"
    number: int = 1
    ahead: timedelta = timedelta()
    made: int = 0
    events: list[Event] = field(default_factory=list)

    def add(self, kind: Kind, minute: float, author: str = "nurse-1", **more: Any) -> Event:
        """Append one event; `payload` fields and event fields both come as keywords."""
        own = {
            name: more.pop(name)
            for name in ("corrects", "received_at", "entered_offline", "monotonic_ms", "device_at")
            if name in more
        }
        self.made += 1
        event = Event(
            id=UUID(int=self.number * 1_000_000 + self.made),
            session_id=SESSION,
            kind=kind,
            payload=more,
            device_id=self.name,
            sequence=round((minute + 120) * 1000) + self.made,
            device_at=own.pop("device_at", at(minute) + self.ahead),
            monotonic_ms=own.pop("monotonic_ms", round((minute + 120) * 60_000)),
            author=author,
            **own,
        )
        self.events.append(event)
        return event

    def reading(
        self, minute: float, systolic: int = 120, diastolic: int = 80, **more: Any
    ) -> Event:
        return self.add(
            Kind.reading,
            minute,
            **{"systolic_mmhg": systolic, "diastolic_mmhg": diastolic, **more},
        )

    def state(self, minute: float, more: Iterable[Event] = ()) -> SessionState:
        return fold([*self.events, *more], now=at(minute), figures=FIGURES)


def infusion(*, until: float | None = 40) -> Device:
    """Two baseline readings, an infusion of 35 mg from minute 0, a reading at 30."""
    device = Device()
    device.add(Kind.checked_in, -20)
    device.reading(-15, 124, 82, heart_rate_per_min=70, spo2_percent=98, oxygen_l_per_min=0)
    device.reading(-10, 120, 80, heart_rate_per_min=66, spo2_percent=98)
    device.add(Kind.dose_started, 0, **INFUSION)
    device.reading(30, 138, 90, heart_rate_per_min=80, spo2_percent=97)
    if until is not None:
        device.add(Kind.dose_stopped, until, reason="finished")
    return device
