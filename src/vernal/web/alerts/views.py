"""Alerts: who waits, and taking one on."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from vernal.web.alerts.presenters import alert_page, alerts_page
from vernal.web.forms import accepted, status_of
from vernal.workflow import queries
from vernal.workflow.alerts import acknowledge_alert


class AcknowledgeForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("What have you done, or will you do now?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": gettext_lazy(
                "Write what you did or will do now, so that others know it is taken care of."
            )
        },
    )


@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    page = alerts_page(queries.alerts(by=request.user, at=timezone.now()))
    return render(request, "alerts/alerts.html", {"page": page})


def alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    found = queries.alert(by=request.user, alert_id=alert_id, at=timezone.now())
    form = AcknowledgeForm(request.POST if request.method == "POST" else None)

    def acknowledge() -> None:
        acknowledge_alert(
            by=request.user,
            alert_id=alert_id,
            note=form.cleaned_data["note"],
            at=timezone.now(),
        )

    if request.method == "POST" and accepted(form, acknowledge):
        messages.success(request, _("The alert is yours. Nobody is told about it again."))
        return redirect("alerts")
    context = {"form": form, "alert": found, "page": alert_page(found)}
    return render(request, "alerts/alert.html", context, status=status_of(form))
