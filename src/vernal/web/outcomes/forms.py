"""Entering a total that was worked out on paper."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from vernal.workflow.outcomes import scales_by_total


class MeasureForm(forms.Form):
    """A test or a call of the calendar. `offered` maps measures to their titles."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    measure = forms.ChoiceField(
        label=_("What was done"),
        error_messages={"invalid_choice": _("Choose one of the tests and calls in the list.")},
    )
    done_on = forms.DateField(
        label=_("Done on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the date as year-month-day, like 2026-03-28.")},
    )
    result = forms.CharField(
        label=_("What came of it"),
        help_text=_("A number with its unit, or a few words."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write in a few words what came of it.")},
    )

    def __init__(
        self, *args: object, offered: Mapping[str, str], on: date, **kwargs: object
    ) -> None:
        super().__init__(*args, auto_id="measure_%s", **kwargs)
        self.fields["measure"].choices = list(offered.items())
        self.fields["done_on"].initial = on


class TotalForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    scale = forms.ChoiceField(
        label=_("Scale"),
        error_messages={"invalid_choice": _("Choose one of the scales in the list.")},
    )
    total = forms.DecimalField(
        label=_("Total"),
        max_digits=6,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": _("Write the total in digits, like 28.")},
    )
    rated_on = forms.DateField(
        label=_("Rated on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the date as year-month-day, like 2026-03-28.")},
    )

    def __init__(self, *args: object, on: date | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scale"].choices = [
            (each.id, _("%(title)s (%(least)s to %(most)s)") % vars(each))
            for each in scales_by_total().values()
        ]
        self.fields["scale"].initial = "madrs"
        self.fields["rated_on"].initial = on
