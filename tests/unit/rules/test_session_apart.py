"""Sessions of one patient: each on its day, one at a time, hours after the last drug."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.unit.rules.session_log import SPRAY, Device, at, infusion
from vernal.rules.sessions import Kind
from vernal.rules.sessions.apart import is_its_day, is_open, last_given_at

DENVER = ZoneInfo("America/Denver")
TEN = datetime(2026, 3, 4, 17, tzinfo=UTC)  # ten in the morning there


def arrived() -> Device:
    device = Device()
    device.add(Kind.checked_in, -20)
    return device


def called_off() -> Device:
    device = arrived()
    device.add(Kind.session_stopped, -5, reason="Ate")
    return device


@pytest.mark.parametrize(
    ("device", "open_"),
    [(Device(), False), (arrived(), True), (called_off(), False), (infusion(), True)],
)
def test_a_session_is_open_from_the_arrival_to_its_end(device, open_) -> None:
    assert is_open(device.state(60)) is open_


def test_the_last_drug_is_the_newest_start_resumption_or_single_dose() -> None:
    device = infusion(until=20)
    assert last_given_at(device.state(60)) == at(0)

    device.add(Kind.dose_resumed, 25, rate_mg_per_h="40", reason="Calm again")
    assert last_given_at(device.state(60)) == at(25)

    device.add(Kind.dose_given, 50, **SPRAY)
    assert last_given_at(device.state(60)) == at(50)
    assert last_given_at(arrived().state(60)) is None


def test_a_dose_told_for_earlier_counts_from_its_entry() -> None:
    device = arrived()
    device.add(Kind.dose_given, 40, happened_at=at(0), **SPRAY)

    assert device.state(60).dose.last_at == at(0)
    assert last_given_at(device.state(60)) == at(40)


@pytest.mark.parametrize(
    ("hours", "its_day"),
    [(0, True), (-10, True), (13.9, True), (14, False), (-10.1, False), (24, False)],
)
def test_a_session_has_its_day_at_the_clinic(hours, its_day) -> None:
    moment = TEN + timedelta(hours=hours)

    assert is_its_day(TEN, moment, zone=DENVER, near=timedelta(hours=4)) is its_day


@pytest.mark.parametrize(("hours", "its_day"), [(4, True), (4.1, False)])
def test_midnight_cuts_no_session_in_two(hours, its_day) -> None:
    late = TEN + timedelta(hours=13, minutes=50)  # ten to midnight there

    found = is_its_day(late, late + timedelta(hours=hours), zone=DENVER, near=timedelta(hours=4))

    assert found is its_day
