"""How much drug may be in: telling of less makes no room for more."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.unit.rules.session_log import INFUSION, SPRAY, Device, at, infusion
from vernal.rules.sessions import Kind, Order
from vernal.rules.sessions.allowed import why_not_now
from vernal.rules.sessions.room import left_mg, most_given_mg, takes_drug_out

RATE = Decimal("52.5")


def running() -> Device:
    """35 mg at 52.5 mg/h from minute 0 on."""
    return infusion(until=None)


def most(device: Device, minute: float) -> Decimal:
    state = device.state(minute)
    return most_given_mg(state.entries, now=state.now)


def minutes_mg(minutes: float, rate: Decimal = RATE) -> Decimal:
    return (rate * Decimal(str(minutes)) / 60).quantize(Decimal("0.001"))


def test_a_stop_told_for_an_earlier_time_makes_no_room() -> None:
    device = running()
    device.add(Kind.dose_stopped, 20, reason="paused", happened_at=at(2))
    device.add(Kind.dose_stopped, 22, reason="paused", happened_at=at(3))

    assert device.state(25).dose.given_mg == minutes_mg(2)
    assert most(device, 25) == minutes_mg(20)


@pytest.mark.parametrize("offline", [True, False])
def test_a_stop_with_an_old_time_of_its_device_makes_no_room(offline) -> None:
    device, other = running(), Device(name="bed-2", number=2)
    other.add(Kind.note, 1, words="x", received_at=at(1))
    late = {"received_at": at(20), "entered_offline": offline}
    other.add(Kind.dose_stopped, 2, reason="paused", **late)
    state = device.state(25, other.events)

    assert state.dose.given_mg == minutes_mg(2)
    assert most_given_mg(state.entries, now=state.now) == minutes_mg(20)


def test_a_slower_rate_of_an_earlier_time_makes_no_room() -> None:
    device = running()
    device.add(Kind.rate_changed, 20, rate_mg_per_h="6", reason="Anxious", happened_at=at(2))

    assert device.state(30).dose.given_mg == minutes_mg(2) + minutes_mg(28, Decimal(6))
    assert most(device, 30) == minutes_mg(20) + minutes_mg(10, Decimal(6))


def test_a_faster_rate_counts_from_when_it_was() -> None:
    device = running()
    device.add(Kind.rate_changed, 10, rate_mg_per_h="60", reason="Calm", happened_at=at(2))

    assert most(device, 20) == minutes_mg(2) + minutes_mg(18, Decimal(60))


def test_a_stop_that_arrives_late_ends_nothing_that_began_since() -> None:
    device = running()
    device.add(Kind.dose_stopped, 10, reason="paused", received_at=at(30))
    device.add(Kind.dose_resumed, 12, rate_mg_per_h="52.5", reason="Calm", received_at=at(12))

    assert most(device, 20) == minutes_mg(20)
    assert most(device, 60) == minutes_mg(60)


def test_a_stop_entered_when_it_was_counts_at_once() -> None:
    device = infusion(until=20)
    device.add(Kind.dose_given, 30, **SPRAY)

    assert most(device, 40) == device.state(40).dose.given_mg == minutes_mg(20) + 56


def test_a_syringe_that_is_said_to_have_held_less_makes_no_room() -> None:
    device = Device()
    device.add(Kind.dose_started, 0, **{**INFUSION, "planned_dose_mg": 1})
    device.add(Kind.dose_stopped, 30, reason="finished")

    assert device.state(35).dose.given_mg == 1
    assert most(device, 35) == minutes_mg(30)


@pytest.mark.parametrize(
    ("changes", "less"),
    [
        ({}, False),
        ({"drug": "ketamine, lot 7"}, False),
        ({"planned_dose_mg": 36}, False),
        ({"planned_dose_mg": 34}, True),
        ({"rate_mg_per_h": "50"}, True),
        (None, True),
    ],
)
def test_a_smaller_syringe_or_a_slower_rate_takes_drug_out_of_the_record(changes, less) -> None:
    device = running()
    before = device.state(20).dose
    start = next(each for each in device.events if each.kind == Kind.dose_started)
    told = {} if changes is None else {"replacement": {**INFUSION, **changes}}
    device.add(Kind.correction, 20, reason="Typed wrongly", corrects=start.id, **told)

    assert takes_drug_out(before, device.state(20).dose) is less


def test_a_log_without_an_infusion_has_no_syringe_to_make_smaller() -> None:
    device = Device()
    before = device.state(0).dose
    device.add(Kind.dose_given, 1, **SPRAY)

    assert not takes_drug_out(before, device.state(2).dose)
    assert takes_drug_out(device.state(2).dose, before)


def test_what_was_struck_out_gave_nothing() -> None:
    device = running()
    start = next(each for each in device.events if each.kind == Kind.dose_started)
    device.add(Kind.correction, 5, reason="Not begun", corrects=start.id)

    assert most(device, 20) == 0


def test_a_rate_that_changes_while_nothing_runs_gives_nothing() -> None:
    device = Device()
    device.add(Kind.rate_changed, 1, rate_mg_per_h="6", reason="x")
    device.add(Kind.dose_started, 5, **INFUSION)

    assert most(device, 25) == minutes_mg(20)


def test_a_faster_rate_needs_the_answer_and_a_slower_one_is_kept_from_without_network() -> None:
    state = running().state(5)
    offline = {"entered_offline": True}

    assert "only with the server's answer" in why_not_now(
        state, Kind.rate_changed, {}, runs_faster=True, **offline
    )
    assert why_not_now(state, Kind.rate_changed, {}, **offline) == ""


@pytest.mark.parametrize(("planned", "left"), [("60", "4"), ("56", "0"), ("50", "0"), (None, "0")])
def test_what_is_left_is_the_order_without_what_may_be_in(planned, left) -> None:
    device = Device()
    device.add(Kind.dose_given, 0, **SPRAY)
    mg = None if planned is None else Decimal(planned)
    order = Order(None, mg, None, Decimal(100), first_session=True)

    assert left_mg(order, device.state(5)) == Decimal(left)
