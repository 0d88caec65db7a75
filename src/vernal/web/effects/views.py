"""Step 6: side effects told from home, and the staff's page beside the published rates."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vernal.rules.effects import ASKED_AT_HOME, Moment
from vernal.web.effects.forms import TellForm, TickForm
from vernal.web.effects.presenters import effects_page, question_page
from vernal.web.forms import accepted, status_of
from vernal.workflow import queries
from vernal.workflow.effects import Told, tell_effects
from vernal.workflow.queries import EffectsQuestion

SEVERE = "severe_effect"


def my_effects(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """What was felt after one session, told by the patient at home."""
    view = queries.my_effects(by=request.user, session_id=session_id, at=timezone.now())

    def leave() -> HttpResponse:
        if queries.my_safety(by=request.user):
            return redirect("my_safety")
        return redirect("my_effects", session_id=session_id)

    return _ask(request, view, for_staff=False, leave=leave)


def ask_effects(request: HttpRequest, patient_id: UUID, session_id: UUID) -> HttpResponse:
    """The same questions, put by staff on the telephone."""
    view = queries.effects_question(
        by=request.user, patient_id=patient_id, session_id=session_id, at=timezone.now()
    )

    def leave() -> HttpResponse:
        return redirect("effects", patient_id=patient_id)

    return _ask(request, view, for_staff=True, leave=leave)


@require_safe
def effects(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    view = queries.effects(by=request.user, patient_id=patient_id, at=timezone.now())
    return render(request, "effects/effects.html", {"page": effects_page(view)})


def _ask(
    request: HttpRequest,
    view: EffectsQuestion,
    *,
    for_staff: bool,
    leave: Callable[[], HttpResponse],
) -> HttpResponse:
    """Show the list, or take one of its two steps."""
    if request.method != "POST":
        moment = view.due or (view.window if "again" in request.GET else None)
        form = moment and TickForm(None, asked=view.asked, moment=moment.moment)
        return _page(request, view, form, for_staff=for_staff)
    moment = _moment(request, view)
    if "step" in request.POST:
        return _tell(request, view, moment, for_staff=for_staff, leave=leave)
    form = TickForm(request.POST, asked=view.asked, moment=moment)
    if "nothing" in request.POST:
        form.fields["ticked"].required = False
        if accepted(form, lambda: _keep(request, view, form, [], "")):
            return _thank(request, leave)
    elif form.is_valid():
        form = TellForm(
            None,
            asked=view.asked,
            ticked=form.cleaned_data["ticked"],
            moment=moment,
            id=form.cleaned_data["id"],
        )
    return _page(request, view, form, for_staff=for_staff)


def _tell(
    request: HttpRequest,
    view: EffectsQuestion,
    moment: Moment,
    *,
    for_staff: bool,
    leave: Callable[[], HttpResponse],
) -> HttpResponse:
    form = TellForm(
        request.POST, asked=view.asked, ticked=request.POST.getlist("ticked"), moment=moment
    )

    def keep() -> None:
        _keep(request, view, form, form.answers(), form.cleaned_data["words"])

    if accepted(form, keep):
        return _thank(request, leave)
    return _page(request, view, form, for_staff=for_staff)


def _keep(
    request: HttpRequest, view: EffectsQuestion, form: forms.Form, told: list[Told], words: str
) -> None:
    tell_effects(
        by=request.user,
        session_id=view.session_id,
        asked_at=form.cleaned_data["asked_at"],
        told=told,
        words=words,
        id=form.cleaned_data["id"],
        at=timezone.now(),
    )


def _thank(request: HttpRequest, leave: Callable[[], HttpResponse]) -> HttpResponse:
    messages.success(request, _("Thank you. It is kept."))
    return leave()


def _page(
    request: HttpRequest, view: EffectsQuestion, form: forms.Form | None, *, for_staff: bool
) -> HttpResponse:
    worried = None if for_staff else queries.my_safety(by=request.user, kind=SEVERE)
    page = question_page(view, form, safety=worried, for_staff=for_staff)
    context = {"page": page, "form": form}
    return render(request, "effects/question.html", context, status=status_of(form))


def _moment(request: HttpRequest, view: EffectsQuestion) -> Moment:
    """The moment the form was drawn for, so that an answer given late stays where it belongs."""
    asked_at = request.POST.get("asked_at", "")
    known = next((each for each in ASKED_AT_HOME if each == asked_at), None)
    return known or (view.window.moment if view.window else "next_day")
