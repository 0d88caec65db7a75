"""One line of the log in words, and the values of an entry for the form that corrects it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vernal.knowledge import monitoring, screening
from vernal.knowledge.facts import facts
from vernal.rules.sessions import FIELDS, Entry, Kind, check_payload
from vernal.rules.sessions.fold import MEASURES
from vernal.rules.sessions.syringe import Syringe
from vernal.web.parts import moment
from vernal.web.sessions.moments import MINUTES
from vernal.web.sessions.preparing import rate_words
from vernal.web.sessions.words import ANSWERS, CHOICES, DOSE_PAUSED, HAPPENED
from vernal.workflow.care import number
from vernal.workflow.queries import SessionView
from vernal.workflow.spoken import spoken

ICONS = {Kind.dose_stopped: "bar", Kind.note: "pen", Kind.signature: "pen", Kind.reading: "reading"}


@dataclass(frozen=True)
class EntryLine:
    """`was` is what stood here first; `text` is what counts now, behind `folded` if it is long."""

    event_id: UUID
    at: datetime
    when: str
    title: str
    text: str
    folded: str
    was: str
    why: str
    struck_out: bool
    offline: bool
    by: str
    icon: str
    kind: str
    correct_url: str
    seal_url: str


def entry_line(entry: Entry, view: SessionView) -> EntryLine:
    ids = {"session_id": view.session_id, "event_id": entry.event.id}
    zone = ZoneInfo(view.head.site.time_zone)
    last = entry.corrections[-1] if entry.corrections else None
    return EntryLine(
        event_id=entry.event.id,
        at=entry.at,
        when=f"{entry.at.astimezone(zone):%H:%M}",
        title=_happened(entry),
        text="" if entry.struck_out else words(entry.kind, entry.payload, zone, view.syringe),
        folded="" if entry.struck_out else _in_short(entry),
        was=_original(entry, zone, view.syringe) if last else "",
        why=_("%(name)s: %(reason)s")
        % {"name": view.names.get(last.author, ""), "reason": last.payload.get("reason", "")}
        if last
        else "",
        struck_out=entry.struck_out,
        offline=entry.event.entered_offline,
        by=view.names.get(entry.event.author, ""),
        icon=ICONS.get(entry.kind, "node"),
        kind="danger" if entry.kind in (Kind.left_against_advice, Kind.transferred) else "",
        correct_url=reverse("session_correct", kwargs=ids),
        seal_url=reverse("session_seal", kwargs=ids),
    )


def _happened(entry: Entry) -> str:
    if entry.kind == Kind.dose_stopped and entry.payload.get("reason") == "paused":
        return str(DOSE_PAUSED)
    return str(HAPPENED[entry.kind])


def _in_short(entry: Entry) -> str:
    """A preparation by the number of its answers; what else is in the log stands there in full."""
    if entry.kind != Kind.checklist:
        return ""
    n = len(entry.payload.get("answers", {}))
    return ngettext("%(n)s answer", "%(n)s answers", n) % {"n": n}


def _original(entry: Entry, zone: ZoneInfo, syringe: Syringe) -> str:
    first = check_payload(entry.kind, entry.event.payload).payload
    return words(entry.kind, first, zone, syringe)


def words(kind: Kind, payload: Mapping[str, Any], zone: ZoneInfo, syringe: Syringe) -> str:
    """The payload as a person reads it; a rate in both units."""
    if kind == Kind.reading:
        return reading_words(payload)
    if kind == Kind.score and {"scale", "value"} <= payload.keys():
        return f"{facts()[payload['scale']].label}: {number(payload['value'])}"
    if "answers" in payload:
        return _answers(kind, payload)
    found = []
    for each in FIELDS[kind]:
        if each.name in payload:
            value = _value(payload[each.name], zone)
            if each.kind == "names":
                value = ", ".join(title_of(name) for name in payload[each.name])
            if each.name == "rate_mg_per_h":
                value = rate_words(payload[each.name], syringe)
            elif each.unit:
                value = f"{value} {spoken(each.unit)}"
            found.append(f"{spoken(each.label)}: {value}")
    return " · ".join(found)


def title_of(name: str) -> str:
    """What an alarm, a gate or a screened condition is called; a name nobody knows as it is."""
    if name in monitoring.shapes():
        return monitoring.rule(name).title
    screened = (each.title for each in screening.rules() if each.condition == name)
    return next(screened, name)


def typed(entry: Entry, zone: str) -> dict[str, Any]:
    """What stands in the fields of the form that corrects an entry."""
    yes_no = {True: "yes", False: "no"}
    found: dict[str, Any] = {}
    for name, value in entry.payload.items():
        if name == "answers":
            found |= {
                f"answer_{fact}": yes_no.get(answer, answer) for fact, answer in value.items()
            }
        elif isinstance(value, bool):
            found[name] = yes_no[value]
        elif isinstance(value, Decimal):
            found[name] = number(value)
        elif isinstance(value, datetime):
            form = "%H:%M" if name == "happened_at" else MINUTES
            found[name] = value.astimezone(ZoneInfo(zone)).strftime(form)
        else:
            found[name] = value
    if entry.kind == Kind.score:
        found = {found["scale"]: found["value"]}
    return found


def reading_words(payload: Mapping[str, Any]) -> str:
    parts = []
    if "systolic_mmhg" in payload:
        pressure = f"{number(payload['systolic_mmhg'])}/{number(payload['diastolic_mmhg'])}"
        parts.append(f"{pressure} mmHg")
    names = {
        "heart_rate_per_min": _("pulse %(n)s"),
        "spo2_percent": _("oxygen %(n)s %%"),
        "respiratory_rate_per_min": _("%(n)s breaths a minute"),
    }
    for name in MEASURES:
        if name in names and name in payload:
            parts.append(names[name] % {"n": number(payload[name])})
    if "oxygen_l_per_min" in payload:
        litres = payload["oxygen_l_per_min"]
        parts.append(_("on %(n)s L/min") % {"n": number(litres)} if litres else _("on air"))
    return ", ".join(parts)


def _answers(kind: Kind, payload: Mapping[str, Any]) -> str:
    """Of symptoms, what was reported comes first; denials are counted by name."""
    answers = payload["answers"]
    said = payload.get("words", "")
    if kind != Kind.symptom:
        told = [f"{_label(name)}: {_value(answer, None)}" for name, answer in answers.items()]
        hopes = payload.get("hopes", "")
        return "; ".join([*told, *([hopes_words(hopes)] if hopes else [])])
    yes = [_label(name) for name, answer in answers.items() if answer is True]
    open_ = [_label(name) for name, answer in answers.items() if answer == "unknown"]
    no = [_label(name) for name, answer in answers.items() if answer is False]
    parts = [
        _("Yes: %(names)s.") % {"names": ", ".join(yes)} if yes else "",
        _("Not known: %(names)s.") % {"names": ", ".join(open_)} if open_ else "",
        _("No: %(names)s.") % {"names": ", ".join(no)} if no else "",
        f"“{said}”" if said else "",
    ]
    return " ".join(part for part in parts if part)


def hopes_words(hopes: str) -> str:
    """What the patient hopes for, as it was told."""
    return _("Hopes for: “%(hopes)s”") % {"hopes": hopes}


def _label(name: str) -> str:
    return facts()[name].label if name in facts() else name


def _value(value: object, zone: ZoneInfo | None) -> str:
    if isinstance(value, bool):
        return str(ANSWERS[value])
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, datetime) and zone is not None:
        return moment(value, zone.key)
    return str(ANSWERS.get(value) or CHOICES.get(str(value), value))
