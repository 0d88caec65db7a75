"""The one-time link."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import PASSWORD, make_invitation
from vernal.records.models import Invitation, PatientAccount
from vernal.workflow import inquiries

pytestmark = pytest.mark.django_db


def address(token: str) -> str:
    return reverse("invitation", kwargs={"token": token})


def passwords(password: str = PASSWORD, again: str | None = None) -> dict[str, str]:
    return {"password": password, "again": again or password}


def test_the_link_makes_the_patients_account(site, front_desk) -> None:
    invited = make_invitation(front_desk, site)

    response = Client().post(address(invited.token), passwords())

    assert response.headers["Location"] == reverse("account_login")
    account = PatientAccount.objects.get()
    assert account.patient_id == invited.patient_id
    assert account.user.check_password(PASSWORD)
    assert not account.user.is_staff_member


def test_the_link_works_once(site, front_desk) -> None:
    invited = make_invitation(front_desk, site)

    Client().post(address(invited.token), passwords())
    response = Client().post(address(invited.token), passwords("another long password"))

    assert response.status_code == 409
    assert "has been used" in response.content.decode()
    assert PatientAccount.objects.get().user.check_password(PASSWORD)


def test_a_newer_link_ends_the_older_one(site, front_desk) -> None:
    invited = make_invitation(front_desk, site)
    inquiries.invite(
        by=front_desk,
        inquiry_id=Invitation.objects.get().inquiry_id,
        given_name="Wren",
        family_name="Hollis",
        email="right@vernal.example",
        id=uuid4(),
        at=timezone.now(),
    )

    assert Client().get(address(invited.token)).status_code == 409


def test_the_link_ends_after_fourteen_days(site, front_desk) -> None:
    invited = make_invitation(front_desk, site, at=timezone.now() - timedelta(days=14, minutes=1))

    response = Client().get(address(invited.token))

    assert response.status_code == 409
    assert "has ended" in response.content.decode()


def test_a_made_up_link_does_not_exist(site) -> None:
    assert Client().get(address("made-up")).status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (passwords("short"), "This password is too short"),
        (passwords(again="something else entirely"), "The two passwords differ"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused(site, front_desk, typed, sentence) -> None:
    response = Client().post(address(make_invitation(front_desk, site).token), typed)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not PatientAccount.objects.exists()
