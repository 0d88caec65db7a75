"""Step 2: the history, saved section by section, by the patient or by staff who ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from vernal import knowledge
from vernal.accounts.models import User
from vernal.audit.chain import record
from vernal.knowledge.facts import Section, facts, sections
from vernal.knowledge.figures import plausible_bmi
from vernal.knowledge.figures import value as figure
from vernal.knowledge.scales import scale
from vernal.records.models import (
    Alert,
    Assessment,
    IntakeSent,
    Patient,
    PatientAccount,
    SectionSaved,
)
from vernal.rules import suicidality
from vernal.rules.conditions import Facts, Unknown
from vernal.rules.plausibility import contradictions, weight_change_percent, weight_has_jumped
from vernal.rules.scales import problems, safety_answers
from vernal.workflow.alerts import open_alert
from vernal.workflow.answers import kept_answers, value_of
from vernal.workflow.errors import InvalidInput, NotFound, NotPossibleNow
from vernal.workflow.history import known_facts, newest_sections
from vernal.workflow.lines import Line, MedicineLine, TrialLine, kept_lines
from vernal.workflow.meanwhile import check_shows_newest
from vernal.workflow.once import make_once
from vernal.workflow.patients import patient_with
from vernal.workflow.permissions import check_may_ask_history

__all__ = [
    "MedicineLine", "TrialLine", "patient_sections", "save_answers", "save_lines", "save_scale",
    "saved_sections", "section_with", "send_intake",
]  # fmt: skip


@transaction.atomic
def save_answers(
    *,
    by: User,
    patient_id: UUID,
    section_id: str,
    typed: Mapping[str, str],
    id: UUID,
    at: datetime,
    confirmed: frozenset[str] = frozenset(),
    shows: UUID | None = None,
) -> None:
    """Keep the answers of one section of questions. Unanswered questions may stay open.

    `confirmed` names facts that were looked at again after a question about them; `shows` is the
    save that the page showed. Raises `SavedMeanwhile` where a newer one says otherwise.
    """
    patient, section = _may_save(by, patient_id, section_id)
    check_shows_newest(patient, section_id, shows=shows, id=id)
    _check_form(section, is_list=False)
    asked = [facts()[fact_id] for fact_id in section.facts]
    on = at.astimezone(patient.site.zone).date()
    answers = kept_answers(typed, asked, on=on)
    values = {fact.id: value_of(fact, answers.get(fact.id)) for fact in asked}
    _check_plausible(patient, section, values, on=on, id=id, confirmed=confirmed)
    is_new = _save(by, patient, section, answers, id=id, at=at)
    if is_new and suicidality.suicidal_answers(values):
        open_alert(
            by=by,
            patient=patient,
            kind=Alert.Kind.suicidal_thoughts,
            source=f"section:{id}",
            at=at,
        )


@transaction.atomic
def save_lines(
    *,
    by: User,
    patient_id: UUID,
    section_id: str,
    lines: Sequence[Line],
    id: UUID,
    at: datetime,
    shows: UUID | None = None,
) -> None:
    """Keep a list section. An empty list says that there is nothing to list. `shows` as in
    `save_answers`."""
    patient, section = _may_save(by, patient_id, section_id)
    check_shows_newest(patient, section_id, shows=shows, id=id)
    _check_form(section, is_list=True)
    rows = kept_lines(lines, on=at.astimezone(patient.site.zone).date())
    _save(by, patient, section, {"lines": rows}, id=id, at=at)


@transaction.atomic
def save_scale(
    *,
    by: User,
    patient_id: UUID,
    scale_id: str,
    answers: Mapping[str, int],
    id: UUID,
    at: datetime,
) -> None:
    """Keep one filled-in scale; an answer above zero to a safety item opens an alert at once.

    Items may stay open, so that what was answered is never lost; the score then waits for them.
    """
    patient = patient_with(patient_id)
    _check_may_answer(by, patient)
    asked = scale(scale_id)
    if wrong := problems(asked, answers):
        raise InvalidInput(wrong)
    if not answers:
        raise InvalidInput({"": _("Nothing is answered yet. Answer what you can, then save.")})
    is_new = make_once(
        Assessment,
        id=id,
        at=at,
        by=by,
        patient=patient,
        scale=asked.id,
        scale_version=asked.version,
        answers=dict(answers),
    )
    if not is_new:
        return
    record(
        "scale.saved",
        at=at,
        actor_id=by.pk,
        site_id=patient.site_id,
        patient_id=patient.pk,
        subject=f"assessment:{id}",
        scale=asked.id,
    )
    flagged = safety_answers(asked, answers)
    if flagged and not isinstance(flagged, Unknown):
        open_alert(
            by=by,
            patient=patient,
            kind=Alert.Kind.suicidal_thoughts,
            source=f"assessment:{id}",
            at=at,
        )


@transaction.atomic
def send_intake(*, by: User, patient_id: UUID, at: datetime) -> None:
    """The patient says that the history is as complete as they can make it."""
    patient = patient_with(patient_id)
    _check_is_own_chart(by, patient)
    saved = saved_sections(patient)
    missing = [section.title for section in patient_sections() if section.id not in saved]
    if missing:
        raise NotPossibleNow(
            _("Open and save every section first. Still to do: %(sections)s.")
            % {"sections": ", ".join(missing)}
        )
    if patient.intakes_sent.exists():
        return
    row = IntakeSent.objects.create(at=at, by=by, patient=patient)
    record(
        "intake.sent",
        at=at,
        actor_id=by.pk,
        site_id=patient.site_id,
        patient_id=patient.pk,
        subject=f"intake:{row.pk}",
    )


def patient_sections() -> list[Section]:
    """What the patient is asked, in order."""
    return [section for section in sections() if section.asked_of == "patient"]


def saved_sections(patient: Patient) -> set[str]:
    """Ids of the sections that have been saved at least once, the PHQ-9 among them."""
    saved = set(patient.sections_saved.values_list("section", flat=True))
    return saved | ({"phq9"} if patient.assessments.filter(scale="phq-9").exists() else set())


def section_with(section_id: str) -> Section:
    """The section of that id. Raises `NotFound`."""
    for section in sections():
        if section.id == section_id:
            return section
    raise NotFound


def _may_save(by: User, patient_id: UUID, section_id: str) -> tuple[Patient, Section]:
    patient, section = patient_with(patient_id), section_with(section_id)
    if section.asked_of == "patient":
        _check_may_answer(by, patient)
    else:
        check_may_ask_history(by, patient)
    return patient, section


def _check_form(section: Section, *, is_list: bool) -> None:
    """A list is kept as a list and answers as answers; the scale has an act of its own."""
    fits = section.form not in ("facts", "phq9") if is_list else section.form == "facts"
    if not fits:
        raise InvalidInput(
            {
                "": _("“%(title)s” is filled in another way. Open its page.")
                % {"title": section.title}
            }
        )


def _check_may_answer(by: User, patient: Patient) -> None:
    """The patient answers for themselves; clinical staff of the site may take it down."""
    if not _is_own_chart(by, patient):
        check_may_ask_history(by, patient)


def _check_is_own_chart(by: User, patient: Patient) -> None:
    if not _is_own_chart(by, patient):
        raise NotFound


def _is_own_chart(by: User, patient: Patient) -> bool:
    return PatientAccount.objects.filter(patient=patient, user=by).exists()


def _save(
    by: User, patient: Patient, section: Section, answers: dict[str, Any], *, id: UUID, at: datetime
) -> bool:
    """True when a row was made; the same id a second time changes nothing."""
    is_new = make_once(
        SectionSaved,
        id=id,
        at=at,
        by=by,
        patient=patient,
        section=section.id,
        answers=answers,
        knowledge_version=knowledge.version(),
    )
    if not is_new:
        return False
    record(
        "section.saved",
        at=at,
        actor_id=by.pk,
        site_id=patient.site_id,
        patient_id=patient.pk,
        subject=f"section:{id}",
        section=section.id,
    )
    return True


def _check_plausible(
    patient: Patient,
    section: Section,
    values: Facts,
    *,
    on: date,
    id: UUID,
    confirmed: frozenset[str],
) -> None:
    """Answers that contradict each other, and a weight that jumped and was not confirmed."""
    known = known_facts(newest_sections(patient, but=id), on=on)
    refused = {
        field: sentence
        for field, sentence in contradictions({**known, **values}, bmi=plausible_bmi()).items()
        if field in section.facts
    }
    new, last = values.get("weight_kg"), known.get("weight_kg")
    if (
        isinstance(new, Decimal)
        and isinstance(last, Decimal)
        and "weight_kg" not in confirmed
        and weight_has_jumped(new, last, ask_again_percent=figure("weight_ask_again"))
    ):
        sentence = _(
            "The last weight was %(last)s kg; this is %(percent)s %% away from it. "
            "Weigh again, or confirm below that the number is right."
        )
        words = {"last": last, "percent": abs(weight_change_percent(new, last))}
        refused.setdefault("weight_kg", sentence % words)
    if refused:
        raise InvalidInput(refused)
