"""One patient's history as facts for the rules: what was saved last, and what follows from it.

Everything here reads; nothing decides. The rules walk the facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args
from uuid import UUID

from django.db.models import OuterRef, Subquery

from vernal.knowledge.facts import Section, facts, outweighing, sections
from vernal.knowledge.figures import history_figures
from vernal.knowledge.medications import medicine_index
from vernal.records.models import Alert, Patient, SectionSaved
from vernal.rules.conditions import Facts, Unknown
from vernal.rules.facts import AntidepressantTrial, TrialResult, derive
from vernal.rules.medications import MedicineTaken, dose_is_adequate, facts_from
from vernal.workflow.answers import value_of


@dataclass(frozen=True)
class SavedSection:
    """The newest answers to one section, and who gave them when."""

    id: UUID
    section: Section
    answers: Mapping[str, Any]
    at: datetime
    by_name: str


@dataclass(frozen=True)
class History:
    """Facts as rules read them, medicines as they were typed, and the sections they came from."""

    facts: Facts
    medicines: tuple[MedicineTaken, ...] | Unknown
    saved: Mapping[str, SavedSection]


def history_of(patient: Patient, *, on: date) -> History:
    """Everything known of the patient on that day, in two queries."""
    saved = newest_sections(patient)
    taken = _medicines(saved)
    waiting = patient.alerts.filter(kind=Alert.Kind.suicidal_thoughts, acknowledged=None)
    alerted = {"suicide_alert_open": waiting.exists()}
    known = {**known_facts(saved, on=on), **facts_from(taken, on), **alerted}
    return History(known, taken, saved)


def known_facts(saved: Mapping[str, SavedSection], *, on: date) -> Facts:
    """What was answered and what follows from it; medicines aside."""
    asked = {
        fact_id: value_of(facts()[fact_id], _kept(saved, section.id, fact_id))
        for section in sections()
        for fact_id in section.facts
    }
    return derive(
        asked,
        trials=_trials(saved),
        on=on,
        figures=history_figures(),
        outweighing=outweighing(),
    )


def newest_sections(patient: Patient, *, but: UUID | None = None) -> dict[str, SavedSection]:
    """By section id; a section nobody has saved is not there. `but` leaves out one save: a form
    that is sent twice is judged by what stood before it."""
    rows = SectionSaved.objects.filter(patient=patient)
    if but:
        rows = rows.exclude(pk=but)
    same_section = rows.filter(section=OuterRef("section")).order_by("-at", "-id")
    newest = rows.filter(pk=Subquery(same_section.values("pk")[:1])).select_related("by")
    by_id = {section.id: section for section in sections()}
    return {row.section: _saved(row, by_id[row.section]) for row in newest if row.section in by_id}


def saves_of(patient: Patient, section: Section) -> list[SavedSection]:
    """Every save of one section, the newest first: nothing that was answered is lost."""
    rows = SectionSaved.objects.filter(patient=patient, section=section.id)
    return [_saved(row, section) for row in rows.select_related("by").order_by("-at", "-id")]


def _saved(row: SectionSaved, section: Section) -> SavedSection:
    return SavedSection(row.pk, section, row.answers, row.at, row.by.name)


def _kept(saved: Mapping[str, SavedSection], section_id: str, fact_id: str) -> str | None:
    return saved[section_id].answers.get(fact_id) if section_id in saved else None


def _medicines(saved: Mapping[str, SavedSection]) -> tuple[MedicineTaken, ...] | Unknown:
    """Taken and stopped medicines; `Unknown` until both lists have been saved, even empty."""
    missing = {"medicines", "stopped_medicines"} - saved.keys()
    if missing:
        return Unknown(frozenset(missing))
    return tuple(
        [_taken(line, is_stopped=False) for line in _lines(saved, "medicines")]
        + [_taken(line, is_stopped=True) for line in _lines(saved, "stopped_medicines")]
    )


def _taken(line: Mapping[str, str | None], *, is_stopped: bool) -> MedicineTaken:
    typed_as = line["name"] or ""
    stopped_on = line.get("stopped_on")
    unknown_day = Unknown.of("medicine_stopped_on") if is_stopped else None
    return MedicineTaken(
        medicine=medicine_index().exact(typed_as),
        typed_as=typed_as,
        dose=_number(line.get("dose"), "medicine_dose"),
        unit=line.get("unit") or "",
        times_per_day=_number(line.get("times_per_day"), "medicine_times_per_day"),
        stopped_on=date.fromisoformat(stopped_on) if stopped_on else unknown_day,
        as_needed=line.get("as_needed") == "yes",
    )


def _trials(saved: Mapping[str, SavedSection]) -> tuple[AntidepressantTrial, ...] | Unknown:
    if "antidepressant_trials" not in saved:
        return Unknown.of("antidepressant_trials")
    return tuple(_trial(line) for line in _lines(saved, "antidepressant_trials"))


def _trial(line: Mapping[str, str | None]) -> AntidepressantTrial:
    name = line["name"] or ""
    medicine = medicine_index().exact(name)
    dose = _number(line.get("daily_dose"), "antidepressant_trials")
    return AntidepressantTrial(
        drug=name,
        dose_adequate=dose_is_adequate(medicine, dose, line.get("unit") or "")
        if medicine
        else Unknown.of("antidepressant_trials"),
        weeks=_number(line.get("weeks"), "antidepressant_trials"),
        result=_result(line.get("result")),
        this_episode=_yes_no(line.get("this_episode")),
    )


def _result(text: str | None) -> TrialResult | Unknown:
    known = {result: result for result in get_args(TrialResult)}
    return known.get(text, Unknown.of("antidepressant_trials"))


def _yes_no(text: str | None) -> bool | Unknown:
    return text == "yes" if text in ("yes", "no") else Unknown.of("antidepressant_trials")


def _number(text: str | None, fact: str) -> Decimal | Unknown:
    return Decimal(text) if text else Unknown.of(fact)


def _lines(
    saved: Mapping[str, SavedSection], section_id: str
) -> Sequence[Mapping[str, str | None]]:
    return saved[section_id].answers["lines"]
