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
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from vernal.knowledge.scales import scale
from vernal.web.consent.my_plan import my_plan
from vernal.web.forms import accepted, status_of
from vernal.web.intake.forms import QuestionsForm, ScaleForm
from vernal.web.intake.lines import (
    LinesForm,
    MedicineRow,
    RowForm,
    StoppedMedicineRow,
    TrialRow,
)
from vernal.web.intake.meanwhile import meanwhile_words
from vernal.web.intake.my_course import my_course_part
from vernal.web.intake.presenters import (
    history_page,
    my_care_page,
    name_options,
    safety_page,
    section_page,
    way_on,
)
from vernal.web.outcomes.waiting import waiting_for_patient
from vernal.workflow import intake, queries
from vernal.workflow.errors import InvalidInput, NotPossibleNow
from vernal.workflow.meanwhile import SavedMeanwhile
from vernal.workflow.queries import SectionView

ROW_FORMS: dict[str, tuple[type[RowForm], Any]] = {
    "medicines": (MedicineRow, gettext_lazy("I take no medicines, vitamins or herbs")),
    "stopped_medicines": (
        StoppedMedicineRow,
        gettext_lazy("I stopped nothing in the last two months"),
    ),
    "antidepressant_trials": (TrialRow, gettext_lazy("I have never taken an antidepressant")),
}


@require_safe
def my_care(request: HttpRequest) -> HttpResponse:
    """The patient's own page: the next thing to do, and how far it all is."""
    return _my_care(request)


def my_section(request: HttpRequest, section_id: str) -> HttpResponse:
    """A page of the patient's own history; saving goes on to the next one."""
    view = queries.my_section(by=request.user, section_id=section_id, at=timezone.now())

    def leave() -> HttpResponse:
        if view.section.tells_of_danger and queries.my_safety(by=request.user):
            return redirect("my_safety")
        if view.next_id and "later" not in request.POST:
            return redirect("my_section", section_id=view.next_id)
        return redirect("my_care")

    return _section(request, view, for_staff=False, leave=leave)


def section(request: HttpRequest, patient_id: UUID, section_id: str) -> HttpResponse:
    """A page of a history taken down by staff, or an examination."""
    view = queries.section(
        by=request.user, patient_id=patient_id, section_id=section_id, at=timezone.now()
    )

    def leave() -> HttpResponse:
        if "weight_kg" in view.section.facts:  # what was measured, in pounds too, and the BMI
            return redirect("section", patient_id=patient_id, section_id=section_id)
        return redirect("chart", patient_id=patient_id)

    return _section(request, view, for_staff=True, leave=leave)


@require_safe
def section_history(request: HttpRequest, patient_id: UUID, section_id: str) -> HttpResponse:
    """Every save of one section: who answered what, when."""
    found = queries.section_history(
        by=request.user, patient_id=patient_id, section_id=section_id, at=timezone.now()
    )
    return render(request, "intake/section_history.html", {"page": history_page(found)})


@require_safe
def my_safety(request: HttpRequest) -> HttpResponse:
    """Help at once, and the truth about who reads the answers and when."""
    safety = queries.my_safety(by=request.user)
    if safety is None:
        return redirect("my_care")
    context = {"page": safety_page(safety), "next": way_on(queries.my_care(by=request.user))}
    return render(request, "intake/my_safety.html", context)


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """The patient says that the history is as complete as they can make it."""
    care = queries.my_care(by=request.user)
    form = forms.Form(request.POST)

    def act() -> None:
        intake.send_intake(by=request.user, patient_id=care.patient_id, at=timezone.now())

    if not accepted(form, act):
        return _my_care(request, refused=form)
    messages.success(request, _("Thank you. The clinic has your history and will be in touch."))
    return redirect("my_care")


