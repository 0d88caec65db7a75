"""Which kinds of entry the log takes now. What happened is kept; what makes no sense is asked back.

An entry that arrives late (made offline, or told with its own time) says what was, so the state of
now does not refuse it. A start of drug or a discharge never comes late: both need the answer first.
A session with a running dose has not ended (`states`), so its stop and its readings are always
taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vernal.rules.sessions.answering import measured_since
from vernal.rules.sessions.events import Kind
from vernal.rules.sessions.fold import SessionState
from vernal.rules.sessions.monitoring import Alarms, DoseAction, UnjudgedAlarm
from vernal.rules.sessions.next_action import entry_for
from vernal.rules.sessions.states import (
    ENDED,
    ENTRY,
    GIVES_DRUG,
    MOVING,
    NEEDS_NO_RUNNING_DOSE,
    SAID,
    State,
    may_move,
)
from vernal.words import Sentence as _
from vernal.words import together

NEEDS_AN_ANSWER = GIVES_DRUG | {Kind.discharged}
BEFORE_ARRIVAL = frozenset({Kind.note, Kind.escort, Kind.correction, Kind.sealed})
AFTER_THE_END = frozenset(
    {
        Kind.note,
        Kind.alarm_acknowledged,
        Kind.effect,
        Kind.vial_counted,
        Kind.concentration,
        Kind.signature,
        Kind.correction,
        Kind.sealed,
    }
)
TO_ENTER = {
    Kind.reading: _("Take a reading."),
    Kind.score: _("Score alertness and comfort."),
    Kind.symptom: _("Ask about symptoms."),
}


def why_not_now(
    state: SessionState,
    kind: Kind,
    payload: Mapping[str, Any],
    *,
    entered_offline: bool = False,
    runs_faster: bool = False,
) -> str:
    """The reason why this entry is not taken now; empty when it is. `runs_faster`: an infusion
    would run faster by it."""
    if entered_offline and (kind in NEEDS_AN_ANSWER or runs_faster):
        return _("Drug is given and a patient sent home only with the server's answer.")
    if entered_offline:
        return ""
    if kind in MOVING:
        return _why_not_move(state, kind)
    if state.state == State.planned and kind not in BEFORE_ARRIVAL:
        return _("The patient has not been checked in yet.")
    if kind == Kind.rate_changed and not state.dose.running:
        return _("No infusion is running.")
    if kind == Kind.hold_ended and not state.dose.singles:
        return _("No dose is being held in the mouth.")
    if (
        state.state in ENDED
        and kind not in AFTER_THE_END
        and not _was_before_the_end(state, payload)
    ):
        return _("The session has ended. Give the time at which it was, if it was before the end.")
    return ""


def why_no_more_drug(alarms: Alarms, state: SessionState) -> tuple[str, ...]:
    """What sounds, was not answered, or cannot be ruled out after an earlier dose, and asks to
    pause or stop. After such an alarm a pressure is taken before drug is given again."""
    first = state.dose.first_at is None
    reasons = [
        _("%(title)s: over, but nobody has entered what was done about it.", title=each.title)
        if each.over
        else f"{each.title}."
        for each in alarms.sounding
        if each.dose >= DoseAction.pause
    ]
    if not measured_since(state, alarms.last_pause_at):
        reasons.append(_("No pressure was taken since the alarm."))
    if not first:
        reasons += [
            _to_be_ruled_out(each, state)
            for each in alarms.unjudged
            if each.dose >= DoseAction.pause
        ]
    return tuple(reasons)


def _to_be_ruled_out(alarm: UnjudgedAlarm, state: SessionState) -> str:
    """What to enter: a value that was measured once shows only with a second one that it lasts."""
    last = state.last_reading
    if last is not None and alarm.needs <= last.values.keys():
        if not alarm.read_again_min:
            return _(
                "%(title)s: one reading does not tell. Take another, after the last one.",
                title=alarm.title,
            )
        return _(
            "%(title)s: one reading does not tell. Take another, %(wait)s minutes after the last "
            "one.",
            title=alarm.title,
            wait=alarm.read_again_min,
        )
    entered = {entry_for([need]) for need in alarm.needs}
    told = [words for kind, words in TO_ENTER.items() if kind in entered]
    return together(_("%(title)s: not asked or measured yet.", title=alarm.title), *told)


def _why_not_move(state: SessionState, kind: Kind) -> str:
    if kind in NEEDS_NO_RUNNING_DOSE and state.dose.running:
        return _("An infusion is running: record its stop first.")
    if may_move(state.state, kind):
        return ""
    if kind == Kind.dose_stopped:
        return _("No dose is running.")
    return _(
        "The session is %(state)s; %(entry)s does not follow on that.",
        state=SAID[state.state],
        entry=ENTRY[kind],
    )


def _was_before_the_end(state: SessionState, payload: Mapping[str, Any]) -> bool:
    told = payload.get("happened_at")
    return told is not None and state.ended_at is not None and told <= state.ended_at
