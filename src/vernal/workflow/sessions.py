"""Step 5: the monitored session: what a nurse enters, on a page or on a bedside device.

What must hold before an entry is kept stands in `session_gate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from vernal.accounts.models import User
from vernal.records.models import SessionEvent
from vernal.rules.sessions import Kind
from vernal.workflow.errors import NotPossibleNow
from vernal.workflow.session_gate import gate_at
from vernal.workflow.session_log import PAGES, Appended, Entered, append


def enter(
    *,
    by: User,
    session_id: UUID,
    kind: Kind,
    payload: Mapping[str, Any],
    id: UUID,
    at: datetime,
    corrects: UUID | None = None,
) -> Appended:
    """One entry made on a page: the server gives it sequence and clock. Sent twice, kept once."""
    appended = append(
        by=by,
        session_id=session_id,
        make=partial(_on_a_page, id=id, kind=kind, payload=payload, corrects=corrects, at=at),
        gate=gate_at(at),
        at=at,
    )
    _refuse_conflict([appended])
    return appended


def enter_together(
    *,
    by: User,
    session_id: UUID,
    entries: Sequence[tuple[UUID, Kind, Mapping[str, Any]]],
    at: datetime,
) -> None:
    """All entries of one form, or none of them."""
    with transaction.atomic():
        appended = [
            append(
                by=by,
                session_id=session_id,
                make=partial(_on_a_page, id=id, kind=kind, payload=payload, corrects=None, at=at),
                gate=gate_at(at),
                at=at,
            )
            for id, kind, payload in entries
        ]
    _refuse_conflict(appended)


def _refuse_conflict(appended: Iterable[Appended]) -> None:
    """After the transaction, so that what was sent is kept beside what came first."""
    if any(each.outcome == "conflict" for each in appended):
        raise NotPossibleNow(
            _("This form was sent before with other content. What came first is kept; so is this.")
        )


def _on_a_page(
    rows: list[SessionEvent],
    *,
    id: UUID,
    kind: Kind,
    payload: Mapping[str, Any],
    corrects: UUID | None,
    at: datetime,
) -> Entered:
    own = [row for row in rows if row.device_id == PAGES]
    before = next((row for row in own if row.id == id), None)
    return Entered(
        id=id,
        kind=kind,
        payload=payload,
        device_id=PAGES,
        sequence=before.sequence if before else max((row.sequence for row in own), default=0) + 1,
        device_at=before.device_at if before else at,
        monotonic_ms=before.monotonic_ms if before else int(at.timestamp() * 1000),
        corrects=corrects,
    )


def receive(*, by: User, session_id: UUID, entered: Entered, at: datetime) -> Appended:
    """One entry from a bedside device, perhaps much later than it was made."""
    return append(by=by, session_id=session_id, make=lambda _rows: entered, gate=gate_at(at), at=at)
