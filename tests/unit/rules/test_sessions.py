"""The session log: nothing is lost, nothing counts twice, and order of arrival is no matter."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.rules.session_log import (
    DRUG,
    FIGURES,
    INFUSION,
    NINE,
    SESSION,
    SPRAY,
    Device,
    at,
    infusion,
)
from vernal.rules.sessions import (
    ENDED,
    FIELDS,
    MEANING,
    MOVES,
    Event,
    Kind,
    State,
    Vial,
    canonical,
    check_payload,
    close_out,
    content,
    diagram,
    fold,
    may_move,
    vials,
)
from vernal.rules.sessions.states import GIVES_DRUG, MOVING, after

D = Decimal


def event(**changes: object) -> Event:
    whole = {
        "id": UUID(int=7),
        "session_id": SESSION,
        "kind": Kind.note,
        "payload": {"words": "calm"},
        "device_id": "bed-1",
        "sequence": 1,
        "device_at": NINE,
        "monotonic_ms": 0,
        "author": "nurse-1",
    }
    return Event(**(whole | changes))


# The one byte form


def test_canonical_form_is_pinned() -> None:
    told = event(
        kind=Kind.reading,
        payload={"spo2_percent": D("97.50"), "systolic_mmhg": 120},
        device_at=datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=1))),
        received_at=NINE,
    )

    assert canonical(told) == (
        b"vernal-event-1\n"
        b'{"author":"nurse-1","corrects":null,"device_at":"2026-03-02T09:00:00.000000+00:00",'
        b'"device_id":"bed-1","device_offset_min":60,"entered_offline":false,'
        b'"id":"00000000-0000-0000-0000-000000000007","kind":"reading","monotonic_ms":0,'
        b'"payload":{"spo2_percent":"97.5","systolic_mmhg":"120"},"previous_hash":null,'
        b'"received_at":"2026-03-02T09:00:00.000000+00:00","sequence":1,'
        b'"session_id":"00000000-0000-0000-0000-000000000001"}'
    )


def test_text_and_number_of_one_value_have_the_same_bytes() -> None:
    as_number = event(kind=Kind.rate_changed, payload={"rate_mg_per_h": D("52.50"), "reason": "x"})
    as_text = event(kind=Kind.rate_changed, payload={"rate_mg_per_h": "52.5", "reason": "x"})

    assert canonical(as_number) == canonical(as_text)


@pytest.mark.parametrize(
    "changes",
    [
        {"author": "nurse-2"},
        {"payload": {"words": "restless"}},
        {"payload": {"words": "calm", "list": ["a", UUID(int=2), None, NINE, {"b": D(0)}]}},
        {"sequence": 2},
        {"device_at": NINE.astimezone(timezone(timedelta(hours=-7)))},
        {"entered_offline": True},
    ],
)
def test_every_change_of_what_the_device_said_changes_content(changes: dict[str, object]) -> None:
    assert content(event()) != content(event(**changes))


def test_receipt_and_chain_are_hashed_but_are_not_content() -> None:
    stored = event(received_at=NINE, previous_hash="ab", hash="cd")

    assert content(stored) == content(event())
    assert canonical(stored) != canonical(event())
    assert canonical(stored) == canonical(dataclasses.replace(stored, hash=None))


def test_float_is_refused_in_a_payload() -> None:
    with pytest.raises(TypeError, match="float has no canonical form"):
        canonical(event(payload={"rate": 52.5}))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"device_at": datetime(2026, 3, 2)}, "device_at needs a time zone"),  # noqa: DTZ001
        ({"received_at": datetime(2026, 3, 2)}, "received_at needs a time zone"),  # noqa: DTZ001
        ({"sequence": -1}, "count up from 0"),
        ({"monotonic_ms": -1}, "count up from 0"),
        ({"corrects": UUID(int=3)}, "name the event"),
        ({"kind": Kind.sealed}, "name the event"),
    ],
)
def test_impossible_event_is_refused(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        event(**changes)


# Payloads


GOOD: dict[Kind, dict[str, object]] = {
    Kind.checked_in: {},
    Kind.checklist: {"answers": {"identity_confirmed": True, "minutes": 5, "share": "0.5"}},
    Kind.escort: {"name": "A. Roe", "telephone": "307", "is_here": True},
    Kind.reading: {"spo2_percent": 97, "happened_at": "2026-03-02T09:00:00+00:00"},
    Kind.score: {"scale": "moaas", "value": 5},
    Kind.symptom: {"answers": {"chest_pain": False}},
    Kind.effect: {"effect": "nausea", "severity": "2", "asked_at": "session_end"},
    Kind.dose_started: INFUSION,
    Kind.rate_changed: {"rate_mg_per_h": 40, "reason": "distress"},
    Kind.dose_stopped: {"reason": "finished"},
    Kind.dose_resumed: {"rate_mg_per_h": 40, "reason": "calm again"},
    Kind.dose_given: {"dose_mg": 56, "route": "nasal", "drug": "esketamine"},
    Kind.hold_ended: {"then": "swallowed"},
    Kind.dosing_finished: {},
    Kind.intervention: {"what": "oxygen", "words": "2 L"},
    Kind.alarm_acknowledged: {"rules": ["MON-012"], "words": "slowed"},
    Kind.vial_counted: {
        "vial": "A",
        "drawn_mg": 50,
        "given_mg": 35,
        "wasted_mg": 15,
        "returned_mg": 0,
    },
    Kind.concentration: {
        "analyte": "ketamine",
        "conc_ng_per_ml": "158.5",
        "matrix": "venous_plasma",
        "taken_at": "2026-03-02T09:40:00+00:00",
    },
    Kind.note: {"words": " calm "},
    Kind.signature: {"meaning": "discharge", "role": "nurse"},
    Kind.discharged: {"to": "A. Roe", "advice_given": True},
    Kind.left_against_advice: {
        "reason": "child at school",
        "risks_explained": True,
        "clinician_told": "Dr B",
        "left_with": "taxi",
        "telephone": "307",
    },
    Kind.transferred: {"to": "ED", "reason": "x", "by": "ambulance", "handed_over_to": "medic"},
    Kind.session_stopped: {"reason": "pressure"},
    Kind.device_taken_over: {"from_device": "bed-1", "reason": "battery"},
    Kind.correction: {"reason": "typing error"},
    Kind.sealed: {"reason": "wrong patient"},
}


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_fields_and_a_payload_that_passes(kind: Kind) -> None:
    assert kind in FIELDS
    assert check_payload(kind, GOOD[kind]).errors == {}


@pytest.mark.parametrize(
    "kind", [kind for kind in Kind if any(each.required for each in FIELDS[kind])]
)
def test_empty_payload_names_what_is_missing(kind: Kind) -> None:
    errors = check_payload(kind, {}).errors

    required = {each.name for each in FIELDS[kind] if each.required}
    assert set(errors) == required
    assert all(sentence.endswith("is missing.") for sentence in errors.values())


WHOLE = "Oxygen saturation: write a whole number from 0 to 100 %, for example 50"


@pytest.mark.parametrize(
    ("kind", "payload", "name", "sentence"),
    [
        (
            Kind.reading,
            {"systolic_mmhg": "12x", "diastolic_mmhg": 80},
            "systolic_mmhg",
            "Systolic pressure: write a whole number from 0 to 350 mmHg, for example 175, "
            "not '12x'.",
        ),
        (
            Kind.dose_started,
            {"rate_mg_per_h": "fast"},
            "rate_mg_per_h",
            "Rate: write a number from 0.001 to 2000 mg/h in digits, with a point before "
            "decimals, not 'fast'.",
        ),
        (
            Kind.reading,
            {"systolic_mmhg": 1200, "diastolic_mmhg": 80},
            "systolic_mmhg",
            "between 0 and 350 mmHg",
        ),
        (Kind.reading, {"spo2_percent": "97.5"}, "spo2_percent", WHOLE + "."),
        (Kind.reading, {"spo2_percent": "high"}, "spo2_percent", WHOLE + ", not "),
        (Kind.reading, {"spo2_percent": 97.0}, "spo2_percent", WHOLE + ", not "),
        (Kind.reading, {"spo2_percent": "Infinity"}, "spo2_percent", WHOLE + ", not "),
        (Kind.reading, {"spo2_percent": "\u0669\u0667"}, "spo2_percent", WHOLE + ", not "),
        (Kind.reading, {"spo2_percent": "9_7"}, "spo2_percent", WHOLE + ", not "),
        (Kind.reading, {"spo2_percent": "9e1"}, "spo2_percent", WHOLE + ", not "),
        (Kind.reading, {"spo2_percent": True}, "spo2_percent", WHOLE + ", not "),
        (Kind.reading, {"spo2_percent": "97." + "0" * 4000}, "spo2_percent", "more than 20 digits"),
        (
            Kind.concentration,
            {**GOOD[Kind.concentration], "conc_ng_per_ml": "-1"},
            "conc_ng_per_ml",
            "between 0 and 1000000 ng/mL",
        ),
        (Kind.concentration, {**GOOD[Kind.concentration], "matrix": "hair"}, "matrix", "is one of"),
        (Kind.reading, {"oxygen_l_per_min": 2}, "systolic_mmhg", "at least one measured value"),
        (Kind.reading, {"systolic_mmhg": 120}, "diastolic_mmhg", "both pressures or none"),
        (Kind.reading, {"systolic_mmhg": 80, "diastolic_mmhg": 80}, "diastolic_mmhg", "check both"),
        (Kind.reading, {"spo2_percent": 97, "glucose": 5}, "glucose", "carries no glucose"),
        (Kind.score, {"scale": "moaas", "value": 6}, "value", "from 0 to 5"),
        (Kind.score, {"scale": "mood", "value": 3}, "scale", "is one of"),
        (Kind.escort, GOOD[Kind.escort] | {"is_here": "yes"}, "is_here", "yes or no"),
        (Kind.note, {"words": "   "}, "words", "is missing"),
        (Kind.note, {"words": "x" * 4001}, "words", "longer than 4000"),
        (
            Kind.note,
            {"words": "x", "happened_at": "yesterday"},
            "happened_at",
            "not a date and time",
        ),
        (Kind.note, {"words": "x", "happened_at": "2026-03-02T09:00"}, "happened_at", "time zone"),
        (Kind.symptom, {"answers": {}}, "answers", "nothing was answered"),
        (Kind.symptom, {"answers": {"Chest Pain": True}}, "answers", "not the name of a question"),
        (Kind.symptom, {"answers": {"chest_pain": None}}, "answers", "answered by yes, no"),
        (Kind.alarm_acknowledged, {"rules": [], "words": "x"}, "rules", "name at least one"),
        (Kind.alarm_acknowledged, {"rules": ["MON-012"], "words": "x"}, "words", "in words"),
        (Kind.alarm_acknowledged, {"rules": ["MON-012"], "words": "... 12"}, "words", "in words"),
        (Kind.correction, {"reason": "x", "replacement": "120"}, "replacement", "set of fields"),
        (
            Kind.correction,
            {"reason": "x", "replacement": {"a": 1}},
            "replacement",
            "not a correction or a seal",
        ),
        (
            Kind.effect,
            {**GOOD[Kind.effect], "began_at": at(5), "ended_at": at(4)},
            "ended_at",
            "before it began",
        ),
    ],
)
def test_wrong_payload_is_answered_in_words(
    kind: Kind, payload: dict[str, object], name: str, sentence: str
) -> None:
    assert sentence in check_payload(kind, payload).errors[name]


@pytest.mark.parametrize(
    ("kind", "payload", "left"),
    [
        (Kind.score, {"scale": "moaas", "value": 9, "mood": 1}, {"scale": "moaas"}),
        (Kind.score, {"scale": "moaas", "value": "?"}, {"scale": "moaas"}),
        (
            Kind.reading,
            {"systolic_mmhg": 80, "diastolic_mmhg": 120, "spo2_percent": 97},
            {"spo2_percent": 97},
        ),
        (
            Kind.reading,
            {"systolic_mmhg": 999, "diastolic_mmhg": 80, "spo2_percent": 97},
            {"spo2_percent": 97},
        ),
    ],
)
def test_what_is_wrong_is_not_handed_to_a_rule(
    kind: Kind, payload: dict[str, object], left: dict[str, object]
) -> None:
    assert check_payload(kind, payload).payload == left


def test_effect_may_end_after_it_began() -> None:
    payload = {**GOOD[Kind.effect], "began_at": at(4), "ended_at": at(5)}

    assert check_payload(Kind.effect, payload).payload["ended_at"] == at(5)


def test_replacement_is_checked_like_what_it_replaces() -> None:
    raw = {"reason": "typing error", "replacement": {"spo2_percent": 970}}

    errors = check_payload(Kind.correction, raw, corrects_kind=Kind.reading).errors

    assert list(errors) == ["replacement.spo2_percent"]


# Moves


def test_every_state_has_moves_and_a_meaning() -> None:
    assert set(MOVES) == set(MEANING) == set(State)
    assert {State.discharged, State.stopped, State.left_against_advice, State.transferred} == ENDED


def test_dosed_session_cannot_be_called_off_and_only_recovery_leads_home() -> None:
    assert not may_move(State.dosed, Kind.session_stopped)
    assert [state for state in State if may_move(state, Kind.discharged)] == [State.recovering]
    assert may_move(State.discharged, Kind.note)


def test_diagram_shows_every_move() -> None:
    moves = sum(len(moves) for moves in MOVES.values())

    assert diagram().count(" --> ") == moves + 1 + len(ENDED)


@pytest.mark.slow
@given(st.sampled_from(State), st.sampled_from(sorted(MOVING)))
def test_nothing_but_drug_leaves_an_end(state: State, kind: Kind) -> None:
    if state in ENDED:
        assert after(state, kind) == (State.dosed if kind in GIVES_DRUG else state)


@pytest.mark.slow
@given(st.lists(st.sampled_from(sorted(MOVING)), max_size=8))
def test_a_session_with_a_running_dose_has_never_ended(kinds: list[Kind]) -> None:
    device = Device()
    for minute, kind in enumerate(kinds):
        device.add(kind, minute, **GOOD.get(kind, {}))

    state = device.state(100)

    assert not state.dose.running or state.state == State.dosed
    assert (state.ended_at is not None) == (state.state in ENDED)


# The fold


def test_whole_infusion_goes_from_planned_to_discharged() -> None:
    device = infusion()
    device.add(Kind.discharged, 160, to="A. Roe", advice_given=True)

    states = [device.state(200).state]
    states += [
        fold(device.events[:count], now=at(200), figures=FIGURES).state for count in (0, 1, 4, 6)
    ]

    assert states == ["discharged", "planned", "checked_in", "dosed", "recovering"]
    assert device.state(200).ended_at == at(160)
    assert device.state(200).problems == ()


def test_dose_is_rate_times_time() -> None:
    state = infusion().state(60)

    assert state.dose.given_mg == D("35.000")
    assert not state.dose.running
    assert state.dose.last_end_at == at(40)
    assert state.dose.stopped_because == "finished"


def test_rate_change_pause_and_resumption_make_intervals() -> None:
    device = infusion(until=None)
    device.add(Kind.rate_changed, 20, rate_mg_per_h=30, reason="distress")
    device.add(Kind.dose_stopped, 30, reason="paused")
    device.add(Kind.rate_changed, 32, rate_mg_per_h=90, reason="not running: changes nothing")
    device.add(Kind.dose_resumed, 40, rate_mg_per_h=60, reason="calm again")

    dose = device.state(50).dose

    assert [each.rate_mg_per_h for each in dose.intervals] == [D("52.5"), D(30), D(60)]
    assert dose.given_mg == D("17.5") + D(5) + D(10)
    assert dose.rate_mg_per_h == 60
    assert dose.last_end_at is None
    assert device.state(50).state == State.dosed


def test_running_past_the_plan_shows() -> None:
    assert infusion(until=None).state(41).dose.past_plan
    assert not infusion(until=None).state(40).dose.past_plan
    assert not infusion().state(60).dose.past_plan
    assert infusion().state(60).dose.rate_mg_per_h == 0


def test_a_pump_gives_no_more_than_its_syringe_holds() -> None:
    forgotten, told_late = infusion(until=None).state(120).dose, infusion(until=90).state(120).dose

    assert (forgotten.given_mg, forgotten.on_paper_mg) == (D(35), D(105))
    assert forgotten.past_plan
    assert forgotten.last_end_at is None
    assert (told_late.given_mg, told_late.last_end_at) == (D(35), at(90))


def test_something_is_left_to_go_on_with_after_a_stop_before_the_end() -> None:
    paused = infusion(until=None)
    paused.add(Kind.dose_stopped, 20, reason="alarm")
    said_whole = infusion(until=39)

    assert paused.state(25).dose.is_left
    assert not infusion(until=None).state(19).dose.is_left
    assert not infusion().state(60).dose.is_left
    assert not said_whole.state(60).dose.is_left
    assert not Device().state(0).dose.is_left


def test_a_pause_lasts_until_somebody_says_how_it_goes_on() -> None:
    paused, alarmed, finished, resumed = (infusion(until=None) for _each in range(4))
    for device in (paused, finished, resumed):
        device.add(Kind.dose_stopped, 20, reason="paused")
    alarmed.add(Kind.dose_stopped, 20, reason="alarm")
    finished.add(Kind.dosing_finished, 25, reason="patient_asked")
    resumed.add(Kind.dose_resumed, 25, rate_mg_per_h=60, reason="Calm again")

    assert paused.state(30).dose.is_paused
    assert not alarmed.state(30).dose.is_paused
    assert not resumed.state(30).dose.is_paused
    after = finished.state(30)
    assert (after.dose.is_paused, after.dose.is_left) == (False, False)
    assert (after.dose.stopped_because, after.state) == ("patient_asked", State.recovering)


def test_the_whole_dose_by_another_word_is_no_pause() -> None:
    device = infusion(until=None)
    device.add(Kind.dose_stopped, 40, reason="paused")

    assert not device.state(45).dose.is_paused


def test_a_second_syringe_begins_anew() -> None:
    device = infusion()
    device.add(Kind.dose_started, 60, **{**INFUSION, "planned_dose_mg": 10})

    assert device.state(65).dose.given_mg == D("39.375")
    assert not device.state(65).dose.past_plan
    assert device.state(90).dose.given_mg == device.state(90).dose.planned_mg == 45
    assert device.state(90).dose.past_plan


def test_going_on_without_a_start_in_the_log_counts_by_the_clock() -> None:
    device = Device()
    device.add(Kind.dose_resumed, 0, rate_mg_per_h=60, reason="The start has not arrived")

    assert device.state(60).dose.given_mg == 60
    assert not device.state(60).dose.past_plan


@pytest.mark.parametrize(("until", "less"), [(36, True), (38, False), (40, False)])
def test_a_dose_is_clearly_less_beyond_the_minutes_that_start_and_end_are_told_to(
    until: float, less: bool
) -> None:
    assert infusion(until=until).state(60).dose.clearly_less is less


def test_without_a_planned_infusion_no_dose_is_called_less() -> None:
    assert not Device().state(0).dose.clearly_less
    spray = Device()
    spray.add(Kind.dose_given, 0, **SPRAY)
    assert not spray.state(1).dose.clearly_less


def test_single_doses_add_up() -> None:
    device = Device()
    device.add(Kind.checked_in, -5)
    device.add(Kind.dose_given, 0, dose_mg=28, route="nasal", drug="esketamine", lot="L1")
    device.add(Kind.dose_given, 5, dose_mg=28, route="nasal", drug="esketamine")
    device.add(Kind.dosing_finished, 6)

    state = device.state(10)

    assert state.dose.given_mg == 56
    assert (state.dose.first_at, state.dose.last_end_at) == (at(0), at(5))
    assert state.state == State.recovering


def test_what_lies_ahead_of_now_does_not_count() -> None:
    assert infusion().state(-1).dose.given_mg == 0


@pytest.mark.slow
@given(st.lists(st.integers(0, 200), min_size=2, max_size=6))
def test_dose_given_never_falls_with_time(minutes: list[int]) -> None:
    device = infusion(until=None)
    device.add(Kind.rate_changed, 20, rate_mg_per_h=10, reason="x")
    device.add(Kind.dose_stopped, 35, reason="paused")
    device.add(Kind.dose_resumed, 50, rate_mg_per_h=5, reason="x")
    device.add(Kind.dose_given, 60, dose_mg=3, route="iv", drug=DRUG)

    given_mg = [device.state(minute).dose.given_mg for minute in sorted(minutes)]

    assert given_mg == sorted(given_mg)


def busy_session() -> list[Event]:
    """Two devices, a late entry, corrections, a seal, a takeover, a torn payload."""
    first, second = infusion(), Device("bed-2", number=2, ahead=timedelta(minutes=3))
    wrong = first.reading(20, 183, 90)
    fix = first.add(
        Kind.correction,
        21,
        corrects=wrong.id,
        reason="typing error",
        replacement={"systolic_mmhg": 138, "diastolic_mmhg": 90},
    )
    first.add(Kind.correction, 22, corrects=fix.id, reason="mistaken")
    other = first.reading(23, 200, 120)
    first.add(Kind.sealed, 24, corrects=other.id, reason="wrong patient")
    first.add(Kind.symptom, 25, answers={"vomiting": True})
    second.add(
        Kind.device_taken_over, 26, from_device="bed-1", reason="battery", received_at=at(26.01)
    )
    second.reading(27, 131, 85, happened_at=(at(24) + timedelta(minutes=3)).isoformat())
    second.add(Kind.score, 28, scale="moaas", value=9)
    second.add(Kind.correction, 29, corrects=UUID(int=99), reason="not here yet")
    return [*first.events, *second.events]


@pytest.mark.slow
@given(st.permutations(busy_session()), st.data())
def test_order_of_arrival_and_repeats_make_no_difference(
    arrived: list[Event], data: st.DataObject
) -> None:
    repeats = data.draw(st.lists(st.sampled_from(arrived), max_size=5))

    assert fold([*arrived, *repeats], now=at(90), figures=FIGURES) == fold(
        busy_session(), now=at(90), figures=FIGURES
    )


@pytest.mark.slow
@given(st.integers(1, 20), st.data())
def test_correction_never_loses_the_original(count: int, data: st.DataObject) -> None:
    device = Device()
    original = device.reading(0, 183, 90)
    names = [original.id]
    for step in range(1, count + 1):
        replacement = {"systolic_mmhg": 120 + step, "diastolic_mmhg": 80}
        more = {"replacement": replacement} if data.draw(st.booleans()) else {}
        target = data.draw(st.sampled_from(names))
        names.append(device.add(Kind.correction, step, corrects=target, reason="x", **more).id)

    (entry,) = device.state(60).entries

    assert entry.event is original
    assert entry.event.payload["systolic_mmhg"] == 183
    assert len(entry.corrections) == count


def test_last_correction_counts_and_an_empty_one_strikes_out() -> None:
    device = Device()
    wrong = device.reading(0, 183, 90)
    device.add(
        Kind.correction,
        1,
        corrects=wrong.id,
        reason="x",
        replacement={"systolic_mmhg": 138, "diastolic_mmhg": 90},
    )
    corrected = device.state(5)
    device.add(Kind.correction, 2, corrects=wrong.id, reason="never measured")

    assert corrected.readings[0].values["systolic_mmhg"] == 138
    assert device.state(5).readings == ()
    assert device.state(5).entries[0].struck_out


def test_correction_that_makes_no_sense_leaves_the_value_and_shows() -> None:
    device = Device()
    right = device.reading(0)
    device.add(Kind.correction, 1, corrects=right.id, reason="x", replacement={"spo2_percent": 970})
    kept = Device(number=3)
    also = kept.reading(0)
    kept.add(Kind.correction, 1, corrects=also.id, reason="")

    assert [p.event_id for p in device.state(5).problems] == [right.id]
    assert device.state(5).last_reading.values["systolic_mmhg"] == 120
    assert kept.state(5).last_reading.values["systolic_mmhg"] == 120
    assert len(kept.state(5).problems) == 1


def test_senseless_correction_leaves_the_one_before_it_standing() -> None:
    device = Device()
    wrong = device.reading(0, 183, 90)
    right = {"systolic_mmhg": 138, "diastolic_mmhg": 90}
    device.add(Kind.correction, 1, corrects=wrong.id, reason="typing error", replacement=right)
    device.add(Kind.correction, 2, corrects=wrong.id, reason="x", replacement={"spo2_percent": 970})

    state = device.state(5)

    assert state.last_reading.values["systolic_mmhg"] == 138
    assert len(state.problems) == 1


def test_sealed_entry_leaves_every_view_with_its_corrections() -> None:
    device = Device()
    other = device.reading(0, 200, 120)
    fix = device.add(
        Kind.correction, 1, corrects=other.id, reason="x", replacement={"spo2_percent": 97}
    )
    second = device.add(Kind.correction, 2, corrects=fix.id, reason="y")
    device.add(Kind.sealed, 3, corrects=other.id, reason="wrong patient")

    state = device.state(5)

    assert state.entries == ()
    assert state.readings == ()
    assert state.sealed == {other.id, fix.id, second.id}


def test_sealed_correction_no_longer_applies() -> None:
    device = Device()
    right = device.reading(0, 120, 80)
    fix = device.add(Kind.correction, 1, corrects=right.id, reason="x")
    device.add(Kind.sealed, 2, corrects=fix.id, reason="meant another patient")

    assert device.state(5).last_reading.values["systolic_mmhg"] == 120


def test_correction_of_something_that_has_not_arrived_waits_and_shows() -> None:
    device = Device()
    device.add(Kind.correction, 0, corrects=UUID(int=99), reason="x")
    circle = event(id=UUID(int=50), kind=Kind.correction, corrects=UUID(int=50), payload={})

    assert "has not arrived" in device.state(5).problems[0].sentence
    assert "has not arrived" in fold([circle], now=at(5), figures=FIGURES).problems[0].sentence


def test_one_id_with_two_contents_shows_a_problem_whatever_the_order() -> None:
    one, other = event(), event(payload={"words": "restless"})

    states = [fold(both, now=at(5), figures=FIGURES) for both in ([one, other], [other, one])]

    assert states[0] == states[1]
    assert "same id" in states[0].problems[0].sentence


def test_copy_with_a_receipt_wins_over_the_copy_on_the_device() -> None:
    stored = event(received_at=NINE)

    assert fold([event(), stored], now=at(5), figures=FIGURES).entries[0].event.received_at == NINE
    assert fold([stored, event()], now=at(5), figures=FIGURES).entries[0].event.received_at == NINE


def test_drug_without_a_check_in_is_dosed_all_the_same() -> None:
    device = Device()
    device.add(Kind.dose_started, 0, **INFUSION)

    state = device.state(10)

    assert state.state == State.dosed
    assert state.dose.running
    assert "does not follow" in state.problems[0].sentence


def test_event_that_does_not_follow_moves_nothing_and_shows() -> None:
    device = Device()
    device.add(Kind.discharged, 0, to="A. Roe", advice_given=True)

    assert device.state(10).state == State.planned
    assert len(device.state(10).problems) == 1


def test_drug_after_what_looks_like_an_end_opens_the_session_again_and_shows() -> None:
    ended = infusion()
    ended.add(Kind.transferred, 50, to="ED", reason="x", by="ambulance", handed_over_to="medic")
    ended.add(Kind.dose_given, 55, **SPRAY)

    state = ended.state(60)

    assert (state.state, state.ended_at) == (State.dosed, None)
    assert state.dose.given_mg == 91
    assert "does not follow on transferred" in state.problems[0].sentence


@pytest.mark.parametrize(
    "kind", [Kind.left_against_advice, Kind.transferred, Kind.dosing_finished, Kind.session_stopped]
)
def test_no_entry_ends_a_session_while_an_infusion_runs(kind: Kind) -> None:
    device = infusion(until=None)
    device.add(kind, 9, entered_offline=True, **GOOD[kind])

    assert device.state(10).state == State.dosed
    assert len(device.state(10).problems) == 1

    device.add(Kind.dose_stopped, 11, reason="alarm")
    assert device.state(12).state == State.recovering


def test_a_session_called_off_before_a_dose_that_was_given_is_open() -> None:
    device = infusion(until=None)
    device.add(Kind.session_stopped, -1, entered_offline=True, reason="Ate")

    assert (device.state(10).state, device.state(10).ended_at) == (State.dosed, None)


def test_torn_payloads_show_and_do_no_harm() -> None:
    device = Device()
    for kind in (Kind.dose_started, Kind.dose_given, Kind.rate_changed, Kind.dose_resumed):
        device.add(kind, 1)
    device.add(Kind.vial_counted, 2, vial="A")
    device.add(Kind.dose_stopped, 3)

    state = device.state(10)

    assert state.dose.given_mg == 0
    assert state.dose.first_at is None
    assert state.problems
    assert vials(state) == ()


# Baseline


def test_baseline_is_the_mean_of_the_last_two_readings_before_the_dose() -> None:
    device = Device()
    device.reading(-30, 150, 96)
    device.reading(-15, 124, 82)
    device.reading(-10, 121, 80)
    device.add(Kind.dose_started, 0, **INFUSION)
    device.reading(10, 160, 99)

    baseline = device.state(20).baseline

    assert baseline == {"systolic_mmhg": D("122.5"), "diastolic_mmhg": D(81)}


def test_baseline_of_one_reading_is_that_reading() -> None:
    device = Device()
    device.reading(-10, 121, 80)

    assert device.state(0).baseline["systolic_mmhg"] == 121
    assert Device().state(0).baseline == {}
    assert Device().state(0).last_reading is None


# Clocks


def test_clock_two_hours_off_changes_no_interval() -> None:
    straight, off = infusion(), Device(ahead=timedelta(hours=-2))
    for told in straight.events:
        minute = (told.device_at - NINE) / timedelta(minutes=1)
        off.add(told.kind, minute, received_at=told.device_at, **told.payload)

    state = off.state(60)

    assert state.dose.given_mg == D("35.000")
    assert state.dose.last_end_at == at(40)
    assert [(note.kind, note.by) for note in state.clocks] == [("skew", timedelta(hours=-2))]


def test_small_skew_is_left_alone_and_is_not_shown() -> None:
    device = Device(ahead=timedelta(seconds=29))
    device.reading(0, received_at=at(0))

    assert device.state(5).clocks == ()
    assert device.state(5).last_reading.at == at(0) + timedelta(seconds=29)


def test_late_arrival_of_offline_entries_is_no_skew_but_a_fast_clock_is() -> None:
    late = Device()
    late.reading(0, received_at=at(30), entered_offline=True)
    fast = Device(ahead=timedelta(minutes=5))
    fast.reading(0, received_at=at(1), entered_offline=True)

    assert late.state(40).clocks == ()
    assert fast.state(40).clocks[0].by == timedelta(minutes=4)


def test_jump_of_the_wall_clock_keeps_intervals_and_shows() -> None:
    device = Device()
    device.add(Kind.checked_in, -5)
    device.add(Kind.dose_started, 0, **INFUSION)
    device.add(Kind.dose_stopped, 40, reason="finished", device_at=at(160))

    state = device.state(200)

    assert state.dose.given_mg == D("35.000")
    assert [(note.kind, note.by) for note in state.clocks] == [("jump", timedelta(hours=2))]


@pytest.mark.parametrize("first_after_sleep_is_offline", [False, True])
def test_monotonic_time_that_stood_still_in_sleep_is_found_by_the_next_contact(
    first_after_sleep_is_offline: bool,
) -> None:
    device = Device()
    device.add(Kind.dose_started, 0, received_at=at(0), **INFUSION)
    slept = {"monotonic_ms": 150 * 60_000}
    offline = {"entered_offline": True, "received_at": at(44)}
    contact = offline if first_after_sleep_is_offline else {"received_at": at(40)}
    device.add(Kind.dose_stopped, 40, reason="finished", **slept, **contact)
    device.reading(45, received_at=at(45), monotonic_ms=155 * 60_000)

    state = device.state(60)

    assert state.dose.given_mg == D("35.000")
    assert [(note.kind, note.by) for note in state.clocks] == [("slept", timedelta(minutes=10))]


def test_jump_is_believed_to_be_one_when_the_next_contact_shows_it() -> None:
    device = Device()
    device.add(Kind.dose_started, 0, received_at=at(0), **INFUSION)
    device.add(Kind.dose_stopped, 40, reason="finished", device_at=at(160), received_at=at(40))

    assert device.state(60).dose.given_mg == D("35.000")
    assert [note.kind for note in device.state(60).clocks] == ["jump"]


def with_contacts() -> Device:
    """An infusion whose every entry was received at once."""
    device = Device()
    for told in infusion().events:
        minute = (told.device_at - NINE) / timedelta(minutes=1)
        device.add(told.kind, minute, received_at=told.device_at, **told.payload)
    return device


def test_a_count_that_ran_ahead_moves_nothing_and_shows() -> None:
    device = with_contacts()
    ahead = {"monotonic_ms": (45 + 120 + 180) * 60_000}
    device.add(Kind.note, 45, words="Woke", received_at=at(45), **ahead)

    state = device.state(50)

    assert state.dose.first_at == at(0)
    assert state.dose.last_end_at == at(40)
    assert state.entries[-1].at == at(45)
    assert [(note.kind, note.by) for note in state.clocks] == [("raced", timedelta(hours=-3))]


def test_one_contact_hours_ahead_moves_no_other_entry() -> None:
    device = with_contacts()
    ahead = {"monotonic_ms": (45 + 120 + 180) * 60_000, "device_at": at(45 + 180)}
    device.add(Kind.note, 45, words="Woke", received_at=at(45), **ahead)

    assert device.state(50).dose.last_end_at == at(40)


def test_two_late_contacts_move_no_start() -> None:
    """Both notes lay on the device until minute 39: its clock looks 39 minutes slow."""
    device = Device()
    device.add(Kind.dose_started, 0, received_at=at(0), **INFUSION)
    device.add(Kind.note, 0.1, words="x", received_at=at(39))
    device.add(Kind.note, 0.2, words="x", received_at=at(39.5))

    state = device.state(40)

    assert state.dose.first_at == at(0)
    assert state.dose.given_mg == D("35.000")
    assert [each.at for each in state.entries] == [at(0), at(39), at(39.1)]


def test_what_arrived_out_of_order_keeps_the_order_of_its_device() -> None:
    device = Device(ahead=timedelta(minutes=9))
    device.add(Kind.note, 0, words="x", received_at=at(0))
    device.reading(1, received_at=at(1))
    device.reading(2, received_at=at(30))
    device.reading(2.1, received_at=at(2.1), monotonic_ms=150 * 60_000)

    times = [each.at for each in sorted(device.state(40).entries, key=lambda e: e.event.sequence)]

    assert times == sorted(times)


def test_a_time_told_for_the_future_is_no_later_than_the_server_knew_it() -> None:
    device = infusion(until=None)
    told = device.reading(5, 121, 80, received_at=at(5), happened_at=at(300))
    device.reading(10, 215, 130, received_at=at(10))
    assert [each.at for each in device.state(12).readings[-2:]] == [at(10), at(30)]

    device.add(
        Kind.correction,
        12,
        corrects=told.id,
        reason="Later",
        received_at=at(12),
        replacement={"systolic_mmhg": 121, "diastolic_mmhg": 80, "happened_at": at(300)},
    )

    moved = next(each for each in device.state(12).entries if each.event.id == told.id)
    assert moved.at == at(12)


def test_what_is_being_made_is_judged_by_the_time_it_tells() -> None:
    device = infusion(until=None)
    told = device.reading(5, happened_at=at(300))

    entry = next(each for each in device.state(6).entries if each.event.id == told.id)

    assert entry.at == at(300)


@pytest.mark.parametrize("minute", [2, 39])
def test_what_was_sent_at_once_is_watched_from_when_the_server_had_it(minute: float) -> None:
    """A stop with an old time of its device: the record follows the device, the watch does not."""
    device, other = infusion(until=None), Device(name="bed-2", number=2)
    other.add(Kind.note, 1, words="x", received_at=at(1))
    other.add(Kind.dose_stopped, minute, reason="finished", received_at=at(40))
    state = device.state(60, other.events)

    assert state.dose.last_end_at == at(minute)
    assert state.watched.last_end_at == at(40)


@pytest.mark.parametrize(("has_met", "watched_from"), [(True, 40), (False, 55)])
def test_without_network_the_watch_goes_by_a_clock_that_the_server_has_seen(
    has_met: bool, watched_from: float
) -> None:
    device, other = infusion(until=None), Device(name="bed-2", number=2)
    if has_met:
        other.add(Kind.note, 1, words="x", received_at=at(1))
    late = {"received_at": at(55), "entered_offline": True}
    other.add(Kind.dose_stopped, 40, reason="finished", **late)

    assert device.state(60, other.events).watched.last_end_at == at(watched_from)


def test_restarted_device_goes_on_from_its_wall_clock_and_never_back() -> None:
    device = Device()
    device.reading(0)
    device.reading(10, monotonic_ms=0)
    device.reading(11, monotonic_ms=60_000, device_at=at(11))
    device.reading(12, monotonic_ms=0, device_at=at(-60))

    times = [reading.at for reading in device.state(20).readings]

    assert times == [at(0), at(10), at(11), at(11)]


def test_late_entry_counts_at_the_time_the_nurse_gave() -> None:
    device = infusion(until=None)
    device.add(
        Kind.dose_stopped, 45, reason="finished", happened_at=at(40).astimezone(UTC).isoformat()
    )

    assert device.state(60).dose.given_mg == D("35.000")


def test_daylight_change_keeps_intervals() -> None:
    before = datetime(2026, 3, 8, 1, 50, tzinfo=timezone(timedelta(hours=-7)))
    after_change = datetime(2026, 3, 8, 3, 30, tzinfo=timezone(timedelta(hours=-6)))
    device = Device()
    device.add(Kind.checked_in, 0, device_at=before, monotonic_ms=0)
    device.add(Kind.dose_started, 0, device_at=before, monotonic_ms=0, **INFUSION)
    device.add(
        Kind.dose_stopped, 0, device_at=after_change, monotonic_ms=40 * 60_000, reason="finished"
    )

    state = fold(device.events, now=after_change, figures=FIGURES)

    assert state.dose.given_mg == D("35.000")
    assert state.clocks == ()


# The close-out sum


def counted(**changes: object) -> Vial:
    whole = {"vial": "A", "drawn_mg": D(50), "given_mg": D(35), "wasted_mg": D("14.9")}
    return Vial(**({**whole, "returned_mg": D("0.1"), "witness": "nurse-2"} | changes))


def test_vial_that_adds_up_is_no_discrepancy() -> None:
    assert close_out([counted()]) == ()


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"drawn_mg": D("50.1")}, ["Vial A: 0.1 mg cannot be accounted for."]),
        ({"drawn_mg": D("49.9")}, ["Vial A: 0.1 mg more left the vial than was drawn."]),
        ({"witness": ""}, ["Vial A: 14.9 mg were wasted without a witness."]),
    ],
)
def test_discrepancy_is_told_and_blocks_nothing(
    changes: dict[str, object], sentences: list[str]
) -> None:
    assert [each.sentence for each in close_out([counted(**changes)])] == sentences


def test_amount_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        counted(wasted_mg=D(-1))


def test_vial_counted_again_replaces_its_count() -> None:
    device = Device()
    amounts = {"given_mg": 35, "wasted_mg": 15, "returned_mg": 0, "witness": "nurse-2"}
    device.add(Kind.vial_counted, 1, vial="A", drawn_mg=55, **amounts)
    device.add(Kind.vial_counted, 2, vial="A", drawn_mg=50, **amounts)

    assert close_out(vials(device.state(5))) == ()
