"""Forms made from the questions in `knowledge/data/intake.yaml`; nothing here knows a question."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from vernal.knowledge.facts import Fact
from vernal.rules.scales import Scale
from vernal.workflow.intake import MedicineLine, TrialLine

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
MORE_LINES, MOST_LINES = 3, 60
UNITS = ["mg", "mcg", "g", "mL", "units", "drops", "puffs", "patches"]


class QuestionsForm(forms.Form):
    """One section of questions. `kept` are the answers so far; nothing is required."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(
        self,
        data: Mapping[str, str] | None,
        *,
        facts: tuple[Fact, ...],
        kept: Mapping[str, str],
        for_staff: bool = False,
    ) -> None:
        super().__init__(data)
        self.facts = facts
        words = STAFF_OPEN_ANSWERS if for_staff else OPEN_ANSWERS
        for fact in facts:
            label = fact.label if for_staff else fact.ask
            open_answers = [(each, words[each]) for each in fact.open_answers]
            value = kept.get(fact.id, "")
            is_open = value in fact.open_answers
            if fact.kind in ("yes_no", "choice"):
                self.fields[fact.id] = _choice(fact, label, open_answers, value)
                continue
            self.fields[fact.id] = _typed(fact, label, "" if is_open else value)
            if open_answers:
                self.fields[f"{fact.id}-open"] = forms.ChoiceField(
                    label=_("Or"),
                    choices=open_answers,
                    required=False,
                    initial=value if is_open else "",
                    widget=forms.RadioSelect,
                )

    def typed(self) -> dict[str, str]:
        """Fact id to what was typed, or to the way of not knowing that was chosen instead."""
        answers = self.cleaned_data
        return {
            fact.id: answers.get(fact.id) or answers.get(f"{fact.id}-open", "")
            for fact in self.facts
        }


class MedicineForm(forms.Form):
    """One medicine taken now."""

    name = forms.CharField(
        label=_("Medicine"), max_length=120, widget=forms.TextInput(attrs={"list": "medicines"})
    )
    dose = forms.DecimalField(
        label=_("Amount each time"), min_value=0, max_digits=9, decimal_places=3, required=False
    )
    unit = forms.ChoiceField(
        label=_("Unit"), choices=[("", "–"), *((unit, unit) for unit in UNITS)], required=False
    )
    times_per_day = forms.DecimalField(
        label=_("Times a day"),
        help_text=_("For “once a week” write 0.14. Leave it empty if you take it only as needed."),
        min_value=0,
        max_value=24,
        max_digits=5,
        decimal_places=2,
        required=False,
    )

    def line(self) -> MedicineLine:
        return MedicineLine(**_without_formset_fields(self.cleaned_data))


class StoppedMedicineForm(MedicineForm):
    """One medicine stopped lately."""

    stopped_on = forms.DateField(
        label=_("Last taken on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class TrialForm(forms.Form):
    """One earlier treatment with an antidepressant."""

    name = forms.CharField(
        label=_("Medicine"), max_length=120, widget=forms.TextInput(attrs={"list": "medicines"})
    )
    daily_dose = forms.DecimalField(
        label=_("Highest amount a day"),
        min_value=0,
        max_digits=9,
        decimal_places=3,
        required=False,
    )
    unit = forms.ChoiceField(
        label=_("Unit"), choices=[("", "–"), *((unit, unit) for unit in UNITS)], required=False
    )
    weeks = forms.DecimalField(
        label=_("How many weeks"), min_value=0, max_digits=5, decimal_places=1, required=False
    )
    result = forms.ChoiceField(
        label=_("Did it help?"),
        choices=[
            ("no_response", _("No")),
            ("partial_response", _("A little, not enough")),
            ("response", _("Yes, it helped a lot")),
            ("stopped_for_side_effects", _("I stopped because of side effects")),
            ("unknown", _("I don't know")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    this_episode = forms.ChoiceField(
        label=_("Was it in this spell of depression?"),
        choices=[*YES_NO, ("unknown", _("I don't know"))],
        required=False,
        widget=forms.RadioSelect,
    )

    def line(self) -> TrialLine:
        return TrialLine(**_without_formset_fields(self.cleaned_data))


class ScaleForm(forms.Form):
    """A scale whose wording may be shipped: one row of choices for each item."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, data: Mapping[str, str] | None, *, scale: Scale) -> None:
        super().__init__(data)
        for item in scale.items:
            self.fields[item.id] = forms.TypedChoiceField(
                label=item.text or item.label,
                choices=[(str(option.value), option.label) for option in item.options],
                coerce=int,
                required=item.counts,
                empty_value=None,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose the answer that fits best.")},
            )

    def answers(self) -> dict[str, int]:
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "id" and value is not None
        }


class LinesForm(forms.Form):
    """A list that grows by rows; a page without script asks the server for more of them."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(
        self,
        data: Mapping[str, str] | None,
        *,
        line_form: type[forms.Form],
        kept: list[dict[str, str]] | None,
    ) -> None:
        asks_for_more = data is not None and "more" in data
        super().__init__(None if asks_for_more else data)
        initial = _typed_lines(data, line_form) if asks_for_more else kept
        lines = formset_factory(
            line_form,
            extra=MORE_LINES if initial else MORE_LINES + 1,
            can_delete=True,
            max_num=MOST_LINES,
            validate_max=True,
        )
        self.line_set = lines(None if asks_for_more else data, initial=initial, prefix="line")

    def is_valid(self) -> bool:
        return super().is_valid() & self.line_set.is_valid()

    def lines(self) -> list[MedicineLine | TrialLine]:
        """The rows that were filled in and not removed."""
        return [
            line.line()
            for line in self.line_set
            if line.cleaned_data.get("name") and not line.cleaned_data.get("DELETE")
        ]


def _typed_lines(data: Mapping[str, str], line_form: type[forms.Form]) -> list[dict[str, str]]:
    count = min(int(data.get("line-TOTAL_FORMS", "0")), MOST_LINES)
    typed = [
        {name: data.get(f"line-{number}-{name}", "") for name in line_form.base_fields}
        for number in range(count)
    ]
    return [line for line in typed if any(line.values())]


def _choice(
    fact: Fact, label: str, open_answers: list[tuple[str, str]], value: str
) -> forms.ChoiceField:
    own = YES_NO if fact.kind == "yes_no" else [(each.value, each.label) for each in fact.options]
    return forms.ChoiceField(
        label=label,
        help_text=fact.hint,
        choices=[*own, *open_answers],
        required=False,
        initial=value,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the answers in the list.")},
    )


def _typed(fact: Fact, label: str, value: str) -> forms.CharField:
    widgets = {
        "number": forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        "date": forms.DateInput(attrs={"type": "date"}),
        "text": forms.Textarea(attrs={"rows": 3}),
    }
    field = forms.CharField(
        label=label,
        help_text=fact.hint,
        required=False,
        initial=value,
        max_length=4000,
        widget=widgets[fact.kind],
    )
    field.unit = fact.unit
    return field


def _without_formset_fields(cleaned: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in cleaned.items() if name != "DELETE"}
