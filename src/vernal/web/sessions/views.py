"""Step 5: the monitored session: one page for one session, and a form for each entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vernal.rules.sessions import Kind
from vernal.rules.sessions.allowed import NEEDS_AN_ANSWER
from vernal.web.forms import accepted
from vernal.web.sessions import device, idle, on_record
from vernal.web.sessions.correcting import correction_form
from vernal.web.sessions.forms import PinForm, SealForm, WhoForm
from vernal.web.sessions.pages import live_page
from vernal.web.sessions.submitting import OWN_ADDRESS, enter_all, event_form, kind_named, refused
from vernal.web.sessions.today import today_page
from vernal.web.sessions.words import ACTS, KEEP, TITLES
from vernal.workflow import queries
from vernal.workflow import sessions as acts
from vernal.workflow.errors import InvalidInput, NotFound, NotPossibleNow
from vernal.workflow.permissions import check_may_see_sessions
from vernal.workflow.pins import set_pin
from vernal.workflow.queries import SessionView

DARK = "room_is_dark"


@require_safe
def sessions_today(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    days = on_record.listed(request, at=now)
    context = {"page": today_page(days.today, days.ahead, now), DARK: _is_dark(request)}
    return render(request, "sessions/sessions_today.html", context)


@require_safe
def session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The whole page, or, when it looks again by itself, what may have changed on it."""
    now = timezone.now()
    poll = on_record.looks_again(request)
    view = on_record.opened(request, session_id, at=now)
    locked = idle.is_locked(request, view, poll=poll)
    if not poll and not locked:
        idle.note_input(request, now)
    context = {
        "page": live_page(
            view,
            author=idle.author(request, session_id).name,
            locked=locked,
            whole_log=request.GET.get("log") == "all",
        ),
        "reading_form": event_form(Kind.reading, view, at=now),
        "who_form": idle.who_form(request, session_id) if locked else None,
        "device_keys": device.keys(request, session_id),
        DARK: _is_dark(request),
    }
    template = "sessions/_again.html" if poll else "sessions/session.html"
    return render(request, template, context)


def event(request: HttpRequest, session_id: UUID, kind: str) -> HttpResponse:
    known = kind_named(kind)
    if known is None:
        raise NotFound
    now, view = _opened(request, session_id)
    form = event_form(known, view, at=now, data=request.POST if request.method == "POST" else None)

    def enter() -> None:
        enter_all(form.entries(), by=idle.author(request, session_id), view=view, at=now)

    return _form(request, view, now, form, known, enter)


def correct(request: HttpRequest, session_id: UUID, event_id: UUID) -> HttpResponse:
    now, view = _opened(request, session_id)
    entry = next((each for each in view.state.entries if each.event.id == event_id), None)
    if entry is None:
        raise NotFound
    data = request.POST if request.method == "POST" else None
    form = correction_form(entry, view, at=now, data=data)

    def enter() -> None:
        acts.enter(
            by=idle.author(request, session_id),
            session_id=session_id,
            kind=Kind.correction,
            payload=form.correction(),
            id=form.cleaned_data["id"],
            corrects=event_id,
            at=now,
        )

    return _form(request, view, now, form, Kind.correction, enter)


def seal(request: HttpRequest, session_id: UUID, event_id: UUID) -> HttpResponse:
    now, view = _opened(request, session_id)
    if all(each.event.id != event_id for each in view.state.entries):
        raise NotFound
    form = SealForm(request.POST if request.method == "POST" else None)

    def enter() -> None:
        acts.enter(
            by=idle.author(request, session_id),
            session_id=session_id,
            kind=Kind.sealed,
            payload={"reason": form.cleaned_data["reason"]},
            id=form.cleaned_data["id"],
            corrects=event_id,
            at=now,
        )

    return _form(request, view, now, form, Kind.sealed, enter)


def unlock(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Give the PIN alone, so that entries kept on the device may be sent."""
    _now, view = _opened(request, session_id)
    form = idle.who_form(request, session_id, request.POST or None)
    if request.method == "POST" and idle.proved(request, form, view):
        return redirect("session", session_id=session_id)
    context = {"form": form, "session_id": session_id, DARK: _is_dark(request)}
    status = 422 if request.method == "POST" else 200
    return render(request, "sessions/unlock.html", context, status=status)


def pin(request: HttpRequest) -> HttpResponse:
    check_may_see_sessions(request.user)
    form = PinForm(request.POST if request.method == "POST" else None)
    now = timezone.now()
    if request.method == "POST" and accepted(
        form, lambda: set_pin(by=request.user, at=now, **form.cleaned_data)
    ):
        idle.unlock(request, at=now)
        messages.success(request, _("Your PIN is set."))
        return redirect("sessions_today")
    status = 422 if request.method == "POST" else 200
    return render(request, "sessions/pin.html", {"form": form}, status=status)


@require_POST
def room(request: HttpRequest) -> HttpResponse:
    """Light or dark, for this browser."""
    request.session[DARK] = not _is_dark(request)
    back = request.POST.get("back", "")
    is_path = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_path else "sessions_today")


def _opened(request: HttpRequest, session_id: UUID) -> tuple[datetime, SessionView]:
    """The session for a form. Opening the form is a reading; sending it is an act of its own."""
    now = timezone.now()
    if request.method != "POST":
        return now, on_record.opened(request, session_id, at=now)
    return now, queries.session(by=request.user, session_id=session_id, at=now, page="")


def _form(
    request: HttpRequest,
    view: SessionView,
    now: datetime,
    form: forms.Form,
    kind: Kind,
    enter: Callable[[], None],
) -> HttpResponse:
    """The form of one entry: kept and back to the session, or again with what it refuses."""
    locked = idle.is_locked(request, view)
    asks = locked and kind not in idle.NEVER_ASKED
    who = idle.who_form(request, view.session_id, request.POST or None) if asks else None
    reason = ""
    if request.method == "POST" and form.is_valid() and _proved(request, who, view):
        asks, who = False, None
        try:
            enter()
        except InvalidInput as refusal:
            refused(form, refusal)
        except NotPossibleNow as refusal:
            reason = str(refusal)
        else:
            messages.success(request, _("Kept."))
            return redirect("session", session_id=view.session_id)
    if not locked:
        idle.note_input(request, now)
    if request.method == "POST":
        on_record.shown_again(request, view)
    context = {
        "page": live_page(view, author=idle.author(request, view.session_id).name, locked=asks),
        "title": TITLES[kind],
        "kind": "" if kind in OWN_ADDRESS else kind.value,
        "form": form,
        "who_form": who,
        "device_keys": device.keys(request, view.session_id),
        "reason": reason,
        "waits_for_server": kind in NEEDS_AN_ANSWER,
        "submit": TITLES[kind] if kind in ACTS else KEEP,
        DARK: _is_dark(request),
    }
    status = 409 if reason else 422 if request.method == "POST" else 200
    return render(request, "sessions/event.html", context, status=status)


def _proved(request: HttpRequest, who: WhoForm | None, view: SessionView) -> bool:
    return who is None or idle.proved(request, who, view)


def _is_dark(request: HttpRequest) -> bool:
    return bool(request.session.get(DARK, False))
