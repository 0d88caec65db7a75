"""Forms made from the questions in `knowledge/data/intake.yaml`; nothing here knows a question."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from vernal.knowledge.facts import Fact
from vernal.knowledge.scales import shapes
from vernal.rules.scales import Scale
from vernal.workflow.answers import LONGEST_TEXT
from vernal.workflow.meanwhile import NOTHING_SAVED

OPEN_ANSWERS = {
    "unknown": _("I don't know"),
    "pending": _("Test done, no result yet"),
    "declined": _("I would rather not say"),
}
STAFF_OPEN_ANSWERS = {
    "unknown": _("Not known"),
    "pending": _("Result pending"),
    "declined": _("Declined"),
}
YES_NO = [("yes", _("Yes")), ("no", _("No"))]
# An unlikely value of these is asked again, and kept once it was confirmed.
CONFIRMABLE = {"weight_kg": _("I have looked again: this weight is right")}
NOT_IN_LIST = _("Choose one of the answers in the list.")


class QuestionsForm(forms.Form):
    """One section of questions. `kept` are the answers so far, of the save `shows`; nothing is
    required.

    Staff read the label of a patient's question, with the question itself below it.
    """

    optional_is_silent = True
    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    shows = forms.UUIDField(widget=forms.HiddenInput, required=False, empty_value=NOTHING_SAVED)

    def __init__(
        self,
        data: Mapping[str, str] | None,
        *,
        facts: tuple[Fact, ...],
        kept: Mapping[str, str],
        shows: uuid.UUID = NOTHING_SAVED,
        for_staff: bool = False,
        asked_of: str = "patient",
    ) -> None:
        super().__init__(data)
        self.fields["shows"].initial = shows
        self.facts = facts
        self.words = STAFF_OPEN_ANSWERS if for_staff else OPEN_ANSWERS
        for fact in facts:
            in_staff_words = for_staff and asked_of == "patient"
            label, hint = (fact.label, fact.ask) if in_staff_words else (fact.ask, fact.hint)
            value = kept.get(fact.id, "")
            if fact.kind in ("yes_no", "choice"):
                self.fields[fact.id] = _choice(fact, label, hint, self._open_choices(fact), value)
            else:
                self._add_typed(fact, label, hint, value)

    def clean(self) -> dict[str, object]:
        """A value and “I don't know” beside it cannot both be meant; both stay as typed."""
        for fact in self.facts:
            open_answer = self.cleaned_data.get(f"{fact.id}-open")
            if self.cleaned_data.get(fact.id) and open_answer:
                words = self.words[fact.open_answers[0] if open_answer is True else open_answer]
                sentence = translated(
                    "You wrote an answer and also chose “%(words)s”. Keep the one that is right."
                )
                self.add_error(fact.id, sentence % {"words": words})
        return self.cleaned_data

    def shown(self) -> Iterator[BoundField]:
        """Visible fields; what confirms an unlikely value appears once there is one."""
        for field in self.visible_fields():
            asked_about = field.name.removesuffix("-confirm")
            if asked_about == field.name or asked_about in self.errors:
                yield field

    def typed(self) -> dict[str, str]:
        """Fact id to what was typed, or to the way of not knowing that was chosen instead."""
        return {fact.id: self._typed(fact) for fact in self.facts}

    def confirmed(self) -> frozenset[str]:
        """Facts whose value, exactly as it stands, was confirmed; another value asks again."""
        return frozenset(
            name
            for name in CONFIRMABLE
            if name in self.fields
            and self.cleaned_data.get(name)
            and self.data.get(f"{name}-confirm") == self.cleaned_data[name]
        )

    def _typed(self, fact: Fact) -> str:
        open_answer = self.cleaned_data.get(f"{fact.id}-open") or ""
        if open_answer is True:
            open_answer = fact.open_answers[0]
        return self.cleaned_data.get(fact.id) or open_answer

    def _open_choices(self, fact: Fact) -> list[tuple[str, str]]:
        return [(each, self.words[each]) for each in fact.open_answers]

    def _add_typed(self, fact: Fact, label: str, hint: str, value: str) -> None:
        is_open = value in fact.open_answers
        self.fields[fact.id] = _typed(fact, label, hint, "" if is_open else value)
        choices = self._open_choices(fact)
        if len(choices) == 1:
            self.fields[f"{fact.id}-open"] = forms.BooleanField(
                label=translated("Or: %(words)s") % {"words": choices[0][1]},
                required=False,
                initial=is_open,
            )
        elif choices:
            self.fields[f"{fact.id}-open"] = forms.ChoiceField(
                label=_("Or"),
                choices=[("", "–"), *choices],
                required=False,
                initial=value if is_open else "",
            )
        if fact.id in CONFIRMABLE:
            typed = (self.data.get(fact.id) or "").strip()
            self.fields[f"{fact.id}-confirm"] = forms.BooleanField(
                label=CONFIRMABLE[fact.id],
                required=False,
                widget=forms.CheckboxInput(attrs={"value": typed}),
            )


class ScaleForm(forms.Form):
    """A scale whose wording may be shipped: its instruction, its items in order, its attribution.

    Items may stay open: what was answered is kept, and the score waits for the rest.
    """

    optional_is_silent = True
    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(
        self,
        data: Mapping[str, str] | None,
        *,
        scale: Scale,
        kept: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__(data)
        shape = shapes()[scale.id]
        self.instruction, self.attribution = shape.stem, shape.attribution
        counted = [item.id for item in scale.items if item.counts]
        for item in scale.items:
            number = f"{counted.index(item.id) + 1}. " if item.counts else ""
            self.fields[item.id] = forms.TypedChoiceField(
                label=number + (item.text or item.label),
                choices=[(str(option.value), option.label) for option in item.options],
                coerce=int,
                required=False,
                empty_value=None,
                initial=(kept or {}).get(item.id),
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": NOT_IN_LIST},
            )

    def answers(self) -> dict[str, int]:
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "id" and value is not None
        }


def _choice(
    fact: Fact, label: str, hint: str, open_answers: list[tuple[str, str]], value: str
) -> forms.ChoiceField:
    own = YES_NO if fact.kind == "yes_no" else [(each.value, each.label) for each in fact.options]
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=[*own, *open_answers],
        required=False,
        initial=value,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NOT_IN_LIST},
    )


def _typed(fact: Fact, label: str, hint: str, value: str) -> forms.CharField:
    widgets = {
        "number": forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        "date": forms.DateInput(attrs={"type": "date"}),
        "text": forms.Textarea(attrs={"rows": 3}),
    }
    field = forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        initial=value,
        max_length=LONGEST_TEXT,
        widget=widgets[fact.kind],
    )
    field.unit = fact.unit
    return field
