"""A session told afterwards: its alarms with what was done, and how it ended."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.unit.rules.session_log import INFUSION, Device, at
from tests.unit.rules.test_session_answering import PAUSE, STOP, WATCH, answer, rule, running
from vernal.rules.conditions import Compare, Unknown
from vernal.rules.sessions import DoseAction, Kind, MonitoringRule, State, session_facts
from vernal.rules.sessions.afterwards import (
    STOP_ALARM,
    Afterwards,
    PastAlarm,
    afterwards,
    begins_last,
    stop_alarm,
)

CALL = rule("call", 150, dose=DoseAction.go_on)
PAIN = rule("pain", 0, when=Compare("chest_pain", "is", True), hazard="")
NOT_KNOWN = Unknown.of(STOP_ALARM)


def told(device: Device, *rules: MonitoringRule) -> Afterwards:
    return afterwards(
        device.state(600),
        session_facts,
        rules or (CALL, PAUSE, STOP, WATCH),
        route="iv",
        indication="trd",
    )


def calm() -> Device:
    device = running()
    device.reading(10)
    device.add(Kind.dose_stopped, 40, reason="finished")
    device.reading(50)
    return device


def test_the_newest_hopes_that_were_told_stay() -> None:
    device = calm()
    assert told(device).hopes == ""

    for minute, hopes in ((51, "Rest"), (52, "To sleep again"), (53, "")):
        words = {"hopes": hopes} if hopes else {}
        device.add(Kind.checklist, minute, answers={}, **words)

    assert told(device).hopes == "To sleep again"


def test_an_alarm_that_is_over_is_told_by_its_strictest_rule_with_what_was_done() -> None:
    device = running()
    device.reading(10, 155)
    device.reading(15, 185)
    answer(device, 16, "stop", "pause")
    answer(device, 17, "stop")
    device.add(Kind.alarm_acknowledged, 18, rules=["another"], words="Opened the window")
    device.reading(30)

    found = told(device)

    assert found.alarms == (
        PastAlarm("pressure", "stop", DoseAction.stop, at(10), ("Called Dr. Okafor",)),
    )
    assert found.alarms[0].holds_dose
    assert found.held_dose is True


def test_two_hazards_stand_in_the_order_in_which_they_began() -> None:
    device = running()
    device.add(Kind.symptom, 5, answers={"chest_pain": True})
    device.reading(10, 185)

    assert [each.hazard for each in told(device, STOP, PAIN).alarms] == ["pain", "pressure"]


def test_what_only_calls_is_told_and_holds_no_dose() -> None:
    device = calm()
    device.reading(60, 155)

    found = told(device)

    assert [(each.title, each.done, each.holds_dose) for each in found.alarms] == [
        ("call", (), False)
    ]
    assert found.held_dose is False


def test_what_is_only_watched_is_not_told() -> None:
    device = calm()
    device.reading(60, 140)

    assert told(device).alarms == ()


def test_without_a_reading_after_the_dose_began_an_alarm_is_not_ruled_out() -> None:
    assert told(running()).held_dose == NOT_KNOWN
    assert told(calm()).held_dose is False


def test_a_symptom_nobody_asked_about_is_not_ruled_out() -> None:
    device = calm()
    assert told(device, PAUSE, PAIN).held_dose == NOT_KNOWN

    device.add(Kind.symptom, 60, answers={"chest_pain": False})

    assert told(device, PAUSE, PAIN).held_dose is False


def test_an_alarm_before_the_dose_counts_and_a_session_without_drug_rules_itself_out() -> None:
    device = Device()
    device.add(Kind.checked_in, -20)
    device.reading(-10)
    assert told(device).held_dose is False

    device.reading(-5, 185)

    assert told(device).held_dose is True


def test_a_pump_above_the_order_between_two_readings_is_told() -> None:
    fast = rule("fast", 0, when=Compare("dose_given_mg", "above", Decimal(30)), hazard="pump")
    device = running()
    device.add(Kind.dose_stopped, 40, reason="finished")

    assert [each.began_at for each in told(device, fast).alarms] == [at(40)]


def test_the_dose_and_its_beginning_are_those_of_the_log() -> None:
    found = told(calm())

    assert (found.dose_at, found.given_mg) == (at(0), Decimal("35.000"))


def test_a_whole_dose_has_no_reason_for_its_end() -> None:
    ending = told(calm()).ending

    assert (ending.state, ending.stopped_because, ending.stop_words) == (State.recovering, "", "")
    assert ending.reason == ""


@pytest.mark.parametrize("because", ["alarm", "patient_asked", "other", "paused"])
def test_a_dose_cut_short_says_why(because) -> None:
    device = running()
    device.add(Kind.dose_stopped, 20, reason=because, words="Saturation fell")

    ending = told(device).ending

    assert (ending.stopped_because, ending.stop_words) == (because, "Saturation fell")


def test_a_dose_that_went_on_to_its_end_was_not_cut_short() -> None:
    device = running()
    device.add(Kind.dose_stopped, 10, reason="alarm")
    device.add(Kind.dose_resumed, 20, rate_mg_per_h="52.5", reason="Calm again")
    device.add(Kind.dose_stopped, 50, reason="finished")

    assert told(device).ending.stopped_because == ""


LEFT = {
    "reason": "Has to be home",
    "risks_explained": True,
    "clinician_told": "Dr. Okafor",
    "left_with": "Their sister, by car",
    "telephone": "307 555 0147",
}
TRANSFERRED = {
    "to": "The hospital",
    "reason": "Chest pain",
    "by": "Ambulance",
    "handed_over_to": "x",
}


@pytest.mark.parametrize(
    ("kind", "payload", "state", "reason"),
    [
        (Kind.left_against_advice, LEFT, State.left_against_advice, "Has to be home"),
        (Kind.transferred, TRANSFERRED, State.transferred, "Chest pain"),
    ],
)
def test_an_end_that_was_not_planned_says_why(kind, payload, state, reason) -> None:
    device = calm()
    device.add(kind, 60, **payload)

    ending = told(device).ending

    assert (ending.state, ending.reason) == (state, reason)


def test_a_session_without_a_dose_says_why() -> None:
    device = Device()
    device.add(Kind.checked_in, -20)
    device.add(Kind.session_stopped, -5, reason="Had breakfast")

    found = told(device)

    assert (found.dose_at, found.ending.state, found.ending.reason) == (
        None, State.stopped, "Had breakfast"
    )  # fmt: skip


def test_a_session_without_a_dose_does_not_hide_the_one_before() -> None:
    assert begins_last([]) == 0
    assert begins_last([False, False]) == 0
    assert begins_last([True, True, False]) == 1


def alarmed() -> Afterwards:
    device = running()
    device.reading(10, 185)
    return told(device)


def called_off() -> Afterwards:
    device = Device()
    device.add(Kind.session_stopped, -5, reason="Had breakfast")
    return told(device)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((), NOT_KNOWN),
        ((alarmed(),), True),
        ((alarmed(), called_off()), True),
        ((alarmed(), told(calm())), False),
        ((alarmed(), told(running())), NOT_KNOWN),
        ((told(running()), called_off()), NOT_KNOWN),
    ],
)
def test_whether_an_alarm_held_the_dose_is_asked_of_the_last_session(found, expected) -> None:
    assert stop_alarm(found) == expected


def test_a_running_infusion_is_told_as_far_as_it_came() -> None:
    device = running()
    device.reading(10)

    found = afterwards(device.state(20), session_facts, (PAUSE,), route="iv", indication="trd")

    assert found.ending.state == State.dosed
    assert 0 < found.given_mg < Decimal(INFUSION["planned_dose_mg"])
