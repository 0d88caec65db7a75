"""The list of patients, and one chart."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from vernal.web.patients.presenters import chart_page, patients_page
from vernal.workflow import queries


@require_safe
def patients(request: HttpRequest) -> HttpResponse:
    page = patients_page(queries.patients(by=request.user, at=timezone.now()))
    return render(request, "patients/patients.html", {"page": page})


@require_safe
def chart(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    course = queries.course(by=request.user, patient_id=patient_id, at=timezone.now())
    return render(request, "patients/chart.html", {"page": chart_page(course)})
