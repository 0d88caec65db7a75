"""The demo has someone in the middle of a course and someone at the review, on any day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from vernal.accounts.models import User
from vernal.records.models import PatientDetails, Session
from vernal.rules.sessions import Kind
from vernal.workflow import demo, queries
from vernal.workflow.course_so_far import course_so_far
from vernal.workflow.demo.courses import ALDER, IRIS, first_day, items
from vernal.workflow.demo.today import CLOVER
from vernal.workflow.demo_scores import course_scores, mean_score
from vernal.workflow.patients import patient_with
from vernal.workflow.reviews import reviewed

NOW = datetime(2026, 3, 25, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize("days", range(14))
@pytest.mark.parametrize("past", [3, 6])
def test_on_every_day_there_is_a_course_with_so_many_sessions_behind_it(days, past) -> None:
    today = date(2026, 3, 1) + timedelta(days=days)

    given = first_day(today, past=(past,))

    assert len(given) == past
    assert all(day < today and day.weekday() < 5 for day in given)
    assert (today - given[-1]).days <= (5 if past == 3 else 24)


@pytest.mark.parametrize("days", range(7))
def test_on_every_day_someone_is_half_way_with_no_session_today(days) -> None:
    today = date(2026, 3, 1) + timedelta(days=days)

    given = first_day(today, past=(3, 4), also_today=False)

    assert len(given) in (3, 4)
    assert (today - given[2]).days <= 7  # the rating half-way is asked for a week


@pytest.mark.parametrize("total", range(25))
def test_answers_add_up_to_the_score(total) -> None:
    assert sum(items(total).values()) == total
    assert items(total)["9"] == 0


def test_the_mean_of_many_courses_is_the_published_one() -> None:
    courses = [course_scores(Random(f"person {each}"), (0, 1, 15), "drug") for each in range(2000)]

    for place, day in enumerate((0, 1, 15)):
        mean = sum(course[place] for course in courses) / len(courses)
        assert mean == pytest.approx(mean_score(day, "drug"), abs=0.5)


def course_of(person):
    details = PatientDetails.objects.filter(family_name=person.family_name).latest("at")
    return course_so_far(patient_with(details.patient_id), at=NOW)


@pytest.fixture(scope="module")
def clinic(lasting) -> None:
    demo.load(now=NOW)


@pytest.mark.django_db
@pytest.mark.slow
def test_one_is_in_mid_course_and_one_at_the_review(clinic) -> None:
    alder, iris = course_of(ALDER), course_of(IRIS)

    assert (len(alder.given), alder.sessions_left, alder.phase) == (3, 3, "induction")
    assert [each.scale for each in alder.series].count("phq-9") == 4
    assert (len(iris.given), iris.sessions_left) == (6, 0)
    assert 19 <= (NOW.date() - iris.last_session_on).days <= 24
    assert reviewed(alder).state.response is True
    assert reviewed(alder).state.stop_alarm_last_session is False
    assert reviewed(iris).state.response is False
    assert "end-of-course-review" in {each.id for each in reviewed(iris).review.prompts}


@pytest.mark.django_db
@pytest.mark.slow
def test_one_of_today_is_expected_for_a_dose_under_the_tongue(clinic) -> None:
    nurse = User.objects.get(email="nurse@vernal.example")
    session = Session.objects.get(patient__details__given_name=CLOVER.given_name, number=1)
    expected = queries.session(by=nurse, session_id=session.pk, at=NOW)

    assert (expected.route, expected.order.planned_dose_mg) == ("sublingual", 10)
    assert expected.next.kind == Kind.checked_in
    assert (expected.planned_at - NOW).total_seconds() / 60 == 15
    assert expected.not_yet == ()  # screening, plan and consent are signed for this route


@pytest.mark.django_db
@pytest.mark.slow
def test_a_second_clinic_would_tell_the_same_scores(clinic) -> None:
    alder = [each.value for each in course_of(ALDER).series if each.scale == "phq-9"]

    assert alder[1:] == list(
        course_scores(
            Random("Alder Whitcomb"),
            [(each.on - course_of(ALDER).given[0].on).days for each in course_of(ALDER).given],
            "drug",
        )
    )
