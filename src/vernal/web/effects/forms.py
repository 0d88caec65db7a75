"""Two short forms: tick what was felt, then say how strong it was and how long it lasted."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from vernal.rules.effects import BEGAN, ENDED, SEVERITY, AskedEffect, Began, Ended, Moment
from vernal.workflow.effects import LONGEST_WORDS, Told
from vernal.workflow.spoken import spoken, spoken_lazy

# What can be true by then: nothing is over on the next day while it is still the first afternoon.
BEGAN_BY: Mapping[Moment, tuple[Began, ...]] = {
    "four_hours": ("during", "within_4_hours", "not_sure"),
    "next_day": ("during", "within_4_hours", "later", "not_sure"),
}
ENDED_BY: Mapping[Moment, tuple[Ended, ...]] = {
    "four_hours": ("still_there", "at_the_clinic", "within_4_hours", "not_sure"),
    "next_day": (
        *("still_there", "at_the_clinic", "within_4_hours"),
        *("same_day", "over_night", "not_sure"),
    ),
}
STRENGTHS = [(str(number), spoken_lazy(words)) for number, words in SEVERITY.items() if number]


class TickForm(forms.Form):
    """The list. Ticking nothing is answered with its own button."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    asked_at = forms.CharField(widget=forms.HiddenInput)
    ticked = forms.MultipleChoiceField(
        label=_("Tick everything that you would say yes to"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick what you felt, or press “Nothing from this list”."),
            "invalid_choice": _("Choose from the effects in the list."),
        },
    )

    def __init__(
        self, data: Mapping[str, str] | None, *, asked: Iterable[AskedEffect], moment: Moment
    ) -> None:
        super().__init__(data, initial={"asked_at": moment})
        self.fields["ticked"].choices = [(each.id, each.question) for each in asked]


class TellForm(forms.Form):
    """How strong each ticked effect was, when it began and whether it is over."""

    optional_is_silent = True
    id = forms.UUIDField(widget=forms.HiddenInput)
    asked_at = forms.CharField(widget=forms.HiddenInput)
    step = forms.CharField(widget=forms.HiddenInput, initial="tell")
    ticked = forms.MultipleChoiceField(widget=forms.MultipleHiddenInput)

    def __init__(
        self,
        data: Mapping[str, str] | None,
        *,
        asked: Iterable[AskedEffect],
        ticked: Iterable[str],
        moment: Moment,
        id: uuid.UUID | str = "",
    ) -> None:
        wanted = frozenset(ticked)
        self.told = [each for each in asked if each.id in wanted]
        names = [each.id for each in self.told]
        super().__init__(data, initial={"id": id, "asked_at": moment, "ticked": names})
        self.fields["ticked"].choices = [(name, name) for name in names]
        for each in self.told:
            self._ask(each, moment)
        self.fields["words"] = forms.CharField(
            label=_("In your own words, if you like"),
            required=False,
            max_length=LONGEST_WORDS,
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    def groups(self) -> Iterator[tuple[AskedEffect, list[BoundField]]]:
        """Each effect with its three fields."""
        for each in self.told:
            yield each, [self[f"{each.id}-{part}"] for part in ("severity", "began", "ended")]

    def answers(self) -> list[Told]:
        given = self.cleaned_data
        return [
            Told(
                effect=each.id,
                severity=int(given[f"{each.id}-severity"]),
                began=given[f"{each.id}-began"],
                ended=given[f"{each.id}-ended"],
            )
            for each in self.told
        ]

    def _ask(self, each: AskedEffect, moment: Moment) -> None:
        self.fields[f"{each.id}-severity"] = forms.ChoiceField(
            label=translated("%(effect)s: how strong was it at its worst?")
            % {"effect": each.label},
            choices=STRENGTHS,
            widget=forms.RadioSelect,
            error_messages={"required": _("Say how strong it was.")},
        )
        self.fields[f"{each.id}-began"] = _words(_("When did it begin?"), BEGAN, BEGAN_BY[moment])
        self.fields[f"{each.id}-ended"] = _words(_("When was it over?"), ENDED, ENDED_BY[moment])


def _words(label: str, words: Mapping[str, str], allowed: Iterable[str]) -> forms.ChoiceField:
    choices = [("", _("Choose")), *((each, spoken(words[each])) for each in allowed)]
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the answers in the list.")},
    )
