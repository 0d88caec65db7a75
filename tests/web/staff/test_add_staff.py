"""Adding someone who will work here."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import make_site
from vernal.accounts.models import Site, User
from vernal.records.models import Message

pytestmark = pytest.mark.django_db
URL = reverse("add_staff")


def typed(site: Site, **changes: str) -> dict[str, str]:
    given = {
        "id": str(uuid4()),
        "site": str(site.pk),
        "name": "Nora Quill",
        "email": "nora@vernal.example",
        "role": "nurse",
    }
    return given | changes


def test_someone_is_added_and_gets_a_link(site: Site, administrator: User, log_in) -> None:
    form = typed(site)

    answer = log_in(administrator).post(URL, form)

    user = User.objects.get(email="nora@vernal.example")
    assert answer.headers["Location"] == reverse("staff_member", kwargs={"user_id": user.pk})
    assert str(user.pk) == form["id"]
    assert user.roles == {site.pk: {"nurse"}}
    assert Message.objects.get(kind="staff_invitation").subject_id == user.pk


def test_sending_twice_adds_one_person(site: Site, administrator: User, log_in) -> None:
    form, browser = typed(site), log_in(administrator)

    browser.post(URL, form)
    answer = browser.post(URL, form)

    assert answer.status_code == 302
    assert Message.objects.filter(kind="staff_invitation").count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "nora"}, "Enter a valid email address."),
        ({"name": ""}, "This field is required."),
        ({"role": "owner"}, "Select a valid choice."),
    ],
)
def test_a_slip_is_named_and_what_was_typed_stays(
    changes: dict[str, str], sentence: str, site: Site, administrator: User, log_in
) -> None:
    answer = log_in(administrator).post(URL, typed(site, **changes))

    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert "nora" in text
    assert not Message.objects.exists()


def test_an_address_in_use_is_named(site: Site, administrator: User, log_in) -> None:
    answer = log_in(administrator).post(URL, typed(site, email=administrator.email))

    assert answer.status_code == 422
    assert "already has an account" in answer.content.decode()


def test_another_site_cannot_be_chosen(site: Site, administrator: User, log_in) -> None:
    answer = log_in(administrator).post(URL, typed(make_site("cheyenne")))

    assert answer.status_code == 422
    assert not User.objects.filter(email="nora@vernal.example").exists()


def test_a_nurse_adds_nobody(site: Site, nurse: User, log_in) -> None:
    assert log_in(nurse).post(URL, typed(site)).status_code == 403
