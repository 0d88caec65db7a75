"""Who works here, and who is on call."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import make_newcomer, make_site, make_staff
from vernal.accounts.models import Role, Site, User

pytestmark = pytest.mark.django_db
URL = reverse("site_staff")


def test_people_roles_and_how_it_stands_are_listed(
    site: Site, administrator: User, nurse: User, log_in
) -> None:
    make_newcomer(site)

    text = log_in(administrator).get(URL).content.decode()

    assert nurse.name in text
    assert "Nora Quill" in text
    assert "Link sent" in text
    assert "Nobody is on call" in text


def test_people_of_another_site_are_not_listed(administrator: User, log_in) -> None:
    stranger = make_staff(Role.nurse, make_site("cheyenne"), name="Someone Else")

    assert stranger.name not in log_in(administrator).get(URL).content.decode()


@pytest.mark.parametrize("role", [Role.front_desk, Role.nurse, Role.prescriber])
def test_another_role_reads_why_not(role: Role, site: Site, log_in) -> None:
    answer = log_in(make_staff(role, site)).get(URL)

    assert answer.status_code == 403
    assert "administrator or the director" in answer.content.decode()


def test_the_menu_leads_there_for_those_who_may(
    site: Site, administrator: User, nurse: User, log_in
) -> None:
    assert f'href="{URL}"' in log_in(administrator).get(reverse("help_now")).content.decode()
    assert f'href="{URL}"' not in log_in(nurse).get(reverse("help_now")).content.decode()
