"""Another day or hour for a session."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.web.plan.conftest import address, assert_kept_out, open_day, words_of
from vernal.records.models import SessionMoved

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(planning) -> str:
    planning.signed(first_on=open_day(planning))
    return address("move_session", planning, session_id=planning.session().pk)


def move(planning, *, days: int = 0, at: str = "14:00", **changes: str) -> dict[str, str]:
    day = open_day(planning) + timedelta(days=days)
    given = {
        "id": str(uuid4()),
        "planned_on": day.isoformat(),
        "starts_at": at,
        "reason": "The escort cannot come.",
    }
    return {**given, **changes}


def test_a_session_is_moved_with_its_reason(planning, url, by_nurse) -> None:
    response = by_nurse.post(url, move(planning))

    assert response.headers["Location"] == address("plan", planning)
    moved = SessionMoved.objects.get()
    assert moved.planned_at.astimezone(planning.chart.site.zone).strftime("%H:%M") == "14:00"
    assert "14:00" in words_of(by_nurse.get(address("plan", planning)))


def test_too_near_to_the_next_session_is_refused_beside_the_day(planning, url, by_nurse) -> None:
    near = planning.session(2).planned_at.astimezone(planning.chart.site.zone)
    form = move(planning, planned_on=near.date().isoformat())

    response = by_nurse.post(url, form)

    page = words_of(response)
    assert response.status_code == 422
    assert "At least 48 hours" in page[page.index('id="id_planned_on_error"') :][:400]
    assert f'value="{form["planned_on"]}"' in page
    assert not SessionMoved.objects.exists()


def test_a_reason_is_asked_for(planning, url, by_nurse) -> None:
    response = by_nurse.post(url, move(planning, reason=""))

    assert response.status_code == 422
    assert not SessionMoved.objects.exists()


def test_twice_does_no_harm(planning, url, by_nurse) -> None:
    form = move(planning)

    for _ in range(2):
        assert by_nurse.post(url, form).status_code == 302

    assert SessionMoved.objects.count() == 1


def test_others_are_kept_out(planning, url, elsewhere, front_desk, by_nurse, log_in) -> None:
    assert_kept_out(log_in(front_desk), url, "read by nurses")
    assert log_in(planning.patient.user).get(url).status_code == 404
    ids = {"patient_id": elsewhere.patient_id, "session_id": planning.session().pk}
    assert by_nurse.get(reverse("move_session", kwargs=ids)).status_code == 404
    unknown = address("move_session", planning, session_id=uuid4())
    assert by_nurse.get(unknown).status_code == 404