def _my_care(request: HttpRequest, *, refused: forms.Form | None = None) -> HttpResponse:
    at = timezone.now()
    plan = my_plan(queries.my_plan(by=request.user, at=at))
    page = my_care_page(queries.my_care(by=request.user), has_plan=plan is not None)
    course = my_course_part(queries.my_course(by=request.user, at=at)) if plan else None
    waiting = waiting_for_patient(queries.my_outcomes(by=request.user, at=at)) if plan else []
    context = {"page": page, "plan": plan, "course": course, "waiting": waiting, "form": refused}
    return render(request, "intake/my_care.html", context, status=status_of(refused))


def _section(
    request: HttpRequest, view: SectionView, *, for_staff: bool, leave: Callable[[], HttpResponse]
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = _form(view, data, for_staff=for_staff)
    if form.is_bound and accepted(form, lambda: _save(request, view, form, for_staff=for_staff)):
        names = _names_to_ask_about(view, form, is_answer="use" in request.POST)
        if names and "later" not in request.POST:
            words = {"names": ", ".join(sorted(names))}
            messages.success(request, _("Saved. Please look at: %(names)s.") % words)
            return redirect(request.path)
        messages.success(request, _("Saved."))
        return leave()
    page = section_page(view, for_staff=for_staff)
    if isinstance(form, LinesForm):
        form.ask(page.questions)
    context = {
        "page": page,
        "form": form,
        "medicines": name_options() if view.section.form in ROW_FORMS else "",
    }
    return render(request, "intake/section.html", context, status=status_of(form))


def _form(view: SectionView, data: Mapping[str, str] | None, *, for_staff: bool) -> forms.Form:
    kind = view.section.form
    if kind == "facts":
        return QuestionsForm(
            data,
            facts=view.facts,
            kept=view.kept,
            shows=view.shows,
            for_staff=for_staff,
            asked_of=view.section.asked_of,
        )
    if kind == "phq9":
        return ScaleForm(data, scale=scale("phq-9"), kept=view.kept)
    row_form, nothing = ROW_FORMS[kind]
    kept = view.kept.get("lines")
    return LinesForm(data, row_form=row_form, kept=kept, nothing=nothing, shows=view.shows)


def _save(request: HttpRequest, view: SectionView, form: Any, *, for_staff: bool) -> None:
    try:
        _kept(request, view, form)
    except SavedMeanwhile as refusal:
        form.data = form.data.copy()
        form.data["shows"] = str(refusal.newest_id)  # its answers are told; saved again, it counts
        sentence = meanwhile_words(view, refusal, for_staff=for_staff)
        raise NotPossibleNow(sentence) from refusal


def _kept(request: HttpRequest, view: SectionView, form: Any) -> None:
    common = {
        "by": request.user,
        "patient_id": view.patient_id,
        "id": form.cleaned_data["id"],
        "at": timezone.now(),
    }
    match form:
        case QuestionsForm():
            intake.save_answers(
                section_id=view.section.id,
                typed=form.typed(),
                confirmed=form.confirmed(),
                shows=form.cleaned_data["shows"],
                **common,
            )
        case ScaleForm():
            intake.save_scale(scale_id="phq-9", answers=form.answers(), **common)
        case LinesForm():
            try:
                intake.save_lines(
                    section_id=view.section.id,
                    lines=form.lines(),
                    shows=form.cleaned_data["shows"],
                    **common,
                )
            except InvalidInput as refusal:
                form.refuse(refusal.fields)
                raise InvalidInput({}) from refusal


def _names_to_ask_about(view: SectionView, form: forms.Form, *, is_answer: bool) -> set[str]:
    """Names that are new since the last save; after an answer about one, those that are left.

    A question that was there before holds nobody up.
    """
    if not isinstance(form, LinesForm):
        return set()
    typed = [{"name": line.name, "settled_name": line.settled_name} for line in form.lines()]
    asked = queries.names_with_choices(typed)
    return asked if is_answer else asked - queries.names_with_choices(view.kept.get("lines", []))
