"""Forms of the consent; nothing here knows an element or a question."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from vernal.rules.consent import ConsentForm
from vernal.workflow.meanwhile import NOTHING_SAVED
from vernal.workflow.queries import MyConsent

UNDERSTOOD = [
    ("yes", _("Yes, I understand it")),
    ("no", _("I want to talk about this first")),
]
NOT_IN_LIST = _("Choose one of the answers in the list.")


class MyConsentForm(forms.Form):
    """One tick an element and one answer a question; what is open may stay open."""

    optional_is_silent = True
    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, data: Mapping[str, str] | None, *, view: MyConsent) -> None:
        super().__init__(data)
        self.form: ConsentForm = view.form
        for element in view.form.elements:
            tick = view.ticks.get(element.id)
            initial = {True: "yes", False: "no"}.get(tick, "")
            self.fields[element.id] = _choice(_is_clear(element.title), UNDERSTOOD, initial)
        for asked in view.form.teach_backs:
            choices = [(choice.id, choice.words) for choice in asked.choices]
            initial = view.answers.get(asked.id, "")
            self.fields[asked.id] = _choice(asked.question, choices, initial)

    def ticks(self) -> dict[str, bool]:
        chosen = {each.id: self.cleaned_data[each.id] for each in self.form.elements}
        return {name: answer == "yes" for name, answer in chosen.items() if answer}

    def teach_backs(self) -> dict[str, str]:
        chosen = {each.id: self.cleaned_data[each.id] for each in self.form.teach_backs}
        return {name: answer for name, answer in chosen.items() if answer}


class SignConsentForm(forms.Form):
    """The patient's name, typed as a signature under the plan that the page `shows`."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    shows = forms.UUIDField(widget=forms.HiddenInput, required=False, empty_value=NOTHING_SAVED)
    typed_name = forms.CharField(
        label=_("Type your first and last name"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class WithdrawForm(forms.Form):
    """Why, if the patient wishes to say it."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("You do not have to say."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DiscussForm(forms.Form):
    """How the talk went, and the judgement of the capacity to decide."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    has_capacity = forms.TypedChoiceField(
        label=_("Can the patient decide this now?"),
        choices=[("yes", _("Yes, has the capacity to decide")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the patient can decide this now.")},
    )
    note = forms.CharField(
        label=_("How the talk went"),
        help_text=_("Questions the patient asked, and what you explained again."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LackForm(DiscussForm):
    """No capacity to decide, found while parts are still open."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, initial={"has_capacity": "no"}, **kwargs)
        self.fields["has_capacity"].widget = forms.HiddenInput()


def _is_clear(title: str) -> SafeString:
    """The title stands above already; who listens hears it here again."""
    return format_html('{}<span class="visually-hidden">: {}</span>', _("Is this clear"), title)


def _choice(label: str, choices: list[tuple[str, str]], initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=False,
        initial=initial,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NOT_IN_LIST},
    )
