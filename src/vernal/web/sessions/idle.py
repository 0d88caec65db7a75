"""The idle lock: nothing is hidden, nothing stops; the next entry asks who makes it.

What stands in the browser's session: when a person last did something, whether a PIN is needed, and
whose hands these are since the last PIN. A page that looks again by itself is no input.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from vernal.accounts.models import User
from vernal.rules.sessions import Kind
from vernal.web.sessions.forms import WhoForm
from vernal.workflow import queries
from vernal.workflow.errors import InvalidInput
from vernal.workflow.pins import author_with, idle_lock, person

LAST, NEEDED, HANDS = "session_last_input", "session_pin_needed", "session_hands"
# A stop never waits for a PIN: it is kept under the account that is logged in.
NEVER_ASKED = frozenset({Kind.dose_stopped})


def is_locked(request: HttpRequest, *, dose_runs: bool, at: datetime) -> bool:
    """Whether the next entry needs a PIN. Once it does, only a PIN ends that."""
    if not dose_runs:
        return False
    last = request.session.get(LAST)
    if last and at - datetime.fromisoformat(last) > idle_lock():
        request.session[NEEDED] = True
    return bool(request.session.get(NEEDED))


def note_input(request: HttpRequest, at: datetime) -> None:
    request.session[LAST] = at.isoformat()


def unlock(request: HttpRequest, *, user: User, at: datetime) -> None:
    request.session.pop(NEEDED, None)
    request.session[HANDS] = str(user.pk)
    note_input(request, at)


def author(request: HttpRequest) -> User:
    """Whose hands these are: the person of the last PIN, else the account."""
    hands = request.session.get(HANDS)
    if hands is None or hands == str(request.user.pk):
        return request.user
    return person(UUID(hands))


def who_form(request: HttpRequest, session_id: UUID, data: object = None) -> WhoForm:
    people = queries.colleagues(by=request.user, session_id=session_id)
    return WhoForm([(str(each.user_id), each.name) for each in people], data)


def proved(request: HttpRequest, form: WhoForm, at: datetime) -> bool:
    """Check the PIN; on success these are that person's hands. Else the form says why."""
    if not form.is_valid():
        return False
    try:
        user = author_with(
            user_id=UUID(form.cleaned_data["entered_by"]),
            pin=form.cleaned_data["pin"],
            by=request.user,
            at=at,
        )
    except InvalidInput as refusal:
        for name, sentence in refusal.fields.items():
            form.add_error(name, sentence)
        return False
    unlock(request, user=user, at=at)
    return True
