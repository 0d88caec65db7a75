"""Logs of several sessions, folded: what each says without its page being opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from vernal.knowledge.sessions import session_figures
from vernal.records.models import Session, SessionEvent
from vernal.rules.sessions import Event, Kind, SessionState, fold
from vernal.rules.sessions.states import MOVING
from vernal.workflow.session_log import events_of

# Enough of a log to know its state and its first dose.
TELL_THE_STATE = (*MOVING, Kind.correction, Kind.sealed)


def logs_of(
    rows: Sequence[Session], *, at: datetime, kinds: Collection[Kind] = ()
) -> dict[UUID, SessionState]:
    """Each session's log folded, or as much of it as `kinds` tell; one query."""
    events: dict[UUID, list[Event]] = defaultdict(list)
    kept = SessionEvent.objects.filter(session__in=[row.pk for row in rows])
    if kinds:
        kept = kept.filter(kind__in=[kind.value for kind in kinds])
    for event in events_of(kept):
        events[event.session_id].append(event)
    return {row.pk: fold(events[row.pk], now=at, figures=session_figures()) for row in rows}
