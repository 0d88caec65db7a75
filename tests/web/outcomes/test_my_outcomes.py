"""How I am doing: what waits, and the picture with verified content alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
URL = reverse("my_outcomes")
QUERIES = 12


def page_at(course, log_in, clock, moment) -> str:
    clock(moment)
    return log_in(course.patient.user).get(URL).content.decode()


def test_the_scale_of_the_session_day_and_the_question_of_the_last_session_wait(
    course, log_in, clock
) -> None:
    page = page_at(course, log_in, clock, course.dose_at(2) - timedelta(hours=3))

    assert reverse("my_scale", kwargs={"scale_id": "phq-9"}) in page


def test_four_hours_after_a_session_the_question_waits(course, log_in, clock) -> None:
    page = page_at(course, log_in, clock, course.dose_at() + timedelta(hours=5))

    assert "How you felt after session 1" in page
    assert reverse("my_effects", kwargs={"session_id": course.session().pk}) in page


def test_what_is_filled_in_waits_no_more(course, log_in, clock) -> None:
    course.score(12, course.dose_at(2) - timedelta(hours=4))
    course.tell(1, asked_at="next_day")

    page = page_at(course, log_in, clock, course.dose_at(2) - timedelta(hours=3))

    assert "Nothing waits for you now" in page
    assert "Your next session is on" in page


def test_scales_that_only_staff_may_enter_are_not_asked_of_the_patient(
    course, log_in, clock
) -> None:
    page = page_at(course, log_in, clock, course.dose_at(2) - timedelta(hours=3))

    assert "MADRS" not in page
    assert "C-SSRS" not in page


def test_the_picture_has_its_numbers_as_a_table(course, log_in, clock) -> None:
    course.score(9, course.dose_at(2) - timedelta(hours=4))

    page = page_at(course, log_in, clock, course.dose_at(2))

    assert "chart--narrow" in page
    assert "The same as a table" in page
    assert "mild" in page


def test_staff_are_told_that_this_page_is_the_patients(course, log_in) -> None:
    response = log_in(course.nurse).get(URL)

    assert response.status_code == 403
    assert "own account" in response.content.decode()


def test_before_the_first_form_nothing_is_shown_that_is_not_there(patient, log_in) -> None:
    page = log_in(patient.user).get(URL).content.decode()

    assert "Nothing waits for you now" in page
    assert "chart--narrow" not in page


def test_the_number_of_queries_does_not_grow_with_the_course(
    course, log_in, clock, django_assert_num_queries
) -> None:
    clock(course.dose_at() + timedelta(hours=5))
    browser = log_in(course.patient.user)
    with django_assert_num_queries(QUERIES):
        browser.get(URL)
    for number in (2, 3, 4):
        course.score(12, course.dose_at(number) - timedelta(hours=4))
        course.give(number)
    clock(course.dose_at(4) + timedelta(hours=5))
    browser = log_in(course.patient.user)

    with django_assert_num_queries(QUERIES):
        browser.get(URL)


def test_the_first_page_says_what_waits_and_leads_here(course, log_in, clock) -> None:
    clock(course.dose_at() + timedelta(hours=5))

    page = log_in(course.patient.user).get(reverse("my_care")).content.decode()

    assert "How you felt after session 1" in page
    assert URL in page
