"""Tests and calls of the calendar that are no scales: due, overdue, and written down."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import make_staff
from vernal.accounts.models import Role
from vernal.audit.models import Entry
from vernal.records.models import MeasureDone

pytestmark = pytest.mark.django_db


def address(course) -> str:
    return reverse("record_measure", kwargs={"patient_id": course.patient_id})


def call(**changes: str) -> dict[str, str]:
    given = {
        "id": str(uuid4()),
        "measure": "safety-call",
        "done_on": "2026-03-11",
        "result": "Slept well, no new thoughts.",
    }
    return {**given, **changes}


@pytest.fixture
def browser(course, log_in, clock):
    clock(course.dose_at() + timedelta(days=1))
    return log_in(course.nurse)


def page_of(browser, course) -> str:
    address = reverse("outcomes", kwargs={"patient_id": course.patient_id})
    return browser.get(address).content.decode().split("calendar</h2>")[1]


def test_the_call_of_the_next_day_waits_until_it_is_written_down(course, browser) -> None:
    assert "Safety call" in page_of(browser, course).split("<form")[0]

    response = browser.post(address(course), call())

    assert response["Location"] == reverse("outcomes", kwargs={"patient_id": course.patient_id})
    row = MeasureDone.objects.get()
    assert (row.measure, row.done_on) == ("safety-call", date(2026, 3, 11))
    page = page_of(browser, course)
    assert "Safety call" not in page.split("<form")[0]
    assert "Slept well, no new thoughts." in page


def test_a_call_nobody_made_is_said_to_be_overdue(course, log_in, clock) -> None:
    clock(course.dose_at() + timedelta(days=2))

    page = page_of(log_in(course.nurse), course).split("<form")[0]

    assert "Overdue" in page.split("Safety call")[1]


def test_scales_tests_and_calls_are_one_list_and_what_is_overdue_stands_first(
    course, log_in, clock
) -> None:
    clock(course.dose_at(2) - timedelta(hours=2))

    waiting = page_of(log_in(course.nurse), course).split("<form")[0]
    late, due = waiting.split("PHQ-9")

    assert waiting.count('<ul class="tasks">') == 1
    assert "Safety call" in late
    assert "Overdue" in late
    assert "Overdue" not in due


def test_an_overdue_call_alone_is_not_called_nothing(course, log_in, clock) -> None:
    clock(course.dose_at() + timedelta(days=2))

    assert "Nothing is due" not in page_of(log_in(course.nurse), course)


def test_liver_values_of_the_history_count_as_the_test_before_the_course(course, browser) -> None:
    waiting, *_forms, after = page_of(browser, course).split("<form")

    assert "Cognition" in waiting
    assert "Liver tests" not in waiting
    assert "In the history" in after


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"measure": "phq-9"}, "Choose one of the tests and calls"),
        ({"done_on": "2026-03-12"}, "This day has not come yet"),
        ({"done_on": "soon"}, "year-month-day"),
        ({"result": " "}, "Write in a few words what came of it."),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_stays(course, browser, changes, sentence) -> None:
    response = browser.post(address(course), call(**changes))

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not MeasureDone.objects.exists()


def test_sending_twice_keeps_one(course, browser) -> None:
    form = call()

    browser.post(address(course), form)
    browser.post(address(course), form)

    assert MeasureDone.objects.count() == 1
    assert Entry.objects.get(act="measure.done").details == {"measure": "safety-call"}


def test_the_front_desk_writes_down_no_test(course, site, log_in) -> None:
    desk = make_staff(Role.front_desk, site)

    assert log_in(desk).post(address(course), call()).status_code == 403


def test_a_chart_of_another_site_does_not_exist(course, other_site, log_in) -> None:
    stranger = make_staff(Role.nurse, other_site)

    assert log_in(stranger).post(address(course), call()).status_code == 404
