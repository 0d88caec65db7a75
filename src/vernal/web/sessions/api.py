"""What a bedside device sends: entries it has kept, one by one, with an answer for each.

`POST {"events": [{"id", "kind", "fields", "made_by", "device_id", "sequence", "device_at",
"monotonic_ms", "entered_offline"}]}`. `fields` are those of the page's own form; of several boxes
that are ticked the value is a list. `made_by` is the id of whoever made it: nobody else's hands
send it. Each event is answered with a status: 201 kept now, 200 known before, 409 not now or in
conflict, 422 something to mend, 423 its author's PIN is needed. What is not 200 or 201 stays on the
device, with its reason.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vernal.rules.sessions import Kind
from vernal.web.sessions import idle
from vernal.web.sessions.forms import Entry, EventForm
from vernal.web.sessions.submitting import event_form, kind_named
from vernal.workflow import queries
from vernal.workflow import sessions as acts
from vernal.workflow.errors import InvalidInput, NotFound, NotPossibleNow
from vernal.workflow.queries import SessionView
from vernal.workflow.session_log import Entered

MOST_AT_ONCE = 100
STATUS = {"kept": 201, "known": 200, "conflict": 409}


@require_POST
def events(request: HttpRequest, session_id: UUID) -> JsonResponse:
    """Each event by itself: one that is refused holds no other back."""
    now = timezone.now()
    view = queries.session(by=request.user, session_id=session_id, at=now, page="")
    sent = _sent(request)
    if sent is None:
        return JsonResponse({"reason": _("This is no list of events.")}, status=422)
    locked = idle.is_locked(request, view)
    answers = []
    for each in sent:
        answers.append(_answer(request, view, each, locked=locked, now=now))
        if answers[-1]["status"] == STATUS["kept"]:  # what it asks of the next may be new
            view = queries.session(by=request.user, session_id=session_id, at=now, page="")
    if not locked:
        idle.note_input(request, now)
    return JsonResponse({"server_at": now.isoformat(), "answers": answers})


# What reading one entry of unknown make may raise; the entry is refused, the others are not.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError)


def _sent(request: HttpRequest) -> list[Any] | None:
    try:
        sent = json.loads(request.body)["events"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return sent[:MOST_AT_ONCE] if isinstance(sent, list) else None


def _answer(
    request: HttpRequest, view: SessionView, sent: Any, *, locked: bool, now: datetime
) -> dict[str, Any]:
    id_ = _named(sent)
    unreadable = {"id": id_, "status": 422, "reason": _("This entry cannot be read.")}
    try:
        kind, device_at, form = _read(view, sent)
        if waits := _whose_pin(request, view, kind, UUID(sent["made_by"]), locked=locked):
            return {"id": id_, "status": 423, "reason": waits}
        if not form.is_valid():
            return {"id": id_, "status": 422, "reason": _sentences(form)}
        entries = [
            _entered(entry, sent, device_at, number) for number, entry in enumerate(form.entries())
        ]
    except (*UNREADABLE, NotFound):
        return unreadable
    by = idle.author(request, view.session_id)
    try:
        outcomes = [
            acts.receive(by=by, session_id=view.session_id, entered=entered, at=now).outcome
            for entered in entries
        ]
    except InvalidInput as refusal:
        return {"id": id_, "status": 422, "reason": " ".join(refusal.fields.values())}
    except NotPossibleNow as refusal:
        return {"id": id_, "status": 409, "reason": str(refusal)}
    except ValueError:  # what no event can be: a clock of another age, half a character
        return unreadable
    status = max(STATUS[outcome] for outcome in outcomes)
    reason = _("Another entry has this number; both are kept, the first one counts.")
    return {"id": id_, "status": status, "reason": reason if status == 409 else ""}


def _whose_pin(
    request: HttpRequest, view: SessionView, kind: Kind, made_by: UUID, *, locked: bool
) -> str:
    """Whose PIN the entry waits for; empty when it is its author's hands that send it. The name of
    somebody of another site is not told."""
    if locked and kind not in idle.NEVER_ASKED:
        return _("Give your PIN first.")
    if idle.author(request, view.session_id).pk == made_by:
        return ""
    people = queries.colleagues(by=request.user, session_id=view.session_id)
    name = next((each.name for each in people if each.user_id == made_by), "")
    if not name:
        return _("Somebody else made this, who gives a PIN here or logs in.")
    return _("Made by %(name)s, who gives a PIN here or logs in.") % {"name": name}


def _named(sent: Any) -> str | None:
    """The id as it was sent, so that the device finds its entry; what is no text is no name."""
    id_ = sent.get("id") if isinstance(sent, dict) else None
    return id_ if isinstance(id_, str) else None


def _read(view: SessionView, sent: dict[str, Any]) -> tuple[Kind, datetime, EventForm]:
    kind = kind_named(sent["kind"])
    device_at = datetime.fromisoformat(sent["device_at"])
    if kind is None or device_at.utcoffset() is None:
        raise ValueError("a kind of entry and a time with its offset")
    data = MultiValueDict({name: _listed(value) for name, value in sent["fields"].items()})
    data["id"] = str(UUID(sent["id"]))
    return kind, device_at, event_form(kind, view, at=device_at, data=data, by_device=True)


def _listed(value: Any) -> list[Any]:
    """A field as a browser sends it: once for each box that is ticked."""
    return value if isinstance(value, list) else [value]


def _entered(entry: Entry, sent: dict[str, Any], device_at: datetime, number: int) -> Entered:
    return Entered(
        id=entry.id,
        kind=entry.kind,
        payload=entry.payload,
        device_id=_device(sent["device_id"]),
        sequence=_counted(sent["sequence"]) + number,
        device_at=device_at,
        monotonic_ms=_counted(sent["monotonic_ms"]),
        entered_offline=sent.get("entered_offline", False) is True,
    )


def _counted(value: Any) -> int:
    """A whole number as JSON writes it; a text, a yes or a fraction is none."""
    if type(value) is not int:
        raise TypeError(f"a whole number was expected, not {type(value).__name__}")
    return value


def _device(value: Any) -> str:
    if not isinstance(value, str) or not value.isprintable() or not 0 < len(value) <= 64:
        raise ValueError("a device names itself in up to 64 printable characters")
    if value == acts.PAGES:
        raise ValueError("the pages' own count and clock are the server's; a device has another")
    return value


def _sentences(form: EventForm) -> str:
    return " ".join(
        f"{label}: {error}" if label and label not in error else str(error)
        for name, errors in form.errors.items()
        for label in [str(form.fields[name].label) if name in form.fields else ""]
        for error in errors
    )
