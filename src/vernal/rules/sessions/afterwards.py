"""A session as it is told afterwards: which alarms it had, what was done, and how it ended.

Judged at every entry that tells something or moves a dose, never by a clock that ran on since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from vernal.rules.conditions import Truth, Unknown
from vernal.rules.screening import Indication, Route
from vernal.rules.sessions.answering import TELLING, FactsAt, is_answered_by_a_person, judged
from vernal.rules.sessions.events import Kind
from vernal.rules.sessions.fold import Entry, SessionState, as_of
from vernal.rules.sessions.monitoring import DoseAction, MonitoringRule, alarm_rules
from vernal.rules.sessions.readings import ENDS_OF_DRUG
from vernal.rules.sessions.states import GIVES_DRUG, State

STOP_ALARM = "course.stop_alarm_last_session"
WAYS_OUT = {
    State.stopped: Kind.session_stopped,
    State.left_against_advice: Kind.left_against_advice,
    State.transferred: Kind.transferred,
}


@dataclass(frozen=True)
class PastAlarm:
    """One hazard that somebody had to answer, told by the strictest rule that held. `done` is what
    was said to have been done, in order; empty when nobody has said it."""

    hazard: str
    title: str
    dose: DoseAction
    began_at: datetime
    done: tuple[str, ...]

    @property
    def holds_dose(self) -> bool:
        """Whether it pauses or stops a dose."""
        return self.dose >= DoseAction.pause


@dataclass(frozen=True)
class Ending:
    """`stopped_because` is the log's own word for a dose that was stopped before it was whole, with
    `stop_words`; `reason` is why it ended without a dose, early, or with a transfer."""

    state: State
    stopped_because: str
    stop_words: str
    reason: str


@dataclass(frozen=True)
class Afterwards:
    """What a session leaves behind: its alarms in the order in which they began, and its end.

    `held_dose`: whether an alarm that pauses or stops a dose sounded; Unknown where drug was given
    and such an alarm was not ruled out after it. `hopes`: what the patient wanted from it, in their
    words.
    """

    dose_at: datetime | None
    given_mg: Decimal
    alarms: tuple[PastAlarm, ...]
    held_dose: Truth
    ending: Ending
    hopes: str


def afterwards(
    state: SessionState,
    facts_at: FactsAt,
    rules: Iterable[MonitoringRule],
    *,
    route: Route,
    indication: Indication,
) -> Afterwards:
    """The session told once more, with every alarm that somebody had to answer, answered or not."""
    asked = alarm_rules(rules, route=route, indication=indication)
    own = [rule for rule in asked if is_answered_by_a_person(rule)]
    began: dict[str, Entry] = {}
    ruled_out: set[str] = set()
    for entry in state.of(*TELLING, *GIVES_DRUG, *ENDS_OF_DRUG):
        for rule, holds in judged(own, facts_at(as_of(state, entry))):
            if holds:
                began.setdefault(rule.id, entry)
            elif _is_after_the_drug(entry, state):
                ruled_out.add(rule.id)
    return Afterwards(
        dose_at=state.dose.first_at,
        given_mg=state.dose.given_mg,
        alarms=_by_hazard([rule for rule in own if rule.id in began], began, state),
        held_dose=_held_dose(own, began.keys(), ruled_out, state),
        ending=ending(state),
        hopes=hopes(state),
    )


def begins_last(dosed: Sequence[bool]) -> int:
    """Where "the last session" begins among sessions in order of time: at the newest with a dose.
    One that ended without a dose shows nothing about the drug, so it does not hide the one before.
    """
    return max((place for place, has_dose in enumerate(dosed) if has_dose), default=0)


def stop_alarm(found: Sequence[Afterwards]) -> Truth:
    """Whether an alarm that pauses or stops a dose sounded in the last session; Unknown where
    there was none, or its log does not rule it out."""
    begins = begins_last([each.dose_at is not None for each in found])
    truths = [each.held_dose for each in found[begins:]]
    if True in truths:
        return True
    settled = bool(truths) and not any(isinstance(each, Unknown) for each in truths)
    return False if settled else Unknown.of(STOP_ALARM)


def ending(state: SessionState) -> Ending:
    """How the session ended, in the log's own words."""
    because = state.dose.stopped_because
    early = because not in ("", "finished")
    stops = state.of(Kind.dose_stopped, Kind.dosing_finished)
    said = (each.payload.get("words", "") for each in reversed(stops))
    kind = WAYS_OUT.get(state.state)
    left = state.of(kind) if kind else ()
    return Ending(
        state=state.state,
        stopped_because=because if early else "",
        stop_words=next((words for words in said if words), "") if early else "",
        reason=left[-1].payload.get("reason", "") if left else "",
    )


def hopes(state: SessionState) -> str:
    """What the patient hoped for that day, the newest that was told; empty where none was."""
    told = (entry.payload.get("hopes", "") for entry in reversed(state.of(Kind.checklist)))
    return next((words for words in told if words), "")


def _is_after_the_drug(entry: Entry, state: SessionState) -> bool:
    """Whether an entry was made once drug was in: what was so before it rules nothing out."""
    first_at = state.dose.first_at
    return first_at is not None and entry.at > first_at


def _held_dose(
    own: list[MonitoringRule], began: Iterable[str], ruled_out: set[str], state: SessionState
) -> Truth:
    ids = {rule.id for rule in own if rule.dose >= DoseAction.pause}
    if not ids.isdisjoint(began):
        return True
    if state.dose.first_at is not None and not ids <= ruled_out:
        return Unknown.of(STOP_ALARM)
    return False


def _by_hazard(
    held: list[MonitoringRule], began: dict[str, Entry], state: SessionState
) -> tuple[PastAlarm, ...]:
    groups: dict[str, list[MonitoringRule]] = {}
    for rule in held:
        groups.setdefault(rule.hazard or rule.id, []).append(rule)
    found = (_alarm(hazard, rules, began, state) for hazard, rules in groups.items())
    return tuple(sorted(found, key=lambda each: (each.began_at, each.hazard)))


def _alarm(
    hazard: str, rules: list[MonitoringRule], began: dict[str, Entry], state: SessionState
) -> PastAlarm:
    ids = {rule.id for rule in rules}
    done = (
        entry.payload.get("words", "")
        for entry in state.of(Kind.alarm_acknowledged)
        if not ids.isdisjoint(entry.payload.get("rules", ()))
    )
    return PastAlarm(
        hazard=hazard,
        title=max(rules, key=lambda rule: (rule.urgency, rule.dose, rule.id)).title,
        dose=max(rule.dose for rule in rules),
        began_at=min(began[rule.id].at for rule in rules),
        done=tuple(dict.fromkeys(words for words in done if words)),
    )
