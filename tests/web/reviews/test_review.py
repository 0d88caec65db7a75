"""The review: what happened, what is offered, and both sides of every option."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from tests.coursing import make_coursing
from vernal.audit.models import Entry

pytestmark = pytest.mark.django_db
# PostgreSQL asks one more: the lock behind which writers of the audit chain queue.
QUERIES = 20 + (connection.vendor == "postgresql")


@pytest.fixture(scope="module")
def standing_treated(standing):
    """Six sessions given; the PHQ-9 fell from 18 to 8."""
    course = make_coursing(standing.site, given=6)
    for number, total in ((1, 18), (2, 15), (3, 13), (4, 11), (5, 9), (6, 8)):
        course.score(total, course.dose_at(number) - timedelta(hours=2))
    return course


@pytest.fixture
def treated(standing_treated, db):
    return deepcopy(standing_treated)


def address(course) -> str:
    return reverse("review", kwargs={"patient_id": course.patient_id})


def page_of(course, log_in, clock, moment, by=None) -> str:
    clock(moment)
    return log_in(by or course.prescriber).get(address(course)).content.decode()


def card(page: str, option: str) -> str:
    found = re.search(rf'aria-labelledby="option-{option}">(.*?)</section>', page, re.DOTALL)
    assert found
    return found.group(1)


def test_what_happened_stands_in_numbers(treated, log_in, clock) -> None:
    page = page_of(treated, log_in, clock, treated.dose_at(6) + timedelta(days=2))

    assert "55.6 % lower than at the start" in page
    assert "2 days ago" in page
    assert "Sessions given" in page


def test_all_six_options_stand_with_what_speaks_for_and_against(treated, log_in, clock) -> None:
    page = page_of(treated, log_in, clock, treated.dose_at(6) + timedelta(days=2))

    for option in ("stop", "continue", "wait", "next_dose", "change", "refer"):
        assert "Speaks for it" in card(page, option)
        assert "Speaks against it" in card(page, option)
    assert "Offered now" in card(page, "continue")
    assert "Not offered at this point" in card(page, "next_dose")
    assert "Weekly infusions for 4 weeks held the effect. No comparison group." in card(
        page, "continue"
    )


def test_what_was_published_stands_with_both_arms_people_and_time(treated, log_in, clock) -> None:
    page = page_of(treated, log_in, clock, treated.dose_at(6) + timedelta(days=2))

    wait = card(page, "wait")
    assert "about 80 of 100 still responding after 4 weeks. No comparison group." in wait
    assert "about 70 of 100 relapsed after 12 months; ECT" in wait
    assert "24 of 90" in card(page, "stop")


def test_the_protocols_own_offers_stand_with_their_option(treated, log_in, clock) -> None:
    page = page_of(treated, log_in, clock, treated.dose_at(6) + timedelta(days=2))

    assert "Weekly infusions: After a response" in card(page, "continue")
    assert reverse("new_plan", kwargs={"patient_id": treated.patient_id}) in card(page, "continue")
    assert reverse("plan", kwargs={"patient_id": treated.patient_id}) in card(page, "next_dose")


def test_what_the_protocol_offers_after_remission_is_not_offered_without_one(
    treated, log_in, clock
) -> None:
    """The PHQ-9 fell from 18 to 8: a response, and no remission."""
    page = page_of(treated, log_in, clock, treated.dose_at(6) + timedelta(days=2))

    wait = card(page, "wait")
    assert "After remission" in wait
    assert "Not so now" in wait
    assert "The protocol offers it, but not as things are now" in wait
    assert "Offered now" not in wait
    assert "So now" in card(page, "continue")


def test_in_remission_waiting_is_offered(treated, log_in, clock) -> None:
    treated.score(2, treated.dose_at(6) + timedelta(days=1))
    page = page_of(treated, log_in, clock, treated.dose_at(6) + timedelta(days=2))

    assert "Offered now" in card(page, "wait")
    assert "So now" in card(page, "wait")
    assert "Not so now" not in card(page, "wait")


def test_stopping_is_offered_at_any_time_whatever_the_protocol_says(treated, log_in, clock) -> None:
    page = page_of(treated, log_in, clock, treated.dose_at(6) + timedelta(days=2))

    assert "Offered now" in card(page, "stop")
    assert "Not so now" in card(page, "stop")


def test_the_question_whether_to_go_on_is_put_once(site, log_in, clock) -> None:
    course = make_coursing(site, given=3)
    for number in (1, 2, 3):
        course.score(16, course.dose_at(number) - timedelta(hours=2))

    page = page_of(course, log_in, clock, course.dose_at(3) + timedelta(hours=5))

    assert page.count("Is it worth going on?") == 1
    assert "one in five later remitted" not in page
    assert "This is a question, not a stop." in page


def test_no_dose_is_ever_proposed(treated, log_in, clock) -> None:
    page = page_of(treated, log_in, clock, treated.dose_at(6) + timedelta(days=2))

    offered = page[page.index("What the protocol offers next") :]
    without_studies = re.sub(r"<details>.*?</details>", "", offered, flags=re.DOTALL)
    assert "no dose is proposed" in page
    assert not re.search(r"\d\s*mg", without_studies)


def test_each_session_stands_in_one_line_the_newest_first(site, log_in, clock) -> None:
    course = make_coursing(site)
    course.give_with_an_alarm(1)
    course.call_off(2)
    planned = course.session().plan.worksheet["given_mg"]

    page = page_of(course, log_in, clock, course.dose_at(2) + timedelta(hours=6))

    lines = re.findall(r'tasks__text">(.*?)</li>', page, re.DOTALL)
    texts = [" ".join(re.sub(r"<.*?>", " ", line).split()) for line in lines]
    assert texts == [
        f"Session 2, Mar 13, 2026, 10:00: none of {planned} mg given No dose today: Had breakfast."
        " No dose today",
        f"Session 1, Mar 10, 2026, 10:00: 27.9 of {planned} mg given"
        " Alarm: Oxygen below 90 %. Done: Oxygen 4 L, Dr. Okafor came."
        " Alarm: Pressure 180 systolic or 120 diastolic. Nobody wrote down what was done."
        " Dose stopped early: An alarm. Went home. Alarm",
    ]
    assert reverse("session", kwargs={"session_id": course.session(1).pk}) in page


def test_an_answer_to_two_alarms_is_said_once_and_why_it_was_stopped_in_words(
    site, log_in, clock
) -> None:
    course = make_coursing(site)
    course.give_with_an_alarm(1, answers=("MON-018-emergency", "MON-015"), words="Pale and cold.")

    page = page_of(course, log_in, clock, course.dose_at(1) + timedelta(hours=6))

    both = "Alarms: Oxygen below 90 %; Pressure 180 systolic or 120 diastolic. Done: Oxygen 4 L"
    assert both in page
    assert page.count("Dr. Okafor came") == 1
    assert "Dose stopped early: An alarm, Pale and cold. Went home." in page


def test_an_alarm_that_held_the_dose_speaks_against_the_next_one(site, log_in, clock) -> None:
    course = make_coursing(site)
    course.give_with_an_alarm(1)

    page = page_of(course, log_in, clock, course.dose_at(1) + timedelta(hours=6))

    assert "an alarm sounded that pauses or stops a dose" in card(page, "next_dose")


def test_a_session_nobody_watched_leaves_open_whether_an_alarm_sounded(
    course, log_in, clock
) -> None:
    page = page_of(course, log_in, clock, course.dose_at(1) + timedelta(hours=6))

    assert "not everything an alarm asks for was measured and asked" in page
    assert "every reading, score and symptom that an alarm asks for" in card(page, "next_dose")


def test_a_session_called_off_is_told_where_there_is_no_course_yet(site, log_in, clock) -> None:
    course = make_coursing(site)
    course.call_off(1)

    page = page_of(course, log_in, clock, course.dose_at(1) + timedelta(hours=6))

    assert "No course to review yet" in page
    assert "No dose today: Had breakfast." in page


def test_without_a_given_session_there_is_nothing_to_review(site, log_in, clock) -> None:
    course = make_coursing(site)

    page = page_of(course, log_in, clock, course.dose_at(1) - timedelta(days=1))

    assert "No course to review yet" in page


def test_a_nurse_reads_it_and_is_told_who_signs(treated, log_in, clock) -> None:
    page = page_of(treated, log_in, clock, treated.dose_at(6), by=treated.nurse)

    assert "A prescriber or the medical director signs" in page
    assert "Decide and sign" not in page


def test_the_front_desk_is_told_who_reads_a_chart(course, front_desk, log_in) -> None:
    response = log_in(front_desk).get(address(course))

    assert response.status_code == 403
    assert "nurses, prescribers and the director" in response.content.decode()


def test_reading_is_on_record(course, log_in) -> None:
    log_in(course.prescriber).get(address(course))

    assert Entry.objects.filter(act="chart.read", details__page="review").count() == 1


def test_the_number_of_queries_does_not_grow_with_the_course(
    treated, course, log_in, clock, django_assert_num_queries
) -> None:
    clock(treated.dose_at(6) + timedelta(days=1))
    short, long = address(course), address(treated)
    browser = log_in(course.prescriber)
    with django_assert_num_queries(QUERIES):
        browser.get(short)
    browser = log_in(treated.prescriber)

    with django_assert_num_queries(QUERIES):
        browser.get(long)


@pytest.mark.parametrize(("days", "is_due"), [(13, False), (14, True), (20, True)])
def test_the_list_of_patients_says_when_a_review_is_due(
    course, log_in, clock, days, is_due
) -> None:
    signed_at = course.dose_at() + timedelta(days=1)
    course.sign_review("wait", signed_at)
    clock(signed_at + timedelta(days=days))

    page = log_in(course.nurse).get(reverse("patients")).content.decode()

    assert ("Review is due" in page) is is_due


def test_the_chart_leads_to_effects_outcomes_and_review(course, log_in) -> None:
    chart = reverse("chart", kwargs={"patient_id": course.patient_id})

    page = log_in(course.nurse).get(chart).content.decode()

    for name in ("effects", "outcomes", "review"):
        assert reverse(name, kwargs={"patient_id": course.patient_id}) in page
