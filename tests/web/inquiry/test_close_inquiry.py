"""Ending an inquiry without an invitation."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_inquiry
from vernal.records.models import InquiryClosed
from vernal.workflow import inquiries

pytestmark = pytest.mark.django_db


def address(inquiry_id) -> str:
    return reverse("close_inquiry", kwargs={"inquiry_id": inquiry_id})


def test_closing_keeps_the_reason(site, front_desk, log_in) -> None:
    inquiry_id = make_inquiry(site)

    response = log_in(front_desk).post(address(inquiry_id), {"reason": "Lives too far away"})

    assert response.headers["Location"] == reverse("inbox")
    assert InquiryClosed.objects.get().reason == "Lives too far away"


def test_closing_twice_keeps_the_first_reason(site, front_desk, log_in) -> None:
    inquiry_id = make_inquiry(site)

    log_in(front_desk).post(address(inquiry_id), {"reason": "Lives too far away"})
    log_in(front_desk).post(address(inquiry_id), {"reason": "Another reason"})

    assert InquiryClosed.objects.get().reason == "Lives too far away"


def test_a_reason_is_asked_for_beside_the_field(site, front_desk, log_in) -> None:
    response = log_in(front_desk).post(address(make_inquiry(site)), {"reason": ""})

    assert response.status_code == 422
    assert not InquiryClosed.objects.exists()


def test_an_invited_inquiry_is_answered_and_cannot_be_closed(site, front_desk, log_in) -> None:
    inquiry_id = make_inquiry(site)
    inquiries.invite(
        by=front_desk,
        inquiry_id=inquiry_id,
        given_name="Wren",
        family_name="Hollis",
        email="wren@vernal.example",
        id=uuid4(),
        at=timezone.now(),
    )

    response = log_in(front_desk).post(address(inquiry_id), {"reason": "Too late"})

    assert response.status_code == 409
