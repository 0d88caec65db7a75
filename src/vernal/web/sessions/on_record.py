"""What this log-in has read already, so that a page that looks again by itself is noted once.

It stands in the session of the log-in, on the server, and ends with it. That a page was opened is
known from here alone, never from what a browser says of itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from vernal.workflow import queries
from vernal.workflow.queries import SessionDays, SessionView

SESSIONS, LISTED = "sessions_on_record", "listed_on_record"


def looks_again(request: HttpRequest) -> bool:
    """Whether the page asks for what may have changed on it: a header, which proves nothing."""
    return request.headers.get("HX-Request") == "true"


def opened(request: HttpRequest, session_id: UUID, *, at: datetime) -> SessionView:
    """One session for a page, on record; its own page looking again is not, once it was opened."""
    page = _page(request)
    is_known = page == "session" and looks_again(request) and _has(request, session_id)
    view = queries.session(
        by=request.user, session_id=session_id, at=at, page="" if is_known else page
    )
    _keep(request, SESSIONS, [session_id])
    return view


def shown_again(request: HttpRequest, view: SessionView) -> None:
    """A form that was sent is shown with what it refuses: a reading, had nobody opened it."""
    if not _has(request, view.session_id):
        queries.note_session_reading(
            by=request.user, session_id=view.session_id, at=view.now, page=_page(request)
        )
        _keep(request, SESSIONS, [view.session_id])


def listed(request: HttpRequest, *, at: datetime) -> SessionDays:
    """The nurse's day, on record; looking again is not, while nobody new stands on it."""
    if not looks_again(request):
        days = queries.session_days(by=request.user, at=at)
    else:  # the days ahead do not change by the minute
        known = {UUID(each) for each in request.session.get(LISTED, [])}
        days = queries.session_days(by=request.user, at=at, days_ahead=0, on_record=known)
    _keep(request, LISTED, days.patients)
    return days


def _page(request: HttpRequest) -> str:
    return request.resolver_match.url_name


def _has(request: HttpRequest, session_id: UUID) -> bool:
    return str(session_id) in request.session.get(SESSIONS, [])


def _keep(request: HttpRequest, what: str, ids: Iterable[UUID]) -> None:
    known = request.session.get(what, [])
    if new := {str(each) for each in ids} - set(known):
        request.session[what] = [*known, *sorted(new)]
