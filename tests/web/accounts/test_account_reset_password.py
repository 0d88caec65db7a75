"""A forgotten password: a letter to the address, and the same answer to everyone."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD
from tests.web.accounts.conftest import log_in_as
from vernal.accounts.models import User

pytestmark = pytest.mark.django_db
NEW = "another quiet sentence"
LINK = re.escape(settings.BASE_URL) + r"(/\S+)"


def asked(email: str) -> object:
    return Client().post(reverse("account_reset_password"), {"email": email})


def test_the_answer_is_the_same_with_and_without_an_account(nurse: User) -> None:
    known, unknown = asked(nurse.email), asked("nobody@vernal.example")

    assert known.headers["Location"] == unknown.headers["Location"]
    assert [letter.to for letter in mail.outbox] == [[nurse.email]]


def test_the_letter_names_nobody_and_its_link_works_once(nurse: User) -> None:
    asked(nurse.email)
    (letter,) = mail.outbox
    assert letter.subject == "A new password"
    assert nurse.name not in letter.body
    assert "example.com" not in letter.body
    link = re.search(LINK, letter.body)[1]

    client = Client()
    page = client.get(link, follow=True)
    place = page.redirect_chain[-1][0]
    client.post(place, {"password1": NEW, "password2": NEW})

    nurse.refresh_from_db()
    assert nurse.check_password(NEW)
    again = Client().get(link, follow=True)
    assert "This link has ended" in again.content.decode()


def test_the_letter_links_to_the_clinic_whatever_host_was_asked(nurse: User) -> None:
    typed = {"email": nurse.email}
    Client().post(reverse("account_reset_password"), typed, headers={"host": "localhost:6666"})

    (letter,) = mail.outbox
    assert re.search(LINK, letter.body)
    assert "6666" not in letter.body


def test_a_short_password_is_refused_beside_its_field(nurse: User) -> None:
    asked(nurse.email)
    link = re.search(LINK, mail.outbox[0].body)[1]
    client = Client()
    place = client.get(link, follow=True).redirect_chain[-1][0]

    answer = client.post(place, {"password1": "short", "password2": "short"})

    assert "at least 12 characters" in answer.content.decode()
    nurse.refresh_from_db()
    assert nurse.check_password(PASSWORD)


def test_a_new_password_ends_every_session(nurse: User) -> None:
    client, _ = log_in_as(nurse)
    nurse.set_password(NEW)
    nurse.save()

    answer = client.get(reverse("home"))

    assert answer.headers["Location"].startswith(reverse("account_login"))
