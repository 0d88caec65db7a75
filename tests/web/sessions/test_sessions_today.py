"""The nurse's day: overdue readings first."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.bedside import make_bedside
from tests.coursing import make_coursing
from vernal.rules.sessions import Kind
from vernal.web.parts import day
from vernal.workflow import bookings, consents, queries, sessions
from vernal.workflow.session_log import Entered

pytestmark = pytest.mark.django_db


def seen(browser) -> str:
    return browser.get(reverse("sessions_today")).content.decode()


@pytest.fixture
def soon(site):
    """Made for the test that asks for it: the day of the others is theirs alone."""
    return make_bedside(site, now=timezone.now())


def test_todays_sessions_stand_with_their_state(soon, log_in) -> None:
    page = log_in(soon.nurse).get(reverse("sessions_today")).content.decode()

    assert "Wren Hollis" in page
    assert "Planned" in page


def test_a_silent_session_stands_first(site, soon, nurse) -> None:
    quiet = make_bedside(site, now=timezone.now() - timedelta(minutes=30))
    quiet.infuse()

    first, second = queries.session_days(by=nurse, at=timezone.now()).today

    assert (first.session_id, second.session_id) == (quiet.session_id, soon.session_id)
    assert first.overdue_min is not None
    assert first.dose_running


def test_an_alarm_stands_first_and_carries_a_red_tag(site, soon, log_in) -> None:
    now = timezone.now()
    quiet = make_bedside(site, now=now - timedelta(minutes=90))
    quiet.infuse()
    ill = make_bedside(site, now=now - timedelta(minutes=12))
    ill.infuse()
    ill.reading(10, systolic_mmhg="186", diastolic_mmhg="100")

    first, second, _third = queries.session_days(by=soon.nurse, at=now).today
    page = seen(log_in(soon.nurse))

    assert (first.session_id, second.session_id) == (ill.session_id, quiet.session_id)
    assert first.alarm == "Pressure 180 systolic or 120 diastolic"
    assert second.alarm == ""
    row = page.split('<ul class="tasks">')[1].split("</li>")[0]
    assert row.index("tag--danger") < row.rindex(first.alarm) < row.index("Dose going on")


def test_of_two_alarms_the_stricter_stands_first(site, nurse) -> None:
    now = timezone.now()
    slow = make_bedside(site, now=now - timedelta(minutes=50))
    slow.infuse()
    slow.reading(48, systolic_mmhg="166", diastolic_mmhg="100")
    strict = make_bedside(site, now=now - timedelta(minutes=12))
    strict.infuse()
    strict.reading(11, systolic_mmhg="186", diastolic_mmhg="100")

    first, second = queries.session_days(by=nurse, at=now).today

    assert (first.session_id, second.session_id) == (strict.session_id, slow.session_id)
    assert first.alarm_strictness > second.alarm_strictness > (0, 0)


def test_a_planned_session_whose_time_has_passed_is_late(soon, log_in, clock) -> None:
    on_time = seen(log_in(soon.nurse))
    clock(timezone.now() + timedelta(minutes=9, seconds=30))

    assert "Late by" not in on_time
    assert "Late by 9 min" in seen(log_in(soon.nurse))


def test_a_reading_that_waits_for_days_is_late_in_days(site, log_in) -> None:
    old = make_bedside(site, now=timezone.now() - timedelta(days=6, hours=2))
    old.infuse()

    page = seen(log_in(old.nurse))

    assert "Reading overdue by 6 days 1 h" in page


def test_a_session_of_yesterday_that_never_ended_is_still_here(site, nurse) -> None:
    old = make_bedside(site, now=timezone.now() - timedelta(days=3))
    old.enter(Kind.checked_in, 0)

    assert [
        line.session_id for line in queries.session_days(by=nurse, at=timezone.now()).today
    ] == [old.session_id]


def test_a_way_out_that_ended_nothing_keeps_the_session_on_the_list(site, log_in, nurse) -> None:
    """By the log the pump runs: the stop was never entered, and the way out came late."""
    old = make_bedside(site, now=timezone.now() - timedelta(days=1, minutes=30))
    old.infuse()
    left = Entered(
        id=uuid4(),
        kind=Kind.transferred,
        payload={"to": "Hospital", "reason": "Pain", "by": "Crew 7", "handed_over_to": "Crew 7"},
        device_id="tablet",
        sequence=1,
        device_at=old.at(12),
        monotonic_ms=1,
        entered_offline=True,
    )
    sessions.receive(by=old.nurse, session_id=old.session_id, entered=left, at=old.at(12))

    (line,) = queries.session_days(by=nurse, at=timezone.now()).today

    assert (line.session_id, line.dose_running) == (old.session_id, True)
    assert str(old.session_id) in seen(log_in(nurse))


def test_what_ended_before_today_is_gone(site, nurse) -> None:
    old = make_bedside(site, now=timezone.now() - timedelta(days=3))
    old.enter(Kind.session_stopped, 0, {"reason": "Did not come."})

    assert queries.session_days(by=nurse, at=timezone.now()).today == []


def test_other_sites_have_their_own_day(elsewhere, nurse) -> None:
    assert queries.session_days(by=nurse, at=timezone.now()).today == []


@pytest.mark.parametrize("role", ["front_desk", "administrator"])
def test_only_clinical_staff_see_it(role, request, log_in) -> None:
    response = log_in(request.getfixturevalue(role)).get(reverse("sessions_today"))

    assert response.status_code == 403
    assert "nurses, prescribers" in response.content.decode()


def test_an_empty_day_says_so(nurse, log_in) -> None:
    assert "No sessions today" in log_in(nurse).get(reverse("sessions_today")).content.decode()


def test_the_days_ahead_stand_below_and_end_after_a_week(site, nurse, log_in) -> None:
    now = timezone.now()
    near = make_bedside(site, now=now + timedelta(days=3))
    make_bedside(site, now=now + timedelta(days=9))

    found = queries.session_days(by=nurse, at=now).ahead
    page = log_in(nurse).get(reverse("sessions_today")).content.decode()

    assert [line.session_id for line in found] == [near.session_id]
    assert "The next seven days" in page
    assert reverse("session", kwargs={"session_id": near.session_id}) in page


def test_another_session_of_the_same_plan_costs_no_query(nurse, site) -> None:
    course = make_coursing(site)
    first = course.session(1).planned_at
    assert nurse.roles  # asked once and kept

    def asked(days_ahead: int) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as seen:
            at = first - timedelta(days=1)
            found = queries.session_days(by=nurse, at=at, days_ahead=days_ahead)
        return len(found.ahead), len(seen)

    (few, queries_of_few), (many, queries_of_many) = asked(1), asked(14)

    assert few < many
    assert queries_of_few == queries_of_many


def test_a_weight_is_as_old_as_it_will_be_on_the_day_of_the_dose(soon, log_in) -> None:
    """Weighed yesterday, fit for a dose today, and eight days old on the day it was moved to."""
    now = timezone.now()
    moved_to = (now + timedelta(days=7)).astimezone(ZoneInfo("America/Denver"))
    bookings.move_session(
        by=soon.prescriber,
        patient_id=soon.patient.patient_id,
        session_id=soon.session_id,
        planned_on=moved_to.date(),
        starts_at=time(12),
        reason="The room",
        id=uuid4(),
        at=now,
    )

    page = seen(log_in(soon.nurse))

    assert f"8 days before {day(moved_to.date())}; at most 7 are allowed" in page


def test_each_patient_waits_for_something_that_is_said(soon, log_in) -> None:
    consents.withdraw_consent(
        by=soon.patient.user, reason="Not now.", id=uuid4(), at=timezone.now()
    )
    browser = log_in(soon.nurse)

    assert "Waits for the chart: No consent" in seen(browser)


def test_after_arrival_the_next_step_is_said(soon, log_in) -> None:
    soon.enter(Kind.checked_in, -20)

    assert "Go through the preparation" in seen(log_in(soon.nurse))


def test_who_recovers_has_a_time_of_day(site, log_in) -> None:
    bedside = make_bedside(site, now=timezone.now() - timedelta(minutes=60))
    bedside.infuse()
    bedside.enter(Kind.dose_stopped, 40, {"reason": "finished"})

    assert "May go at" in seen(log_in(bedside.nurse))


def test_a_session_held_by_the_review_says_until_when_and_one_after_it_does_not(
    site, log_in, clock
) -> None:
    course = make_coursing(site, given=3)
    now = course.dose_at(4) - timedelta(hours=2)
    clock(now)
    until = course.dose_at(5).date()
    course.sign_review("wait", now - timedelta(days=1), look_again_on=until)

    today = queries.session_days(by=course.nurse, at=now).today
    ahead = queries.session_days(by=course.nurse, at=now).ahead
    held = {line.number: line.held_until for line in (*today, *ahead)}
    page = seen(log_in(course.nurse))

    assert (held[4], held[5]) == (until, None)
    assert page.count(f"Held until {day(until)}") == 1
    assert f"holds further sessions back until {day(until)}" in page


def test_what_the_review_let_go_on_is_not_held(site) -> None:
    course = make_coursing(site, given=3)
    now = course.dose_at(4) - timedelta(hours=2)
    course.sign_review("next_dose", now - timedelta(days=1), look_again_on=None)

    lines = queries.session_days(by=course.nurse, at=now).today

    assert 4 in {line.number for line in lines}
    assert {line.held_until for line in lines} == {None}


def test_looking_again_leaves_the_days_ahead_alone(site, nurse, log_in) -> None:
    make_bedside(site, now=timezone.now() + timedelta(days=3))
    again = log_in(nurse).get(reverse("sessions_today"), headers={"HX-Request": "true"})

    assert "The next seven days" not in again.content.decode()
