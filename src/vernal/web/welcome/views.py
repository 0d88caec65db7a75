"""The front door, and the page each person lands on."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

import vernal
from vernal import knowledge
from vernal.workflow import permissions, queries
from vernal.workflow.errors import DATABASE_REFUSED


@login_not_required
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    return render(request, "welcome/welcome.html", {"sites": queries.sites()})


@login_not_required
@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    return render(request, "welcome/help_now.html", {"sites": queries.sites()})


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where a person begins: staff with their list, a patient with the next thing to do."""
    if not request.user.is_staff_member:
        return redirect("my_care")
    return redirect("patients" if permissions.may_list_patients(request.user) else "site_staff")


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the server can answer and the database can be read; 503 when it cannot."""
    try:
        queries.ping()
    except DATABASE_REFUSED:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse(
        {
            "status": "ok",
            "version": vernal.__version__,
            "database": queries.database_vendor(),
            "knowledge": knowledge.version(),
        }
    )
