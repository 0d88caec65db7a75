"""Step 7: scores over sessions, and the scales a patient fills in at home."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vernal.web.forms import accepted, status_of
from vernal.web.intake.forms import ScaleForm
from vernal.web.outcomes.forms import MeasureForm, TotalForm
from vernal.web.outcomes.presenters import my_outcomes_page, my_scale_page, outcomes_page
from vernal.workflow import intake, measures, queries
from vernal.workflow import outcomes as acts


@require_safe
def my_outcomes(request: HttpRequest) -> HttpResponse:
    """What waits for the patient, and how it has gone so far."""
    view = queries.my_outcomes(by=request.user, at=timezone.now())
    return render(request, "outcomes/my_outcomes.html", {"page": my_outcomes_page(view)})


def my_scale(request: HttpRequest, scale_id: str) -> HttpResponse:
    """One scale; an answer that tells of danger leads to help at once."""
    view = queries.my_scale(by=request.user, scale_id=scale_id)
    form = ScaleForm(request.POST if request.method == "POST" else None, scale=view.scale)

    def keep() -> None:
        intake.save_scale(
            by=request.user,
            patient_id=view.patient_id,
            scale_id=view.scale.id,
            answers=form.answers(),
            id=form.cleaned_data["id"],
            at=timezone.now(),
        )

    if form.is_bound and accepted(form, keep):
        messages.success(request, _("Thank you. Your answers are kept."))
        return redirect("my_safety" if queries.my_safety(by=request.user) else "my_outcomes")
    context = {"page": my_scale_page(view), "form": form}
    return render(request, "outcomes/my_scale.html", context, status=status_of(form))


@require_safe
def outcomes(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    return _page(request, _view(request, patient_id))


@require_POST
def enter_total(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A clinician-rated or paper scale: its total and its day."""
    form = TotalForm(request.POST)

    def keep() -> None:
        given = form.cleaned_data
        acts.enter_total(
            by=request.user,
            patient_id=patient_id,
            scale_id=given["scale"],
            total=given["total"],
            rated_on=given["rated_on"],
            id=given["id"],
            at=timezone.now(),
        )

    acts.check_may_enter(by=request.user, patient_id=patient_id)
    if accepted(form, keep):
        messages.success(request, _("The total is kept."))
        return redirect("outcomes", patient_id=patient_id)
    return _page(request, _view(request, patient_id), total=form)


@require_POST
def record_measure(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A test or a call of the calendar: its day, and what came of it."""
    acts.check_may_enter(by=request.user, patient_id=patient_id)
    view = _view(request, patient_id)
    form = MeasureForm(request.POST, offered=view.measures_offered, on=view.chart.on)

    def keep() -> None:
        measures.record_measure(
            by=request.user, patient_id=patient_id, at=timezone.now(), **form.cleaned_data
        )

    if accepted(form, keep):
        messages.success(request, _("It is written down."))
        return redirect("outcomes", patient_id=patient_id)
    return _page(request, view, measure=form)


def _view(request: HttpRequest, patient_id: UUID) -> queries.OutcomesView:
    return queries.outcomes(
        by=request.user,
        patient_id=patient_id,
        scale_id=request.GET.get("scale", ""),
        at=timezone.now(),
    )


def _page(
    request: HttpRequest,
    view: queries.OutcomesView,
    *,
    total: TotalForm | None = None,
    measure: MeasureForm | None = None,
) -> HttpResponse:
    context = {
        "page": outcomes_page(view),
        "form": total or TotalForm(on=view.chart.on),
        "measure_form": measure or MeasureForm(offered=view.measures_offered, on=view.chart.on),
    }
    status = status_of(total or measure)
    return render(request, "outcomes/outcomes.html", context, status=status)
