"""/styleguide/errors/…: how each error page looks, answered with 200."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["400", "403", "403_form_expired", "404", "409", "500", "503"])
def test_error_page_is_shown_with_one_heading(client: Client, name: str) -> None:
    answer = client.get(reverse("styleguide_error", args=[name]))

    assert answer.status_code == 200
    assert answer.content.decode().count("<h1") == 1


@pytest.mark.parametrize("name", ["403", "409"])
def test_reason_is_printed(client: Client, name: str) -> None:
    answer = client.get(reverse("styleguide_error", args=[name]))

    assert answer.context["reason"] in answer.content.decode()


def test_503_says_that_nothing_was_accepted(client: Client) -> None:
    answer = client.get(reverse("styleguide_error", args=["503"]))

    assert "was not accepted" in answer.content.decode()


def test_unknown_error_page_is_404(client: Client) -> None:
    assert client.get(reverse("styleguide_error", args=["418"])).status_code == 404
