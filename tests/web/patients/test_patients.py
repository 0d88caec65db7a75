"""The list of patients: open alerts first, the step of each, and what waits for whom."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.bedside import make_bedside
from tests.coursing import make_coursing
from tests.factories import make_alert, make_invitation, make_patient, make_staff
from tests.planning import make_planning
from tests.web.intake.pages import form, mine, text
from vernal.accounts.models import Role
from vernal.workflow.measures import record_measure

pytestmark = pytest.mark.django_db
PATIENTS = "/patients/"
QUERIES = 24 + (connection.vendor == "postgresql")


def chart_of(patient) -> str:
    return reverse("chart", kwargs={"patient_id": patient.patient_id})


def test_only_the_own_site_is_on_the_list(nurse, patient, other_site, log_in) -> None:
    stranger = make_patient(make_staff(Role.front_desk, other_site), other_site)

    page = log_in(nurse).get(PATIENTS).content.decode()

    assert chart_of(patient) in page
    assert chart_of(stranger) not in page


def test_open_alerts_stand_first_then_the_newest(front_desk, nurse, site, log_in) -> None:
    now = timezone.now()
    older, newer, with_alert = (
        make_patient(front_desk, site, at=now - timedelta(days=days)) for days in (2, 1, 3)
    )
    make_alert(with_alert)

    page = log_in(nurse).get(PATIENTS).content.decode()

    places = [page.index(chart_of(each)) for each in (with_alert, newer, older)]
    assert places == sorted(places)
    assert "Open alert" in page


def test_the_first_steps_say_what_waits_for_whom(front_desk, site, patient, nurse, log_in) -> None:
    make_invitation(front_desk, site)
    log_in(patient.user).post(mine("about_you"), form(sex_at_birth="female"))

    page = text(log_in(nurse).get(PATIENTS))

    assert "1 of 8: Inquiry The patient accepts the invitation None planned" in page
    assert "2 of 8: History The patient goes on with the history and sends it" in page


class TestPlanning:
    def test_each_part_of_the_plan_is_named(self, site, log_in, clock) -> None:
        planning = make_planning(site)
        clock(planning.now + timedelta(minutes=30))
        browser = log_in(planning.nurse)

        def waits() -> str:
            return text(browser.get(PATIENTS))

        assert "4 of 8: Plan and consent A prescriber draws up the plan" in waits()
        plan_id = planning.draw_up()
        assert "A second person confirms the arithmetic of the plan" in waits()
        planning.confirm(plan_id)
        assert "The patient reads and answers the consent" in waits()
        planning.answer()
        assert "A clinician goes through the consent with the patient" in waits()
        planning.discuss(at=planning.now + timedelta(minutes=1))
        assert "The patient signs the consent" in waits()
        planning.sign_consent(at=planning.now + timedelta(minutes=2))
        assert "Clinical staff make the checks before the plan is signed" in waits()
        planning.check()
        assert "4 of 8: Plan and consent A prescriber signs the plan" in waits()

    @pytest.mark.parametrize(
        ("outcome", "words"), [("not_eligible", "Not eligible"), ("eligible", "draws up the plan")]
    )
    def test_the_decision_says_whether_a_plan_follows(
        self, site, log_in, clock, outcome, words
    ) -> None:
        planning = make_planning(site, eligible=False)
        planning.decide(outcome)
        clock(planning.now)

        assert words in text(log_in(planning.nurse).get(PATIENTS))


class TestTreatment:
    """A patient after the first of six sessions; the second follows three days later."""

    @pytest.mark.parametrize(
        ("hours", "words"),
        [
            (1, "5 of 8: Session Session 1 is running"),
            (25, "6 of 8: Side effects The patient tells from home how session 1 was"),
            (73, "5 of 8: Session Session 2 is today at 10:00"),
            (97, "5 of 8: Session Session 2 was on Mar 13, 2026 and has not begun"),
        ],
    )
    def test_the_step_follows_the_sessions(self, course, log_in, clock, hours, words) -> None:
        clock(course.dose_at() + timedelta(hours=hours))

        assert words in text(log_in(course.nurse).get(PATIENTS))

    def test_the_next_session_stands_beside_it(self, course, log_in, clock) -> None:
        clock(course.dose_at() + timedelta(hours=25))

        assert "Mar 13, 2026, 10:00" in text(log_in(course.nurse).get(PATIENTS))

    def test_before_the_first_dose_the_session_comes_next(self, site, log_in, clock) -> None:
        course = make_coursing(site)
        clock(course.planning.now + timedelta(hours=1))

        page = text(log_in(course.nurse).get(PATIENTS))

        assert "5 of 8: Session Session 1 comes next, on Mar 10, 2026, 10:00" in page

    def test_scales_that_wait_are_counted(self, site, log_in, clock) -> None:
        course = make_coursing(site, given=3)
        course.tell(3, asked_at="next_day")
        clock(course.dose_at(3) + timedelta(hours=30))

        page = text(log_in(course.nurse).get(PATIENTS))

        assert re.search(r"7 of 8: Outcomes \d scales? (is|are) to be filled in", page)

    def test_overdue_tests_and_calls_count_whatever_comes_next(self, course, log_in, clock) -> None:
        clock(course.dose_at() + timedelta(hours=73))

        page = text(log_in(course.nurse).get(PATIENTS))

        assert "Session 2 is today at 10:00; 2 tests or calls are overdue" in page

    def test_what_is_overdue_comes_before_the_next_session(self, site, log_in, clock) -> None:
        course = make_coursing(site, given=2)
        course.tell(2, asked_at="next_day")
        clock(course.dose_at(2) + timedelta(days=3))

        page = text(log_in(course.nurse).get(PATIENTS))

        assert "7 of 8: Outcomes 2 tests or calls are overdue" in page

    def test_what_was_done_is_no_longer_overdue(self, course, log_in, clock) -> None:
        after = course.dose_at() + timedelta(hours=73)
        for measure in ("safety-call", "cognition"):
            record_measure(
                by=course.nurse,
                patient_id=course.patient_id,
                measure=measure,
                done_on=(after - timedelta(days=1)).date(),
                result="Well",
                id=uuid4(),
                at=after,
            )
        clock(after)

        assert "overdue" not in text(log_in(course.nurse).get(PATIENTS))

    def test_a_course_whose_sessions_are_given_waits_for_the_review(
        self, site, log_in, clock
    ) -> None:
        course = make_coursing(site, given=1, sessions=1)
        course.tell(1, asked_at="next_day")
        clock(course.dose_at() + timedelta(hours=30))

        page = text(log_in(course.nurse).get(PATIENTS))

        assert "8 of 8: Review Review is due" in page
        assert "None planned" in page

    @pytest.mark.parametrize(
        ("option", "words"),
        [
            ("wait", "8 of 8: Review On hold by the signed review until Mar 25, 2026"),
            ("stop", "8 of 8: Review The course has ended; somebody looks again on Mar 25, 2026"),
            ("change", "4 of 8: Plan and consent A prescriber draws up the plan"),
        ],
    )
    def test_a_signed_review_says_how_it_goes_on(
        self, course, log_in, clock, option, words
    ) -> None:
        signed_at = course.dose_at() + timedelta(days=1)
        course.sign_review(option, signed_at)
        clock(course.dose_at() + timedelta(days=4))

        assert words in text(log_in(course.nurse).get(PATIENTS))

    def test_an_alarm_in_a_session_stands_before_everyone_else(
        self, site, front_desk, log_in, clock
    ) -> None:
        bed = make_bedside(site)
        bed.infuse()
        bed.reading(10, systolic_mmhg="205", diastolic_mmhg="124")
        newer = make_patient(front_desk, site, at=bed.at(11))
        clock(bed.at(12))

        response = log_in(bed.nurse).get(PATIENTS)

        page = response.content.decode()
        assert "Alarm in session 1" in text(response)
        assert page.index(chart_of(bed.patient)) < page.index(chart_of(newer))


def test_the_front_desk_sees_names_and_opens_no_chart(front_desk, patient, log_in) -> None:
    page = log_in(front_desk).get(PATIENTS)

    assert "Wren Hollis" in text(page)
    assert chart_of(patient) not in page.content.decode()


def test_the_front_desk_is_told_of_no_alert_and_no_alarm(site, front_desk, log_in, clock) -> None:
    bed = make_bedside(site)
    bed.infuse()
    bed.reading(10, systolic_mmhg="205", diastolic_mmhg="124")
    make_alert(bed.patient)
    clock(bed.at(12))

    page = text(log_in(front_desk).get(PATIENTS))

    assert "Session 1 is running" in page
    assert "Alarm" not in page
    assert "Open alert" not in page


def test_an_empty_list_says_how_a_patient_comes_onto_it(other_site, log_in) -> None:
    nurse = make_staff(Role.nurse, other_site)

    assert "No patients yet" in text(log_in(nurse).get(PATIENTS))


def test_the_administrator_and_a_patient_are_told_whose_list_it_is(
    administrator, patient, log_in
) -> None:
    for user in (administrator, patient.user):
        response = log_in(user).get(PATIENTS)

        assert response.status_code == 403
        assert "for the front desk and clinical staff" in text(response)


@pytest.mark.parametrize("count", [2, 5])
def test_the_number_of_queries_does_not_grow_with_the_list(
    other_site, log_in, clock, django_assert_num_queries, count
) -> None:
    course, desk = make_coursing(other_site, given=1), make_staff(Role.front_desk, other_site)
    for number in range(count - 1):
        make_patient(desk, other_site, at=course.planning.now + timedelta(minutes=number))
    clock(course.dose_at() + timedelta(hours=25))
    browser = log_in(course.nurse)

    with django_assert_num_queries(QUERIES):
        page = browser.get(PATIENTS).content.decode()

    assert page.count("Wren Hollis") == count
