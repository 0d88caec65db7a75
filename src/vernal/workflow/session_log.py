"""The session log: one append, kept once, chained, and never refused for want of a network.

Everything a session holds passes through `append`. The chain of one session is proved apart from
the audit chain, because a device may look at its own session alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from itertools import groupby
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from vernal.accounts.models import User
from vernal.audit.chain import BEGINNING, record
from vernal.knowledge.sessions import questions
from vernal.records.models import Alert, EventConflict, Session, SessionEvent
from vernal.rules.sessions import Event, Kind, canonical, check_payload, content
from vernal.workflow.alert_answers import told_at_bedside
from vernal.workflow.alerts import open_alert
from vernal.workflow.errors import InvalidInput, NotFound, NotPossibleNow
from vernal.workflow.permissions import check_may_chart_session

PAGES = "pages"  # the device of entries made without a bedside device: the server's own clock
Outcome = Literal["kept", "known", "conflict"]
# Asked before an entry is kept: session, the event with typed payload, everything before it.
Gate = Callable[[Session, User, Event, list[Event]], None]


@dataclass(frozen=True)
class Entered:
    """One entry as a device sends it. `device_at` keeps the offset of the device's clock."""

    id: UUID
    kind: Kind
    payload: Mapping[str, Any]
    device_id: str
    sequence: int
    device_at: datetime
    monotonic_ms: int
    corrects: UUID | None = None
    entered_offline: bool = False


# Makes the entry once the session is locked: pages count their own sequence there.
Make = Callable[[list[SessionEvent]], Entered]


@dataclass(frozen=True)
class Appended:
    """`kept` now, `known` before with the same content, or in `conflict` with what was kept."""

    event_id: UUID
    outcome: Outcome


@transaction.atomic
def append(*, by: User, session_id: UUID, make: Make, gate: Gate, at: datetime) -> Appended:
    """Keep one event, or say why not. The transaction holds event, conflict and audit together.

    Intent to die told at the bedside reaches the person on call in the same act.
    """
    session = locked(session_id)
    check_may_chart_session(by, session.patient)
    rows = list(session.events.all())
    entered = make(rows)
    events = events_of(rows)
    event = _event(by, session, entered, events)
    if known := SessionEvent.objects.filter(pk=event.id).first():
        return _seen_before(by, session, event, known, at)
    _check_sequence(event, rows)
    gate(session, by, event, events)
    row = _keep(by, session, event, rows, at)
    if told_at_bedside(row):
        open_alert(
            by=by,
            patient=session.patient,
            kind=Alert.Kind.suicidal_thoughts,
            source=f"event:{row.pk}",
            at=at,
        )
    return Appended(event.id, "kept")


def locked(session_id: UUID) -> Session:
    """The session, with its row locked: two writers of one log queue behind each other.

    SQLite has one writer at a time anyway, because transactions begin IMMEDIATE.
    """
    rows = Session.objects.select_for_update(of=("self",)).select_related(
        "patient__site", "plan__decision", "plan__signed", "cancelled"
    )
    session = rows.filter(pk=session_id).first()
    if session is None:
        raise NotFound
    return session


def events_of(rows: Iterable[SessionEvent]) -> list[Event]:
    """Rows as the values that the rules fold."""
    return [_event_of(row) for row in rows]


def _event_of(row: SessionEvent) -> Event:
    offset = timezone(timedelta(minutes=row.device_offset_min))
    return Event(
        id=row.id,
        session_id=row.session_id,
        kind=Kind(row.kind),
        payload=row.payload,
        device_id=row.device_id,
        sequence=row.sequence,
        device_at=row.device_at.astimezone(offset),
        monotonic_ms=row.monotonic_ms,
        author=str(row.author_id),
        received_at=row.received_at,
        previous_hash=row.previous_hash,
        hash=row.hash,
        corrects=row.corrects,
        entered_offline=row.entered_offline,
    )


def _event(by: User, session: Session, entered: Entered, before: list[Event]) -> Event:
    """The entry with a payload of typed values. Raises `InvalidInput` with a sentence a field."""
    target = _target(entered, before)
    checked = check_payload(
        entered.kind,
        entered.payload,
        corrects_kind=target.kind if target else None,
        questions=questions(),
    )
    if checked.errors:
        raise InvalidInput(dict(checked.errors))
    return Event(
        id=entered.id,
        session_id=session.pk,
        kind=entered.kind,
        payload=checked.payload,
        device_id=entered.device_id,
        sequence=entered.sequence,
        device_at=entered.device_at,
        monotonic_ms=entered.monotonic_ms,
        author=str(by.pk),
        corrects=entered.corrects,
        entered_offline=entered.entered_offline,
    )


