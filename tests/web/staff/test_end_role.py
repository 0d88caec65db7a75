"""Ending a role."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import make_site, make_staff
from vernal.accounts.models import Role, Site, User

pytestmark = pytest.mark.django_db


def address(user: User) -> str:
    return reverse("end_role", kwargs={"membership_id": user.memberships.get().pk})


def test_a_role_ends_and_twice_does_no_harm(administrator: User, nurse: User, log_in) -> None:
    browser = log_in(administrator)

    for _ in range(2):
        assert browser.post(address(nurse)).headers["Location"] == reverse("site_staff")

    held = nurse.memberships.get()
    assert held.ended_by == administrator


def test_the_last_administrator_stays(administrator: User, log_in) -> None:
    answer = log_in(administrator).post(address(administrator))

    assert answer.status_code == 409
    assert "your own last administrator role" in answer.content.decode()


def test_another_site_is_not_found(administrator: User, log_in) -> None:
    stranger = make_staff(Role.nurse, make_site("cheyenne"))

    assert log_in(administrator).post(address(stranger)).status_code == 404


def test_a_nurse_ends_nothing(site: Site, nurse: User, prescriber: User, log_in) -> None:
    assert log_in(nurse).post(address(prescriber)).status_code == 403
    assert prescriber.memberships.get().ended_at is None


def test_reading_ends_nothing(administrator: User, nurse: User, log_in) -> None:
    assert log_in(administrator).get(address(nurse)).status_code == 405
