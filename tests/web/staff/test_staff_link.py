"""A new one-time link for someone who has not chosen a password."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import make_newcomer
from vernal.accounts.models import Site, User
from vernal.records.models import Message

pytestmark = pytest.mark.django_db


def address(user: User) -> str:
    return reverse("staff_link", kwargs={"user_id": user.pk})


def test_a_new_link_is_sent_once(site: Site, administrator: User, log_in) -> None:
    newcomer, form = make_newcomer(site), {"id": str(uuid4())}
    browser = log_in(administrator)

    for _ in range(2):
        assert browser.post(address(newcomer), form).status_code == 302

    assert Message.objects.filter(subject_id=newcomer.pk).count() == 2  # the first, and this one


def test_someone_with_a_password_gets_none(administrator: User, nurse: User, log_in) -> None:
    answer = log_in(administrator).post(address(nurse), {"id": str(uuid4())})

    assert answer.status_code == 409
    assert "has chosen a password" in answer.content.decode()


def test_a_form_without_its_id_is_refused(site: Site, administrator: User, log_in) -> None:
    assert log_in(administrator).post(address(make_newcomer(site))).status_code == 422


def test_reading_sends_nothing(site: Site, administrator: User, log_in) -> None:
    assert log_in(administrator).get(address(make_newcomer(site))).status_code == 405
