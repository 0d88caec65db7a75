"""Scores over sessions for staff, judged by stated definitions."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from tests.coursing import make_coursing
from vernal.audit.models import Entry

pytestmark = pytest.mark.django_db
# PostgreSQL asks one more: the lock behind which writers of the audit chain queue.
QUERIES = 22 + (connection.vendor == "postgresql")


@pytest.fixture(scope="module")
def standing_treated(standing):
    """Six sessions given; the PHQ-9 was 18 before the first and 8 before the last."""
    course = make_coursing(standing.site, given=6)
    course.score(18, course.dose_at(1) - timedelta(hours=2))
    for number, total in ((2, 15), (3, 13), (4, 11), (5, 9), (6, 8)):
        course.score(total, course.dose_at(number) - timedelta(hours=2))
    return course


@pytest.fixture
def treated(standing_treated, db):
    return deepcopy(standing_treated)


def address(course) -> str:
    return reverse("outcomes", kwargs={"patient_id": course.patient_id})


def page_of(course, log_in, clock, after: timedelta = timedelta(days=1), query: str = "") -> str:
    clock(course.dose_at(6) + after)
    return log_in(course.nurse).get(address(course) + query).content.decode()


def test_one_picture_shows_scores_sessions_bands_and_levels(treated, log_in, clock) -> None:
    page = page_of(treated, log_in, clock)

    assert page.count('viewBox="0 0 560') == 1
    assert page.count('class="mark-dose"') == 6
    assert "moderately severe" in page
    assert "Start 18" in page
    assert "Response ≤ 9" in page
    assert "Remission &lt; 5" in page


def test_the_start_is_one_number_in_picture_and_words(treated, log_in, clock) -> None:
    earlier = treated.dose_at(1) - timedelta(days=3)
    treated.score(16, earlier)

    page = page_of(treated, log_in, clock)

    assert "Start 18" in page
    assert "At the start 18 on Mar 10, 2026, newest 8 on" in page
    assert "From 16" not in page


def test_an_outcome_says_yes_no_or_what_it_needs_with_definition_and_source(
    treated, log_in, clock
) -> None:
    page = page_of(treated, log_in, clock)

    assert "The score has fallen by at least half since the start." in page
    assert "8 on Mar" in page
    assert "Not yet known: needs a score after the one it is compared with" in page
    assert "Kroenke" in page
    assert "Unsigned default" in page


def test_without_a_baseline_nothing_is_called_a_response(site, log_in, clock) -> None:
    course = make_coursing(site, sessions=6)
    clock(course.dose_at(1) + timedelta(days=1))
    page = log_in(course.nurse).get(address(course)).content.decode()

    assert "Not yet known: needs the first session" in page


def test_worse_is_shown_with_what_to_do(site, log_in, clock) -> None:
    course = make_coursing(site, given=2)
    course.score(12, course.dose_at(1) - timedelta(hours=2))
    course.score(17, course.dose_at(2) - timedelta(hours=2))
    clock(course.dose_at(2) + timedelta(hours=3))

    page = log_in(course.nurse).get(address(course)).content.decode()

    assert "A clinician sees the patient before the dose." in page
    assert "Worse than at the start" in page
    assert "A clinician calls within 24 hours" in page


def test_a_relapse_is_shown_with_what_to_do(treated, log_in, clock) -> None:
    treated.score(5, treated.dose_at(6) + timedelta(days=1))
    treated.score(10, treated.dose_at(6) + timedelta(days=8))

    page = page_of(treated, log_in, clock, after=timedelta(days=9))

    assert "The effect may be fading" in page
    assert "Offer a visit about a further session" in page


def test_item_9_that_nobody_answered_is_not_read_as_no(treated, log_in, clock) -> None:
    page = page_of(treated, log_in, clock, after=timedelta(days=30))

    assert "not known" in page


def test_what_the_calendar_asks_for_is_listed_with_who_fills_it_in(treated, log_in, clock) -> None:
    page = page_of(treated, log_in, clock)

    assert "at the end of the induction" in page
    assert "MADRS" in page
    assert "Enter the total" in page


def test_another_scale_has_its_own_picture(treated, log_in, clock) -> None:
    treated.enter_total("madrs", "22", treated.dose_at(6).date())

    page = page_of(treated, log_in, clock, query="?scale=madrs")

    assert "MADRS over the sessions" in page


def test_the_front_desk_is_told_who_reads_a_chart(course, front_desk, log_in) -> None:
    response = log_in(front_desk).get(address(course))

    assert response.status_code == 403
    assert "nurses, prescribers and the director" in response.content.decode()


def test_reading_is_on_record(course, log_in) -> None:
    log_in(course.nurse).get(address(course))

    assert Entry.objects.filter(act="chart.read", details__page="outcomes").count() == 1


def test_the_number_of_queries_does_not_grow_with_the_course(
    treated, course, log_in, clock, django_assert_num_queries
) -> None:
    clock(treated.dose_at(6) + timedelta(days=1))
    browser = log_in(course.nurse)
    short, long = address(course), address(treated)
    with django_assert_num_queries(QUERIES):
        browser.get(short)
    browser = log_in(treated.nurse)

    with django_assert_num_queries(QUERIES):
        browser.get(long)


def test_the_chart_shows_a_total_beside_the_other_scores(course, log_in) -> None:
    course.enter_total("madrs", "22", course.dose_at().date())
    chart = reverse("chart", kwargs={"patient_id": course.patient_id})

    page = log_in(course.nurse).get(chart).content.decode()

    assert "MADRS" in page


def test_a_phq9_entered_as_a_total_leaves_the_history_readable(course, log_in) -> None:
    course.enter_total("phq-9", "12", course.dose_at().date())
    ids = {"patient_id": course.patient_id, "section_id": "phq9"}
    browser = log_in(course.nurse)

    for name in ("section", "section_history"):
        assert browser.get(reverse(name, kwargs=ids)).status_code == 200
