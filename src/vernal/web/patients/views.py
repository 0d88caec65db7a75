"""The list of patients, one chart, and the patient's own page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vernal.web.patients.presenters import patients_page
from vernal.workflow import queries


def patients(request: HttpRequest) -> HttpResponse:
    page = patients_page(queries.patients(by=request.user))
    return render(request, "patients/patients.html", {"page": page})
