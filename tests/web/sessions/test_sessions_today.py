"""The nurse's day: overdue readings first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.bedside import make_bedside
from vernal.rules.sessions import Kind
from vernal.workflow import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def soon(site):
    """Made for the test that asks for it: the day of the others is theirs alone."""
    return make_bedside(site, now=timezone.now())


def test_todays_sessions_stand_with_their_state(soon, log_in) -> None:
    page = log_in(soon.nurse).get(reverse("sessions_today")).content.decode()

    assert "Wren Hollis" in page
    assert "Planned" in page


def test_a_silent_session_stands_first(site, soon, nurse) -> None:
    quiet = make_bedside(site, now=timezone.now() - timedelta(minutes=30))
    quiet.infuse()

    first, second = queries.sessions_today(by=nurse, at=timezone.now())

    assert (first.session_id, second.session_id) == (quiet.session_id, soon.session_id)
    assert first.overdue_min is not None
    assert first.dose_running


def test_a_session_of_yesterday_that_never_ended_is_still_here(site, nurse) -> None:
    old = make_bedside(site, now=timezone.now() - timedelta(days=3))
    old.enter(Kind.checked_in, 0)

    assert [line.session_id for line in queries.sessions_today(by=nurse, at=timezone.now())] == [
        old.session_id
    ]


def test_what_ended_before_today_is_gone(site, nurse) -> None:
    old = make_bedside(site, now=timezone.now() - timedelta(days=3))
    old.enter(Kind.session_stopped, 0, {"reason": "Did not come."})

    assert queries.sessions_today(by=nurse, at=timezone.now()) == []


def test_other_sites_have_their_own_day(elsewhere, nurse) -> None:
    assert queries.sessions_today(by=nurse, at=timezone.now()) == []


@pytest.mark.parametrize("role", ["front_desk", "administrator"])
def test_only_clinical_staff_see_it(role, request, log_in) -> None:
    response = log_in(request.getfixturevalue(role)).get(reverse("sessions_today"))

    assert response.status_code == 403
    assert "nurses, prescribers" in response.content.decode()


def test_an_empty_day_says_so(nurse, log_in) -> None:
    assert "No sessions today" in log_in(nurse).get(reverse("sessions_today")).content.decode()
