"""What people do in an alarm: keys of one closed list, so that two alarms say the same thing once.

The order is that of doing: look at the patient, call, treat, then what can wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Look = Literal["look", "ask", "pulse", "stay"]
Call = Literal["call_emergency", "call_rescue", "call_clinician", "call_if"]
Breathe = Literal["airway", "oxygen", "ventilate", "position"]
Calm = Literal["calm", "calming_medicine"]
Medicine = Literal["pressure_medicine", "nausea_medicine"]
CanWait = Literal["check_cuff", "check_probe", "check_pump", "ecg", "watch", "record"]
Do = Literal[Look, Call, Breathe, Calm, Medicine, CanWait, "other"]
# One line each, in order; what a line holds is said one after the other.
LINES: tuple[tuple[Do, ...], ...] = tuple(
    get_args(line) for line in (Look, Call, Breathe, Calm, Medicine, CanWait)
)
CALLS: frozenset[Do] = frozenset({"call_emergency", "call_rescue", "call_clinician"})


@dataclass(frozen=True)
class Step:
    """One thing to do, in words. `other` means the same as nothing else."""

    say: str
    do: Do = "other"


def in_order(steps: Iterable[Step]) -> tuple[str, ...]:
    """One line for each kind of doing. Of several steps with one key the first counts, so they come
    strictest first; whoever is called anyway is not called "if"."""
    said: dict[Do, str] = {}
    others: dict[str, None] = {}
    for step in steps:
        if step.do == "other":
            others[step.say] = None
        else:
            said.setdefault(step.do, step.say)
    if said.keys() & CALLS:
        said.pop("call_if", None)
    lines = (" ".join(said[do] for do in line if do in said) for line in LINES)
    return (*(line for line in lines if line), *others)
