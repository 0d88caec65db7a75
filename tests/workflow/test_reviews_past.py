"""A review remembers how the sessions before it went, and so does the page of the next one."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.coursing import Coursing, make_coursing
from tests.factories import make_site
from vernal.records.models import ReviewSigned
from vernal.rules.conditions import Unknown
from vernal.rules.sessions import State
from vernal.workflow import queries
from vernal.workflow.course_so_far import course_so_far
from vernal.workflow.past_sessions import PastSession, past_sessions
from vernal.workflow.reviews import Reviewed, reviewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(db):
    return make_site()


def review_of(course: Coursing, number: int) -> Reviewed:
    at = course.dose_at(number) + timedelta(hours=6)
    return reviewed(course_so_far(course.planning.chart, at=at))


def past_of(found: Reviewed) -> tuple[PastSession, ...]:
    course = found.course
    return past_sessions(course.patient, course.sessions, on=course.on)


def against(found: Reviewed, option: str) -> set[str]:
    judged = next(each for each in found.review.options if each.option.id == option)
    return {reason.id for reason in judged.speaks_against}


def test_an_alarm_of_the_last_session_speaks_against_the_next_dose(site) -> None:
    course = make_coursing(site)
    course.give_with_an_alarm()

    found = review_of(course, 1)

    (past,) = past_of(found)
    assert [(each.title, each.done) for each in past.told.alarms] == [
        ("Oxygen below 90 %", ("Oxygen 4 L, Dr. Okafor came",)),
        ("Pressure 180 systolic or 120 diastolic", ()),
    ]
    assert past.told.given_mg == Decimal("27.900")
    assert past.planned_mg == Decimal(course.session().plan.worksheet["given_mg"])
    assert (past.told.ending.state, past.told.ending.stopped_because) == (State.discharged, "alarm")
    assert "next-dose.stop-alarm" in against(found, "next_dose")
    assert "continue.stop-alarm" in against(found, "continue")


def test_a_calm_session_after_it_lifts_the_reason_and_keeps_the_line(site) -> None:
    course = make_coursing(site)
    course.give_with_an_alarm(1)
    course.give_calmly(2)

    found = review_of(course, 2)

    assert found.state.stop_alarm_last_session is False
    assert [len(each.told.alarms) for each in past_of(found)] == [2, 0]


def test_a_session_called_off_since_does_not_hide_it(site) -> None:
    course = make_coursing(site)
    course.give_with_an_alarm(1)
    course.call_off(2)

    found = review_of(course, 2)

    assert found.state.stop_alarm_last_session is True
    assert [each.told.dose_at is None for each in past_of(found)] == [False, True]
    assert past_of(found)[1].told.ending.reason == "Had breakfast"


def test_a_session_that_nobody_watched_leaves_it_not_known(site) -> None:
    course = make_coursing(site, given=1)

    found = review_of(course, 1)

    assert isinstance(found.state.stop_alarm_last_session, Unknown)


def test_what_was_known_of_the_alarm_is_kept_with_the_decision(site) -> None:
    course = make_coursing(site)
    course.give_with_an_alarm()

    course.sign_review("wait", course.dose_at() + timedelta(hours=6))

    assert ReviewSigned.objects.get().course["facts"]["course.stop_alarm_last_session"] is True


def last_seen_from(course: Coursing, number: int) -> list[int]:
    session = course.session(number)
    view = queries.session(by=course.nurse, session_id=session.pk, at=session.planned_at)
    return [each.number for each in view.last]


def test_the_next_session_is_told_of_the_last_one_until_its_first_dose(site) -> None:
    course = make_coursing(site)
    assert last_seen_from(course, 1) == []
    course.give_with_an_alarm(1)
    assert last_seen_from(course, 2) == [1]
    course.call_off(2)
    assert last_seen_from(course, 3) == [1, 2]

    course.give_calmly(3)

    assert last_seen_from(course, 3) == []
    assert last_seen_from(course, 4) == [3]


def test_the_last_session_alone_says_the_same_as_all_of_them(site) -> None:
    course = make_coursing(site)
    course.give_calmly(1)
    course.give_with_an_alarm(2)
    course.call_off(3)

    alone = review_of(course, 3)

    assert reviewed(alone.course, past_of(alone)).state == alone.state
