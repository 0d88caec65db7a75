"""Who works at a site, the person on call, and the audit chain."""

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
from vernal.web.inquiry.forms import PasswordForm
from vernal.web.staff.forms import (
    AddStaffForm,
    AuditForm,
    GrantRoleForm,
    IdForm,
    OnCallForm,
    ResetSecondFactorForm,
    SitePhoneForm,
)
from vernal.web.staff.presenters import audit_page, member_page, reset_page, site_part
from vernal.workflow import queries, staff


@require_safe
def site_staff(request: HttpRequest) -> HttpResponse:
    """Every site the person runs, with who works there."""
    parts = [site_part(each) for each in queries.site_staff(by=request.user)]
    return render(request, "staff/site_staff.html", {"parts": parts})


def add_staff(request: HttpRequest) -> HttpResponse:
    form = AddStaffForm(request.POST or None, sites=queries.sites_run(by=request.user))

    def add() -> None:
        given = form.cleaned_data
        staff.add_staff_member(
            by=request.user,
            site_id=UUID(given["site"]),
            name=given["name"],
            email=given["email"],
            role=given["role"],
            id=given["id"],
            at=timezone.now(),
        )

    if request.method == "POST" and accepted(form, add):
        messages.success(request, _("Added. A link to choose a password is on its way."))
        return redirect("staff_member", user_id=form.cleaned_data["id"])
    return render(request, "staff/add_staff.html", {"form": form}, status=status_of(form))


def staff_member(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """One person: roles held and ended, and one more role."""
    found = queries.staff_member(by=request.user, user_id=user_id)
    form = GrantRoleForm(request.POST or None, sites=queries.sites_run(by=request.user))

    def grant() -> None:
        staff.grant_role(
            by=request.user,
            user_id=user_id,
            site_id=UUID(form.cleaned_data["site"]),
            role=form.cleaned_data["role"],
            at=timezone.now(),
        )

    if request.method == "POST" and accepted(form, grant):
        messages.success(request, _("The role is granted."))
        return redirect("staff_member", user_id=user_id)
    context = {"page": member_page(found), "form": form, "link_form": IdForm()}
    return render(request, "staff/staff_member.html", context, status=status_of(form))


@require_POST
def staff_link(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Send a new one-time link."""
    form = IdForm(request.POST)
    if accepted(
        form,
        lambda: staff.send_new_link(
            by=request.user, user_id=user_id, id=form.cleaned_data["id"], at=timezone.now()
        ),
    ):
        messages.success(request, _("A new link is on its way."))
        return redirect("staff_member", user_id=user_id)
    found = queries.staff_member(by=request.user, user_id=user_id)
    grant_form = GrantRoleForm(sites=queries.sites_run(by=request.user))
    context = {"page": member_page(found), "form": grant_form, "link_form": form}
    return render(request, "staff/staff_member.html", context, status=status_of(form))


def reset_second_factor(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Remove the second step of someone who lost it, with the reason."""
    found = queries.member_to_reset(by=request.user, user_id=user_id)
    form = ResetSecondFactorForm(request.POST or None)

    def reset() -> None:
        staff.reset_second_factor(
            by=request.user,
            user_id=user_id,
            reason=form.cleaned_data["reason"],
            id=form.cleaned_data["id"],
            at=timezone.now(),
        )

    if request.method == "POST" and accepted(form, reset):
        messages.success(request, _("Removed. The person is told by mail."))
        return redirect("staff_member", user_id=user_id)
    context = {"page": reset_page(found), "form": form}
    return render(request, "staff/reset_second_factor.html", context, status=status_of(form))


@require_POST
def end_role(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    staff.end_role(by=request.user, membership_id=membership_id, at=timezone.now())
    messages.success(request, _("The role has ended."))
    return redirect("site_staff")


@require_POST
def on_call(request: HttpRequest, site_id: UUID) -> HttpResponse:
    found = queries.staff_of_site(by=request.user, site_id=site_id)
    form = OnCallForm(request.POST, staff=found, auto_id=f"{site_id}-%s")

    def set_it() -> None:
        staff.set_on_call(
            by=request.user,
            site_id=site_id,
            user_id=UUID(form.cleaned_data["user"]),
            at=timezone.now(),
        )

    if accepted(form, set_it):
        messages.success(request, _("The person on call is set."))
        return redirect("site_staff")
    return _site_page(request, site_id, form, on_call_form=form)


@require_POST
def site_phone(request: HttpRequest, site_id: UUID) -> HttpResponse:
    queries.staff_of_site(by=request.user, site_id=site_id)  # another site's is not found
    form = SitePhoneForm(request.POST, auto_id=f"{site_id}-%s")

    def set_it() -> None:
        staff.set_site_phone(
            by=request.user,
            site_id=site_id,
            phone=form.cleaned_data["phone"],
            at=timezone.now(),
        )

    if accepted(form, set_it):
        messages.success(request, _("The telephone number is changed."))
        return redirect("site_staff")
    return _site_page(request, site_id, form, phone_form=form)


@require_safe
def site_audit(request: HttpRequest) -> HttpResponse:
    """The newest entries of the audit chain, and whether the chain is whole."""
    form = AuditForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    view = queries.audit_entries(
        by=request.user,
        at=timezone.now(),
        patient_id=asked.get("patient"),
        walk=asked.get("walk", False),
    )
    status = 422 if form.errors else 200
    context = {"form": form, "page": audit_page(view)}
    return render(request, "staff/site_audit.html", context, status=status)


@login_not_required
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time link of a staff member: choose a password, then log in."""
    found = queries.staff_invitation(token=token, at=timezone.now())
    form = PasswordForm(request.POST or None)

    def accept() -> None:
        staff.accept_staff_invitation(
            token=token, password=form.cleaned_data["password"], at=timezone.now()
        )

    if request.method == "POST" and accepted(form, accept):
        messages.success(request, _("Your account is ready. Log in to begin."))
        return redirect("account_login")
    context = {"form": form, "email": found.email}
    return render(request, "staff/join.html", context, status=status_of(form))


def _site_page(
    request: HttpRequest, site_id: UUID, form: object, **refused: object
) -> HttpResponse:
    """The staff page again, with what was refused at the site it was meant for."""
    parts = [
        site_part(each, **(refused if each.site.id == site_id else {}))
        for each in queries.site_staff(by=request.user)
    ]
    context = {"parts": parts, "form": form}
    return render(request, "staff/site_staff.html", context, status=status_of(form))
