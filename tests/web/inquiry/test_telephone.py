"""An inquiry taken down on the telephone."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.web.inquiry.test_ask import typed
from tests.web.intake.pages import text
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


def test_the_form_speaks_of_the_caller_to_the_front_desk(front_desk, log_in) -> None:
    page = log_in(front_desk).get(reverse("telephone"))

    for words in ("The caller's first name", "The caller's last name", "For the caller"):
        assert words in text(page)
    for words in ("Your ", "For me", "shall we answer"):
        assert words not in text(page)
    assert 'autocomplete="given-name"' not in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"given_name": ""}, "Write the caller's first name, so that we know whom to ask for."),
        ({"family_name": ""}, "Write the caller's last name, so that we know whom to ask for."),
        ({"asks_for": ""}, "Ask who it is for, so that we know whom to invite."),
        ({"reach_by": ""}, "Ask for e-mail or telephone, so that we can answer the caller."),
    ],
)
def test_an_empty_field_says_what_to_write_and_what_for(
    site, front_desk, log_in, changes, sentence
) -> None:
    response = log_in(front_desk).post(reverse("telephone"), {**typed(site), **changes})

    assert response.status_code == 422
    assert sentence in text(response)
    assert "This field is required" not in text(response)
