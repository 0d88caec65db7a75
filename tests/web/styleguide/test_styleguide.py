"""/styleguide/: every component once, for anyone, in both rooms."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import vernal

COMPONENTS = Path(vernal.__file__).parent / "web/templates/components"
# Parts of another component, and those that base.html shows on every page.
NOT_NAMED = {"nav_list", "message", "skip_link", "breadcrumbs"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client) -> str:
    return client.get(reverse("styleguide")).content.decode()


def test_anyone_may_look(client: Client) -> None:
    assert client.get(reverse("styleguide")).status_code == 200


def test_each_component_is_named(page: str) -> None:
    missing = [
        path.stem
        for path in sorted(COMPONENTS.glob("*.html"))
        if path.stem not in NOT_NAMED and path.stem not in page
    ]

    assert missing == []


def test_the_room_is_light_unless_asked_for(client: Client, page: str) -> None:
    dark = client.get(reverse("styleguide"), {"room": "dark"}).content.decode()

    assert '<html lang="en-us" data-room="light">' in page
    assert '<html lang="en-us" data-room="dark">' in dark


def test_ids_stand_once(page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page)

    assert sorted(ids) == sorted(set(ids))


def test_links_within_the_page_lead_somewhere(page: str) -> None:
    ids = set(re.findall(r'\sid="([^"]+)"', page))

    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids


def test_a_form_sent_to_it_changes_nothing(client: Client) -> None:
    first = client.get(reverse("styleguide"), {"weight_kg": "70"})

    assert first.status_code == 200
    assert client.post(reverse("styleguide"), {"weight_kg": "70"}).status_code == 405
