"""The parts of a session's page: alarms, what is due, figures, criteria, vials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from vernal.rules.findings import Unjudged
from vernal.rules.sessions import Alarm, Kind, State
from vernal.rules.sessions.monitoring import Urgency
from vernal.web.parts import Cell, Column
from vernal.web.sessions.submitting import missing_words
from vernal.web.sessions.times import clock, span
from vernal.web.sessions.words import CRITERIA, DOSE_ACTIONS, DUE, MEASURES, URGENCIES
from vernal.workflow.care import DueLine, number
from vernal.workflow.queries import SessionView


@dataclass(frozen=True)
class AlarmCard:
    level: str
    word: str
    title: str
    reason: str
    steps: tuple[str, ...]
    dose: str
    standing: str
    rules: str
    kind: str


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


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    unit: str = ""
    note: str = ""
    level: str = ""


def alarm_card(alarm: Alarm) -> AlarmCard:
    return AlarmCard(
        level="bar" if alarm.urgency == Urgency.emergency or alarm.stops_dose else "weigh",
        word=str(URGENCIES[alarm.urgency]),
        title=alarm.title,
        reason=alarm.reason,
        steps=alarm.steps,
        dose=str(DOSE_ACTIONS.get(alarm.dose, "")),
        standing=alarm.standing,
        rules=", ".join(rule for rule, _version in alarm.rules),
        kind="danger" if alarm.stops_dose or alarm.urgency == Urgency.emergency else "caution",
    )


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
            f"{dose.given_mg.quantize(Decimal('0.1'))}",
            _("of %(mg)s mg") % {"mg": number(planned)} if planned else "mg",
            _("running at %(rate)s mg/h") % {"rate": number(dose.rate_mg_per_h)}
            if dose.running
            else "",
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


def what_blocks(view: SessionView) -> list[Criterion]:
    if view.state.state != State.checked_in:
        return []
    return [
        Criterion(
            title=each.title,
            status=str(CRITERIA["unknown" if isinstance(each, Unjudged) else "not_met"][0]),
            kind=CRITERIA["unknown" if isinstance(each, Unjudged) else "not_met"][1],
            reason="" if isinstance(each, Unjudged) else each.reason,
            steps=() if isinstance(each, Unjudged) else (each.action,),
            needs=missing_words(each.needs) if isinstance(each, Unjudged) else "",
            standing="" if isinstance(each, Unjudged) else each.standing,
        )
        for each in view.start.blocking
    ]


def open_criteria(view: SessionView) -> list[Criterion]:
    if view.state.state != State.recovering:
        return []
    order = {"not_met": 0, "unknown": 1, "met": 2}
    return [
        Criterion(
            title=each.title,
            status=str(CRITERIA[each.status][0]),
            kind=CRITERIA[each.status][1],
            reason="" if each.status == "met" else each.reason,
            steps=() if each.status == "met" else each.steps,
            needs=missing_words(each.needs),
            standing=each.standing,
        )
        for each in sorted(view.discharge.criteria, key=lambda each: order[each.status])
    ]


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
