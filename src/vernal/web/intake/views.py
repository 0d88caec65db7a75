"""Step 2: the history, filled in by the patient at home or by staff who ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vernal.knowledge.medications import medicines
from vernal.knowledge.scales import scale
from vernal.web.forms import accepted
from vernal.web.intake.forms import (
    LinesForm,
    MedicineForm,
    QuestionsForm,
    ScaleForm,
    StoppedMedicineForm,
    TrialForm,
)
from vernal.web.intake.presenters import my_care_page, section_page
from vernal.workflow import intake, queries
from vernal.workflow.queries import SectionView

LINE_FORMS = {
    "medicines": MedicineForm,
    "stopped_medicines": StoppedMedicineForm,
    "antidepressant_trials": TrialForm,
}


# After these sections a patient who needs help sees it before anything else.
TELLS_OF_DANGER = ("suicidal_thoughts", "phq9")


def my_care(request: HttpRequest) -> HttpResponse:
    """The patient's own page: the next thing to do, and how far it all is."""
    page = my_care_page(queries.my_care(by=request.user))
    return render(request, "intake/my_care.html", {"page": page})


def my_section(request: HttpRequest, section_id: str) -> HttpResponse:
    view = queries.my_section(by=request.user, section_id=section_id)

    def leave() -> HttpResponse:
        if view.section.id in TELLS_OF_DANGER and queries.my_safety(by=request.user):
            return redirect("my_safety")
        if view.next_id:
            return redirect("my_section", section_id=view.next_id)
        return redirect("my_care")

    return _section(request, view, for_staff=False, leave=leave)


def section(request: HttpRequest, patient_id: UUID, section_id: str) -> HttpResponse:
    view = queries.section(
        by=request.user, patient_id=patient_id, section_id=section_id, at=timezone.now()
    )

    def leave() -> HttpResponse:
        return redirect("chart", patient_id=patient_id)

    return _section(request, view, for_staff=True, leave=leave)


def my_safety(request: HttpRequest) -> HttpResponse:
    """Help at once, and the truth about who reads the answers and when."""
    safety = queries.my_safety(by=request.user)
    if safety is None:
        return redirect("my_care")
    return render(request, "intake/my_safety.html", {"safety": safety})


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """The patient says that the history is as complete as they can make it."""
    care = queries.my_care(by=request.user)
    intake.send_intake(by=request.user, patient_id=care.patient_id, at=timezone.now())
    messages.success(request, _("Thank you. The clinic has your history and will be in touch."))
    return redirect("my_care")


def _section(
    request: HttpRequest, view: SectionView, *, for_staff: bool, leave: Callable[[], HttpResponse]
) -> HttpResponse:
    form = _form(view, request.POST or None, for_staff=for_staff)
    if form.is_bound and accepted(form, lambda: _save(request, view, form)):
        messages.success(request, _("Saved."))
        return leave()
    page = section_page(view, for_staff=for_staff)
    context = {"page": page, "form": form, "medicines": _names(view)}
    return render(request, "intake/section.html", context, status=422 if form.is_bound else 200)


def _form(view: SectionView, data: Mapping[str, str] | None, *, for_staff: bool) -> forms.Form:
    kind = view.section.form
    if kind == "facts":
        return QuestionsForm(data, facts=view.facts, kept=view.kept, for_staff=for_staff)
    if kind == "phq9":
        return ScaleForm(data, scale=scale("phq-9"))
    return LinesForm(data, line_form=LINE_FORMS[kind], kept=view.kept.get("lines"))


def _save(request: HttpRequest, view: SectionView, form: Any) -> None:
    common = {
        "by": request.user,
        "patient_id": view.patient_id,
        "id": form.cleaned_data["id"],
        "at": timezone.now(),
    }
    match form:
        case QuestionsForm():
            intake.save_answers(section_id=view.section.id, typed=form.typed(), **common)
        case ScaleForm():
            intake.save_scale(scale_id="phq-9", answers=form.answers(), **common)
        case LinesForm():
            intake.save_lines(section_id=view.section.id, lines=form.lines(), **common)


def _names(view: SectionView) -> list[str]:
    """Names for the list of suggestions beside a medicine's field."""
    if view.section.form not in LINE_FORMS:
        return []
    shipped = medicines().values()
    return sorted({name for each in shipped for name in (each.name, *each.other_names)})
