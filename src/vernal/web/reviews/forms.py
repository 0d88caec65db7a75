"""The decision of a review."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from vernal.knowledge.retreatment import options


class ReviewForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    option = forms.ChoiceField(
        label=_("What happens next"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what happens next."),
            "invalid_choice": _("Choose one of the options."),
        },
    )
    look_again_on = forms.DateField(
        label=_("Look again on"),
        help_text=_("May stay empty only when the next planned session is given."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the date as year-month-day, like 2026-03-28.")},
    )
    note = forms.CharField(
        label=_("Why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write in a few words why you decide so.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["option"].choices = [(each.id, each.title) for each in options()]
