"""The states of a session and the one table of moves between them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from vernal.rules.sessions.events import Kind
from vernal.words import Sentence as _


class State(StrEnum):
    planned = "planned"
    checked_in = "checked_in"
    dosed = "dosed"
    recovering = "recovering"
    discharged = "discharged"
    stopped = "stopped"
    left_against_advice = "left_against_advice"
    transferred = "transferred"


MEANING: Mapping[State, str] = {
    State.planned: "Nobody has arrived yet.",
    State.checked_in: "The patient is here; preparation and the check before the dose go on.",
    State.dosed: "Drug is being given, or was given and more may follow.",
    State.recovering: "The last dose is in; readings go on until every criterion is met.",
    State.discharged: "Went home with the escort after every criterion was met.",
    State.stopped: "No dose was given today.",
    State.left_against_advice: "Left before the criteria were met, knowing the risks.",
    State.transferred: "Handed over to other care, for example an ambulance.",
}

# What a state and what moves it are called inside a sentence.
SAID: Mapping[State, str] = {
    State.planned: _("planned"),
    State.checked_in: _("checked in"),
    State.dosed: _("dosed"),
    State.recovering: _("recovering"),
    State.discharged: _("discharged"),
    State.stopped: _("stopped"),
    State.left_against_advice: _("left against advice"),
    State.transferred: _("transferred"),
}
ENTRY: Mapping[Kind, str] = {
    Kind.checked_in: _("a check-in"),
    Kind.session_stopped: _("an end without a dose"),
    Kind.dose_started: _("a start of an infusion"),
    Kind.dose_resumed: _("going on with the dose"),
    Kind.dose_given: _("a single dose"),
    Kind.dose_stopped: _("a stop of the dose"),
    Kind.dosing_finished: _("the end of the dosing"),
    Kind.discharged: _("going home"),
    Kind.left_against_advice: _("leaving against advice"),
    Kind.transferred: _("a transfer"),
}

MOVES: Mapping[State, Mapping[Kind, State]] = {
    State.planned: {
        Kind.checked_in: State.checked_in,
        Kind.session_stopped: State.stopped,
    },
    State.checked_in: {
        Kind.dose_started: State.dosed,
        Kind.dose_given: State.dosed,
        Kind.session_stopped: State.stopped,
        Kind.left_against_advice: State.left_against_advice,
        Kind.transferred: State.transferred,
    },
    State.dosed: {
        Kind.dose_given: State.dosed,
        Kind.dose_stopped: State.recovering,
        Kind.dosing_finished: State.recovering,
        Kind.left_against_advice: State.left_against_advice,
        Kind.transferred: State.transferred,
    },
    State.recovering: {
        Kind.dose_started: State.dosed,
        Kind.dose_resumed: State.dosed,
        Kind.dose_given: State.dosed,
        Kind.dosing_finished: State.recovering,
        Kind.discharged: State.discharged,
        Kind.left_against_advice: State.left_against_advice,
        Kind.transferred: State.transferred,
    },
    State.discharged: {},
    State.stopped: {},
    State.left_against_advice: {},
    State.transferred: {},
}

ENDED = frozenset(state for state, moves in MOVES.items() if not moves)
MOVING = frozenset(kind for moves in MOVES.values() for kind in moves)
GIVES_DRUG = frozenset({Kind.dose_started, Kind.dose_resumed, Kind.dose_given})
# While an infusion runs nobody is gone and no dose is over: the stop comes first.
NEEDS_NO_RUNNING_DOSE = frozenset(
    {
        Kind.discharged,
        Kind.left_against_advice,
        Kind.transferred,
        Kind.dosing_finished,
        Kind.dose_given,
    }
)


def may_move(state: State, kind: Kind) -> bool:
    """Whether an event of this kind may be entered in this state; kinds that move nothing may."""
    return kind not in MOVING or kind in MOVES[state]


def after(state: State, kind: Kind) -> State:
    """The state after an event that happened.

    Drug that was given makes a session `dosed` even when the check-in has not arrived yet, and
    even after what looks like an end: the log can be wrong, the drug is in. Everything else follows
    the table.
    """
    if kind in MOVES[state]:
        return MOVES[state][kind]
    return State.dosed if kind in GIVES_DRUG else state


def diagram() -> str:
    """The table of moves as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", "    [*] --> planned"]
    lines += [
        f"    {state.value} --> {to.value}: {kind.value}"
        for state, moves in MOVES.items()
        for kind, to in moves.items()
    ]
    lines += [f"    {state.value} --> [*]" for state in State if state in ENDED]
    return "\n".join(lines)
