"""Step 1: the contact form, the inbox, the invitation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vernal.web.forms import accepted, status_of
from vernal.web.inquiry.forms import CallForm, CloseForm, ContactForm, InviteForm, PasswordForm
from vernal.web.inquiry.presenters import inbox_page, inquiry_page
from vernal.workflow import inquiries, queries


@login_not_required
def ask(request: HttpRequest) -> HttpResponse:
    """The public contact form."""
    form = ContactForm(request.POST or None, sites=queries.sites())
    if request.method == "POST" and accepted(form, lambda: _take(form, by=None)):
        return redirect("asked")
    return _form_page(request, "inquiry/ask.html", form)


@login_not_required
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "inquiry/asked.html", {"sites": queries.sites()})


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    page = inbox_page(queries.inbox(by=request.user, at=timezone.now()))
    return render(request, "inquiry/inbox.html", {"page": page})


def telephone(request: HttpRequest) -> HttpResponse:
    """The same questions, filled in by the front desk while someone is on the telephone."""
    form = CallForm(request.POST or None, sites=queries.sites_for_inquiries(by=request.user))
    if request.method == "POST" and accepted(form, lambda: _take(form, by=request.user)):
        messages.success(request, _("The inquiry is in the inbox."))
        return redirect("inquiry", inquiry_id=form.cleaned_data["id"])
    return _form_page(request, "inquiry/telephone.html", form)


def inquiry(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    """One inquiry, and the invitation that answers it."""
    form = InviteForm(request.POST) if request.method == "POST" else None

    def invite() -> None:
        inquiries.invite(
            by=request.user, inquiry_id=inquiry_id, at=timezone.now(), **form.cleaned_data
        )

    if form and accepted(form, invite):
        messages.success(request, _("The invitation is on its way."))
        return redirect("inquiry", inquiry_id=inquiry_id)
    found = queries.inquiry(by=request.user, inquiry_id=inquiry_id, at=timezone.now())
    if form is None:
        form = InviteForm(initial=found.suggested_patient)
    context = {"inquiry": found, "page": inquiry_page(found), "close_form": CloseForm()}
    return _form_page(request, "inquiry/inquiry.html", form, context)


@require_POST
def close(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    form = CloseForm(request.POST)

    def close_it() -> None:
        inquiries.close_inquiry(
            by=request.user,
            inquiry_id=inquiry_id,
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
        )

    if accepted(form, close_it):
        messages.success(request, _("The inquiry is closed."))
        return redirect("inbox")
    found = queries.inquiry(by=request.user, inquiry_id=inquiry_id, at=timezone.now())
    context = {
        "inquiry": found,
        "page": inquiry_page(found),
        "close_form": form,
        "form": InviteForm(initial=found.suggested_patient),
    }
    return render(request, "inquiry/inquiry.html", context, status=status_of(form))


@login_not_required
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time link: choose a password, then log in."""
    found = queries.invitation(token=token, at=timezone.now())
    form = PasswordForm(request.POST or None)

    def accept() -> None:
        inquiries.accept_invitation(
            token=token, password=form.cleaned_data["password"], at=timezone.now()
        )

    if request.method == "POST" and accepted(form, accept):
        messages.success(request, _("Your account is ready. Log in to begin."))
        return redirect("account_login")
    return _form_page(request, "inquiry/invitation.html", form, {"invitation": found})


def _take(form: ContactForm, *, by: object) -> None:
    inquiries.take_inquiry(
        by=by,
        site_id=form.cleaned_data["site"],
        contact=form.contact(),
        id=form.cleaned_data["id"],
        at=timezone.now(),
    )


def _form_page(
    request: HttpRequest, template: str, form: object, context: dict | None = None
) -> HttpResponse:
    """422 when the form was refused, so that htmx, tests and logs can tell."""
    return render(request, template, {"form": form, **(context or {})}, status=status_of(form))
