"""The one thing to do next, through a visit from the door to the way home."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.unit.rules.session_log import INFUSION, SPRAY, Device, at, infusion
from vernal.knowledge.monitoring import rules
from vernal.rules.conditions import facts_used
from vernal.rules.discharge import DischargeCheck
from vernal.rules.findings import Finding, Findings, Level, Unjudged
from vernal.rules.sessions import Alarms, Due, Kind, StartCheck
from vernal.rules.sessions.gates import Criterion
from vernal.rules.sessions.monitoring import Alarm, DoseAction, Urgency
from vernal.rules.sessions.next_action import NextAction, next_action

QUIET = Alarms((), ())
OPEN = StartCheck(Findings((), ()), frozenset())


def closed(*blocking: Finding | Unjudged) -> StartCheck:
    found = tuple(each for each in blocking if isinstance(each, Finding))
    unjudged = tuple(each for each in blocking if isinstance(each, Unjudged))
    return StartCheck(Findings(found, unjudged), frozenset())


def finding(condition: str) -> Finding:
    return Finding(condition, condition, Level.bar, ((condition, 1),), "", "", (), "house", "none")


def unjudged(*needs: str) -> Unjudged:
    return Unjudged("gate", "A gate", Level.bar, (("gate", 1),), frozenset(needs), "none")


def criterion(status: str, *needs: str, id: str = "c") -> Criterion:
    return Criterion(id, 1, f"Open {id}", status, "", (), frozenset(needs), (), "house")


def now(device: Device, minute: float, **changes: object) -> NextAction:
    given = {
        "alarms": QUIET,
        "due": (),
        "scores_due": (),
        "start": OPEN,
        "discharge": DischargeCheck((criterion("not_met"),)),
        "unanswered": (),
        "infusion": True,
        "left_mg": Decimal(0),
        "asks": {each.id: facts_used(each.when) for each in rules() if each.when},
    }
    return next_action(device.state(minute), **{**given, **changes})


def arrived() -> Device:
    device = Device()
    device.add(Kind.checked_in, -20)
    return device


def test_before_anyone_is_here():
    assert now(Device(), 0) == NextAction(Kind.checked_in, "arrived")


def test_the_checklist_comes_before_the_dose():
    assert now(arrived(), 0, unanswered=["fasting_followed"]).kind == Kind.checklist


@pytest.mark.parametrize(
    ("start", "kind", "why"),
    [
        (OPEN, Kind.dose_started, "may_start"),
        (closed(unjudged("systolic_mmhg")), Kind.reading, "baseline"),
        (closed(finding("MON-003-readings")), Kind.reading, "baseline"),
        (closed(finding("MON-003")), None, "gates_closed"),
        (closed(unjudged("consent_signed")), None, "gates_closed"),
    ],
)
def test_what_keeps_the_dose_waiting(start: StartCheck, kind: Kind | None, why: str):
    found = now(arrived(), 0, start=start)

    assert (found.kind, found.why) == (kind, why)


def test_under_the_tongue_a_dose_is_given():
    assert now(arrived(), 0, infusion=False).kind == Kind.dose_given


@pytest.mark.parametrize(
    ("action", "why"), [(DoseAction.pause, "pause"), (DoseAction.stop, "alarm")]
)
def test_an_alarm_that_stops_the_dose_comes_first(action: DoseAction, why: str):
    alarm = Alarm("x", "Chest pain", Urgency.emergency, action, (), (), "", (), (), "house")
    late = (Due(at(10), "overdue"),)

    found = now(infusion(until=None), 15, alarms=Alarms((alarm,), ()), due=late)

    assert found == NextAction(Kind.dose_stopped, why, "Chest pain")


def test_an_alarm_after_the_dose_does_not_stop_what_has_stopped():
    alarm = Alarm("x", "Pain", Urgency.emergency, DoseAction.stop, (), (), "", (), (), "house")

    assert now(infusion(), 50, alarms=Alarms((alarm,), ())).kind != Kind.dose_stopped


def slowing() -> Alarms:
    alarm = Alarm("x", "Pressure", Urgency.call, DoseAction.slow, (), (), "", (), (), "house")
    return Alarms((alarm,), ())


def test_an_alarm_that_slows_the_dose_asks_for_another_rate_once():
    device = infusion(until=None)
    assert now(device, 31, alarms=slowing()) == NextAction(Kind.rate_changed, "slow", "Pressure")

    device.add(Kind.rate_changed, 31, rate_mg_per_h="20", reason="Pressure")
    assert now(device, 32, alarms=slowing()).why == "wait"

    device.reading(33, 150, 95)
    assert now(device, 34, alarms=slowing()).why == "slow"


def test_a_slowed_dose_that_was_never_measured_stays_slowed():
    device = Device()
    device.add(Kind.dose_started, 0, **INFUSION)
    device.add(Kind.rate_changed, 1, rate_mg_per_h="20", reason="Anxious")

    assert now(device, 2, alarms=slowing()).why == "wait"


def test_a_dose_that_has_stopped_is_not_slowed():
    assert now(infusion(), 50, alarms=slowing()).why != "slow"


def test_scores_that_are_late_come_after_readings():
    late, soon = (Due(at(10), "overdue"),), (Due(at(20), "due"),)
    device = infusion(until=None)

    assert now(device, 15, scores_due=late) == NextAction(Kind.score, "score")
    assert now(device, 15, scores_due=late, due=late).kind == Kind.reading
    assert now(device, 21, scores_due=soon).why == "wait"


def test_a_pump_past_its_dose_is_stopped():
    assert now(infusion(until=None), 45).why == "pump_is_empty"


@pytest.mark.parametrize("status", ["overdue", "due"])
def test_a_reading_that_is_due(status: str):
    assert now(infusion(until=None), 15, due=(Due(at(10), status),)) == NextAction(
        Kind.reading, status
    )


def test_while_all_is_well_one_waits():
    assert now(infusion(until=None), 5, due=(Due(at(10), "next"),)) == NextAction(None, "wait")


def test_a_held_dose_is_ended_then_finished():
    device = arrived()
    device.add(Kind.dose_given, 0, **SPRAY)
    assert now(device, 1, infusion=False).kind == Kind.hold_ended

    device.add(Kind.hold_ended, 5, then="swallowed")
    assert now(device, 6, infusion=False).kind == Kind.dosing_finished


@pytest.mark.parametrize(("left_mg", "why"), [("0", "all_in"), ("5", "more_or_finished")])
def test_more_is_asked_about_only_while_the_plan_leaves_something(left_mg: str, why: str):
    device = arrived()
    device.add(Kind.dose_given, 0, **SPRAY)
    device.add(Kind.hold_ended, 5, then="swallowed")

    found = now(device, 6, infusion=False, left_mg=Decimal(left_mg))

    assert found == NextAction(Kind.dosing_finished, why)


@pytest.mark.parametrize(
    ("open_", "kind"),
    [
        ([criterion("unknown", "aldrete")], Kind.score),
        ([criterion("unknown", "chest_pain")], Kind.symptom),
        ([criterion("unknown", "escort_named")], Kind.escort),
        ([criterion("unknown", "spo2_percent")], Kind.reading),
        ([criterion("not_met"), criterion("unknown", "oriented")], Kind.symptom),
        ([criterion("not_met")], None),
        ([criterion("unknown", "minutes_since_end")], None),
        ([criterion("not_met", id="MON-040-signed")], Kind.signature),
    ],
)
def test_what_is_open_before_going_home(open_: list[Criterion], kind: Kind | None):
    assert now(infusion(), 50, discharge=DischargeCheck(tuple(open_))).kind == kind


def test_with_every_criterion_met_the_patient_may_go():
    met = DischargeCheck((criterion("met"),))
    late = (Due(at(160), "overdue"),)

    assert now(infusion(), 170, discharge=met, scores_due=late) == NextAction(
        Kind.discharged, "may_go"
    )


def sounding(dose: DoseAction = DoseAction.pause, read_again_min: int | None = 3) -> Alarms:
    alarm = replace(slowing().sounding[0], dose=dose, read_again_min=read_again_min, answered=True)
    return Alarms((alarm,), ())


def test_while_paused_the_next_thing_is_to_measure_and_then_to_say_how_it_goes_on():
    device = infusion(until=None)
    device.add(Kind.dose_stopped, 20, reason="paused")
    met = DischargeCheck((criterion("met"),))
    late = (Due(at(15), "overdue"),)

    measure = now(device, 22, alarms=sounding())
    assert measure == NextAction(Kind.reading, "measure_again")
    asked = NextAction(Kind.dosing_finished, "paused")
    assert now(device, 22, scores_due=late) == asked
    assert now(device, 22, discharge=met, alarms=sounding(read_again_min=None)) == asked


def test_what_still_sounds_after_the_dose_is_measured_before_anybody_thinks_of_home():
    met = DischargeCheck((criterion("met"),))

    assert now(infusion(), 60, alarms=sounding()) == NextAction(Kind.reading, "measure_again")
    assert now(infusion(), 60, alarms=sounding(), discharge=met).why == "may_go"


def test_after_the_end_there_is_nothing_to_do():
    device = infusion()
    device.add(Kind.discharged, 170, to="Ash", advice_given=True)

    assert now(device, 171) == NextAction(None, "ended")


def test_the_drug_of_these_tests_is_an_infusion():
    assert INFUSION["planned_dose_mg"] == 35


def test_an_alarm_that_is_over_asks_for_the_word_of_what_was_done() -> None:
    over = replace(slowing().sounding[0], over=True, answered=False)

    assert now(infusion(), 50, alarms=Alarms((over,), ())) == NextAction(
        Kind.alarm_acknowledged, "answer", "Pressure"
    )
