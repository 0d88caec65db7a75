"""Step 4: consent: read and answered by the patient, gone through by a clinician, signed."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vernal.web.consent.forms import DiscussForm, MyConsentForm, SignConsentForm, WithdrawForm
from vernal.web.consent.presenters import consent_page, my_consent_page
from vernal.web.forms import accepted, status_of
from vernal.workflow import consents, queries
from vernal.workflow.queries import ConsentView, MyConsent


def my_consent(request: HttpRequest) -> HttpResponse:
    """The patient reads element by element and answers; earlier answers stay as rows."""
    at = timezone.now()
    view = queries.my_consent(by=request.user, at=at)
    form = MyConsentForm(request.POST if request.method == "POST" else None, view=view)

    def act() -> None:
        consents.answer_consent(
            by=request.user,
            ticks=form.ticks(),
            teach_backs=form.teach_backs(),
            id=form.cleaned_data["id"],
            at=at,
        )

    if form.is_bound and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("my_consent")
    return _my_page(request, view, form, refused=form if form.is_bound else None)


@require_POST
def sign_my_consent(request: HttpRequest) -> HttpResponse:
    """The signature, after the talk."""
    at = timezone.now()
    view = queries.my_consent(by=request.user, at=at)
    form = SignConsentForm(request.POST)
    if accepted(form, lambda: consents.sign_consent(by=request.user, at=at, **form.cleaned_data)):
        messages.success(request, _("Signed. You can stop at any time."))
        return redirect("my_consent")
    form.data = {**form.data.dict(), "shows": str(view.planned.id)}  # it stands on this page
    return _my_page(request, view, MyConsentForm(None, view=view), refused=form)


@require_POST
def withdraw_my_consent(request: HttpRequest) -> HttpResponse:
    """The patient takes it back."""
    at = timezone.now()
    view = queries.my_consent(by=request.user, at=at)
    form = WithdrawForm(request.POST)
    if accepted(
        form, lambda: consents.withdraw_consent(by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, _("Taken back. The clinic sees it; your care goes on."))
        return redirect("my_consent")
    return _my_page(request, view, MyConsentForm(None, view=view), refused=form)


@require_safe
def consent(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The clinician's page."""
    view = queries.consent(by=request.user, patient_id=patient_id, at=timezone.now())
    return _page(request, view)


@require_POST
def discuss_consent(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The talk, and the judgement of capacity."""
    at = timezone.now()
    view = queries.consent(by=request.user, patient_id=patient_id, at=at)
    form = DiscussForm(request.POST)
    if accepted(
        form,
        lambda: consents.discuss_consent(
            by=request.user, patient_id=patient_id, at=at, **form.cleaned_data
        ),
    ):
        messages.success(request, _("Kept. The patient can now sign, logged in as themselves."))
        return redirect("consent", patient_id=patient_id)
    return _page(request, view, refused=form)


@require_POST
def withdraw_consent(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Staff write down that the patient takes it back."""
    at = timezone.now()
    view = queries.consent(by=request.user, patient_id=patient_id, at=at)
    form = WithdrawForm(request.POST)
    if accepted(
        form,
        lambda: consents.withdraw_consent(
            by=request.user, patient_id=patient_id, at=at, **form.cleaned_data
        ),
    ):
        messages.success(request, _("Kept: the consent was taken back."))
        return redirect("consent", patient_id=patient_id)
    return _page(request, view, refused=form)


def _my_page(
    request: HttpRequest, view: MyConsent, form: MyConsentForm, *, refused: forms.Form | None
) -> HttpResponse:
    page = my_consent_page(view, form, refused)
    context = {"page": page, "answers": form, "form": refused}
    return render(request, "consent/my_consent.html", context, status=status_of(refused))


def _page(
    request: HttpRequest, view: ConsentView, *, refused: forms.Form | None = None
) -> HttpResponse:
    context = {"page": consent_page(view, refused), "form": refused}
    return render(request, "consent/consent.html", context, status=status_of(refused))
