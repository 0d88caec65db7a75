"""One field of every kind."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from vernal.web.fields import in_unit


class SampleForm(forms.Form):
    weight_kg = in_unit(
        "kg",
        forms.DecimalField(
            label=_("Weight"),
            help_text=_("As measured today, without shoes."),
            min_value=25,
            max_value=300,
            error_messages={
                "required": _("Enter the weight."),
                "min_value": _("A weight below 25 kg is outside what Vernal plans for."),
            },
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        ),
    )
    born_on = forms.DateField(
        label=_("Date of birth"), widget=forms.DateInput(attrs={"type": "date"})
    )
    reaction = forms.ChoiceField(
        label=_("Have you ever reacted badly to ketamine or another anaesthetic?"),
        help_text=_("A rash, trouble breathing, or waking up in great distress."),
        choices=[("yes", _("Yes")), ("no", _("No")), ("unsure", _("Not sure"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one answer; “Not sure” is one.")},
    )
    history = forms.MultipleChoiceField(
        label=_("Which of these have you been told you have?"),
        required=False,
        choices=[
            ("pressure", _("High blood pressure")),
            ("aneurysm", _("An aneurysm")),
            ("psychosis", _("Psychosis")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    route = forms.ChoiceField(
        label=_("Route"),
        choices=[("", _("Choose a route")), ("iv", _("Into a vein")), ("nasal", _("Nasal spray"))],
    )
    words = forms.CharField(
        label=_("In your own words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    driver = forms.BooleanField(
        label=_("Someone I trust takes me home and stays with me."),
    )


class SignForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the benefit outweighs the risk"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    password = forms.CharField(
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class QuestionForm(forms.Form):
    """One question a page: what a patient sees."""

    one_question = True

    sleep = forms.ChoiceField(
        label=_(
            "Over the last two weeks, how often have you had trouble sleeping, or slept too much?"
        ),
        choices=[
            ("0", _("Not at all")),
            ("1", _("Several days")),
            ("2", _("More than half the days")),
            ("3", _("Nearly every day")),
        ],
        widget=forms.RadioSelect,
    )
