"""Step 3: the screening: findings, words about them, the signed decision."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vernal.web.forms import accepted, status_of
from vernal.web.screening.forms import ConsiderForm, OverrideForm, SignForm, WeighForm
from vernal.web.screening.presenters import screening_page
from vernal.workflow import queries
from vernal.workflow import screening as acts


@require_safe
def screening(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The screening as of now."""
    return _page(request, patient_id)


@require_POST
def consider(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Choose what the screening is made for."""
    form = ConsiderForm(request.POST)
    return _act(
        request, patient_id, form, acts.consider_treatment, _("The screening is made anew.")
    )


@require_POST
def weigh(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A prescriber's note that benefit outweighs one risk."""
    form = WeighForm(request.POST)
    return _act(request, patient_id, form, acts.note_benefit_risk, _("Your note is signed."))


@require_POST
def override(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A second clinician sets a bar aside."""
    form = OverrideForm(request.POST)
    return _act(
        request, patient_id, form, acts.override_bar, _("The bar is set aside, with your reason.")
    )


@require_POST
def sign(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The decision: eligible, not eligible or deferred."""
    form = SignForm(request.POST)
    return _act(request, patient_id, form, acts.sign_decision, _("The decision is signed."))


def _act(
    request: HttpRequest,
    patient_id: UUID,
    form: forms.Form,
    act: Callable[..., None],
    done: str,
) -> HttpResponse:
    """One act of the screening page: done, or the page again with what it refuses."""

    acts.check_may_decide(by=request.user, patient_id=patient_id)

    def do() -> None:
        act(by=request.user, patient_id=patient_id, at=timezone.now(), **form.cleaned_data)

    if accepted(form, do):
        messages.success(request, done)
        return redirect("screening", patient_id=patient_id)
    return _page(request, patient_id, refused=form)


def _page(
    request: HttpRequest, patient_id: UUID, *, refused: forms.Form | None = None
) -> HttpResponse:
    view = queries.screening(by=request.user, patient_id=patient_id, at=timezone.now())
    page = screening_page(view, refused=refused, signer=request.user.name)
    context = {"page": page, "form": refused}
    return render(request, "screening/screening.html", context, status=status_of(refused))
