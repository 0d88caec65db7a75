"""A session that will not take place."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.web.plan.conftest import address, assert_kept_out, open_day, words_of
from vernal.records.models import SessionCancelled

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(planning) -> str:
    planning.signed(first_on=open_day(planning))
    return address("cancel_session", planning, session_id=planning.session().pk)


def test_cancelling_keeps_the_reason_and_shows_it_in_the_calendar(planning, url, by_nurse) -> None:
    response = by_nurse.post(url, {"id": str(uuid4()), "reason": "Has a cold."})

    assert response.headers["Location"] == address("plan", planning)
    assert SessionCancelled.objects.get().reason == "Has a cold."
    assert "Cancelled" in words_of(by_nurse.get(address("plan", planning)))
    assert "stays as it is" in words_of(by_nurse.get(url))


def test_a_reason_is_asked_for_beside_the_field(url, by_nurse) -> None:
    response = by_nurse.post(url, {"id": str(uuid4()), "reason": ""})

    assert response.status_code == 422
    assert 'id="id_reason_error"' in words_of(response)
    assert not SessionCancelled.objects.exists()


def test_twice_does_no_harm_and_another_form_comes_too_late(url, by_nurse) -> None:
    form = {"id": str(uuid4()), "reason": "Has a cold."}

    for _ in range(2):
        assert by_nurse.post(url, form).status_code == 302

    assert SessionCancelled.objects.count() == 1
    late = by_nurse.post(url, {"reason": "Has a fever.", "id": str(uuid4())})
    assert late.status_code == 409
    assert "This session was cancelled." in words_of(late)
    assert "Has a fever." in words_of(late)


def test_others_are_kept_out(planning, url, front_desk, by_nurse, log_in) -> None:
    assert_kept_out(log_in(front_desk), url, "read by nurses")
    assert log_in(planning.patient.user).get(url).status_code == 404
    unknown = address("cancel_session", planning, session_id=uuid4())
    assert by_nurse.get(unknown).status_code == 404
