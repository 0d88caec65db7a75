"""The patient signs by typing the name on the chart."""

from __future__ import annotations

from uuid import uuid4

import pytest

from vernal.records.models import ConsentSigned

pytestmark = pytest.mark.django_db
URL = "/my-care/consent/sign/"
PAGE = "/my-care/consent/"


def name(typed: str = "wren hollis") -> dict[str, str]:
    return {"id": str(uuid4()), "typed_name": typed}


def test_after_the_talk_the_name_is_the_signature(own, planning) -> None:
    planning.answer()
    planning.discuss()

    assert 'name="typed_name"' in own.get(PAGE).content.decode()
    response = own.post(URL, name())

    assert response.headers["Location"] == PAGE
    assert ConsentSigned.objects.get().typed_name == "wren hollis"


def test_before_the_talk_there_is_no_signature(own, planning) -> None:
    planning.answer()

    assert 'name="typed_name"' not in own.get(PAGE).content.decode()
    response = own.post(URL, name())

    assert response.status_code == 409
    assert "goes through it with you first" in response.content.decode()
    assert 'value="wren hollis"' in response.content.decode()
    assert not ConsentSigned.objects.exists()


def test_another_name_is_refused_beside_the_field_and_stays(own, planning) -> None:
    planning.answer()
    planning.discuss()

    response = own.post(URL, name("Rowan"))

    page = response.content.decode()
    assert response.status_code == 422
    assert "Wren Hollis" in page[page.index('id="id_typed_name_error"') :][:600]
    assert 'value="Rowan"' in page
    assert not ConsentSigned.objects.exists()


def test_twice_does_no_harm(own, planning) -> None:
    planning.answer()
    planning.discuss()
    form = name()

    for _ in range(2):
        assert own.post(URL, form).status_code == 302

    assert ConsentSigned.objects.count() == 1


def test_staff_cannot_sign_for_a_patient(by_nurse) -> None:
    assert by_nurse.post(URL, name()).status_code == 403


def test_it_is_never_signed_by_following_a_link(own) -> None:
    assert own.get(URL).status_code == 405
