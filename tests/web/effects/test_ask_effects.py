"""The same questions, put by staff on the telephone."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.coursing import make_coursing
from vernal.records.models import EffectsReported

pytestmark = pytest.mark.django_db


def address(course, of=None) -> str:
    about = of or course
    ids = {"patient_id": course.patient_id, "session_id": about.session().pk}
    return reverse("ask_effects", kwargs=ids)


@pytest.fixture
def browser(course, log_in, clock):
    clock(course.dose_at() + timedelta(hours=5))
    return log_in(course.nurse)


def test_what_was_told_on_the_telephone_is_kept_with_the_nurses_name(course, browser) -> None:
    form = {"id": str(uuid4()), "asked_at": "four_hours", "nothing": "1"}

    response = browser.post(address(course), form)

    assert response["Location"] == reverse("effects", kwargs={"patient_id": course.patient_id})
    assert EffectsReported.objects.get().by == course.nurse


def test_a_session_of_another_patient_does_not_exist_in_this_chart(course, browser, site) -> None:
    assert browser.get(address(course, make_coursing(site, given=1))).status_code == 404


def test_the_front_desk_is_told_who_asks(course, front_desk, log_in) -> None:
    response = log_in(front_desk).get(address(course))

    assert response.status_code == 403
    assert "nurses, prescribers" in response.content.decode()


def test_nothing_ticked_is_refused(course, browser) -> None:
    response = browser.post(address(course), {"id": str(uuid4()), "asked_at": "four_hours"})

    assert response.status_code == 422
    assert "Tick what you felt" in response.content.decode()


def test_sending_twice_keeps_one(course, browser) -> None:
    form = {"id": str(uuid4()), "asked_at": "four_hours", "nothing": "1"}

    browser.post(address(course), form)
    browser.post(address(course), form)

    assert EffectsReported.objects.count() == 1
