"""From a form to the log, the same way for a page and for a bedside device."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from vernal.accounts.models import User
from vernal.knowledge import monitoring
from vernal.knowledge.facts import facts
from vernal.rules.findings import Level, Unjudged
from vernal.rules.sessions import DoseAction, Kind, State
from vernal.rules.sessions.allowed import AFTER_THE_END
from vernal.rules.sessions.room import left_mg
from vernal.web.sessions.forms import Entry, EventForm, symptom_questions
from vernal.web.sessions.preparing import hints
from vernal.workflow import sessions as acts
from vernal.workflow.care import number
from vernal.workflow.errors import InvalidInput
from vernal.workflow.queries import SessionView
from vernal.workflow.spoken import spoken

OWN_ADDRESS = (Kind.correction, Kind.sealed)


def kind_named(name: str) -> Kind | None:
    """The kind of an address; corrections and seals have addresses of their own."""
    kind = Kind(name) if name in Kind.__members__ else None
    return None if kind in OWN_ADDRESS else kind


def event_form(
    kind: Kind,
    view: SessionView,
    *,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    by_device: bool = False,
) -> EventForm:
    """The form of one kind in this session, with what is planned or known filled in."""
    known = options(kind, view, at=at)
    if by_device and kind == Kind.alarm_acknowledged:
        known["names"] = _every_alarm()
    return EventForm(kind, data=data, initial=_initial(kind, view), **known)


def options(kind: Kind, view: SessionView, *, at: datetime) -> dict[str, Any]:
    questions: tuple[str, ...] = ()
    if kind == Kind.checklist:
        questions = view.asked
    elif kind == Kind.symptom:
        questions = symptom_questions(recovering=view.state.state == State.recovering)
    return {
        "zone": view.head.site.time_zone,
        "at": at,
        "questions": questions,
        "names": _names(kind, view),
        "limited": _limited(kind, view),
        "pump": view.syringe,
        "hints": hints(kind, view),
        "since": view.state.entries[0].at if view.state.entries else None,
        "until": view.state.ended_at if kind not in AFTER_THE_END else None,
    }


def enter_all(entries: list[Entry], *, by: User, view: SessionView, at: datetime) -> None:
    """Every event of one form, or none."""
    acts.enter_together(
        by=by,
        session_id=view.session_id,
        entries=[(each.id, each.kind, each.payload) for each in entries],
        at=at,
    )


def refused(form: forms.Form, refusal: InvalidInput) -> None:
    """Each sentence beside its field; one about answers or a whole form stands above."""
    for name, sentence in refusal.fields.items():
        short = name.removeprefix("replacement.")
        form.add_error(short if short in form.fields else None, sentence)


def missing_words(needs: frozenset[str]) -> str:
    """What must be known, in words."""
    return ", ".join(sorted(facts()[name].label for name in needs if name in facts()))


def _initial(kind: Kind, view: SessionView) -> dict[str, Any]:
    order = view.order
    match kind:
        case Kind.dose_started | Kind.dose_resumed if order.rate_mg_per_h:
            return {
                "rate_mg_per_h": number(order.rate_mg_per_h),
                "pump_ml_per_h": number(view.syringe.ml_per_h(order.rate_mg_per_h) or Decimal(0)),
                "planned_dose_mg": number(order.planned_dose_mg) if order.planned_dose_mg else "",
                "drug": view.drug,
                "concentration_mg_per_ml": number(view.syringe.vial_mg_per_ml),
            }
        case Kind.dose_stopped:
            return {"reason": _why_it_stops(view)}
        case Kind.dosing_finished if view.alarms.last_pause_at is not None:
            return {"reason": "alarm"}
        case Kind.dose_given:
            left = left_mg(order, view.state)
            hold = number(view.syringe.minutes)
            known = {
                "dose_mg": number(left) if left else "",
                "route": view.route,
                "drug": view.drug,
            }
            return known | ({"hold_min": hold} if view.route == "sublingual" else {})
        case Kind.vial_counted:
            return {"given_mg": number(view.state.dose.given_mg)}
        case Kind.checklist:
            words = {True: "yes", False: "no", "unknown": "unknown"}
            return {
                f"answer_{name}": words.get(view.answers[name], "")
                for name in view.asked
                if name in view.answers
            }
        case Kind.escort:
            known = view.state.of(Kind.escort)
            return {**known[-1].payload, "is_here": ""} if known else {}
        case Kind.signature:
            meaning = "start" if view.state.state == State.checked_in else "discharge"
            return {"meaning": meaning, "role": view.may_sign_as[0]}
        case Kind.alarm_acknowledged:
            return {"rules": [rule for alarm in view.alarms.sounding for rule, _v in alarm.rules]}
    return {}


def _why_it_stops(view: SessionView) -> str:
    """The likely reason, to be changed by the person: an alarm about the dose, or an empty pump."""
    if view.alarms.dose > DoseAction.go_on:
        return "alarm"
    return "finished" if view.state.dose.past_plan else ""


def _every_alarm() -> list[tuple[str, str]]:
    """What a device showed when somebody answered it may be over by now, or answered by others."""
    return [(rule.id, rule.title) for rule in monitoring.of_kind("alarm")]


def _limited(kind: Kind, view: SessionView) -> Mapping[str, Iterable[str]]:
    """Choices that are fewer here than in general: one's own roles, and the route of the plan."""
    match kind:
        case Kind.signature:
            return {"role": view.may_sign_as}
        case Kind.dose_given:
            return {"route": (view.route,)}
        case Kind.dosing_finished if not left_mg(view.order, view.state):
            return {"reason": ()}  # all of it is in: nobody asks why no more
    return {}


def _names(kind: Kind, view: SessionView) -> list[tuple[str, str]]:
    if kind == Kind.alarm_acknowledged:
        return [
            (name, monitoring.rule(name).title)
            for alarm in view.alarms.sounding
            for name, _version in alarm.rules
        ]
    if kind == Kind.signature and "clinician" in view.may_sign_as:
        return [
            (each.condition, _("%(title)s: weighed and set aside") % {"title": spoken(each.title)})
            for each in view.start.blocking
            if not isinstance(each, Unjudged)
            and (each.level == Level.weigh or each.override != "none")
        ]
    return []
