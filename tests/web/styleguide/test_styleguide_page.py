"""/styleguide/pages/…: the components together."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["patient", "session", "course"])
def test_page_is_shown_with_one_heading(client: Client, name: str) -> None:
    answer = client.get(reverse("styleguide_page", args=[name]))

    assert answer.status_code == 200
    assert answer.content.decode().count("<h1") == 1


def test_patient_always_sees_whom_to_call(client: Client) -> None:
    page = client.get(reverse("styleguide_page", args=["patient"])).content.decode()

    assert 'href="tel:988"' in page


def test_session_can_be_dark(client: Client) -> None:
    answer = client.get(reverse("styleguide_page", args=["session"]), {"room": "dark"})

    assert 'data-room="dark"' in answer.content.decode()


def test_unknown_page_is_404(client: Client) -> None:
    assert client.get(reverse("styleguide_page", args=["nowhere"])).status_code == 404
