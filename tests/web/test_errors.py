"""What goes wrong is a page with a sentence, never an empty answer."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from vernal.web.welcome import views

pytestmark = pytest.mark.django_db


def test_what_nobody_foresaw_says_what_to_do_and_tells_nothing(monkeypatch) -> None:
    def break_down() -> None:
        raise RuntimeError("Wren Holloway")

    monkeypatch.setattr(views.queries, "sites", break_down)

    response = Client(raise_request_exception=False).get(reverse("welcome"))

    assert response.status_code == 500
    said = response.content.decode()
    assert "Something broke on our side" in said
    assert "go on with paper" in said
    assert "Wren" not in said


def test_a_buttons_address_opened_by_hand_says_that_nothing_was_sent(nurse, log_in) -> None:
    """As after a log-in in between, which leads back to the address of the button."""
    response = log_in(nurse).get(reverse("session_room"))

    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "Nothing was sent" in response.content.decode()


def test_an_unknown_address_and_a_form_without_its_token_have_their_pages() -> None:
    absent = Client().get("/absent/")
    forged = Client(enforce_csrf_checks=True).post(reverse("ask"))

    assert absent.status_code == 404
    assert "There is nothing here" in absent.content.decode()
    assert forged.status_code == 403
    assert "<h1" in forged.content.decode()
