"""Naming the person on call."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import make_site
from vernal.accounts.models import OnCall, Site, User

pytestmark = pytest.mark.django_db


def address(site: Site) -> str:
    return reverse("on_call", kwargs={"site_id": site.pk})


def test_a_nurse_is_named_and_twice_does_no_harm(
    site: Site, administrator: User, nurse: User, log_in
) -> None:
    browser = log_in(administrator)

    for _ in range(2):
        browser.post(address(site), {"user": str(nurse.pk)})

    assert [row.user for row in OnCall.objects.all()] == [nurse]
    assert "Nobody is on call" not in browser.get(reverse("site_staff")).content.decode()


def test_someone_who_cannot_answer_is_refused(
    site: Site, administrator: User, nurse: User, log_in
) -> None:
    answer = log_in(administrator).post(address(site), {"user": str(administrator.pk)})

    assert answer.status_code == 422
    assert "Select a valid choice" in answer.content.decode()
    assert not OnCall.objects.exists()


def test_another_site_is_not_found(administrator: User, nurse: User, log_in) -> None:
    answer = log_in(administrator).post(address(make_site("cheyenne")), {"user": str(nurse.pk)})

    assert answer.status_code == 404


def test_a_nurse_names_nobody(site: Site, nurse: User, log_in) -> None:
    assert log_in(nurse).post(address(site), {"user": str(nurse.pk)}).status_code == 403
