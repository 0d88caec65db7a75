"""One inquiry, and the invitation that answers it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_inquiry, make_staff
from vernal.accounts.models import Role
from vernal.records.models import Invitation, Message, Patient
from vernal.workflow import inquiries

pytestmark = pytest.mark.django_db


def invitation(**changes: str) -> dict[str, str]:
    given = {
        "id": str(uuid4()),
        "given_name": "Wren",
        "family_name": "Hollis",
        "email": "wren@vernal.example",
    }
    return {**given, **changes}


def address(inquiry_id) -> str:
    return reverse("inquiry", kwargs={"inquiry_id": inquiry_id})


def test_inviting_opens_a_chart_and_puts_a_letter_into_the_outbox(site, front_desk, log_in) -> None:
    inquiry_id = make_inquiry(site)

    response = log_in(front_desk).post(address(inquiry_id), invitation())

    assert response.headers["Location"] == address(inquiry_id)
    assert Patient.objects.get().site == site
    assert Message.objects.get().subject_id == Invitation.objects.get().pk


def test_inviting_twice_with_one_form_invites_once(site, front_desk, log_in) -> None:
    inquiry_id, form = make_inquiry(site), invitation()

    log_in(front_desk).post(address(inquiry_id), form)
    log_in(front_desk).post(address(inquiry_id), form)

    assert Invitation.objects.count() == Patient.objects.count() == Message.objects.count() == 1


def test_a_new_link_goes_to_the_same_chart(site, front_desk, log_in) -> None:
    inquiry_id = make_inquiry(site)

    log_in(front_desk).post(address(inquiry_id), invitation())
    log_in(front_desk).post(address(inquiry_id), invitation(email="right@vernal.example"))

    assert Invitation.objects.count() == 2
    assert Patient.objects.count() == 1


def test_an_address_that_has_an_account_is_refused_beside_the_field(
    site, front_desk, log_in
) -> None:
    taken = make_staff(Role.nurse, site)

    response = log_in(front_desk).post(
        address(make_inquiry(site)), invitation(email=taken.email.upper())
    )

    assert response.status_code == 422
    assert "already has an account" in response.content.decode()
    assert not Patient.objects.exists()


def test_a_loved_ones_own_address_is_not_suggested_for_the_patient(
    site, front_desk, log_in
) -> None:
    inquiry_id = make_inquiry(
        site, asks_for="loved_one", loved_one_name="Ash Hollis", email="me@vernal.example"
    )

    page = log_in(front_desk).get(address(inquiry_id)).content.decode()

    assert 'value="Ash"' in page
    assert 'value="me@vernal.example"' not in page


def test_a_closed_inquiry_cannot_be_invited(site, front_desk, log_in) -> None:
    inquiry_id = make_inquiry(site)
    inquiries.close_inquiry(
        by=front_desk, inquiry_id=inquiry_id, reason="Wrong number", at=timezone.now()
    )

    response = log_in(front_desk).post(address(inquiry_id), invitation())

    assert response.status_code == 409
    assert "closed" in response.content.decode()


def test_what_was_typed_stays_after_a_mistake(site, front_desk, log_in) -> None:
    response = log_in(front_desk).post(
        address(make_inquiry(site)), invitation(given_name="Wrenna", email="no address")
    )

    assert response.status_code == 422
    assert 'value="Wrenna"' in response.content.decode()
