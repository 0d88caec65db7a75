"""Forms about the people of a site."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from vernal.web.fields import LONGEST_ADDRESS
from vernal.web.staff.words import ROLES
from vernal.workflow.queries import SiteStaff, SiteView


def _site_field(sites: Iterable[SiteView]) -> forms.ChoiceField:
    sites = list(sites)
    return forms.ChoiceField(
        label=_("Site"),
        choices=[(str(site.id), site.name) for site in sites],
        widget=forms.HiddenInput if len(sites) == 1 else forms.Select,
        initial=str(sites[0].id),
    )


class AddStaffForm(forms.Form):
    """Someone who will work here."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    name = forms.CharField(label=_("Name"), max_length=160)
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("Read by this person alone: the link to log in goes there."),
        max_length=LONGEST_ADDRESS,
    )
    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()), widget=forms.RadioSelect)

    def __init__(self, *args: object, sites: Iterable[SiteView], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"] = _site_field(sites)


class GrantRoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()), widget=forms.RadioSelect)

    def __init__(self, *args: object, sites: Iterable[SiteView], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"] = _site_field(sites)


class IdForm(forms.Form):
    """A button that makes one thing, however often it is pressed."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class ResetSecondFactorForm(IdForm):
    """Why someone's second step is removed."""

    reason = forms.CharField(
        label=_("Why is it removed, and how do you know who asked?"),
        help_text=_("For example: phone lost; spoke with her in person today. It is kept."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OnCallForm(forms.Form):
    user = forms.ChoiceField(
        label=_("On call from now on"),
        help_text=_("Alerts go to this person first. Only clinical staff can be on call."),
    )

    def __init__(self, *args: object, staff: SiteStaff, **kwargs: object) -> None:
        super().__init__(*args, initial={"user": str(staff.on_call_id)}, **kwargs)
        choices = [(str(member.id), member.name) for member in staff.may_answer]
        self.fields["user"].choices = choices if staff.on_call else [("", "–"), *choices]


class SitePhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("Telephone"),
        help_text=_("Patients see this number, also on the page “Help now”."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )


class AuditForm(forms.Form):
    """Which entries to look at; sent with GET."""

    patient = forms.UUIDField(
        label=_("Number of a patient"),
        help_text=_("It stands in the address of the chart."),
        required=False,
    )
    walk = forms.BooleanField(
        label=_("Walk the whole chain and prove that nothing was changed"), required=False
    )
