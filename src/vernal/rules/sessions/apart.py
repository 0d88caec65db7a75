"""Sessions of one patient: each on its day, one at a time, hours after the last drug."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from vernal.rules.sessions.fold import SessionState
from vernal.rules.sessions.states import ENDED, GIVES_DRUG, State


def is_open(state: SessionState) -> bool:
    """Whether somebody arrived or drug was given, and nobody has said how it ended."""
    return state.state != State.planned and state.state not in ENDED


def last_given_at(state: SessionState) -> datetime | None:
    """When drug was last begun, or gone on with, by the clock that cannot be told back."""
    return max((each.watched_at for each in state.of(*GIVES_DRUG)), default=None)


def is_its_day(planned_at: datetime, at: datetime, *, zone: tzinfo, near: timedelta) -> bool:
    """Whether a session may begin at `at`: on its planned day at the clinic, or `near` its moment,
    so that midnight cuts no session in two."""
    same_day = planned_at.astimezone(zone).date() == at.astimezone(zone).date()
    return same_day or abs(at - planned_at) <= near
