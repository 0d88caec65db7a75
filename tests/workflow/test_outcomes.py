"""Scores as a course: totals, what is due, and the boundaries of every outcome."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from tests.coursing import make_coursing
from tests.factories import make_site, make_staff
from vernal.accounts.models import Role
from vernal.records.models import Session
from vernal.rules.conditions import Unknown
from vernal.rules.outcomes import DatedScore
from vernal.workflow import intake, outcomes
from vernal.workflow.care import care_of
from vernal.workflow.course_so_far import course_so_far
from vernal.workflow.errors import InvalidInput, NotAllowed
from vernal.workflow.outcomes import judged, scales_by_total, scales_waiting
from vernal.workflow.scores import suicidal_thoughts

pytestmark = pytest.mark.django_db
BEFORE = timedelta(hours=-2)


@pytest.fixture(scope="module")
def made(lasting):
    return make_coursing(make_site(), given=6)


@pytest.fixture
def course(made, db):
    return deepcopy(made)


@pytest.fixture
def site(course):
    return course.planning.chart.site


def now(course, *, at):
    return course_so_far(course.planning.chart, at=at)


def outcome(course, at, name: str):
    (found,) = (
        each
        for each in judged(now(course, at=at), "phq-9")
        if each.definition.id == f"phq-9.{name}"
    )
    return found.holds


def waiting(course, at) -> set[str]:
    return {each.scale.id for each in scales_waiting(now(course, at=at))}


@pytest.mark.parametrize(("score", "holds"), [(9, True), (10, False)])
def test_half_of_the_start_is_a_response_and_one_point_above_is_none(course, score, holds) -> None:
    course.score(18, course.dose_at(1) + BEFORE)
    course.score(score, course.dose_at(6) + BEFORE)

    assert outcome(course, course.dose_at(6), "response") is holds


@pytest.mark.parametrize(("score", "holds"), [(4, True), (5, False)])
def test_remission_is_below_five(course, score, holds) -> None:
    course.score(18, course.dose_at(1) + BEFORE)
    course.score(score, course.dose_at(6) + BEFORE)

    assert outcome(course, course.dose_at(6), "remission") is holds


@pytest.mark.parametrize(("score", "holds"), [(16, False), (17, True)])
def test_five_points_above_the_start_are_worse(course, score, holds) -> None:
    course.score(12, course.dose_at(1) + BEFORE)
    course.score(score, course.dose_at(6) + BEFORE)

    assert outcome(course, course.dose_at(6), "worse") is holds


def test_a_score_filled_in_after_the_first_dose_is_no_baseline(course) -> None:
    before, after = course.dose_at(1) + BEFORE, course.dose_at(1) + timedelta(hours=1)
    course.score(18, before)
    course.score(6, after)
    course.score(9, course.dose_at(6) + BEFORE)

    (response,) = (
        each
        for each in judged(now(course, at=course.dose_at(6)), "phq-9")
        if each.definition.id == "phq-9.response"
    )

    assert (response.reference.value, response.reference.at) == (Decimal(18), before)
    assert response.holds is True


def test_a_paper_total_of_an_earlier_day_may_be_written_down_late(course) -> None:
    intake_day = course.dose_at(1).date() - timedelta(days=1)
    outcomes.enter_total(
        by=course.nurse,
        patient_id=course.patient_id,
        scale_id="madrs",
        total=Decimal(30),
        rated_on=intake_day,
        id=uuid4(),
        at=course.dose_at(2),
    )

    references = [each.reference for each in judged(now(course, at=course.dose_at(6)), "madrs")]

    assert Decimal(30) in [each.value for each in references if isinstance(each, DatedScore)]


def test_a_high_score_in_the_middle_of_the_induction_is_no_relapse(course) -> None:
    course.score(18, course.dose_at(1) + BEFORE)
    course.score(15, course.dose_at(2) + BEFORE)
    course.score(14, course.dose_at(3) + BEFORE)
    course.score(13, course.dose_at(6) + BEFORE)

    assert outcome(course, course.dose_at(6), "relapse-level") is False


def test_two_scores_of_ten_after_a_response_are_a_relapse(course) -> None:
    end = course.dose_at(6)
    course.score(18, course.dose_at(1) + BEFORE)
    for day, total in ((1, 6), (8, 10), (15, 10)):
        course.score(total, end + timedelta(days=day))

    assert isinstance(outcome(course, end + timedelta(days=9), "relapse-level"), Unknown)
    assert outcome(course, end + timedelta(days=16), "relapse-level") is True


def test_a_copy_with_an_open_item_is_no_score(course) -> None:
    intake.save_scale(
        by=course.patient.user,
        patient_id=course.patient_id,
        scale_id="phq-9",
        answers={"1": 3},
        id=uuid4(),
        at=course.dose_at(6),
    )

    found = now(course, at=course.dose_at(6))

    assert isinstance(found.measured[-1].score, Unknown)
    assert all(each.on != course.dose_at(6).date() for each in found.series)


def test_a_total_stands_on_the_day_it_was_rated(course) -> None:
    course.enter_total("madrs", "30", date(2026, 3, 12))

    (score,) = (each for each in now(course, at=course.dose_at(6)).series if each.scale == "madrs")

    assert (score.on, score.value) == (date(2026, 3, 12), Decimal(30))


def test_a_total_of_a_phq9_says_nothing_of_item_9(course) -> None:
    course.enter_total("phq-9", "4", date(2026, 3, 26))

    found = now(course, at=course.dose_at(6) + timedelta(days=14))

    assert isinstance(suicidal_thoughts(found.measured, on=found.on), Unknown)


@pytest.mark.parametrize(("days", "known"), [(14, True), (15, False)])
def test_item_9_speaks_for_two_weeks(course, days, known) -> None:
    course.score(4, course.dose_at(6), item_9=1)

    found = now(course, at=course.dose_at(6) + timedelta(days=days))

    assert (suicidal_thoughts(found.measured, on=found.on) is True) is known


def test_the_phq9_is_due_on_the_day_of_each_session_until_it_is_filled_in(site) -> None:
    course = make_coursing(site, given=1)
    second = course.dose_at(2)

    assert "phq-9" not in waiting(course, second - timedelta(days=1))
    assert "phq-9" in waiting(course, second + BEFORE)

    course.score(12, second + BEFORE)

    assert "phq-9" not in waiting(course, second + BEFORE)


def test_the_evening_before_counts_and_the_day_of_the_last_session_does_not(site) -> None:
    course = make_coursing(site, given=1)
    course.score(12, course.dose_at(1) + BEFORE)
    second = course.dose_at(2)

    assert "phq-9" in waiting(course, second + BEFORE)

    course.score(12, second - timedelta(days=1))

    assert "phq-9" not in waiting(course, second + BEFORE)


def test_after_the_induction_the_phq9_is_due_every_week_for_eight_weeks(course) -> None:
    end = course.dose_at(6)

    assert "phq-9" in waiting(course, end + timedelta(weeks=1))
    assert "phq-9" in waiting(course, end + timedelta(weeks=8))
    assert "phq-9" not in waiting(course, end + timedelta(weeks=9))


def test_a_scale_that_is_off_until_the_clinic_holds_its_licence_is_never_due(course) -> None:
    assert "c-ssrs-screener" not in waiting(course, course.dose_at(6))
    assert "c-ssrs-screener" not in scales_by_total()


def test_a_second_induction_long_after_is_a_course_of_its_own(course) -> None:
    found = now(course, at=course.dose_at(6) + timedelta(days=3))

    assert len(found.given) == 6
    assert found.dates.first_session_on == course.dose_at(1).date()
    assert found.dates.induction_ended_on == course.dose_at(6).date()


def test_an_induction_with_a_session_to_come_has_not_ended(site) -> None:
    course = make_coursing(site, given=5)

    found = now(course, at=course.dose_at(5) + timedelta(days=1))

    assert found.dates.induction_ended_on is None
    assert found.sessions_left == 1


def test_nobody_without_a_clinical_role_enters_a_total(course, site) -> None:
    with pytest.raises(NotAllowed):
        course.enter_total(
            "madrs", "30", date(2026, 3, 12), by=make_staff(Role.administrator, site)
        )


def test_a_total_beyond_the_scale_is_refused(course) -> None:
    with pytest.raises(InvalidInput, match="0 to 60"):
        course.enter_total("madrs", "61", date(2026, 3, 12))


def test_a_total_from_paper_leaves_the_session_page_able_to_compare(site) -> None:
    course = make_coursing(site, given=1)
    course.enter_total("phq-9", "21", course.dose_at(1).date())
    session = Session.objects.select_related("patient__site", "plan__decision").get(
        pk=course.session(2).pk
    )

    care = care_of(session, [], now=course.dose_at(2) - timedelta(hours=1))

    assert isinstance(care.known["phq9_item9"], Unknown)
    assert care.known["phq9_rise"] == 4
