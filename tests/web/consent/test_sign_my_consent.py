"""The patient signs by typing the name on the chart."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from tests.planning import order
from tests.web.intake.pages import value
from vernal.records.models import ConsentSigned

pytestmark = pytest.mark.django_db
URL = "/my-care/consent/sign/"
PAGE = "/my-care/consent/"


def name(planning, typed: str = "wren hollis") -> dict[str, str]:
    """As typed on a page that is open now."""
    shows = str(planning.chart.plans.latest("at").pk)
    return {"id": str(uuid4()), "shows": shows, "typed_name": typed}


def test_after_the_talk_the_name_is_the_signature(own, planning) -> None:
    planning.answer()
    planning.discuss()

    assert 'name="typed_name"' in own.get(PAGE).content.decode()
    response = own.post(URL, name(planning))

    assert response.headers["Location"] == PAGE
    assert ConsentSigned.objects.get().typed_name == "wren hollis"


def test_before_the_talk_there_is_no_signature(own, planning) -> None:
    planning.answer()

    assert 'name="typed_name"' not in own.get(PAGE).content.decode()
    response = own.post(URL, name(planning))

    assert response.status_code == 409
    assert "goes through it with you first" in response.content.decode()
    assert 'value="wren hollis"' in response.content.decode()
    assert not ConsentSigned.objects.exists()


def test_another_name_is_refused_beside_the_field_and_stays(own, planning) -> None:
    planning.answer()
    planning.discuss()

    response = own.post(URL, name(planning, "Rowan"))

    page = response.content.decode()
    assert response.status_code == 422
    assert "Wren Hollis" in page[page.index('id="id_typed_name_error"') :][:600]
    assert 'value="Rowan"' in page
    assert not ConsentSigned.objects.exists()


def test_twice_does_no_harm(own, planning) -> None:
    planning.answer()
    planning.discuss()
    form = name(planning)

    for _ in range(2):
        assert own.post(URL, form).status_code == 302

    assert ConsentSigned.objects.count() == 1


def test_the_patient_signs_under_what_the_plan_says(own, planning) -> None:
    planning.answer()
    planning.discuss()

    page = own.get(PAGE).content.decode()
    signed = page[page.index('class="sign"') :]

    assert "44 mg (0.5 mg for each kg of body weight); by vein, over 40 minutes" in signed
    assert "6 sessions over about 3 weeks" in signed


def test_a_plan_that_changed_meanwhile_is_read_before_it_is_signed(own, planning) -> None:
    planning.answer()
    planning.discuss()
    form = name(planning)
    planning.draw_up(order(dose=Decimal("0.4")), at=planning.now + timedelta(minutes=1))

    response = own.post(URL, form)

    assert response.status_code == 409
    assert "The plan has changed" in response.content.decode()
    assert "0.4 mg for each kg" in response.content.decode()
    assert 'value="wren hollis"' in response.content.decode()
    assert own.post(URL, {**form, "shows": value(response, "shows")}).status_code == 302


def test_staff_cannot_sign_for_a_patient(by_nurse, planning) -> None:
    assert by_nurse.post(URL, name(planning)).status_code == 403


def test_it_is_never_signed_by_following_a_link(own) -> None:
    assert own.get(URL).status_code == 405
