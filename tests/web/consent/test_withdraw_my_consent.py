"""The patient takes the consent back, at any time, without a reason."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.planning import drops
from vernal.records.models import ConsentWithdrawn

pytestmark = pytest.mark.django_db
URL = "/my-care/consent/withdraw/"
PAGE = "/my-care/consent/"


def test_it_is_taken_back_and_the_page_says_why_it_ended(own, planning) -> None:
    planning.consent()

    response = own.post(URL, {"id": str(uuid4()), "reason": ""})

    assert response.headers["Location"] == PAGE
    assert ConsentWithdrawn.objects.count() == 1
    assert "It ended because it was taken back." in own.get(PAGE).content.decode()


def test_twice_does_no_harm(own, planning) -> None:
    planning.consent()
    form = {"id": str(uuid4()), "reason": "I changed my mind."}

    for _ in range(2):
        assert own.post(URL, form).status_code == 302

    assert ConsentWithdrawn.objects.get().reason == "I changed my mind."


def test_a_reason_that_is_too_long_is_refused_and_stays(own, planning) -> None:
    planning.consent()

    response = own.post(URL, {"id": str(uuid4()), "reason": "x" * 1001})

    assert response.status_code == 422
    assert "x" * 1001 in response.content.decode()
    assert not ConsentWithdrawn.objects.exists()


def test_without_a_consent_there_is_nothing_to_take_back(own) -> None:
    assert own.post(URL, {"id": str(uuid4())}).status_code == 409


def test_staff_have_their_own_page_for_it(by_nurse) -> None:
    assert by_nurse.post(URL, {"id": str(uuid4())}).status_code == 403


def test_it_is_offered_while_the_plan_is_drawn_up_anew_for_another_route(own, planning) -> None:
    planning.consent()
    planning.consider("sublingual")
    planning.now += timedelta(minutes=1)
    planning.decide()
    planning.draw_up(drops())

    assert URL in own.get(PAGE).content.decode()
    own.post(URL, {"id": str(uuid4()), "reason": ""})
    assert URL not in own.get(PAGE).content.decode()
