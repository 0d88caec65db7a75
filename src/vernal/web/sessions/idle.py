"""The idle lock: nothing is hidden, nothing stops; the next entry asks who makes it.

What stands in the browser's session: when a person last did something, whether a PIN is needed, and
whose hands these are since the last PIN. Hands are lent for one session of one patient: they end
when nobody does anything for a while, when the dose ends, and in any other session. Whoever comes
next is asked, so that no entry is kept under a name that nobody chose. A page that looks again by
itself is no input.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from vernal.accounts.models import User
from vernal.rules.sessions import Kind
from vernal.web.sessions.forms import WhoForm
from vernal.workflow import queries
from vernal.workflow.errors import InvalidInput
from vernal.workflow.pins import author_with, idle_lock, person
from vernal.workflow.queries import SessionView

LAST, NEEDED, HANDS = "session_last_input", "session_pin_needed", "session_hands"
# In place of hands that ended: whoever comes next says who it is, whether a dose runs or not.
NOBODY = "nobody"
# A stop never waits for a PIN: it is kept under the account that is logged in.
NEVER_ASKED = frozenset({Kind.dose_stopped})


def is_locked(request: HttpRequest, view: SessionView, *, poll: bool = False) -> bool:
    """Whether the next entry needs a PIN. Once it does, only a PIN ends that.

    A `poll` from a window that shows another session ends no hands: it is no input.
    """
    idle = _stood_idle(request, view.now)
    hands = _hands(request)
    if hands and hands["session"] != str(view.session_id):
        if not poll:
            request.session[HANDS] = NOBODY
        return True
    if hands and (idle or (hands["dosed"] and not view.dose_runs)):
        request.session[HANDS] = NOBODY
    elif hands and view.dose_runs and not hands["dosed"]:
        request.session[HANDS] = {**hands, "dosed": True}
    if view.dose_runs and idle:
        request.session[NEEDED] = True
    is_needed = view.dose_runs and request.session.get(NEEDED, False)
    return bool(is_needed) or request.session.get(HANDS) == NOBODY


def note_input(request: HttpRequest, at: datetime) -> None:
    request.session[LAST] = at.isoformat()


def unlock(request: HttpRequest, *, at: datetime) -> None:
    """The account's own hands again, or for the first time."""
    request.session.pop(NEEDED, None)
    request.session.pop(HANDS, None)
    note_input(request, at)


def lend(request: HttpRequest, view: SessionView, *, user: User) -> None:
    """From now on, in this session, these are that person's hands."""
    unlock(request, at=view.now)
    if user != request.user:
        session = str(view.session_id)
        lent = {"user": str(user.pk), "session": session, "dosed": view.dose_runs}
        request.session[HANDS] = lent


def author(request: HttpRequest, session_id: UUID) -> User:
    """Whose hands these are: the person of the last PIN in this session, else the account."""
    hands = _hands(request)
    if hands is None or hands["session"] != str(session_id):
        return request.user
    return person(UUID(hands["user"]))


def _hands(request: HttpRequest) -> dict[str, Any] | None:
    """Whose hands were lent, for which session, and whether a dose ran there since."""
    hands = request.session.get(HANDS)
    return hands if isinstance(hands, dict) else None


def _stood_idle(request: HttpRequest, at: datetime) -> bool:
    last = request.session.get(LAST)
    return bool(last) and at - datetime.fromisoformat(last) > idle_lock()


def who_form(request: HttpRequest, session_id: UUID, data: object = None) -> WhoForm:
    people = queries.colleagues(by=request.user, session_id=session_id)
    return WhoForm([(str(each.user_id), each.name) for each in people], data)


def proved(request: HttpRequest, form: WhoForm, view: SessionView) -> bool:
    """Check the PIN; on success these are that person's hands. Else the form says why."""
    if not form.is_valid():
        return False
    try:
        user = author_with(
            user_id=UUID(form.cleaned_data["entered_by"]),
            pin=form.cleaned_data["pin"],
            by=request.user,
            at=view.now,
        )
    except InvalidInput as refusal:
        for name, sentence in refusal.fields.items():
            form.add_error(name, sentence)
        return False
    lend(request, view, user=user)
    return True
