"""One person: roles held, and one more."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import make_site, make_staff
from vernal.accounts.models import Role, Site, User

pytestmark = pytest.mark.django_db


def address(user: User) -> str:
    return reverse("staff_member", kwargs={"user_id": user.pk})


def test_a_role_is_granted_once(site: Site, administrator: User, nurse: User, log_in) -> None:
    browser, form = log_in(administrator), {"site": str(site.pk), "role": "prescriber"}

    assert browser.post(address(nurse), form).headers["Location"] == address(nurse)
    browser.post(address(nurse), form)

    assert nurse.memberships.filter(role="prescriber").count() == 1
    assert "Prescriber" in browser.get(address(nurse)).content.decode()


def test_nobody_is_offered_or_given_a_role_for_themselves(
    site: Site, administrator: User, log_in
) -> None:
    browser = log_in(administrator)

    answer = browser.post(address(administrator), {"site": str(site.pk), "role": "nurse"})

    assert answer.status_code == 403
    assert "ask another administrator" in answer.content.decode()
    assert "Grant one more role" in browser.get(address(administrator)).content.decode()
    assert 'name="role"' not in browser.get(address(administrator)).content.decode()


def test_no_choice_is_named(site: Site, administrator: User, nurse: User, log_in) -> None:
    answer = log_in(administrator).post(address(nurse), {"site": str(site.pk)})

    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()


def test_someone_of_another_site_is_not_found(administrator: User, log_in) -> None:
    stranger = make_staff(Role.nurse, make_site("cheyenne"))

    assert log_in(administrator).get(address(stranger)).status_code == 404


def test_a_patient_is_not_found(administrator: User, patient, log_in) -> None:
    assert log_in(administrator).get(address(patient.user)).status_code == 404


def test_a_nurse_reads_why_not(nurse: User, prescriber: User, log_in) -> None:
    assert log_in(nurse).get(address(prescriber)).status_code == 403
