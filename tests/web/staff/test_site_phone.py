"""The number that patients see."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_site
from vernal.accounts.models import Site, User

pytestmark = pytest.mark.django_db


def address(site: Site) -> str:
    return reverse("site_phone", kwargs={"site_id": site.pk})


def test_patients_see_the_new_number(site: Site, administrator: User, log_in) -> None:
    log_in(administrator).post(address(site), {"phone": "+1 307 555 0199"})

    assert "+1 307 555 0199" in Client().get(reverse("help_now")).content.decode()


def test_something_else_is_refused_and_stays_typed(site: Site, administrator: User, log_in) -> None:
    answer = log_in(administrator).post(address(site), {"phone": "ask Nora"})

    assert answer.status_code == 422
    assert "Write a telephone number" in answer.content.decode()
    assert "ask Nora" in answer.content.decode()
    assert Site.objects.get().phone == "307 555 0100"


def test_another_site_is_not_found(administrator: User, log_in) -> None:
    answer = log_in(administrator).post(address(make_site("cheyenne")), {"phone": "307 555 0199"})

    assert answer.status_code == 404


def test_a_nurse_changes_nothing(site: Site, nurse: User, log_in) -> None:
    assert log_in(nurse).post(address(site), {"phone": "307 555 0199"}).status_code == 403
