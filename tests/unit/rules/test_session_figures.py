"""The figures by which a log is read, an arrest that is charted, and a log that nobody closed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.unit.rules.session_log import Device, infusion
from vernal.knowledge import sessions
from vernal.knowledge.load import ContentError
from vernal.rules.sessions import (
    Kind,
    Timetable,
    check_payload,
    due_times,
    is_silent,
    session_facts,
)
from vernal.rules.sessions.plausible import Range, unusual

EVERY_TEN = Timetable(10, 15, (40,), at_end=True, rules=())
NINETY_DAYS = 90 * 24 * 60


def test_a_log_left_open_for_months_has_a_day_of_due_times_and_stays_overdue() -> None:
    state = infusion().state(NINETY_DAYS)

    found = due_times(EVERY_TEN, state)

    assert len(found) < 100
    assert is_silent(EVERY_TEN, state)


def test_a_gap_of_months_between_two_readings_is_bounded_too() -> None:
    device = infusion()
    device.reading(NINETY_DAYS)

    assert len(due_times(EVERY_TEN, device.state(NINETY_DAYS + 1))) < 200


ARREST = {
    "systolic_mmhg": 0,
    "diastolic_mmhg": 0,
    "heart_rate_per_min": 0,
    "spo2_percent": 31,
    "respiratory_rate_per_min": 0,
}


def test_an_arrest_is_charted_and_every_value_is_asked_about() -> None:
    assert check_payload(Kind.reading, ARREST).errors == {}
    device = infusion()
    device.add(Kind.reading, 20, **ARREST)
    state = device.state(21)
    at_twenty = Device()
    at_twenty.add(Kind.reading, 20, **ARREST)

    told = [each.sentence for each in unusual(at_twenty.state(21), sessions.plausible())]

    assert len(told) == len(ARREST)
    assert told[0].startswith("Systolic pressure 0 is unusual")
    assert session_facts(state)["minutes_since_start"] == 21


def test_only_the_newest_reading_is_asked_about_and_only_where_a_range_is_known() -> None:
    device = infusion()

    assert unusual(device.state(50), sessions.plausible()) == ()
    assert unusual(Device().state(0), sessions.plausible()) == ()
    narrow = {"spo2_percent": Range(Decimal(98), Decimal(100))}
    assert [each.sentence[:20] for each in unusual(device.state(50), narrow)] == [
        "Oxygen saturation 97"
    ]


def test_no_value_is_a_part_of_a_baseline_of_zero() -> None:
    device = Device()
    device.add(Kind.reading, -5, respiratory_rate_per_min=0)

    facts = session_facts(device.state(0))

    assert facts["rise_respiratory_rate_per_min"] == 0
    assert facts["percent_of_baseline_respiratory_rate_per_min"].needs


def test_every_figure_of_a_log_is_a_span_of_time_in_the_files() -> None:
    figures = sessions.session_figures()

    assert figures.late_after == timedelta(seconds=60)
    assert figures.due_for == timedelta(hours=24)
    assert sessions.span("mood_fresh_for") == timedelta(days=7)
    assert sessions.span("clock_ahead") == timedelta(minutes=1)
    with pytest.raises(ContentError, match="'tries' is no time"):
        sessions.span("pin_tries")
