"""What the session before says to the next one, before check-in and start."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.coursing import Coursing, make_coursing
from vernal.rules.sessions import Kind

pytestmark = pytest.mark.django_db


def address(course: Coursing, number: int) -> str:
    return reverse("session", kwargs={"session_id": course.session(number).pk})


def page_of(course: Coursing, number: int, log_in, clock) -> str:
    clock(course.dose_at(number) - timedelta(minutes=30))
    return log_in(course.nurse).get(address(course, number)).content.decode()


def test_an_alarm_of_the_last_session_stands_before_check_in_and_start(site, log_in, clock) -> None:
    course = make_coursing(site)
    course.give_with_an_alarm(1)

    planned = page_of(course, 2, log_in, clock)
    arrived_at = course.dose_at(2) - timedelta(minutes=20)
    course.enter(course.session(2), Kind.checked_in, arrived_at, {})
    arrived = page_of(course, 2, log_in, clock)

    for page in (planned, arrived):
        assert "Last time, session 1, Mar 10, 2026, 10:00: 27.9 of" in page
        assert "Alarms: Oxygen below 90 %; Pressure 180 systolic or 120 diastolic." in page
        assert "Dose stopped early: An alarm. Went home." in page
        assert "Dr. Okafor came" not in page
        assert "notice--caution" in page
        assert address(course, 1) in page


def test_a_calm_session_is_told_without_a_warning(site, log_in, clock) -> None:
    course = make_coursing(site)
    course.give_calmly(1)

    page = page_of(course, 2, log_in, clock)

    assert "Last time, session 1" in page
    assert "No alarm." in page
    assert "notice--info" in page


def test_what_was_hoped_for_stands_before_and_in_the_next_preparation(site, log_in, clock) -> None:
    course = make_coursing(site)
    first = course.session(1)
    hopes = {"answers": {"intention_heard": True}, "hopes": "To sleep through a night."}
    course.give_calmly(1)
    course.enter(first, Kind.checklist, first.planned_at - timedelta(minutes=5), hopes)

    planned = page_of(course, 2, log_in, clock)
    second = course.session(2)
    course.enter(second, Kind.checked_in, second.planned_at - timedelta(minutes=20), {})
    ids = {"session_id": second.pk, "kind": "checklist"}
    checklist = log_in(course.nurse).get(reverse("session_event", kwargs=ids)).content.decode()

    assert "Hoped for: “To sleep through a night.”." in planned
    assert "Last time: “To sleep through a night.”." in checklist


def test_once_drug_is_in_the_page_is_about_this_session_alone(site, log_in, clock) -> None:
    course = make_coursing(site, given=2)

    assert "Last time" not in page_of(course, 2, log_in, clock)
    assert "Last time" not in page_of(make_coursing(site), 1, log_in, clock)


def test_the_number_of_queries_does_not_grow_with_the_sessions_before(site, log_in, clock) -> None:
    counts = []
    for given in (1, 4):
        course = make_coursing(site, given=given)
        clock(course.dose_at(given + 1))
        browser = log_in(course.nurse)
        with CaptureQueriesContext(connection) as asked:
            browser.get(address(course, given + 1))
        counts.append(len(asked))

    assert counts[0] == counts[1]
