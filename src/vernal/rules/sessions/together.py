"""What all alarms that sound ask for together: one thing for the dose, then what to do, in order.

Each alarm alone may say "slow" and another "stop", or "in 5 minutes" and "in 3": read one after the
other they contradict each other. The strictest counts, and is said once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from vernal.rules.sessions.doing import in_order
from vernal.rules.sessions.monitoring import Alarms, DoseAction, Timetable, Urgency


@dataclass(frozen=True)
class Together:
    """`dose` is what a running dose needs, `dose_step` the same in words, `dose_running` whether
    one does. `steps` are what people do beside it, in order; the next reading follows within
    `read_again_min` (None: at its usual time)."""

    urgency: Urgency
    dose: DoseAction
    dose_running: bool
    dose_step: str
    steps: tuple[str, ...]
    read_again_min: int | None


def together(alarms: Alarms, *, dose_running: bool) -> Together | None:
    """Of everything that sounds; None in silence. What is done to a dose is said while one runs.

    An alarm that is over waits for the word of what was done; it keeps drug away, and asks for
    nothing else.
    """
    sounding = alarms.sounding
    if not sounding:
        return None
    for_the_dose = [each.dose_step for each in sounding if each.dose == alarms.dose]
    return Together(
        urgency=max(each.urgency for each in sounding),
        dose=alarms.dose,
        dose_running=dose_running,
        dose_step=next((each for each in for_the_dose if each and dose_running), ""),
        steps=in_order(step for each in sounding if not each.over for step in each.steps),
        read_again_min=read_again_min(alarms),
    )


def read_again_min(alarms: Alarms) -> int | None:
    """The shortest time to the next reading that any alarm asks for."""
    asked = (each.read_again_min for each in alarms.sounding if not each.over)
    return min((each for each in asked if each is not None), default=None)


def hastened(timetable: Timetable, alarms: Alarms) -> Timetable:
    """The timetable as it is while alarms sound: never slower than any of them asks."""
    most = read_again_min(alarms)
    if most is None:
        return timetable
    during, after = timetable.during_every_min, timetable.after_every_min
    return replace(
        timetable,
        during_every_min=most if during is None else min(during, most),
        after_every_min=most if after is None else min(after, most),
    )
