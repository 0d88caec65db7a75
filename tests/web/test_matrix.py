"""Every address × role × own or other patient × own or other site."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.web.conftest import Standing, standing_in
from tests.web.matrix import ANYONE, EVERYONE, PATIENT, ROWS, Row
from tests.web.world import OTHER, OWN, World, make_world
from vernal.accounts.models import User

pytestmark = pytest.mark.django_db
# 422 and 409: the empty form of the matrix is refused for what it says, which proves entry.
ACCEPTED = {200, 302, 409, 422}


@pytest.fixture(scope="module")
def world(lasting) -> World:
    """One world for all rows."""
    return make_world()


@pytest.fixture(scope="module")
def standing(world: World) -> Standing:
    return standing_in(world)


@pytest.fixture(scope="module")
def cookies(world: World) -> dict[str, SimpleCookie]:
    """Everyone has logged in once."""
    return {who: _logged_in(user).cookies for who, user in world.users.items()}


def test_every_address_has_a_row() -> None:
    named = {name for name in _names(get_resolver()) if not name.startswith(("account_", "mfa_"))}

    assert named == {row.name for row in ROWS}


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_own_rows_open_for_the_roles_that_may(row: Row, who: str, world: World, cookies) -> None:
    response = _ask(row, OWN, world, cookies.get(who))

    if who in row.allowed:
        assert response.status_code in ACCEPTED
        assert "/accounts/login/" not in response.get("Location", "")
    elif who == "nobody":
        assert response.status_code == 302
        assert "/accounts/login/" in response["Location"]
    elif who == PATIENT and row.arguments:
        assert response.status_code == 404
    else:
        assert response.status_code == 403


@pytest.mark.parametrize("who", [who for who in EVERYONE if who != "nobody"])
@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.arguments and row.allowed not in (ANYONE, {PATIENT})],
    ids=lambda row: row.name,
)
def test_rows_of_another_site_or_patient_do_not_exist(
    row: Row, who: str, world: World, cookies
) -> None:
    assert _ask(row, OTHER, world, cookies[who]).status_code == 404


def _logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _ask(row: Row, site: str, world: World, cookies: SimpleCookie | None):
    client = Client(raise_request_exception=True)
    if cookies:
        client.cookies.update(cookies)
    arguments = row.arguments(world, site) if row.arguments else {}
    return getattr(client, row.method)(reverse(row.name, kwargs=arguments))


def _names(resolver: URLResolver):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name
        else:
            yield from _names(pattern)
