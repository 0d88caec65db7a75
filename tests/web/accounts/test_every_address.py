"""Every address of an account × method × nobody, patient and each role × own or other passkey."""

from __future__ import annotations

from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from allauth.account import urls as account_urls
from allauth.mfa import urls as mfa_urls
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import URLPattern, reverse
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from tests.factories import make_patient, make_staff
from tests.web.accounts.matrix import ACCOUNT_ROWS, NOT_SERVED, WRONG_METHOD, AccountRow, Answer
from tests.web.accounts.test_pages import trusted
from tests.web.matrix import EVERYONE
from vernal.accounts.models import Role, User

pytestmark = pytest.mark.django_db
METHODS = ("get", "post")
ACCOUNTS = [who for who in EVERYONE if who != "nobody"]
OF_A_PASSKEY = [row for row in ACCOUNT_ROWS if row.of == "passkey"]
ASKING_AGAIN = [
    (row, method)
    for row in ACCOUNT_ROWS
    if row.asks_again
    for method, answer in row.answers("anyone").items()
    if answer != WRONG_METHOD
]


@pytest.fixture(scope="module")
def people(standing) -> dict[str, User]:
    """One account for the patient and for each role, with all second steps there are."""
    staff = {role.value: make_staff(role, standing.site) for role in Role}
    people = {**staff, "patient": make_patient(standing.front_desk, standing.site).user}
    for who, user in people.items():
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
        WebAuthn.add(user, f"Key of the {who}", _credential(user))
    return people


@pytest.fixture(scope="module")
def cookies(people: dict[str, User]) -> dict[str, SimpleCookie]:
    """Everyone has logged in, and said once more who they are."""
    return {who: trusted(user).cookies for who, user in people.items()}


def test_what_the_library_offers_is_served_or_left_out_on_purpose() -> None:
    """An address that an update adds is in neither list."""
    offered = {name for each in (account_urls, mfa_urls) for name in _names(each.urlpatterns)}

    assert offered == {row.name for row in ACCOUNT_ROWS} | NOT_SERVED


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("row", ACCOUNT_ROWS, ids=str)
def test_each_address_answers_what_its_row_says(
    row: AccountRow, method: str, who: str, people, cookies
) -> None:
    response = getattr(_browser(cookies.get(who)), method)(_address(row, people.get(who)))

    assert _answer(response) == _expected(row.answers(who)[method])


@pytest.mark.parametrize("who", ACCOUNTS)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("row", OF_A_PASSKEY, ids=str)
def test_a_passkey_of_somebody_else_does_not_exist(
    row: AccountRow, method: str, who: str, people, cookies
) -> None:
    browser = _browser(cookies[who])

    for other in ACCOUNTS:
        if other != who:
            address = _address(row, people[other])
            assert getattr(browser, method)(address, {"name": "Mine now"}).status_code == 404

    names = {key.wrap().name for key in Authenticator.objects.filter(type="webauthn")}
    assert names == {f"Key of the {each}" for each in ACCOUNTS}


@pytest.mark.parametrize("who", ACCOUNTS)
@pytest.mark.parametrize(("row", "method"), ASKING_AGAIN, ids=str)
def test_a_second_step_is_changed_by_those_alone_who_say_again_who_they_are(
    row: AccountRow, method: str, who: str, people
) -> None:
    browser = Client()
    browser.force_login(people[who])
    before = _second_steps(people[who])

    response = getattr(browser, method)(_address(row, people[who]))

    assert _answer(response) == reverse("account_reauthenticate")
    assert _second_steps(people[who]) == before


@pytest.mark.parametrize("row", ACCOUNT_ROWS, ids=str)
def test_an_address_takes_nothing_but_being_read_and_a_form(
    row: AccountRow, people, cookies
) -> None:
    browser = _browser(cookies["nurse"])

    for method in ("put", "patch", "delete"):
        address = _address(row, people["nurse"])
        assert getattr(browser, method)(address).status_code == WRONG_METHOD, method


def test_a_passkey_is_renamed_and_removed_by_its_owner(people, cookies) -> None:
    browser, key = _browser(cookies["nurse"]), _passkey(people["nurse"])

    browser.post(reverse("mfa_edit_webauthn", kwargs={"pk": key.pk}), {"name": "My phone"})
    key.refresh_from_db()
    assert key.wrap().name == "My phone"

    browser.post(reverse("mfa_remove_webauthn", kwargs={"pk": key.pk}))
    assert not Authenticator.objects.filter(pk=key.pk).exists()


def test_the_codes_are_downloaded_as_they_stand_on_the_page(people, cookies) -> None:
    browser = _browser(cookies["nurse"])
    codes = browser.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]

    letter = browser.get(reverse("mfa_download_recovery_codes"))

    assert letter.headers["Content-Type"].startswith("text/plain")
    assert set(codes) <= set(letter.content.decode().split())


def test_logging_in_by_passkey_begins_for_nobody_with_a_question_to_the_device() -> None:
    asked = Client().get(
        reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"}
    )

    options = asked.json()["request_options"]["publicKey"]
    assert options["challenge"]
    assert "allowCredentials" not in options or options["allowCredentials"] == []


def _browser(cookies: SimpleCookie | None) -> Client:
    client = Client(raise_request_exception=True)
    if cookies:
        client.cookies.update(cookies)
    return client


def _address(row: AccountRow, user: User | None) -> str:
    arguments: dict[str, Any] = {
        "passkey": {"pk": _passkey(user).pk if user else 1},
        "link": {"uidb36": "1", "key": "ended"},
    }.get(row.of, {})
    return reverse(row.name, kwargs=arguments)


def _answer(response: Any) -> Answer:
    """The status, or the path it leads to."""
    return response.headers.get("Location", "").partition("?")[0] or response.status_code


def _expected(answer: Answer) -> Answer:
    return reverse(answer) if isinstance(answer, str) else answer


def _passkey(user: User) -> Authenticator:
    return Authenticator.objects.get(user=user, type="webauthn")


def _second_steps(user: User) -> list[tuple[int, Any]]:
    return sorted(Authenticator.objects.filter(user=user).values_list("pk", "data"))


def _names(patterns: list[Any]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name
        else:
            yield from _names(pattern.url_patterns)


def _credential(user: User) -> dict[str, Any]:
    """What a device hands over when a passkey is made, with a key of its own."""
    id = user.pk.bytes
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    known = AttestedCredentialData.create(b"\0" * 16, id, key)
    flags = AuthenticatorData.FLAG.AT | AuthenticatorData.FLAG.UP
    made = AuthenticatorData.create(sha256(b"testserver"), flags, 0, known)
    client = CollectedClientData.create(
        type="webauthn.create", challenge=b"asked", origin="https://testserver"
    )
    return {
        "id": websafe_encode(id),
        "rawId": websafe_encode(id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(bytes(client)),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", made, {}))),
        },
        "clientExtensionResults": {},
    }
