"""The one thing to do next: what a nurse with one hand free must not have to look for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from vernal.rules.discharge import DischargeCheck
from vernal.rules.findings import Unjudged
from vernal.rules.sessions.due import Due
from vernal.rules.sessions.events import Kind
from vernal.rules.sessions.fold import SessionState
from vernal.rules.sessions.gates import StartCheck
from vernal.rules.sessions.monitoring import Alarms, DoseAction
from vernal.rules.sessions.payloads import SCALES
from vernal.rules.sessions.readings import RECOVERY, SYMPTOMS
from vernal.rules.sessions.states import ENDED, State

# Facts that one more entry of its kind changes, whatever their value.
BASELINE = frozenset({"baseline_readings_taken", "baseline_gap_min"})

Why = Literal[
    "alarm",
    "pause",
    "slow",
    "pump_is_empty",
    "overdue",
    "due",
    "score",
    "answer",
    "arrived",
    "checklist",
    "baseline",
    "gates_closed",
    "may_start",
    "hold",
    "more_or_finished",
    "all_in",
    "paused",
    "measure_again",
    "wait",
    "open_criterion",
    "may_go",
    "ended",
]


@dataclass(frozen=True)
class NextAction:
    """`kind` is the entry to make; None where there is nothing to enter but to watch or to ask."""

    kind: Kind | None
    why: Why
    about: str = ""


def next_action(
    state: SessionState,
    *,
    alarms: Alarms,
    due: Sequence[Due],
    scores_due: Sequence[Due],
    start: StartCheck,
    discharge: DischargeCheck,
    unanswered: Collection[str],
    infusion: bool,
    left_mg: Decimal,
    asks: Mapping[str, frozenset[str]],
) -> NextAction:
    """What stops comes first, then what is late, then the next step of the visit.

    `left_mg` is what the plan leaves to give, as `room.left_mg` has it; `asks` are the facts that
    each gate and criterion is judged by.
    """
    if state.state in ENDED:
        return NextAction(None, "ended")
    if alarms.dose >= DoseAction.pause and state.dose.running:
        title = next(each.title for each in alarms.sounding if each.dose == alarms.dose)
        why: Why = "pause" if alarms.dose == DoseAction.pause else "alarm"
        return NextAction(Kind.dose_stopped, why, title)
    if state.dose.past_plan:
        return NextAction(Kind.dose_stopped, "pump_is_empty")
    if alarms.dose == DoseAction.slow and state.dose.running and not _was_slowed(state):
        title = next(each.title for each in alarms.sounding if each.dose == alarms.dose)
        return NextAction(Kind.rate_changed, "slow", title)
    for status in ("overdue", "due"):
        if any(each.status == status for each in due):
            return NextAction(Kind.reading, "overdue" if status == "overdue" else "due")
    if alarms.unanswered:
        return NextAction(Kind.alarm_acknowledged, "answer", alarms.unanswered[0].title)
    if state.dose.is_paused:
        return _while_paused(alarms)
    if any(each.status == "overdue" for each in scores_due) and not discharge.may_discharge:
        return NextAction(Kind.score, "score")
    if state.state == State.planned:
        return NextAction(Kind.checked_in, "arrived")
    if state.state == State.checked_in:
        return _before_the_dose(start, unanswered, infusion, asks)
    if state.state == State.dosed:
        return _during(state, infusion, left_mg)
    return _after(discharge, alarms, asks)


def _was_slowed(state: SessionState) -> bool:
    """Whether the rate was changed since something was measured or asked that could sound."""
    told = state.of(Kind.reading, Kind.score, Kind.symptom)
    changed = state.of(Kind.rate_changed)
    return bool(changed) and (not told or changed[-1].at >= told[-1].at)


def _before_the_dose(
    start: StartCheck,
    unanswered: Collection[str],
    infusion: bool,
    asks: Mapping[str, frozenset[str]],
) -> NextAction:
    if unanswered:
        return NextAction(Kind.checklist, "checklist")
    if start.may_start:
        return NextAction(Kind.dose_started if infusion else Kind.dose_given, "may_start")
    first = start.blocking[0]
    needs = first.needs if isinstance(first, Unjudged) else ()
    if _is_about(BASELINE, asks.get(first.condition)) or entry_for(needs) == Kind.reading:
        return NextAction(Kind.reading, "baseline", first.title)
    return NextAction(None, "gates_closed", first.title)


def _during(state: SessionState, infusion: bool, left_mg: Decimal) -> NextAction:
    if infusion:
        return NextAction(None, "wait")
    if is_held(state):
        return NextAction(Kind.hold_ended, "hold")
    return NextAction(Kind.dosing_finished, "more_or_finished" if left_mg else "all_in")


def _while_paused(alarms: Alarms) -> NextAction:
    """Whether the dose goes on is asked once a reading has shown that nothing sounds any more."""
    if _asks_to_measure(alarms):
        return NextAction(Kind.reading, "measure_again")
    return NextAction(Kind.dosing_finished, "paused")


def _asks_to_measure(alarms: Alarms) -> bool:
    return any(not each.over and each.read_again_min is not None for each in alarms.sounding)


def is_held(state: SessionState) -> bool:
    """Whether a dose is in the mouth: given, and its hold not ended."""
    return len(state.of(Kind.hold_ended)) < len(state.of(Kind.dose_given))


def _is_about(facts: frozenset[str], asked: frozenset[str] | None) -> bool:
    return asked is not None and bool(asked) and asked <= facts


def _after(
    discharge: DischargeCheck, alarms: Alarms, asks: Mapping[str, frozenset[str]]
) -> NextAction:
    if discharge.may_discharge:
        return NextAction(Kind.discharged, "may_go")
    if _asks_to_measure(alarms):
        return NextAction(Kind.reading, "measure_again")
    for criterion in discharge.open:
        if kind := entry_for(criterion.needs):
            return NextAction(kind, "open_criterion", criterion.title)
    first = discharge.open[0]
    kind = None if discharge.open_before_signing(asks) else Kind.signature
    return NextAction(kind, "open_criterion", first.title)


def entry_for(needs: Collection[str]) -> Kind | None:
    """The kind of entry in which these facts are told; None where time alone tells them."""
    told = {
        Kind.reading: (
            *("_mmhg", "_percent", "_per_min", "on_air", "minutes_since_reading"),
            *BASELINE,
        ),
        Kind.score: tuple(SCALES),
        Kind.symptom: (*SYMPTOMS, *RECOVERY, "depth_exceeds_setting"),
        Kind.escort: ("escort_named", "escort_here"),
    }
    for kind, names in told.items():
        if any(need.endswith(names) for need in needs):
            return kind
    return None
