"""An inquiry taken down on the telephone."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.web.inquiry.test_ask import typed
from vernal.records.models import Inquiry

pytestmark = pytest.mark.django_db


def test_the_front_desk_takes_down_a_call(site, front_desk, log_in) -> None:
    form = typed(site, reach_by="telephone", phone="307 555 0142", email="")

    response = log_in(front_desk).post(reverse("telephone"), form)

    assert response.headers["Location"] == reverse("inquiry", kwargs={"inquiry_id": form["id"]})
    inquiry = Inquiry.objects.get()
    assert (inquiry.channel, inquiry.by) == ("telephone", front_desk)


def test_sending_it_twice_keeps_one(site, front_desk, log_in) -> None:
    form = typed(site)

    log_in(front_desk).post(reverse("telephone"), form)
    log_in(front_desk).post(reverse("telephone"), form)

    assert Inquiry.objects.count() == 1


def test_another_site_cannot_be_chosen(other_site, front_desk, log_in) -> None:
    response = log_in(front_desk).post(reverse("telephone"), typed(other_site))

    assert response.status_code == 404
    assert not Inquiry.objects.exists()


def test_the_administrator_is_told_who_takes_calls(administrator, log_in) -> None:
    assert log_in(administrator).get(reverse("telephone")).status_code == 403


def test_a_call_without_any_way_to_answer_is_refused(site, front_desk, log_in) -> None:
    form = typed(site, reach_by="telephone", id=str(uuid4()))

    response = log_in(front_desk).post(reverse("telephone"), form)

    assert response.status_code == 422
    assert "Write a telephone number, or choose e-mail." in response.content.decode()
