"""Which entries the log takes now, and why drug is not given: a reason for each."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.rules.session_log import INFUSION, SPRAY, Device, at, infusion
from vernal.rules.sessions import Alarms, Kind
from vernal.rules.sessions.allowed import why_no_more_drug, why_not_now
from vernal.rules.sessions.monitoring import Alarm, DoseAction, UnjudgedAlarm, Urgency

NOTE = {"words": "calm"}


def arrived() -> Device:
    device = Device()
    device.add(Kind.checked_in, -20)
    return device


def ended() -> Device:
    device = infusion()
    device.add(Kind.discharged, 170, to="Ash", advice_given=True)
    return device


@pytest.mark.parametrize("kind", [Kind.reading, Kind.checklist, Kind.symptom, Kind.signature])
def test_nothing_is_measured_before_the_patient_is_here(kind: Kind):
    assert "not been checked in" in why_not_now(Device().state(0), kind, {})


@pytest.mark.parametrize("kind", [Kind.checked_in, Kind.note, Kind.escort, Kind.session_stopped])
def test_what_may_come_before_the_patient(kind: Kind):
    assert why_not_now(Device().state(0), kind, {}) == ""


def test_a_rate_changes_only_while_an_infusion_runs():
    assert why_not_now(infusion(until=None).state(5), Kind.rate_changed, {}) == ""
    assert why_not_now(infusion().state(50), Kind.rate_changed, {}) == "No infusion is running."


def test_a_hold_ends_only_where_something_is_held():
    device = arrived()
    assert "held in the mouth" in why_not_now(device.state(0), Kind.hold_ended, {})

    device.add(Kind.dose_given, 0, **SPRAY)
    assert why_not_now(device.state(1), Kind.hold_ended, {}) == ""


@pytest.mark.parametrize(
    "kind", [Kind.left_against_advice, Kind.transferred, Kind.dosing_finished, Kind.dose_given]
)
def test_a_running_infusion_is_stopped_first(kind: Kind):
    assert "record its stop first" in why_not_now(infusion(until=None).state(5), kind, {})


def test_a_move_follows_the_table():
    assert why_not_now(infusion().state(50), Kind.discharged, {}) == ""
    assert "does not follow" in why_not_now(arrived().state(0), Kind.discharged, {})
    assert why_not_now(infusion().state(50), Kind.dose_stopped, {}) == "No dose is running."


def test_after_the_end_only_what_was_before_or_belongs_after():
    state = ended().state(200)

    assert "has ended" in why_not_now(state, Kind.reading, {})
    assert why_not_now(state, Kind.reading, {"happened_at": at(160)}) == ""
    assert "has ended" in why_not_now(state, Kind.reading, {"happened_at": at(180)})
    assert why_not_now(state, Kind.note, NOTE) == ""


@pytest.mark.parametrize("kind", [Kind.dose_started, Kind.dose_given, Kind.discharged])
def test_no_drug_and_no_discharge_without_the_servers_answer(kind: Kind):
    reason = why_not_now(arrived().state(0), kind, INFUSION, entered_offline=True)

    assert "only with the server's answer" in reason


@pytest.mark.parametrize("kind", [Kind.reading, Kind.dose_stopped, Kind.transferred])
def test_what_was_entered_offline_happened(kind: Kind):
    assert why_not_now(ended().state(200), kind, {}, entered_offline=True) == ""


def sounding(dose: DoseAction) -> Alarm:
    return Alarm("pressure", "Pressure", Urgency.call, dose, (), (), "", (), (), "house")


def unjudged(dose: DoseAction) -> UnjudgedAlarm:
    return UnjudgedAlarm("pressure", "Pressure", Urgency.call, dose, (), frozenset({"x"}))


@pytest.mark.parametrize(
    ("dose", "first", "more"),
    [
        (DoseAction.slow, 0, 0),
        (DoseAction.pause, 1, 2),
        (DoseAction.stop, 1, 2),
    ],
)
def test_what_sounds_closes_any_dose_and_what_is_open_a_second_one(
    dose: DoseAction, first: int, more: int
):
    found = Alarms((sounding(dose),), (unjudged(dose),))

    before = Device()
    before.reading(-5)

    assert len(why_no_more_drug(found, before.state(0))) == first
    assert len(why_no_more_drug(found, infusion().state(50))) == more


@pytest.mark.parametrize(
    ("needs", "again", "sentence"),
    [
        (["systolic_mmhg"], 5, "one reading does not tell. Take another, 5 minutes after the last"),
        (["systolic_mmhg"], None, "Take another, after the last one."),
        (["respiratory_rate_per_min"], 5, "not asked or measured yet. Take a reading."),
        (["moaas"], None, "not asked or measured yet. Score alertness and comfort."),
        (["chest_pain"], None, "not asked or measured yet. Ask about symptoms."),
        (["vomiting", "nausea_0_10"], None, "Score alertness and comfort. Ask about symptoms."),
        (["depth_exceeds_setting"], None, "not asked or measured yet. Ask about symptoms."),
        (["age_years"], None, "not asked or measured yet."),
    ],
)
def test_what_keeps_drug_away_says_what_to_enter(
    needs: list[str], again: int | None, sentence: str
) -> None:
    open_ = UnjudgedAlarm(
        *("x", "Pressure", Urgency.call, DoseAction.pause, (), frozenset(needs)),
        read_again_min=again,
    )

    (reason,) = why_no_more_drug(Alarms((), (open_,)), infusion().state(50))

    assert reason.startswith("Pressure: ")
    assert sentence in reason


def test_before_any_reading_one_is_taken() -> None:
    device = Device()
    device.add(Kind.dose_started, 0, **INFUSION)
    needs = frozenset({"systolic_mmhg"})
    open_ = UnjudgedAlarm("x", "Pressure", Urgency.call, DoseAction.pause, (), needs)

    (reason,) = why_no_more_drug(Alarms((), (open_,)), device.state(5))

    assert reason == "Pressure: not asked or measured yet. Take a reading."


def test_time_told_before_the_end_needs_an_end():
    device = infusion()
    state = device.state(50)

    assert state.ended_at is None
    assert why_not_now(state, Kind.reading, {"happened_at": at(0) - timedelta(minutes=1)}) == ""


def test_an_event_of_another_age_is_no_event():
    with pytest.raises(ValueError, match="no time at which a session could be"):
        Device().add(Kind.note, 0, words="x", device_at=at(0).replace(year=1999))
