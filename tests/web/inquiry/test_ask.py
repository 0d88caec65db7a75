"""The public contact form."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_site
from vernal.accounts.models import Site
from vernal.audit.models import Entry
from vernal.records.models import Inquiry
from vernal.web.inquiry.forms import (
    CallForm,
    CloseForm,
    ContactForm,
    InviteForm,
    PasswordForm,
)

pytestmark = pytest.mark.django_db


def typed(site: Site, **changes: str) -> dict[str, str]:
    given = {
        "id": str(uuid4()),
        "site": str(site.pk),
        "asks_for": "self",
        "given_name": "Wren",
        "family_name": "Hollis",
        "reach_by": "email",
        "email": "wren@vernal.example",
    }
    return {**given, **changes}


def test_an_inquiry_is_kept_and_thanked_for(site) -> None:
    response = Client().post(reverse("ask"), typed(site, message="I heard of you."))

    assert response.headers["Location"] == reverse("asked")
    inquiry = Inquiry.objects.get()
    assert (inquiry.given_name, inquiry.channel, inquiry.by) == ("Wren", "web", None)
    assert inquiry.message == "I heard of you."


def test_the_audit_entry_holds_no_name_and_no_message(site) -> None:
    Client().post(reverse("ask"), typed(site, message="My heart is heavy."))

    entry = Entry.objects.get(act="inquiry.taken")
    kept = f"{entry.subject}{entry.details}"
    assert entry.site_id == site.pk
    assert not any(word in kept for word in ("Wren", "Hollis", "heart", "vernal.example"))


def test_sending_the_same_form_twice_keeps_one_inquiry(site) -> None:
    form = typed(site)

    Client().post(reverse("ask"), form)
    response = Client().post(reverse("ask"), form)

    assert response.headers["Location"] == reverse("asked")
    assert Inquiry.objects.count() == 1
    assert Entry.objects.filter(act="inquiry.taken").count() == 1


def test_the_same_form_with_other_words_is_refused(site) -> None:
    form = typed(site)

    Client().post(reverse("ask"), form)
    response = Client().post(reverse("ask"), {**form, "given_name": "Robin"})

    assert response.status_code == 409
    assert Inquiry.objects.get().given_name == "Wren"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": ""}, "Write an e-mail address, or choose the telephone."),
        ({"reach_by": "telephone"}, "Write a telephone number, or choose e-mail."),
        ({"email": "wren at home"}, "Write the whole e-mail address, like name@example.org."),
        ({"site": str(uuid4())}, "Choose one of the clinics in the list."),
        ({"site": ""}, "Choose a clinic, so that we know who answers."),
        ({"asks_for": ""}, "Choose who it is for, so that we know whom to invite."),
        ({"given_name": ""}, "Write your first name, so that we know whom to ask for."),
        ({"family_name": " "}, "Write your last name, so that we know whom to ask for."),
        ({"reach_by": ""}, "Choose e-mail or telephone, so that we can answer you."),
    ],
)
def test_a_wrong_field_is_named_beside_the_field_and_what_was_typed_stays(
    site, changes, sentence
) -> None:
    make_site("cheyenne")

    response = Client().post(reverse("ask"), {**typed(site, message="Please read me."), **changes})

    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "Please read me." in page
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("form", [ContactForm, CallForm, InviteForm, CloseForm, PasswordForm])
def test_every_required_field_of_first_contact_has_a_sentence_of_its_own(form) -> None:
    required = [each for each in form.base_fields.values() if each.required]
    visible = [each for each in required if each.label]

    sentences = {str(each.error_messages["required"]) for each in visible}
    assert len(sentences) == len(visible)
    assert "This field is required." not in sentences


def test_a_loved_one_may_ask_for_another_person(site) -> None:
    Client().post(reverse("ask"), typed(site, asks_for="loved_one", loved_one_name="Ash Hollis"))

    assert Inquiry.objects.get().loved_one_name == "Ash Hollis"


def test_help_now_stands_on_the_page(site) -> None:
    page = Client().get(reverse("ask")).content.decode()

    assert "988" in page
    assert site.phone in page
