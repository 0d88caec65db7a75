"""The parts of a session's page: what is due, figures, criteria, vials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from vernal.rules import sessions as rules
from vernal.rules.sessions import Kind
from vernal.web.parts import Cell, Column
from vernal.web.sessions.preparing import rate_words
from vernal.web.sessions.submitting import missing_words
from vernal.web.sessions.times import clock, span
from vernal.web.sessions.words import CRITERIA, DUE, MEASURES, PAUSED
from vernal.workflow.care import DueLine, number
from vernal.workflow.queries import SessionView
from vernal.workflow.spoken import spoken


@dataclass(frozen=True)
class DueRow:
    label: str
    at: datetime
    when: str
    state: str
    kind: str
    url: str


@dataclass(frozen=True)
class Criterion:
    title: str
    status: str
    kind: str
    reason: str
    steps: tuple[str, ...]
    needs: str
    standing: str
    why: str = ""
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    unit: str = ""
    note: str = ""
    level: str = ""


def due_row(line: DueLine, view: SessionView) -> DueRow:
    kind = Kind.reading if line.measure == "vital_signs" else Kind.score
    at = clock(line.due.at, view.head.site.time_zone)
    late = view.now - line.due.at
    when = (
        at
        if line.due.status == "next"
        else _("%(at)s, %(late)s ago") % {"at": at, "late": span(late)}
    )
    if line.waiting > 1:
        when = _("%(when)s, %(n)s waiting") % {"when": when, "n": line.waiting}
    tags = {"overdue": "danger", "due": "caution"}
    return DueRow(
        label=str(MEASURES[line.measure]),
        at=line.due.at,
        when=when,
        state=str(DUE[line.due.status]),
        kind=tags.get(line.due.status, ""),
        url=entry_url(view, kind),
    )


def figures(view: SessionView) -> list[Figure]:
    dose, last = view.state.dose, view.state.last_reading
    planned = view.order.planned_dose_mg
    found = [
        Figure(
            _("Dose so far"),
            number(dose.given_mg.quantize(Decimal("0.1"))),
            _("of %(mg)s mg") % {"mg": number(planned)} if planned else "mg",
            _pump(view),
        )
    ]
    if last is None:
        return found
    values = last.values
    taken = _("at %(at)s") % {"at": clock(last.at, view.head.site.time_zone)}
    if "systolic_mmhg" in values:
        pressure = f"{number(values['systolic_mmhg'])}/{number(values['diastolic_mmhg'])}"
        found.append(Figure(_("Pressure"), pressure, "mmHg", taken))
    for name, label, unit in (
        ("heart_rate_per_min", _("Pulse"), _("per min")),
        ("spo2_percent", _("Oxygen"), "%"),
        ("respiratory_rate_per_min", _("Breaths"), _("per min")),
    ):
        if name in values:
            found.append(Figure(label, number(values[name]), unit, taken))
    return found


def _pump(view: SessionView) -> str:
    dose = view.state.dose
    if dose.past_plan:
        return _("the pump is empty: enter the end")
    if dose.is_paused:
        return str(PAUSED)
    if not dose.running:
        return ""
    return _("running at %(rate)s") % {"rate": rate_words(dose.rate_mg_per_h, view.syringe)}


def criterion_card(criterion: rules.Criterion, *, more: str = "") -> Criterion:
    """One thing before going home; `more` says what only this session knows about it."""
    is_met = criterion.status == "met"
    reason = spoken(criterion.reason)
    told = (more, reason if criterion.is_told else "")
    return Criterion(
        title=spoken(criterion.title),
        status=str(CRITERIA[criterion.status][0]),
        kind=CRITERIA[criterion.status][1],
        reason="" if is_met else " ".join(each for each in told if each),
        why="" if is_met or criterion.is_told else reason,
        steps=() if is_met else criterion.steps,
        needs=missing_words(criterion.needs),
        standing=criterion.standing,
    )


def vial_columns() -> list[Column]:
    labels = (_("Drawn, mg"), _("Given, mg"), _("Wasted, mg"), _("Returned, mg"))
    return [
        Column(_("Vial")),
        *(Column(label, is_number=True) for label in labels),
        Column(_("Witness")),
    ]


def vial_rows(view: SessionView) -> list[list[Cell]]:
    return [
        [
            Cell(vial.vial),
            *(
                Cell(number(amount))
                for amount in (vial.drawn_mg, vial.given_mg, vial.wasted_mg, vial.returned_mg)
            ),
            Cell(vial.witness or "–"),
        ]
        for vial in view.vials
    ]


def entry_url(view: SessionView, kind: Kind) -> str:
    return reverse("session_event", kwargs={"session_id": view.session_id, "kind": kind.value})
