"""The decision of a review."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from vernal.rules.retreatment import OptionReview, gives_what_nobody_booked


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
    despite = forms.CharField(
        label=_("Why, although it is not offered"),
        help_text=_("Only for an option that is not offered, or not yet known to be."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note = forms.CharField(
        label=_("Why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write in a few words why you decide so.")},
    )

    def __init__(self, *args: object, judged: Iterable[OptionReview], **kwargs: object) -> None:
        """`judged` are the options as they stand; what gives a session that nobody booked is not
        there to be chosen."""
        super().__init__(*args, **kwargs)
        self.fields["option"].choices = [
            (each.option.id, _label(each)) for each in judged if not gives_what_nobody_booked(each)
        ]


def _label(judged: OptionReview) -> str:
    title = judged.option.title
    if judged.offered is True:
        return title
    if judged.offered is False:
        return translated("%(option)s (not offered at this point)") % {"option": title}
    return translated("%(option)s (not yet known whether it is offered)") % {"option": title}
