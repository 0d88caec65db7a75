"""What an act refuses comes back on the form that was sent, with nothing typed lost."""

from __future__ import annotations

import uuid

import pytest
from django import forms
from django.http import QueryDict

from vernal.rules.conditions import UnknownValue
from vernal.web.forms import accepted, status_of
from vernal.workflow.errors import InvalidInput, NotPossibleNow

ID = str(uuid.uuid4())


class Note(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField()


def sent(words: str = "I called twice.") -> Note:
    return Note(QueryDict(f"id={ID}&words={words}"))


def raises(error: Exception):
    def act() -> None:
        raise error

    return act


@pytest.mark.parametrize(
    "error",
    [NotPossibleNow("Somebody signed it."), UnknownValue("Somebody signed it.", frozenset())],
)
def test_what_must_happen_first_stands_at_the_top_of_the_form_with_every_word_kept(error) -> None:
    form = sent()

    assert not accepted(form, raises(error))

    assert form.non_field_errors() == ["Somebody signed it."]
    assert form["words"].value() == "I called twice."
    assert status_of(form) == 409


def test_a_form_that_came_too_early_is_a_new_form_when_it_is_sent_again() -> None:
    form = sent()

    accepted(form, raises(NotPossibleNow("Somebody signed it.")))

    assert form["id"].value() != ID
    assert uuid.UUID(form["id"].value())


def test_a_mistake_in_a_field_keeps_the_forms_id() -> None:
    form = sent()

    assert not accepted(form, raises(InvalidInput({"words": "Say more."})))

    assert form["id"].value() == ID
    assert form.errors["words"] == ["Say more."]
    assert status_of(form) == 422


def test_a_form_that_was_not_sent_is_an_ordinary_page() -> None:
    assert status_of(None) == 200
    assert status_of(Note()) == 200
