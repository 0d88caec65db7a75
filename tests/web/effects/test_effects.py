"""Every effect of a patient beside the published rates."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from tests.coursing import make_coursing
from vernal.audit.models import Entry
from vernal.workflow.effects import Told

pytestmark = pytest.mark.django_db
# PostgreSQL asks one more: the lock behind which writers of the audit chain queue.
QUERIES = 15 + (connection.vendor == "postgresql")


def page_of(course, log_in, by=None) -> str:
    address = reverse("effects", kwargs={"patient_id": course.patient_id})
    return log_in(by or course.nurse).get(address).content.decode()


def test_what_the_nurse_noted_and_what_was_told_at_home_stand_together(course, log_in) -> None:
    course.note_effect(1, "floating", 1)
    course.tell(1, Told("floating", 2, "during", "same_day"), asked_at="next_day")

    page = page_of(course, log_in)

    assert "Floating" in page
    assert "There, but it did not bother me" in page
    assert "It bothered me" in page
    assert "Later on the same day" in page


def test_not_asked_is_not_absent(course, log_in) -> None:
    course.tell(1, Told("nausea", 1))

    page = page_of(course, log_in)

    assert "Not asked" in page
    assert "The next day: nobody has answered yet" in page


def test_drug_and_comparison_stand_beside_each_other_in_words_where_no_number_is_known(
    course, log_in
) -> None:
    course.tell(1, Told("spacey", 1))

    page = page_of(course, log_in)

    assert "the exact rate is not in the texts seen" in page
    assert "lower with placebo" in page


def test_an_arm_alone_says_that_there_was_no_comparator(course, log_in) -> None:
    course.tell(1, Told("sleepy", 1))

    assert "No comparator is given." in page_of(course, log_in)


def test_rates_found_in_different_ways_never_share_a_picture(course, log_in) -> None:
    course.tell(1, Told("sleepy", 1))

    page = page_of(course, log_in)

    published = page[page.index("What was published about these effects") :]
    captions = [part.split("<")[0] for part in published.split("<caption>")[1:]]
    assert len(captions) == len(set(captions)) > 1


def test_an_effect_to_call_about_is_marked_with_a_word(course, log_in) -> None:
    course.tell(1, Told("vomiting", 3))

    assert "speak with the patient today" in page_of(course, log_in)


def test_staff_may_ask_by_telephone_while_the_question_is_open(course, log_in, clock) -> None:
    clock(course.dose_at() + timedelta(hours=23))

    assert "Ask by telephone: the next day" in page_of(course, log_in)


def test_without_a_session_the_page_says_when_it_begins(site, log_in) -> None:
    assert "No session yet" in page_of(make_coursing(site), log_in)


def test_the_front_desk_is_told_who_reads_a_chart(course, front_desk, log_in) -> None:
    address = reverse("effects", kwargs={"patient_id": course.patient_id})

    response = log_in(front_desk).get(address)

    assert response.status_code == 403
    assert "nurses, prescribers and the director" in response.content.decode()


def test_reading_is_on_record(course, log_in) -> None:
    page_of(course, log_in)

    assert Entry.objects.filter(act="chart.read", details__page="effects").count() == 1


def test_the_number_of_queries_does_not_grow_with_sessions_and_reports(
    site, log_in, django_assert_num_queries
) -> None:
    counts = []
    for given in (1, 4):
        course = make_coursing(site, given=given)
        for number in range(1, given + 1):
            course.tell(number, Told("nausea", 1), Told("headache", 2))
            course.tell(number, Told("nausea", 1), asked_at="next_day")
        browser = log_in(course.nurse)
        address = reverse("effects", kwargs={"patient_id": course.patient_id})
        with django_assert_num_queries(counts[0] if counts else QUERIES) as seen:
            browser.get(address)
        counts.append(len(seen))
