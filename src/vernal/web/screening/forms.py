"""Forms of the screening."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from vernal.workflow.screening import INDICATIONS, ROUTES


class ConsiderForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    indication = forms.ChoiceField(
        label=_("Treatment for"),
        choices=list(INDICATIONS.items()),
        error_messages={"required": _("Choose what the treatment is for.")},
    )
    route = forms.ChoiceField(
        label=_("Given"),
        choices=list(ROUTES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the drug would be given.")},
    )


class WordsForm(forms.Form):
    """A reason about one finding."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    condition = forms.CharField(widget=forms.HiddenInput, max_length=80)
    reason = forms.CharField(
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Write your reason, so that whoever reads the chart can follow it.")
        },
    )


class WeighForm(WordsForm):
    """Why benefit outweighs this risk."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Why does the benefit outweigh this risk?")


class OverrideForm(WordsForm):
    """Why this bar does not hold for this patient."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Why may this bar be set aside for this patient?")


class SignForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("eligible", _("Eligible")),
            ("not_eligible", _("Not eligible")),
            ("deferred", _("Defer")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision: eligible, not eligible or defer.")},
    )
    defer_until = forms.DateField(
        label=_("Look again on"),
        help_text=_("Only when you defer."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the date as year-month-day, like 2026-03-28.")},
    )
    note = forms.CharField(
        label=_("Why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Write in a few words why you decide so, so that others can follow it.")
        },
    )
