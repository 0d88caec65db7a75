"""Whether a time that somebody tells can be: what follows the check-in was after it, drug is given
after plan and consent, and what starts or ends a dose is entered while it can still be checked."""

from __future__ import annotations

from datetime import datetime, timedelta

from vernal.rules.sessions.allowed import BEFORE_ARRIVAL
from vernal.rules.sessions.events import Kind
from vernal.rules.sessions.fold import Entry
from vernal.rules.sessions.states import GIVES_DRUG, MOVING
from vernal.words import Sentence as _

ANY_TIME = BEFORE_ARRIVAL | {Kind.checked_in, Kind.session_stopped}
SOON = (MOVING | {Kind.rate_changed, Kind.hold_ended}) - ANY_TIME


def why_not_then(
    entry: Entry, *, checked_in_at: datetime | None, signed_at: datetime, most_late: timedelta
) -> str:
    """The reason why it cannot have been at the time it is told for; empty when it can.

    `signed_at` is when the last of plan and consent was signed; `most_late` how much earlier than
    it is entered a start, a stop or a way out is told.
    """
    if "happened_at" not in entry.payload:
        return ""
    if entry.kind in SOON and entry.at < entry.made_at - most_late:
        return _(
            "This is told at most %(minutes)s minutes after it happened. Enter it with the present "
            "time, and write in a note when it was.",
            minutes=int(most_late.total_seconds() // 60),
        )
    if entry.kind in GIVES_DRUG | {Kind.checked_in} and entry.at < signed_at:
        return _("At that time plan and consent were not signed yet.")
    if entry.kind not in ANY_TIME and checked_in_at is not None and entry.at < checked_in_at:
        return _("At that time the patient was not checked in yet.")
    return ""


def cannot_be(entry: Entry, *, since: datetime, until: datetime) -> bool:
    """Whether a device without network gives a moment before the session was booked, or ahead."""
    return not since <= entry.made_at <= until
