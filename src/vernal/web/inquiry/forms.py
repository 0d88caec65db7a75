"""Forms of first contact."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from vernal.web.fields import LONGEST_ADDRESS
from vernal.workflow.inquiries import Contact
from vernal.workflow.queries import SiteView


def _asks(sentence: str) -> dict[str, str]:
    """What a field says that was left empty: what to write, and what for."""
    return {"required": sentence}


NO_ADDRESS = {"invalid": _("Write the whole e-mail address, like name@example.org.")}


class ContactForm(forms.Form):
    """Who asks, for whom, and how the clinic may answer."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    site = forms.UUIDField(
        label=_("Clinic"),
        error_messages=_asks(_("Choose a clinic, so that we know who answers.")),
    )
    asks_for = forms.ChoiceField(
        label=_("Who is it for?"),
        choices=[("self", _("For me")), ("loved_one", _("For someone I care about"))],
        widget=forms.RadioSelect,
        error_messages=_asks(_("Choose who it is for, so that we know whom to invite.")),
    )
    given_name = forms.CharField(
        label=_("Your first name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages=_asks(_("Write your first name, so that we know whom to ask for.")),
    )
    family_name = forms.CharField(
        label=_("Your last name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages=_asks(_("Write your last name, so that we know whom to ask for.")),
    )
    loved_one_name = forms.CharField(
        label=_("Their name"),
        help_text=_("Only if you ask for someone else."),
        max_length=160,
        required=False,
    )
    reach_by = forms.ChoiceField(
        label=_("How shall we answer?"),
        choices=[("email", _("By e-mail")), ("telephone", _("By telephone"))],
        widget=forms.RadioSelect,
        error_messages=_asks(_("Choose e-mail or telephone, so that we can answer you.")),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=LONGEST_ADDRESS,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages=NO_ADDRESS,
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    message = forms.CharField(
        label=_("What would you like us to know?"),
        help_text=_("You need not write about your health here. We will ask later, privately."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: object, sites: Iterable[SiteView], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        sites = list(sites)
        if len(sites) == 1:
            self.fields["site"].widget = forms.HiddenInput()
            self.fields["site"].initial = sites[0].id
        else:
            self.fields["site"].widget = forms.Select(
                choices=[("", _("Choose a clinic")), *((site.id, site.name) for site in sites)]
            )

    def contact(self) -> Contact:
        kept = {
            name: value for name, value in self.cleaned_data.items() if name not in ("id", "site")
        }
        return Contact(**kept)


class CallForm(ContactForm):
    """The same, in the words of the front desk while a caller is on the telephone. The browser
    fills in nothing: it knows whoever works at the desk."""

    labels = {
        "given_name": _("The caller's first name"),
        "family_name": _("The caller's last name"),
        "loved_one_name": _("Name of the person it is for"),
        "reach_by": _("How does the caller want to be answered?"),
        "email": _("The caller's e-mail"),
        "phone": _("The caller's telephone"),
        "message": _("What would the caller like us to know?"),
    }
    asks = {
        "asks_for": _("Ask who it is for, so that we know whom to invite."),
        "given_name": _("Write the caller's first name, so that we know whom to ask for."),
        "family_name": _("Write the caller's last name, so that we know whom to ask for."),
        "reach_by": _("Ask for e-mail or telephone, so that we can answer the caller."),
    }
    hints = {
        "loved_one_name": _("Only if the caller asks for someone else."),
        "message": _("Leave their health out of it. We ask about that later, privately."),
    }
    whom = (("self", _("For the caller")), ("loved_one", _("For someone the caller cares about")))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            self.fields[name].label = label
        for name, sentence in self.asks.items():
            self.fields[name].error_messages |= _asks(sentence)
        for name, hint in self.hints.items():
            self.fields[name].help_text = hint
        for name in ("given_name", "family_name", "email", "phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["asks_for"].choices = self.whom


class InviteForm(forms.Form):
    """The person who will be the patient, as the front desk confirmed it."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    given_name = forms.CharField(
        label=_("Patient's first name"),
        max_length=80,
        error_messages=_asks(
            _("Write the patient's first name, so that the chart has the right one.")
        ),
    )
    family_name = forms.CharField(
        label=_("Patient's last name"),
        max_length=80,
        error_messages=_asks(
            _("Write the patient's last name, so that the chart has the right one.")
        ),
    )
    email = forms.EmailField(
        label=_("Patient's own e-mail"),
        max_length=LONGEST_ADDRESS,
        help_text=_("The link to the history goes here. It must be read by the patient alone."),
        error_messages={
            **NO_ADDRESS,
            **_asks(_("Write the patient's own e-mail, so that we can send the link.")),
        },
    )


class CloseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does this inquiry end here?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=_asks(
            _("Write in a few words why, so that whoever reads it later understands.")
        ),
    )


class PasswordForm(forms.Form):
    """The patient's own password, twice."""

    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("At least 12 characters. A short sentence is easy to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        validators=[validate_password],
        strip=False,
        error_messages=_asks(_("Choose a password, so that only you can open your pages.")),
    )
    again = forms.CharField(
        label=_("The same password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        error_messages=_asks(_("Type the password again, so that a slip of the key shows.")),
    )

    def clean_again(self) -> str:
        again = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise forms.ValidationError(_("The two passwords differ; type the same one twice."))
        return again