def _target(entered: Entered, before: list[Event]) -> Event | None:
    """The entry that a correction or a seal is about, at the end of a chain of corrections."""
    if (entered.kind in (Kind.correction, Kind.sealed)) != (entered.corrects is not None):
        raise InvalidInput({"corrects": _("A correction or a seal names the entry it is about.")})
    if entered.corrects is None:
        return None
    target = {event.id: event for event in before}.get(entered.corrects)
    if target is None:
        raise NotFound
    if target.kind in (Kind.correction, Kind.sealed):
        raise NotPossibleNow(_("Correct the entry itself, not its correction."))
    if any(each.kind == Kind.sealed and each.corrects == target.id for each in before):
        raise NotPossibleNow(_("This entry is sealed."))
    return target


def _seen_before(
    by: User, session: Session, event: Event, known: SessionEvent, at: datetime
) -> Appended:
    """The same content is the same answer; other content is kept beside the first, which counts."""
    if known.session_id != session.pk:  # its content is not this session's to see
        raise NotPossibleNow(
            _("This entry cannot be kept: its number belongs to another session. Enter it anew.")
        )
    if content(_event_of(known)) == content(event):
        return Appended(event.id, "known")
    sent = json_form(event)
    if not known.conflicts.filter(payload=sent, author=by).exists():
        EventConflict.objects.create(event=known, payload=sent, author=by, received_at=at)
        _record("session.conflict", by, session, at, event)
    return Appended(event.id, "conflict")


def _check_sequence(event: Event, rows: list[SessionEvent]) -> None:
    if any((row.device_id, row.sequence) == (event.device_id, event.sequence) for row in rows):
        raise NotPossibleNow(
            _("This device has sent another entry under the same number. Reload the page.")
        )


def _keep(
    by: User, session: Session, event: Event, rows: list[SessionEvent], at: datetime
) -> SessionEvent:
    head = _head(rows)
    chained = replace(event, received_at=at, previous_hash=head)
    row = SessionEvent.objects.create(
        id=event.id,
        session=session,
        kind=event.kind.value,
        payload=json_form(event),
        device_id=event.device_id,
        sequence=event.sequence,
        device_at=event.device_at,
        device_offset_min=_offset_min(event.device_at),
        monotonic_ms=event.monotonic_ms,
        author=by,
        received_at=at,
        corrects=event.corrects,
        entered_offline=event.entered_offline,
        previous_hash=head,
        hash=_hash(chained),
    )
    _record(f"session.{event.kind.value}", by, session, at, event)
    return row


def json_form(event: Event) -> dict[str, Any]:
    """The payload exactly as it is hashed, in types JSON carries."""
    _form, _line, text = content(event).partition(b"\n")
    payload: dict[str, Any] = json.loads(text)["payload"]
    return payload


def _hash(event: Event) -> str:
    return hashlib.sha256(canonical(event)).hexdigest()


def _head(rows: Iterable[SessionEvent]) -> str:
    """The hash that no other event follows on; the beginning of an empty log."""
    rows = list(rows)
    followed = {row.previous_hash for row in rows}
    heads = [row.hash for row in rows if row.hash not in followed]
    return heads[-1] if heads else BEGINNING


def _offset_min(at: datetime) -> int:
    return int((at.utcoffset() or timedelta()).total_seconds() // 60)


def _record(act: str, by: User, session: Session, at: datetime, event: Event) -> None:
    record(
        act,
        at=at,
        actor_id=by.pk,
        site_id=session.patient.site_id,
        patient_id=session.patient_id,
        subject=f"event:{event.id}",
        session=str(session.pk),
    )


@dataclass(frozen=True)
class LogReport:
    """What `verify_log` saw; `broken_after` counts the events before the first that is wrong."""

    session_id: UUID
    events: int
    head: str
    broken_after: int | None

    @property
    def is_whole(self) -> bool:
        return self.broken_after is None


def verify_log(session_id: UUID) -> LogReport:
    """Walk the chain of one session from its beginning."""
    return _walked(session_id, list(SessionEvent.objects.filter(session_id=session_id)))


def verify_logs() -> list[LogReport]:
    """Every session that has a log, one after the other."""
    rows = SessionEvent.objects.order_by("session_id").iterator(chunk_size=2000)
    by_session = groupby(rows, key=lambda row: row.session_id)
    return [_walked(session_id, list(own)) for session_id, own in by_session]


def _walked(session_id: UUID, rows: list[SessionEvent]) -> LogReport:
    following = {row.previous_hash: row for row in rows}
    head, count = BEGINNING, 0
    while (row := following.get(head)) is not None:
        if row.hash != _hash(_event_of(row)):
            return LogReport(session_id, len(rows), head, count)
        head, count = row.hash, count + 1
    return LogReport(session_id, len(rows), head, None if count == len(rows) else count)
