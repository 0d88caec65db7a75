"""Which entries a session's page offers, in the order in which a nurse looks for them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from vernal.rules.findings import Finding, Unjudged
from vernal.rules.sessions import ENDED, Kind, State
from vernal.rules.sessions.allowed import why_no_more_drug
from vernal.rules.sessions.next_action import is_held
from vernal.rules.sessions.room import left_mg
from vernal.web.sessions.blocking import measured
from vernal.web.sessions.submitting import missing_words
from vernal.workflow.queries import SessionView
from vernal.workflow.session_words import why_no_dose
from vernal.workflow.spoken import spoken

BUTTONS: Mapping[State, tuple[Kind, ...]] = {
    State.planned: (Kind.checked_in, Kind.note, Kind.session_stopped),
    State.checked_in: (
        *(Kind.checklist, Kind.escort, Kind.score, Kind.symptom, Kind.signature),
        Kind.alarm_acknowledged,
        *(Kind.note, Kind.vial_counted, Kind.session_stopped, Kind.left_against_advice),
        Kind.transferred,
    ),
    State.dosed: (
        *(Kind.score, Kind.symptom, Kind.intervention, Kind.rate_changed),
        *(Kind.alarm_acknowledged, Kind.note, Kind.vial_counted, Kind.escort),
        *(Kind.dose_stopped, Kind.left_against_advice, Kind.transferred),
    ),
    State.recovering: (
        *(Kind.score, Kind.symptom, Kind.escort, Kind.signature, Kind.intervention),
        *(Kind.alarm_acknowledged, Kind.effect, Kind.vial_counted, Kind.concentration),
        Kind.note,
        *(Kind.dose_resumed, Kind.dosing_finished, Kind.left_against_advice, Kind.transferred),
    ),
}
AFTER = (
    *(Kind.note, Kind.effect, Kind.vial_counted, Kind.concentration, Kind.signature),
    Kind.alarm_acknowledged,
)
ONLY_RUNNING = frozenset({Kind.rate_changed, Kind.dose_stopped})


def kinds(view: SessionView) -> tuple[Kind, ...]:
    """Every entry that has a button of its own now: what cannot be kept has none."""
    if view.is_cancelled:
        return ()
    found = tuple(kind for kind in BUTTONS.get(view.state.state, AFTER) if _is_offered(kind, view))
    if view.state.state == State.checked_in and _may_start(view):
        found = (Kind.dose_started if view.infusion else Kind.dose_given, *found)
    elif not view.infusion:
        found = (*_after_a_single_dose(view), *found)
    if view.state.state == State.recovering and view.discharge.may_discharge:
        found = (Kind.discharged, *found)
    return found


def _is_offered(kind: Kind, view: SessionView) -> bool:
    dose = view.state.dose
    if kind in ONLY_RUNNING:
        return dose.running
    match kind:
        case Kind.alarm_acknowledged:
            return bool(view.alarms.sounding)
        case Kind.dose_resumed:
            return view.infusion and dose.is_left and not before_more(view)
        case Kind.dosing_finished:
            return dose.is_paused
    return True


def _may_start(view: SessionView) -> bool:
    held = view.not_yet or why_no_more_drug(view.alarms, view.state)
    return view.start.may_start and not held


def _after_a_single_dose(view: SessionView) -> tuple[Kind, ...]:
    """First the hold, then more of what is left or the end of the dosing."""
    if view.state.state in ENDED:
        return ()
    if is_held(view.state):
        return (Kind.hold_ended,)
    ends = (Kind.dosing_finished,) if view.state.state == State.dosed else ()
    return (*ends, Kind.dose_given) if _is_left(view) and not before_more(view) else ends


def _is_left(view: SessionView) -> bool:
    """Whether part of the dose was given and more of it may follow."""
    state = view.state
    if view.infusion:
        return state.state == State.recovering and state.dose.is_left
    is_between = state.state in (State.dosed, State.recovering) and not is_held(state)
    return is_between and left_mg(view.order, state) > 0


def before_more(view: SessionView) -> list[str]:
    """What is to be done before a dose that was given in part may go on."""
    if not _is_left(view):
        return []
    reasons = map(spoken, why_no_more_drug(view.alarms, view.state))
    return [*reasons, *(_still_missing(each, view) for each in view.start.blocking)]


def _still_missing(each: Finding | Unjudged, view: SessionView) -> str:
    needs = missing_words(each.needs) if isinstance(each, Unjudged) else ""
    asked = _("Needed: %(needs)s.") % {"needs": needs} if needs else ""
    return " ".join(part for part in (why_no_dose(each), measured(each, view), asked) if part)
