"""Alarms, due readings and the gate before the dose."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.monitoring_cases import CASES, PREPARED, VITALS, values
from tests.unit.rules.session_log import INFUSION, SPRAY, Device, at, infusion
from vernal.knowledge.monitoring import rule, rules
from vernal.rules.conditions import Unknown
from vernal.rules.findings import Level
from vernal.rules.sessions import (
    Alarms,
    DoseAction,
    Kind,
    Order,
    Timetable,
    Urgency,
    alarms,
    criteria,
    due_times,
    form_facts,
    is_silent,
    may_start_dose,
    order_facts,
    preparation,
    score_times,
    session_facts,
    timetable_for,
)

D = Decimal
HERE = {"route": "iv", "indication": "trd"}
CALM = {
    **VITALS,
    "respiratory_rate_per_min": 14,
    **dict.fromkeys(("rise_systolic_mmhg", "rise_diastolic_mmhg"), 10),
}


def sounding(route: str = "iv", indication: str = "trd", **facts: object) -> Alarms:
    return alarms(values(facts), rules(), route=route, indication=indication)


# Alarms


@pytest.mark.parametrize("sign", ["chest_pain", "neurological_deficit", "vision_loss"])
@pytest.mark.parametrize("route", ["iv", "nasal", "sublingual", "im", "oral", "sc"])
def test_sign_of_organ_danger_stops_the_dose_at_any_pressure(sign: str, route: str) -> None:
    found = sounding(route, **CALM, **{sign: True})

    first = found.sounding[0]
    assert (first.hazard, first.urgency) == ("organ_danger", Urgency.emergency)
    assert first.stops_dose
    assert found.dose == DoseAction.stop
    assert {"MON-014", "MONA-02"} <= {id_ for id_, _ in first.rules}


def test_symptoms_nobody_asked_about_do_not_silence_a_high_pressure() -> None:
    found = sounding(systolic_mmhg=185)

    assert [alarm.hazard for alarm in found.sounding] == ["pressure"]
    assert found.dose == DoseAction.pause
    open_ = next(each for each in found.unjudged if each.hazard == "organ_danger")
    assert open_.dose == DoseAction.stop
    assert "chest_pain" in open_.needs


def test_one_hazard_gives_one_alarm_told_by_the_strictest_rule() -> None:
    found = sounding(spo2_percent=88, respiratory_rate_per_min=14)

    breathing = [alarm for alarm in found.sounding if alarm.hazard == "breathing"]
    assert [alarm.title for alarm in breathing] == ["Oxygen below 90 %"]
    assert [id_ for id_, _ in breathing[0].rules] == ["MON-018-emergency", "MON-018"]
    assert len(set(breathing[0].steps)) == len(breathing[0].steps)


def test_alarms_come_strictest_first() -> None:
    found = sounding(anxiety_0_10=8, moaas=1, cadss=9, dissociation_0_10=8)

    urgencies = [alarm.urgency for alarm in found.sounding]
    assert urgencies == sorted(urgencies, reverse=True)
    assert found.sounding[0].hazard == "sedation"


def test_threshold_itself_is_not_above_it() -> None:
    assert sounding(**CALM).sounding == ()
    assert sounding().dose == DoseAction.go_on


def test_rule_on_a_route_it_was_not_read_for_is_ours() -> None:
    nasal = sounding("nasal", breathlessness=True).sounding[0]
    elsewhere = sounding("iv", breathlessness=True).sounding[0]

    assert (nasal.standing, elsewhere.standing) == ("verified", "house")


def test_cap_of_one_mg_per_kg_is_for_mood_and_not_for_pain() -> None:
    mood = sounding(dose_given_mg_per_kg=D("1.4"))
    pain = sounding(indication="chronic_pain", dose_given_mg_per_kg=D("1.4"))

    assert "pump" in [alarm.hazard for alarm in mood.sounding]
    assert "pump" not in [alarm.hazard for alarm in pain.sounding]


ALARM_CASES = [case for case in CASES if rule(case.rule).kind == "alarm"]


@pytest.mark.slow
@given(st.sampled_from(ALARM_CASES), st.data())
def test_removing_facts_never_turns_an_alarm_into_silence(
    case: object, data: st.DataObject
) -> None:
    facts = values({**CALM, **case.speaks})
    kept = data.draw(st.sets(st.sampled_from(sorted(facts))))
    where = {"route": case.route, "indication": case.indication}
    phases = frozenset({rule(case.rule).phase})

    full = alarms(facts, rules(), **where, phases=phases)
    part = alarms({name: facts[name] for name in kept}, rules(), **where, phases=phases)

    for alarm in full.sounding:
        told = [*part.sounding, *part.unjudged]
        same = [each for each in told if each.hazard == alarm.hazard]
        assert max(each.urgency for each in same) >= alarm.urgency
        assert max(each.dose for each in same) >= alarm.dose


def test_symptom_stays_until_it_is_denied() -> None:
    device = infusion()
    device.add(Kind.symptom, 10, answers={"chest_pain": True})
    early, late = session_facts(device.state(11)), session_facts(device.state(300))
    device.add(Kind.symptom, 301, answers={"chest_pain": False})

    assert early["chest_pain"] is True
    assert late["chest_pain"] is True
    assert session_facts(device.state(302))["chest_pain"] is False


# Facts of a session


def test_rise_is_counted_from_the_mean_baseline() -> None:
    facts = session_facts(infusion().state(45))

    assert facts["baseline_systolic_mmhg"] == 122
    assert facts["rise_systolic_mmhg"] == 16
    assert facts["percent_of_baseline_diastolic_mmhg"] == D(9000) / 81
    assert facts["baseline_readings_taken"] == 2
    assert facts["baseline_gap_min"] == 5
    assert facts["on_air"] is True
    assert facts["minutes_since_start"] == 45
    assert facts["minutes_since_end"] == 5
    assert facts["minutes_since_reading"] == 15


def test_value_lasts_when_two_close_readings_show_it() -> None:
    device = infusion()
    device.reading(40, 150, 92)
    device.reading(70, 182, 101)
    apart = session_facts(device.state(71))
    device.reading(75, 185, 99)

    assert apart["sustained_systolic_mmhg"] == Unknown.of("systolic_mmhg")
    assert session_facts(device.state(76))["sustained_systolic_mmhg"] == 182


def test_what_the_log_does_not_say_is_unknown() -> None:
    facts = session_facts(Device().state(0))

    for name in ("systolic_mmhg", "moaas", "chest_pain", "minutes_since_end", "escort_here"):
        assert facts[name] == Unknown.of(name)
    assert facts["dose_running"] is False
    assert facts["nurse_signed"] is False
    assert "minutes_since_end" not in {
        name
        for name, value in session_facts(infusion(until=None).state(10)).items()
        if not isinstance(value, Unknown)
    }


def test_old_values_and_denials_are_unknown_when_they_must_be_fresh() -> None:
    device = infusion()
    device.add(Kind.score, 40, scale="moaas", value=5)
    device.add(Kind.symptom, 40, answers={"chest_pain": False, "vomiting": True})
    device.add(Kind.checklist, 40, answers={"oriented": True, "walks_steadily": "unknown"})

    fresh = session_facts(device.state(60), fresh_for=timedelta(minutes=30))
    stale = session_facts(device.state(120), fresh_for=timedelta(minutes=30))

    assert (fresh["moaas"], fresh["chest_pain"], fresh["oriented"]) == (5, False, True)
    assert fresh["walks_steadily"] == Unknown.of("walks_steadily")
    for name in ("moaas", "chest_pain", "oriented", "systolic_mmhg", "on_air"):
        assert stale[name] == Unknown.of(name)
    assert stale["vomiting"] is True


def test_scores_are_compared_with_those_before_the_dose() -> None:
    device = infusion()
    device.add(Kind.score, -5, scale="cadss", value=2)
    device.add(Kind.score, 50, scale="cadss", value=7)
    device.add(Kind.score, 51, scale="mood")
    device.add(Kind.score, 52, scale="moaas", value=4)

    facts = session_facts(device.state(60))

    assert facts["cadss_used"] is True
    assert facts["cadss_above_baseline"] == 5
    assert facts["moaas"] == 4


def test_vomiting_twice_is_repeated() -> None:
    device = infusion()
    device.add(Kind.symptom, 5, answers={"panic": False})
    never_asked = session_facts(device.state(6))
    device.add(Kind.symptom, 10, answers={"vomiting": True})
    once = session_facts(device.state(11))
    device.add(Kind.symptom, 20, answers={"vomiting": True})

    assert never_asked["vomiting_repeated"] == Unknown.of("vomiting")
    assert once["vomiting_repeated"] is False
    assert session_facts(device.state(21))["vomiting_repeated"] is True


def test_two_people_sign_and_only_after_the_last_drug() -> None:
    device = infusion()
    sign = {"meaning": "discharge"}
    device.add(Kind.signature, -1, author="nurse-1", role="nurse", **sign)
    before = session_facts(device.state(50))
    device.add(Kind.signature, 100, author="both", role="nurse", **sign)
    device.add(Kind.signature, 101, author="both", role="clinician", **sign)
    alone = session_facts(device.state(102))
    device.add(Kind.signature, 103, author="doctor-1", role="clinician", **sign)
    device.add(Kind.signature, 104, author="doctor-2", meaning="record", role="clinician")

    assert before["nurse_signed"] is False
    assert (alone["nurse_signed"], alone["clinician_signed"]) == (True, False)
    assert session_facts(device.state(105))["clinician_signed"] is True


def test_escort_needs_name_and_telephone() -> None:
    device = Device()
    device.add(Kind.escort, 0, name="A. Roe", telephone="307", is_here=False)
    named = session_facts(device.state(1))
    device.add(Kind.escort, 2, name="A. Roe")

    assert (named["escort_named"], named["escort_here"]) == (True, False)
    assert session_facts(device.state(3))["escort_named"] is False


# Due readings

EVERY_TEN = Timetable(10, 15, (30,), at_end=True, rules=())


def dues(
    device: Device, minute: float, timetable: Timetable = EVERY_TEN
) -> list[tuple[float, str]]:
    return [
        ((due.at - at(0)) / timedelta(minutes=1), due.status)
        for due in due_times(timetable, device.state(minute))
    ]


def running(*readings: float) -> Device:
    device = Device()
    device.add(Kind.checked_in, -20)
    device.reading(-10)
    device.add(Kind.dose_started, 0, **INFUSION)
    for minute in readings:
        device.reading(minute)
    return device


def test_nothing_is_due_before_drug() -> None:
    device = Device()
    device.reading(-10)

    assert dues(device, 0) == []
    assert not is_silent(EVERY_TEN, device.state(0))


def test_next_reading_is_one_interval_after_the_last() -> None:
    assert dues(running(), 5) == [(10, "next")]
    assert dues(running(8), 9) == [(18, "next")]


def test_reading_is_overdue_after_interval_and_sixty_seconds() -> None:
    device = running()

    assert dues(device, 11) == [(10, "due"), (20, "next")]
    assert not is_silent(EVERY_TEN, device.state(11))
    assert dues(device, 11.02) == [(10, "overdue"), (20, "next")]
    assert is_silent(EVERY_TEN, device.state(11.02))


def test_device_that_slept_shows_every_missed_time_as_overdue() -> None:
    every_five = replace(EVERY_TEN, during_every_min=5, at_min=())

    assert dues(running(5), 22, every_five) == [
        (10, "overdue"),
        (15, "overdue"),
        (20, "overdue"),
        (25, "next"),
    ]


def test_late_reading_leaves_what_was_missed_behind() -> None:
    assert dues(running(25), 26) == [(10, "missed"), (20, "missed"), (35, "next")]


def test_fixed_minute_and_end_are_due_unless_a_reading_was_near() -> None:
    only_fixed = Timetable(None, None, (30,), at_end=True, rules=())
    device = running(10)
    device.add(Kind.dose_stopped, 40, reason="finished")

    assert dues(device, 20, only_fixed) == []
    assert dues(device, 28, only_fixed) == [(30, "next")]
    assert dues(device, 42, only_fixed) == [(30, "overdue"), (40, "overdue")]
    device.reading(43)
    assert dues(device, 44, only_fixed) == [(30, "missed")]


def test_interval_is_longer_after_the_dose() -> None:
    device = running(10, 20, 30)
    device.add(Kind.dose_stopped, 40, reason="finished")
    device.reading(41)

    assert dues(device, 45) == [(56, "next")]


def test_ended_session_shows_what_was_missed_and_nothing_ahead() -> None:
    device = running(10, 20, 30, 40)
    device.add(Kind.dose_stopped, 40, reason="finished")
    device.add(Kind.transferred, 60, to="ED", reason="x", by="ambulance", handed_over_to="medic")

    assert dues(device, 90) == [(55, "missed")]
    assert not is_silent(EVERY_TEN, device.state(90))


def test_timetable_is_the_strictest_that_applies() -> None:
    known = values({"age_years": 40, "takes_maoi": False, "takes_stimulant": False})
    older = {**known, "age_years": D(60)}

    usual = timetable_for(known, rules(), **HERE)
    assert (usual.during_every_min, usual.after_every_min) == (10, 15)
    assert usual.at_min == (30,)
    assert usual.at_end
    assert timetable_for(older, rules(), **HERE).during_every_min == 5
    assert timetable_for({}, rules(), **HERE).during_every_min == 5


def test_nasal_spray_is_read_at_forty_minutes() -> None:
    spray = timetable_for({}, rules(), route="nasal", indication="trd")
    sedation = timetable_for({}, rules(), route="nasal", indication="trd", measure="sedation")

    assert spray.at_min == (40,)
    assert spray.after_every_min == 15
    assert sedation.during_every_min == 15


def test_single_dose_counts_as_after_the_dose() -> None:
    device = Device()
    device.add(Kind.checked_in, -5)
    device.add(Kind.dose_given, 0, **SPRAY)

    assert dues(device, 5, replace(EVERY_TEN, at_end=False)) == [(15, "next")]


def test_saturation_alone_is_no_pressure() -> None:
    device = running()
    device.add(Kind.reading, 8, spo2_percent=97)

    assert dues(device, 9) == [(10, "next")]


def test_scores_have_due_times_of_their_own() -> None:
    device = running(10)
    device.add(Kind.score, 8, scale="moaas", value=5)
    device.add(Kind.score, 9, scale="anxiety_0_10", value=2)
    state = device.state(12)

    found = due_times(
        Timetable(15, 15, (), at_end=False, rules=()), state, taken=score_times(state, "moaas")
    )

    assert [due.at for due in found] == [at(23)]


# The order beside the log

ORDER = Order(D(70), D(35), D("52.5"), D(70), first_session=False)


def test_order_and_log_are_compared_in_decimals() -> None:
    facts = order_facts(infusion(until=None).state(40), ORDER)

    assert facts == {
        "first_session": False,
        "planned_dose_mg_per_kg": D("0.5"),
        "dose_given_mg_per_kg": D("0.5"),
        "rate_above_ordered_percent": 0,
        "dose_above_protocol_cap": False,
    }


def test_cap_itself_is_not_above_it_and_a_fast_pump_alarms() -> None:
    full = Device()
    full.add(Kind.dose_started, 0, **{**INFUSION, "planned_dose_mg": 70})
    at_cap = order_facts(full.state(80), ORDER)
    fast = order_facts(infusion(until=None).state(10), replace(ORDER, rate_mg_per_h=D(50)))

    assert (at_cap["dose_given_mg_per_kg"], at_cap["dose_above_protocol_cap"]) == (1, False)
    assert "pump" not in [alarm.hazard for alarm in alarms(at_cap, rules(), **HERE).sounding]
    assert fast["rate_above_ordered_percent"] == 5
    faster = order_facts(infusion(until=None).state(10), replace(ORDER, rate_mg_per_h=D(49)))
    assert "pump" in [alarm.hazard for alarm in alarms(faster, rules(), **HERE).sounding]


def test_what_was_not_ordered_is_unknown() -> None:
    facts = order_facts(infusion().state(50), Order(None, None, None, None, first_session=None))

    assert all(value == Unknown.of(name) for name, value in facts.items())
    with pytest.raises(ValueError, match="above zero"):
        replace(ORDER, weight_kg=D(0))


@pytest.mark.parametrize(
    ("changes", "most"),
    [
        ({}, 35),
        ({"cap_mg": D(30)}, 30),
        ({"cap_mg": None}, None),
        ({"planned_dose_mg": None}, None),
    ],
)
def test_the_most_of_a_session_is_the_order_or_its_cap(changes, most) -> None:
    assert replace(ORDER, **changes).most_mg == most


# Before the dose

READY_TO_START = values(
    {
        **PREPARED,
        **VITALS,
        "baseline_readings_taken": 2,
        "baseline_gap_min": 5,
        "weight_measured_today": True,
        "phq9_item9": 0,
        "phq9_rise": 0,
        "chart_complete": True,
        "first_session": False,
        "planned_dose_mg_per_kg": D("0.5"),
    }
)


def start(facts: object, signed: tuple[str, ...] = ()) -> object:
    return may_start_dose(facts, rules(), **HERE, signed=signed)


def test_dose_may_start_when_everything_is_there() -> None:
    check = start(READY_TO_START)

    assert check.may_start
    assert check.needs == frozenset()


def test_comfort_items_show_and_do_not_block() -> None:
    check = start({**READY_TO_START, "light_ready": False})

    assert [found.condition for found in check.findings.found] == ["MON-001-light"]
    assert check.may_start
    assert all(item.level == Level.caution for item in check.findings.unjudged)


@pytest.mark.parametrize("fact", sorted(READY_TO_START))
def test_unknown_blocks_and_names_what_is_needed(fact: str) -> None:
    facts = {name: value for name, value in READY_TO_START.items() if name != fact}
    check = start(facts)

    if fact in {"planned_dose_mg_per_kg", "first_session"}:  # the other one settles the rule
        assert check.may_start
    else:
        assert fact in check.needs
        assert not check.may_start


def test_pressure_above_the_gate_waits_for_a_signed_note() -> None:
    high = {**READY_TO_START, "systolic_mmhg": D(141)}

    assert [each.condition for each in start(high).blocking] == ["MON-003"]
    assert start(high, signed=("MON-003",)).may_start


def test_bar_without_override_and_unknown_cannot_be_signed_away() -> None:
    wrong = {**READY_TO_START, "identity_confirmed": False}
    unknown = {name: v for name, v in READY_TO_START.items() if name != "systolic_mmhg"}

    assert not start(wrong, signed=("MON-001-identity",)).may_start
    assert not start(unknown, signed=("MON-003",)).may_start


def test_intent_blocks_until_a_clinician_has_evaluated_and_signed() -> None:
    facts = {**READY_TO_START, "suicidal_intent_or_plan_since_last_visit": True}

    assert not start(facts).may_start
    assert start(facts, signed=("MON-001-suicidal",)).may_start


def test_preparation_asks_each_question_once() -> None:
    asked = [each.id for each in preparation(rules(), **HERE)]

    assert len(asked) == len(set(asked)) == 15
    nasal = [each.id for each in preparation(rules(), route="nasal", indication="trd")]
    assert "MON-001-fasting" not in nasal


def open_on_the_form(device: Device, minute: float) -> list[str]:
    facts = form_facts(device.state(minute))
    found = criteria(facts, rules(), blocks="sign_off", route="nasal", indication="trd")
    return [each.id for each in found if each.status != "met"]


def test_form_of_the_spray_is_filled_in_from_the_log() -> None:
    device = Device()
    device.reading(-10)
    assert form_facts(device.state(-5))["pressures_on_form"] == 1
    device.add(Kind.dose_given, 0, **SPRAY)
    device.reading(41)
    half = open_on_the_form(device, 60)
    fix = device.add(Kind.dose_given, 5, **SPRAY, lot="L2")
    device.add(Kind.correction, 6, corrects=fix.id, reason="one device only")
    first = device.events[1]
    device.add(
        Kind.correction, 61, corrects=first.id, reason="lot", replacement={**SPRAY, "lot": "L1"}
    )
    device.reading(115)
    names = ("benzodiazepine", "sedative", "stimulant", "maoi", "vitals_before", "vitals_end")
    answers = dict.fromkeys([f"form_{name}" for name in names], False)
    device.add(Kind.checklist, 118, answers={**answers, "form_ready_minutes": 75})

    assert half == ["MON-033", "MONA-07", "MONA-08", "MONA-09", "MONA-11", "MONA-12"]
    assert open_on_the_form(device, 119) == ["MONA-09"]
    assert open_on_the_form(device, 120) == []


def test_answer_cannot_stand_in_for_a_clock_or_a_measurement() -> None:
    device = infusion(until=None)
    device.add(
        Kind.checklist, 10, answers={"minutes_since_end": 200, "moaas": 5, "fasting_followed": True}
    )

    facts = session_facts(device.state(11))

    assert facts["minutes_since_end"] == Unknown.of("minutes_since_end")
    assert facts["moaas"] == Unknown.of("moaas")
    assert facts["fasting_followed"] is True


def test_form_of_the_spray_is_signed_off_when_complete() -> None:
    found = criteria({}, rules(), blocks="sign_off", route="nasal", indication="trd")

    assert {each.status for each in found} == {"unknown"}
    assert criteria({}, rules(), blocks="sign_off", **HERE) == ()
