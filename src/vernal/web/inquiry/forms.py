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


class ContactForm(forms.Form):
    """Who asks, for whom, and how the clinic may answer."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    site = forms.UUIDField(label=_("Clinic"))
    asks_for = forms.ChoiceField(
        label=_("Who is it for?"),
        choices=[("self", _("For me")), ("loved_one", _("For someone I care about"))],
        widget=forms.RadioSelect,
    )
    given_name = forms.CharField(
        label=_("Your first name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    family_name = forms.CharField(
        label=_("Your last name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
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
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=LONGEST_ADDRESS,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
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


class InviteForm(forms.Form):
    """The person who will be the patient, as the front desk confirmed it."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    given_name = forms.CharField(label=_("Patient's first name"), max_length=80)
    family_name = forms.CharField(label=_("Patient's last name"), max_length=80)
    email = forms.EmailField(
        label=_("Patient's own e-mail"),
        max_length=LONGEST_ADDRESS,
        help_text=_("The link to the history goes here. It must be read by the patient alone."),
    )


class CloseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does this inquiry end here?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PasswordForm(forms.Form):
    """The patient's own password, twice."""

    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("At least 12 characters. A short sentence is easy to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        validators=[validate_password],
        strip=False,
    )
    again = forms.CharField(
        label=_("The same password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def clean_again(self) -> str:
        again = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise forms.ValidationError(_("The two passwords differ; type the same one twice."))
        return again
