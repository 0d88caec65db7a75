"""Protocols laid out in days and minutes: never nearer than allowed, never silently different."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vernal.knowledge.protocols import protocol
from vernal.rules.calendars import check_gap, earliest_next_at, lay_out, usual_span_days
from vernal.rules.protocols import (
    DoesNotFit,
    lowest_standing,
    next_options,
    observation_ends_min,
    readings_due,
)
from vernal.units.dose import KETAMINE_BASE, Dose, DosePerKg

D = Decimal
IV = protocol("trd-iv-racemic")
SL = protocol("trd-sublingual-clinic")
MONDAY = date(2026, 3, 9)
WEEKEND = (5, 6)


def gaps(days):
    return [(later - earlier).days for earlier, later in pairwise(days)]


@pytest.mark.parametrize(
    ("protocol_", "phase", "schedule", "sessions", "expected"),
    [
        (IV, "induction", None, None, [2, 2, 3, 2, 2]),
        (IV, "induction", "two_a_week", None, [3, 4, 3, 4, 3]),
        (IV, "continuation", None, None, [7, 7, 7]),
        (IV, "maintenance", "lengthening", 5, [14, 21, 28, 14]),
        (SL, "induction", None, None, [7, 7, 7]),
    ],
)
def test_usual_calendars(protocol_, phase, schedule, sessions, expected):
    days = lay_out(
        protocol_, phase, MONDAY, schedule=schedule, sessions=sessions, closed_weekdays=WEEKEND
    )

    assert gaps(days) == expected


def test_a_closed_day_moves_one_session_and_the_rest_catch_up():
    days = lay_out(
        IV, "induction", MONDAY, closed_weekdays=WEEKEND, closed_days=[MONDAY + timedelta(2)]
    )

    assert [day.isoformat() for day in days] == [
        "2026-03-09",
        "2026-03-12",
        "2026-03-16",
        "2026-03-18",
        "2026-03-20",
        "2026-03-23",
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"first_on": date(2026, 3, 14)}, "closed on Mar 14, 2026"),
        ({"sessions": 9}, "at most 8"),
        ({"sessions": 0}, "one session or more"),
        ({"phase": "maintenance"}, "Say how many"),
        ({"phase": "nowhere"}, "it has induction, continuation, maintenance"),
        ({"schedule": "daily"}, "it has three_a_week, two_a_week"),
        ({"schedule": "two_a_week", "sessions": 8}, "induction has 21"),
        ({"closed_weekdays": (1, 2, 3, 4, 5, 6), "sessions": 6}, "Choose a closer schedule"),
        (
            {"closed_days": [MONDAY + timedelta(days) for days in range(1, 60)]},
            "no open day",
        ),
    ],
)
def test_what_does_not_fit_is_said(changes, reason):
    arguments = {"phase": "induction", "first_on": MONDAY, "closed_weekdays": WEEKEND} | changes
    phase, first_on = arguments.pop("phase"), arguments.pop("first_on")

    with pytest.raises(DoesNotFit, match=reason):
        lay_out(IV, phase, first_on, **arguments)


@settings(deadline=None)
@given(
    protocol_=st.sampled_from([IV, SL]),
    data=st.data(),
    first=st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    closed_weekdays=st.sets(st.integers(0, 6), max_size=4),
    closed=st.sets(st.integers(1, 40), max_size=8),
)
def test_a_calendar_keeps_every_rule(protocol_, data, first, closed_weekdays, closed):
    phase = data.draw(st.sampled_from(protocol_.phases))
    schedule = data.draw(st.sampled_from(phase.schedules))
    sessions = data.draw(st.integers(1, 8))
    holidays = {first + timedelta(days) for days in closed}
    try:
        days = lay_out(
            protocol_,
            phase.id,
            first,
            schedule=schedule.id,
            sessions=sessions,
            closed_weekdays=closed_weekdays,
            closed_days=holidays,
        )
    except DoesNotFit:
        return

    assert days[0] == first
    assert len(days) == sessions
    assert all(day.weekday() not in closed_weekdays and day not in holidays for day in days)
    assert all(gap * 24 >= protocol_.figures.hours_between.value for gap in gaps(days))
    for day in days:
        week = [each for each in days if timedelta(0) <= each - day < timedelta(7)]
        assert len(week) <= protocol_.figures.most_per_week.value
    if phase.window is not None:
        assert (days[-1] - days[0]).days < phase.window.value


def test_forty_eight_hours_are_allowed_and_a_minute_less_is_not():
    start = datetime.fromisoformat("2026-03-09T10:00+00:00")
    next_at = start + timedelta(hours=48)

    assert earliest_next_at(IV, start) == next_at
    check_gap(IV, last_start_at=start, next_start_at=next_at)
    with pytest.raises(DoesNotFit, match="not before Mar 11, 2026, 10:00"):
        check_gap(IV, last_start_at=start, next_start_at=next_at - timedelta(minutes=1))


def minutes_of(protocol_, minutes, close=False):
    return [int(each.minute) for each in readings_due(protocol_, minutes=D(minutes), close=close)]


@pytest.mark.parametrize(
    ("protocol_", "minutes", "close", "expected"),
    [
        (IV, 40, False, [-5, 0, 10, 20, 30, 40, 55, 70, 85, 100, 115, 120]),
        (IV, 40, True, [-5, 0, *range(5, 41, 5), 55, 70, 85, 100, 115, 120]),
        (IV, 45, False, [-5, 0, 10, 20, 30, 40, 45, 60, 75, 90, 105, 120]),
        (IV, 100, False, [-5, 0, *range(10, 101, 10), 115, 130, 145, 160]),
        (IV, 20, False, [-5, 0, 10, 20, 35, 50, 65, 80, 95, 110, 120]),
        (SL, 5, False, [-5, 0, 15, 30, 45, 60, 75, 90]),
        (SL, 5, True, [-5, 0, *range(10, 91, 10)]),
    ],
)
def test_readings_of_a_session(protocol_, minutes, close, expected):
    assert minutes_of(protocol_, minutes, close) == expected


def test_thirty_minutes_are_read_even_off_the_grid():
    every_twelve = replace(IV.readings.during_every, value=D(12))
    odd = replace(IV, readings=replace(IV.readings, during_every=every_twelve))

    assert minutes_of(odd, 40)[:7] == [-5, 0, 12, 24, 30, 36, 40]


def test_readings_say_their_part():
    parts = [(int(each.minute), each.part) for each in readings_due(IV, minutes=D(40))]

    assert (0, "before") in parts
    assert (40, "during") in parts
    assert (55, "after") in parts


@pytest.mark.parametrize(
    ("protocol_", "minutes", "ends"), [(IV, 40, 120), (IV, 60, 120), (IV, 61, 121), (SL, 10, 90)]
)
def test_observation_ends_when_every_clock_has_passed(protocol_, minutes, ends):
    assert observation_ends_min(protocol_, minutes=D(minutes)) == ends


def test_limits_are_ready_for_the_dose_rules():
    assert IV.caps.most_mg_per_kg == 1
    assert IV.caps.most_mg == 100
    assert IV.weight_limits.most_days_old == 7
    assert IV.preparation_limits.vials_mg_per_ml == (10, 50, 100)
    assert IV.preparation_limits.dilute_one_to_one_from_mg_per_ml == 100
    assert SL.preparation_limits.dilute_one_to_one_from_mg_per_ml is None


def test_start_doses_name_their_substance():
    assert IV.start_dose == DosePerKg(D("0.5"), KETAMINE_BASE)
    assert SL.start_dose == Dose(D(10), KETAMINE_BASE)
    assert (IV.by_weight, SL.by_weight) == (True, False)


def test_what_may_come_next_is_the_protocols_order():
    assert [option.id for option in next_options(IV, "induction")] == [
        "weekly",
        "as_needed",
        "watch",
        "stop",
    ]
    assert next_options(SL, "maintenance")[-1].leads_to is None


@pytest.mark.parametrize(
    ("standings", "lowest"),
    [
        (["verified"], "verified"),
        (["verified", "unverified"], "unverified"),
        (["unverified", "house", "verified"], "house"),
    ],
)
def test_the_lowest_standing_wins(standings, lowest):
    assert lowest_standing(standings) == lowest


@pytest.mark.parametrize(
    ("phase", "schedule", "days"),
    [
        ("induction", "two_a_week", 3 + 4 + 3 + 4 + 3),
        ("induction", "three_a_week", 2 + 2 + 3 + 2 + 2),
        ("continuation", "weekly", 21),
        ("maintenance", "monthly", None),
    ],
)
def test_a_phase_takes_as_long_as_its_schedule_spaces_its_usual_number(phase, schedule, days):
    assert usual_span_days(IV.phase(phase), schedule) == days
