"""Every address × method × role × own or other patient × own or other site."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.web.accounts.matrix import ACCOUNT_ROWS
from tests.web.conftest import Standing, standing_in
from tests.web.matrix import ANYONE, EVERYONE, OF_A_PATIENT, PATIENT, ROWS, Row
from tests.web.world import NEIGHBOUR, OTHER, OWN, World, make_world
from vernal.accounts.models import User

pytestmark = pytest.mark.django_db
# 422 and 409: the empty form of the matrix is refused for what it says, which proves entry.
ACCEPTED = {200, 302, 409, 422}
ASKED = [(row, method) for row in ROWS for method in row.methods]
# The sections of a history and the scales have the same names for everyone.
OWN_BY_NAME = {"my_section", "my_scale"}
ABOUT_SOMEONE = [
    (row, method)
    for row, method in ASKED
    if row.arguments and row.allowed != ANYONE and row.name not in OWN_BY_NAME
]


@pytest.fixture(scope="module")
def world(lasting, morning) -> World:
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
    named = sorted(_names(get_resolver()))

    assert named == sorted(row.name for row in (*ROWS, *ACCOUNT_ROWS))


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize(("row", "method"), ASKED, ids=str)
def test_own_rows_open_for_the_roles_that_may(
    row: Row, method: str, who: str, world: World, cookies
) -> None:
    response = _ask(row, method, OWN, world, cookies.get(who))

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
@pytest.mark.parametrize(("row", "method"), ABOUT_SOMEONE, ids=str)
def test_rows_of_another_site_or_patient_do_not_exist(
    row: Row, method: str, who: str, world: World, cookies
) -> None:
    response = _ask(row, method, OTHER, world, cookies[who])

    # Where staff have nothing to do, they are told so before anything is looked up.
    refused = {403, 404} if row.allowed == {PATIENT} and who != PATIENT else {404}
    assert response.status_code in refused


@pytest.mark.parametrize(
    ("row", "method"), [asked for asked in ASKED if asked[0].arguments in OF_A_PATIENT], ids=str
)
def test_a_patient_of_the_same_site_does_not_exist_for_another(
    row: Row, method: str, world: World, cookies
) -> None:
    assert _ask(row, method, NEIGHBOUR, world, cookies[PATIENT]).status_code == 404


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_an_address_answers_its_own_methods_and_no_other(row: Row, world: World, cookies) -> None:
    """Nothing is changed by reading, and a page that only reads takes no form."""
    who = next(each for each in reversed(EVERYONE) if each in row.allowed)

    for method in {"get", "post", "put", "patch", "delete"} - set(row.methods):
        assert _ask(row, method, OWN, world, cookies.get(who)).status_code == 405, method


def _logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _ask(row: Row, method: str, whose: str, world: World, cookies: SimpleCookie | None):
    client = Client(raise_request_exception=True)
    if cookies:
        client.cookies.update(cookies)
    arguments = row.arguments(world, whose) if row.arguments else {}
    return getattr(client, method)(reverse(row.name, kwargs=arguments))


def _names(resolver: URLResolver):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name
        else:
            yield from _names(pattern)
