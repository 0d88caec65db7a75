"""Alarms that were: a normal reading ends what was measured, not the question what was done.

What calls somebody, or pauses or stops a dose, stays until an `alarm_acknowledged` names it that
the server got later than it knew of the entry with which the alarm began, about a time since then.
An alarm that begins again, or a stricter one of the same hazard, asks again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from vernal.rules.conditions import Facts, Unknown, judge
from vernal.rules.screening import Indication, Route
from vernal.rules.sessions.events import Kind
from vernal.rules.sessions.fold import Entry, SessionState, as_of
from vernal.rules.sessions.monitoring import (
    Alarms,
    DoseAction,
    MonitoringRule,
    Urgency,
    alarm_rules,
    alarms,
)
from vernal.rules.sessions.timeline import NOTICEABLE_SKEW

TELLING = (Kind.reading, Kind.score, Kind.symptom, Kind.checklist)
FactsAt = Callable[[SessionState], Facts]


def alarms_standing(
    state: SessionState,
    facts_at: FactsAt,
    rules: Iterable[MonitoringRule],
    *,
    route: Route,
    indication: Indication,
) -> Alarms:
    """Every alarm that sounds at `state.now`, and every earlier one that nobody has answered."""
    own = alarm_rules(rules, route=route, indication=indication)
    began = _beginnings(state, facts_at, [rule for rule in own if is_answered_by_a_person(rule)])
    held = frozenset(rule.id for rule, entry in began if not _is_answered(rule, entry, state))
    pauses = [entry.at for rule, entry in began if rule.dose >= DoseAction.pause]
    return alarms(
        facts_at(state),
        own,
        route=route,
        indication=indication,
        held=held,
        last_pause_at=max(pauses, default=None),
    )


def measured_since(state: SessionState, moment: datetime | None) -> bool:
    """Whether a pressure was taken after this moment; true where there was no such moment."""
    return moment is None or any(
        each.at > moment and "systolic_mmhg" in each.values for each in state.readings
    )


def is_answered_by_a_person(rule: MonitoringRule) -> bool:
    """Whether somebody has to say what was done: it calls, or pauses or stops a dose."""
    return rule.urgency >= Urgency.call or rule.dose >= DoseAction.pause


def _beginnings(
    state: SessionState, facts_at: FactsAt, rules: list[MonitoringRule]
) -> list[tuple[MonitoringRule, Entry]]:
    """Each rule that ever sounded, with the entry that began its newest run. What is not known
    ends nothing; nor does what arrived later about an earlier time (another reading before the
    dose): it sounded all the same."""
    runs: dict[str, Entry] = {}
    newest: dict[str, tuple[MonitoringRule, Entry]] = {}
    for entry, was_overtaken in _in_order(state):
        now = judged(rules, facts_at(as_of(state, entry)))
        found = {rule.id: (rule, holds) for rule, holds in now}
        if was_overtaken:
            by_then = judged(rules, facts_at(as_of(state, entry, by_then=True)))
            found |= {rule.id: (rule, True) for rule, holds in by_then if holds}
        for rule, holds in found.values():
            if holds and rule.id not in runs:
                runs[rule.id] = entry
                newest[rule.id] = rule, entry
            elif not holds:
                runs.pop(rule.id, None)
    return list(newest.values())


def _in_order(state: SessionState) -> Iterator[tuple[Entry, bool]]:
    """What tells something, and whether an entry about an earlier time arrived later than it."""
    latest: datetime | None = None
    for entry in state.entries:
        if entry.kind in TELLING and not entry.struck_out:
            yield entry, latest is not None and latest > entry.arrived_at
        latest = max(latest or entry.arrived_at, entry.arrived_at)


def judged(rules: Iterable[MonitoringRule], facts: Facts) -> Iterator[tuple[MonitoringRule, bool]]:
    """Each rule that can be judged, and whether it holds; what is not known is left out."""
    for rule in rules:
        truth = judge(rule.when, facts) if rule.when is not None else False
        if not isinstance(truth, Unknown):
            yield rule, truth


def _is_answered(rule: MonitoringRule, began: Entry, state: SessionState) -> bool:
    """An answer stands for what was known when it came and had begun when it was given: correcting
    the words of an old one, or sending old ones late, answers nothing that began later."""
    return any(
        rule.id in entry.payload.get("rules", ())
        and entry.arrived_at >= began.known_at
        and entry.at >= _counts_from(began, entry)
        for entry in state.of(Kind.alarm_acknowledged)
    )


def _counts_from(began: Entry, answer: Entry) -> datetime:
    """The moment from which an answer counts. Two clocks may be a little apart without anybody
    noticing, and a time that is told is told to the minute."""
    moment = min(began.at, began.arrived_at)
    if "happened_at" in answer.payload:
        return moment.replace(second=0, microsecond=0)
    return moment - NOTICEABLE_SKEW
