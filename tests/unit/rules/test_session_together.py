"""Several alarms at once ask for one thing: the strictest for the dose, the earliest reading."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import get_args

from vernal.knowledge.facts import facts as known
from vernal.knowledge.monitoring import rules
from vernal.rules.conditions import Unknown
from vernal.rules.sessions import Alarms, DoseAction, Timetable, alarms
from vernal.rules.sessions.doing import LINES, Do, Step, in_order
from vernal.rules.sessions.monitoring import Urgency
from vernal.rules.sessions.together import hastened, together

D = Decimal
SILENCE = Alarms((), ())


def sounding(**facts: object) -> Alarms:

    everything = {name: Unknown.of(name) for name in known()} | facts
    return alarms(everything, rules(), route="iv", indication="trd")


def high_pressure() -> Alarms:
    """One that slows and says 3 minutes, one that pauses and says 5."""
    return sounding(
        systolic_mmhg=D(185), diastolic_mmhg=D(96), rise_systolic_mmhg=D(65), anxiety_0_10=D(8)
    )


def test_of_slow_and_pause_only_the_pause_is_said() -> None:
    found = together(high_pressure(), dose_running=True)

    assert found is not None
    assert found.dose == DoseAction.pause
    assert found.dose_step == "Pause the infusion."
    assert not [step for step in found.steps if "Halve" in step or "Slow" in step]


def test_the_next_reading_is_the_earliest_that_any_asks_for() -> None:
    found = together(high_pressure(), dose_running=True)

    assert found is not None
    assert found.read_again_min == 3
    assert not [step for step in found.steps if "minutes." in step and "Measure" in step]


def test_nothing_is_done_to_a_dose_that_has_stopped() -> None:
    found = together(high_pressure(), dose_running=False)

    assert found is not None
    assert found.dose_step == ""
    assert found.urgency == Urgency.call


def test_what_two_alarms_ask_is_asked_once() -> None:
    found = together(
        sounding(chest_pain=True, spo2_percent=D(85), respiratory_rate_per_min=D(6)),
        dose_running=True,
    )

    assert found is not None
    assert found.dose_step.startswith("Stop")
    assert " ".join(found.steps).count("Call emergency services.") == 1


def test_two_emergencies_are_six_lines_in_the_order_of_doing() -> None:
    found = together(
        sounding(
            chest_pain=True,
            systolic_mmhg=D(190),
            diastolic_mmhg=D(122),
            rise_systolic_mmhg=D(70),
            spo2_percent=D(85),
            anxiety_0_10=D(8),
        ),
        dose_running=True,
    )

    assert found is not None
    assert [line.split(".")[0] for line in found.steps] == [
        "Look at the patient",
        "Call emergency services",
        "Open the airway",
        "Calm the patient",
        "The prescriber gives labetalol or nicardipine by the order set",
        "Check the cuff",
    ]
    assert found.steps[1] == "Call emergency services. Call the clinician for help."
    assert "Stay with the patient." in found.steps[0]


def test_the_same_doing_is_said_once_in_the_words_of_the_strictest() -> None:
    steps = [
        Step("Call the prescriber.", "call_clinician"),
        Step("Note the time."),
        Step("Call the clinician.", "call_clinician"),
        Step("Call if it is frightening.", "call_if"),
        Step("Look.", "look"),
        Step("Note the time."),
    ]

    assert in_order(steps) == ("Look.", "Call the prescriber.", "Note the time.")
    assert in_order(steps[3:5]) == ("Look.", "Call if it is frightening.")


def test_every_key_of_doing_has_its_line_and_every_alarm_of_the_dose_its_keys() -> None:
    placed = [do for line in LINES for do in line]

    assert sorted(placed) == sorted({*get_args(Do)} - {"other"})
    for rule in rules():
        if rule.kind == "alarm" and rule.phase == "during":
            assert not [step for step in rule.doing if step.do == "other"], rule.id


def test_an_alarm_that_is_over_keeps_drug_away_and_asks_for_no_steps() -> None:
    over = replace(high_pressure().sounding[0], over=True)

    found = together(Alarms((over,), ()), dose_running=False)

    assert found is not None
    assert (found.dose, found.steps, found.read_again_min) == (DoseAction.pause, (), None)


def test_silence_asks_for_nothing() -> None:
    table = Timetable(10, 15, (), at_end=True, rules=())

    assert together(SILENCE, dose_running=True) is None
    assert hastened(table, SILENCE) is table


def test_the_timetable_follows_the_alarms() -> None:
    usual, none = Timetable(10, 2, (), True, ()), Timetable(None, None, (), True, ())

    fast = hastened(usual, high_pressure())
    from_none = hastened(none, high_pressure())

    assert (fast.during_every_min, fast.after_every_min) == (3, 2)
    assert (from_none.during_every_min, from_none.after_every_min) == (3, 3)


def test_every_alarm_that_touches_the_dose_says_how_and_never_twice() -> None:
    for rule in rules():
        if rule.kind == "alarm" and rule.dose > DoseAction.go_on:
            assert rule.dose_step
            assert not [step for step in rule.steps if "infusion" in step or "pump" in step]
