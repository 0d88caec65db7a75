"""Where each person begins."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_staff
from vernal.accounts.models import Role

pytestmark = pytest.mark.django_db
HOME = "/home/"


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.front_desk, "patients"),
        (Role.nurse, "patients"),
        (Role.prescriber, "patients"),
        (Role.medical_director, "patients"),
        (Role.administrator, "site_staff"),
    ],
)
def test_staff_begin_with_their_list(site, log_in, role, page) -> None:
    response = log_in(make_staff(role, site)).get(HOME)

    assert response.headers["Location"] == reverse(page)


def test_a_patient_begins_with_their_own_care(patient, log_in) -> None:
    assert log_in(patient.user).get(HOME).headers["Location"] == reverse("my_care")


def test_someone_not_logged_in_is_sent_to_log_in() -> None:
    response = Client().get(HOME)

    assert response.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("role", list(Role))
def test_the_name_at_the_top_leads_to_where_each_one_begins(site, log_in, role) -> None:
    browser = log_in(make_staff(role, site))
    own = browser.get(HOME, follow=True)

    assert '<a class="brand" href="/home/">' in own.content.decode()


def test_for_a_patient_it_leads_to_their_own_care(patient, log_in) -> None:
    browser = log_in(patient.user)

    page = browser.get(reverse("my_outcomes")).content.decode()

    assert '<a class="brand" href="/home/">' in page
    own = browser.get(HOME, follow=True).content.decode()
    assert '<a href="/my-care/" aria-current="page">' in own


def test_for_a_visitor_it_leads_to_the_front_door() -> None:
    assert '<a class="brand" href="/">' in Client().get("/").content.decode()
