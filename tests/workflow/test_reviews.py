"""A review follows from the course and keeps what it was decided from."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.coursing import make_coursing
from tests.factories import make_site
from vernal.audit.models import Entry
from vernal.knowledge import retreatment
from vernal.knowledge.protocols import protocols
from vernal.records.models import ReviewSigned, SessionCancelled
from vernal.rules.conditions import Unknown
from vernal.workflow import queries
from vernal.workflow.course_so_far import course_so_far
from vernal.workflow.errors import InvalidInput, NotAllowed
from vernal.workflow.reviews import reviewed

pytestmark = pytest.mark.django_db
BEFORE = timedelta(hours=-2)


@pytest.fixture
def site(db):
    return make_site()


def state_of(course, at):
    return reviewed(course_so_far(course.planning.chart, at=at)).state


def prompts_of(course, at) -> set[str]:
    found = reviewed(course_so_far(course.planning.chart, at=at))
    return {each.id for each in found.review.prompts}


def test_a_course_in_its_induction(site) -> None:
    course = make_coursing(site, given=3)
    for number, total in ((1, 20), (2, 17), (3, 15)):
        course.score(total, course.dose_at(number) + BEFORE)

    state = state_of(course, course.dose_at(3) + timedelta(days=1))

    assert (state.phase, state.sessions_given, state.sessions_left) == ("induction", 3, 3)
    assert state.improved_20_percent is True
    assert state.response is False
    assert isinstance(state.relapse, Unknown)
    assert state.days_since_last_session == 1


@pytest.mark.parametrize(("score", "asks"), [(16, False), (17, True)])
def test_a_fifth_of_the_score_is_where_the_question_begins(site, score, asks) -> None:
    course = make_coursing(site, given=3)
    course.score(20, course.dose_at(1) + BEFORE)
    course.score(score, course.dose_at(3) + BEFORE)

    asked = prompts_of(course, course.dose_at(3) + timedelta(hours=3))

    assert ("futility-review" in asked) is asks


def test_every_question_of_a_protocol_is_one_of_the_review(db) -> None:
    asked = {row for prompt in retreatment.prompts() for row in prompt.rows}

    for protocol in protocols().values():
        for prompt in protocol.prompts:
            assert set(prompt.improvement_below.rows) <= asked


def test_after_stopping_the_course_is_finished(site) -> None:
    course = make_coursing(site, given=6)
    after = course.dose_at(6) + timedelta(days=1)

    course.sign_review("stop", after)

    assert state_of(course, after + timedelta(days=1)).phase == "finished"


@pytest.mark.parametrize("option", ["stop", "change", "refer"])
def test_a_signed_end_closes_what_the_plan_had_booked_in_the_same_act(site, option) -> None:
    course = make_coursing(site, given=3)
    after = course.dose_at(3) + timedelta(hours=5)

    course.sign_review(option, after)

    closed = SessionCancelled.objects.filter(session__plan=course.session(1).plan)
    assert {each.session.number for each in closed} == {4, 5, 6}
    assert all("signed review" in each.reason for each in closed)
    assert Entry.objects.filter(act="session.cancelled").count() == 3
    assert state_of(course, after + timedelta(hours=1)).sessions_left == 0
    assert queries.my_plan(by=course.patient.user, at=after).sessions == []


def test_stopping_in_the_middle_finishes_the_course(site) -> None:
    course = make_coursing(site, given=3)
    after = course.dose_at(3) + timedelta(hours=5)

    course.sign_review("stop", after)

    assert state_of(course, after + timedelta(hours=1)).phase == "finished"


def test_waiting_holds_the_sessions_before_its_day_and_cancels_none(site) -> None:
    course = make_coursing(site, given=3)
    after = course.dose_at(3) + timedelta(hours=5)
    until = course.dose_at(5).date()

    course.sign_review("wait", after, look_again_on=until)

    lines = queries.my_plan(by=course.patient.user, at=after).sessions
    assert [(each.number, each.state, each.held_until) for each in lines] == [
        (4, "held", until), (5, "planned", None), (6, "planned", None)
    ]  # fmt: skip
    assert not SessionCancelled.objects.exists()


def test_nobody_signs_the_next_session_where_none_is_booked(site) -> None:
    course = make_coursing(site, given=6)

    with pytest.raises(InvalidInput, match="No session of this plan is booked"):
        course.sign_review("next_dose", course.dose_at(6) + timedelta(days=1))


@pytest.mark.parametrize("given", [3, 6], ids=["not offered", "not known"])
def test_what_is_not_offered_is_signed_with_a_reason_of_its_own(site, given) -> None:
    course = make_coursing(site, given=given)
    after = course.dose_at(given) + timedelta(hours=5)
    with pytest.raises(InvalidInput, match="Write why you decide it all the same"):
        course.sign_review("continue", after, despite=" ")

    course.sign_review("continue", after, despite="The effect shows in the diary.")

    (line,) = queries.review(by=course.prescriber, patient_id=course.patient_id, at=after).signed
    assert line.despite == "The effect shows in the diary."


def test_what_is_offered_needs_no_second_reason(site) -> None:
    course = make_coursing(site, given=3)

    course.sign_review("wait", course.dose_at(3) + timedelta(hours=5), despite="")

    assert ReviewSigned.objects.exists()


def test_a_newer_review_lifts_the_hold(site) -> None:
    course = make_coursing(site, given=3)
    after = course.dose_at(3) + timedelta(hours=5)
    course.sign_review("wait", after)

    course.sign_review("next_dose", after + timedelta(hours=1), look_again_on=None)

    lines = queries.my_plan(by=course.patient.user, at=after + timedelta(hours=2)).sessions
    assert {each.state for each in lines} == {"planned"}


def test_unknown_reasons_are_kept_as_unknown(site) -> None:
    course = make_coursing(site, given=1)

    course.sign_review("refer", course.dose_at(1) + timedelta(days=20))

    kept = ReviewSigned.objects.get().course["facts"]
    assert kept["course.suicidal_thoughts"] == {"unknown": ["course.suicidal_thoughts"]}


def test_a_nurse_signs_no_review(site) -> None:
    course = make_coursing(site, given=1)
    course.planning.prescriber = course.nurse

    with pytest.raises(NotAllowed):
        course.sign_review("wait", course.dose_at(1) + timedelta(days=1))
