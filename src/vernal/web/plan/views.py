"""Step 4: the plan: dose and arithmetic, second person, signature, calendar."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from vernal.web.forms import accepted
from vernal.web.intake.forms import QuestionsForm
from vernal.web.plan.forms import (
    CancelSessionForm,
    ConfirmForm,
    MoveSessionForm,
    PlanForm,
    SignPlanForm,
    first_day_after,
)
from vernal.web.plan.pages import act_page, booking_page, checks_page, new_plan_page
from vernal.web.plan.presenters import plan_page
from vernal.workflow import bookings, plans, queries


def plan(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    view = queries.plan(by=request.user, patient_id=patient_id, at=timezone.now())
    return render(request, "plan/plan.html", {"page": plan_page(view)})


def new_plan(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A prescriber draws a plan up."""
    at = timezone.now()
    view = queries.new_plan(by=request.user, patient_id=patient_id, at=at)
    form = PlanForm(_typed(request), view=view)

    def act() -> None:
        plans.draw_up_plan(
            by=request.user,
            patient_id=patient_id,
            order=form.order(),
            weight_is_right=form.cleaned_data["weight_is_right"],
            id=form.cleaned_data["id"],
            at=at,
        )

    if form.is_bound and accepted(form, act):
        messages.success(request, _("Drawn up. A second person now confirms the arithmetic."))
        return redirect("plan", patient_id=patient_id)
    context = {"page": new_plan_page(view, form), "form": form}
    return render(request, "plan/new_plan.html", context, status=_status(form))


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
    return render(request, "plan/plan_checks.html", context, status=_status(form))


def confirm_plan(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A second person goes through the arithmetic, line by line."""
    at = timezone.now()
    view = queries.plan_to_confirm(by=request.user, patient_id=patient_id, at=at)
    form = ConfirmForm(_typed(request), lines=view.plan.lines)
    form.fields["plan"].initial = view.plan.id

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
        messages.success(request, _("Confirmed. The plan can be signed."))
        return redirect("plan", patient_id=patient_id)
    page = act_page(view, title=_("Confirm the arithmetic"), signer=request.user.name)
    context = {"page": page, "form": form}
    return render(request, "plan/confirm_plan.html", context, status=_status(form))


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
    page = act_page(view, title=_("Sign and book"), signer=request.user.name)
    context = {"page": page, "form": form}
    return render(request, "plan/sign_plan.html", context, status=_status(form))


def move_session(request: HttpRequest, patient_id: UUID, session_id: UUID) -> HttpResponse:
    at = timezone.now()
    view = queries.booking(by=request.user, patient_id=patient_id, session_id=session_id, at=at)
    form = MoveSessionForm(
        _typed(request), initial={"planned_on": view.planned_on, "starts_at": view.starts_at}
    )

    def act() -> None:
        bookings.move_session(
            by=request.user,
            patient_id=patient_id,
            session_id=session_id,
            at=at,
            **form.cleaned_data,
        )

    if form.is_bound and accepted(form, act):
        messages.success(request, _("Moved."))
        return redirect("plan", patient_id=patient_id)
    page = booking_page(view, title=_("Move a session"), label=_("Move it"))
    context = {"page": page, "form": form}
    return render(request, "plan/booking.html", context, status=_status(form))


def cancel_session(request: HttpRequest, patient_id: UUID, session_id: UUID) -> HttpResponse:
    at = timezone.now()
    view = queries.booking(by=request.user, patient_id=patient_id, session_id=session_id, at=at)
    form = CancelSessionForm(_typed(request))

    def act() -> None:
        bookings.cancel_session(
            by=request.user,
            patient_id=patient_id,
            session_id=session_id,
            at=at,
            **form.cleaned_data,
        )

    if form.is_bound and accepted(form, act):
        messages.success(request, _("Cancelled."))
        return redirect("plan", patient_id=patient_id)
    page = booking_page(view, title=_("Cancel a session"), label=_("Cancel it"))
    context = {"page": page, "form": form}
    return render(request, "plan/booking.html", context, status=_status(form))


def _typed(request: HttpRequest) -> object:
    return request.POST if request.method == "POST" else None


def _status(form: object) -> int:
    return 422 if getattr(form, "is_bound", False) else 200
