"""Step 4: the plan: dose and arithmetic, second person, signature, calendar."""

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

from vernal.web.forms import NOT_NOW, OK, accepted, status_of
from vernal.web.intake.forms import QuestionsForm
from vernal.web.plan.forms import (
    CancelSessionForm,
    ConfirmForm,
    MoveSessionForm,
    PlanForm,
    SignPlanForm,
    first_day_after,
)
from vernal.web.plan.pages import (
    BookingPage,
    act_page,
    booking_page,
    checks_page,
    new_plan_page,
    preview_page,
)
from vernal.web.plan.presenters import plan_page
from vernal.workflow import bookings, plans, queries


@require_safe
def plan(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The plan as of now."""
    view = queries.plan(by=request.user, patient_id=patient_id, at=timezone.now())
    return render(request, "plan/plan.html", {"page": plan_page(view)})


def new_plan(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A prescriber works a dose out, looks at every line, then draws the plan up."""
    at = timezone.now()
    view = queries.new_plan(by=request.user, patient_id=patient_id, at=at)
    form = PlanForm(_typed(request), view=view)
    sheet: list[plans.WorkedOut] = []

    def act() -> None:
        order = {
            "by": request.user,
            "patient_id": patient_id,
            "order": form.order(),
            "weight_is_right": form.cleaned_data["weight_is_right"],
            "at": at,
        }
        if seal := request.POST.get("seal", ""):
            plans.draw_up_plan(**order, id=form.cleaned_data["id"], seal=seal)
        else:
            sheet.append(plans.work_out(**order))

    wants_to_change = "change" in request.POST
    if form.is_bound and not wants_to_change and accepted(form, act):
        if sheet:
            page = preview_page(view, form, sheet[0])
            return render(request, "plan/preview.html", {"page": page, "form": form})
        messages.success(request, _("Drawn up. A second person now confirms the arithmetic."))
        return redirect("plan", patient_id=patient_id)
    status = OK if wants_to_change else _status(form, view.closed)
    context = {"page": new_plan_page(view, form), "form": form}
    return render(request, "plan/new_plan.html", context, status=status)


def plan_checks(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What the clinic must have done before a plan is signed."""
    at = timezone.now()
    view = queries.plan_checks(by=request.user, patient_id=patient_id, at=at)
    form = QuestionsForm(
        _typed(request), facts=view.facts, kept=view.kept, for_staff=True, asked_of="staff"
    )

    def act() -> None:
        plans.save_plan_checks(
            by=request.user,
            patient_id=patient_id,
            typed=form.typed(),
            id=form.cleaned_data["id"],
            at=at,
        )

    if form.is_bound and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("plan", patient_id=patient_id)
    context = {"page": checks_page(view), "form": form}
    return render(request, "plan/plan_checks.html", context, status=_status(form, view.closed))


def confirm_plan(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A second person goes through the arithmetic, line by line."""
    at = timezone.now()
    view = queries.plan_to_confirm(by=request.user, patient_id=patient_id, at=at)
    form = ConfirmForm(_typed(request), plan=view.plan)

    def act() -> None:
        plans.confirm_plan(
            by=request.user,
            patient_id=patient_id,
            plan_id=form.cleaned_data["plan"],
            checked=form.checked(),
            id=form.cleaned_data["id"],
            at=at,
        )

    if form.is_bound and accepted(form, act):
        open_ = queries.open_before_signing(by=request.user, patient_id=patient_id, at=at)
        words = open_ or _("A prescriber or the medical director can sign the plan now.")
        messages.success(request, _("Confirmed. %(next)s") % {"next": words})
        return redirect("plan", patient_id=patient_id)
    form.turn_to(view.plan.id)
    page = act_page(view, title=_("Confirm the arithmetic"), signer=request.user.name)
    context = {"page": page, "form": form}
    return render(request, "plan/confirm_plan.html", context, status=status_of(form))


def sign_plan(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A prescriber signs, and the sessions are booked."""
    at = timezone.now()
    view = queries.plan_to_sign(by=request.user, patient_id=patient_id, at=at)
    form = SignPlanForm(
        _typed(request),
        initial={
            "plan": view.plan.id,
            "first_on": first_day_after(view.today),
            "starts_at": "10:00",
            "sessions": view.usual_sessions,
            "closed_weekdays": ["5", "6"],
        },
    )

    def act() -> None:
        typed = form.cleaned_data
        plans.sign_plan(
            by=request.user,
            patient_id=patient_id,
            plan_id=typed["plan"],
            first_on=typed["first_on"],
            starts_at=typed["starts_at"],
            closed_weekdays=[int(day) for day in typed["closed_weekdays"]],
            sessions=typed["sessions"],
            id=typed["id"],
            at=at,
        )

    if form.is_bound and accepted(form, act):
        messages.success(request, _("Signed, and the sessions are in the calendar."))
        return redirect("plan", patient_id=patient_id)
    form.turn_to(view.plan.id)
    page = act_page(view, title=_("Sign and book"), signer=request.user.name)
    context = {"page": page, "form": form}
    return render(request, "plan/sign_plan.html", context, status=status_of(form))


def move_session(request: HttpRequest, patient_id: UUID, session_id: UUID) -> HttpResponse:
    """Another day or hour for one session."""
    ids = {"patient_id": patient_id, "session_id": session_id}
    view = queries.booking(by=request.user, at=timezone.now(), **ids)
    now = {"planned_on": view.planned_on, "starts_at": view.starts_at}
    form = MoveSessionForm(_typed(request), initial=now)
    page = booking_page(view, title=_("Move a session"), label=_("Move it"))
    return _booking(request, page, form, bookings.move_session, ids, done=_("Moved."))


def cancel_session(request: HttpRequest, patient_id: UUID, session_id: UUID) -> HttpResponse:
    """A session that will not take place."""
    ids = {"patient_id": patient_id, "session_id": session_id}
    view = queries.booking(by=request.user, at=timezone.now(), **ids)
    form = CancelSessionForm(_typed(request))
    page = booking_page(view, title=_("Cancel a session"), label=_("Cancel it"))
    return _booking(request, page, form, bookings.cancel_session, ids, done=_("Cancelled."))


def _booking(
    request: HttpRequest,
    page: BookingPage,
    form: forms.Form,
    change: Callable[..., None],
    ids: dict[str, UUID],
    *,
    done: str,
) -> HttpResponse:
    """One change of a booked session: done, or the form again with what it refuses."""

    def act() -> None:
        change(by=request.user, at=timezone.now(), **ids, **form.cleaned_data)

    if form.is_bound and accepted(form, act):
        messages.success(request, done)
        return redirect("plan", patient_id=ids["patient_id"])
    context = {"page": page, "form": form}
    return render(request, "plan/booking.html", context, status=status_of(form))


def _typed(request: HttpRequest) -> object:
    return request.POST if request.method == "POST" else None


def _status(form: forms.Form, closed: str) -> int:
    """A page whose form is closed says what must happen first, asked for or sent."""
    return NOT_NOW if closed and not form.is_bound else status_of(form)
