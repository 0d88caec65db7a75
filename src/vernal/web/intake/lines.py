"""The lists of the history: rows of medicines and of earlier treatments, with or without script.

Rows are counted by what was sent, so that no hidden number can lose one. Whatever was typed comes
back as it was typed, right or wrong.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from vernal.knowledge.medications import medicine_index, medicines
from vernal.workflow.answers import NotReadable, amount_typed
from vernal.workflow.lines import (
    LONGEST_NAME,
    MOST_LINES,
    TIMES_PER_DAY,
    UNITS,
    MedicineLine,
    TrialLine,
)
from vernal.workflow.meanwhile import NOTHING_SAVED

FIRST_ROWS, MORE_ROWS = 1, 2
UNIT_WORDS = {"mcg": _("mcg (µg)"), "tablet": _("tablets"), "patch": _("patches")}
FREQUENCIES = {
    "once_a_day": _("Once a day"),
    "twice_a_day": _("Twice a day"),
    "three_times_a_day": _("Three times a day"),
    "four_times_a_day": _("Four times a day"),
    "every_other_day": _("Every other day"),
    "once_a_week": _("Once a week"),
    "as_needed": _("Only when needed"),
    "something_else": _("Something else"),
}
RESULTS = {
    "no_response": _("No"),
    "partial_response": _("A little, not enough"),
    "response": _("Yes, it helped a lot"),
    "stopped_for_side_effects": _("I stopped because of side effects"),
    "unknown": _("I don't know"),
}
THIS_EPISODE = {"yes": _("Yes"), "no": _("No"), "unknown": _("I don't know")}
Group = tuple[str, tuple[str, ...]]


class AmountField(forms.CharField):
    """150, 2.5, 2,5, 1/2 or 1½; what cannot be read is refused and stays as typed."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=20, required=False, widget=widget, **options)

    def clean(self, value: str) -> Decimal | None:
        text = super().clean(value)
        try:
            return amount_typed(text) if text else None
        except NotReadable as refusal:
            raise ValidationError(str(refusal)) from None


def _select(label: str, words: Mapping[str, Any], **options: Any) -> forms.ChoiceField:
    choices = [("", "–"), *words.items()]
    return forms.ChoiceField(label=label, choices=choices, required=False, **options)


def _name_field() -> forms.CharField:
    attributes = {"list": "medicines", "autocomplete": "off", "autocapitalize": "none"}
    return forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs=attributes),
        error_messages={"required": _("Write the name of the medicine, or remove this one.")},
    )


def _unit_field() -> forms.ChoiceField:
    return _select(_("Unit"), {unit: UNIT_WORDS.get(unit, unit) for unit in UNITS})


class RowForm(forms.Form):
    """One row. `groups` are its fields as they stand: a class, and the fields side by side."""

    optional_is_silent = True
    groups: tuple[Group, ...] = ()
    remove = forms.BooleanField(label=_("Remove this one"), required=False)
    settled_name = forms.CharField(
        max_length=LONGEST_NAME, required=False, widget=forms.HiddenInput
    )

    def __init__(self, number: int, typed: Mapping[str, str], *, judge: bool) -> None:
        """`judge` a row that was sent; one that is blank or removed is left in peace."""
        prefix = f"line-{number}"
        judge = judge and bool(typed) and not typed.get("remove")
        data = {f"{prefix}-{name}": value for name, value in typed.items()} if judge else None
        super().__init__(data, initial=typed, prefix=prefix, use_required_attribute=False)
        self.number = number
        self.question: object = None

    @classmethod
    def as_typed(cls, kept: Mapping[str, str]) -> dict[str, str]:
        """What would have been typed for a kept line."""
        return dict(kept)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def is_blank(self) -> bool:
        own = set(self.fields) - {"remove", "settled_name"}
        values = (self[name].value() for name in own)
        return not any(str(value).strip() for value in values if value is not None)

    def is_removed(self) -> bool:
        return bool(self["remove"].value())

    def laid_out(self) -> Iterator[tuple[str, list[BoundField]]]:
        for look, names in self.groups:
            wrong = " line__wrong" if any(self[name].errors for name in names) else ""
            yield look + wrong, [self[name] for name in names]

    def show_mistake(self, field: str, sentence: str) -> None:
        place = {"times_per_day": "most_per_day"}.get(field, field)
        self.add_error(place if place in self.fields else "name", sentence)


class MedicineRow(RowForm):
    """One medicine taken now."""

    name = _name_field()
    dose = AmountField(label=_("Amount each time"))
    unit = _unit_field()
    frequency = _select(_("How often"), FREQUENCIES)
    most_per_day = AmountField(label=_("How many times a day at most?"))
    how_often = forms.CharField(
        label=_("How do you take it?"), max_length=LONGEST_NAME, required=False
    )
    groups = (
        ("", ("name",)),
        ("pair", ("dose", "unit")),
        ("", ("frequency",)),
        ("line__as-needed line__something-else", ("most_per_day",)),
        ("line__something-else", ("how_often",)),
    )

    @classmethod
    def as_typed(cls, kept: Mapping[str, str]) -> dict[str, str]:
        times = Decimal(kept["times_per_day"]) if kept.get("times_per_day") else None
        words = {each: word for word, each in TIMES_PER_DAY.items()}
        if kept.get("as_needed"):
            frequency = "as_needed"
        elif kept.get("how_often") or (times is not None and times not in words):
            frequency = "something_else"
        else:
            frequency = words[times] if times is not None else ""
        most = "" if times is None or frequency in TIMES_PER_DAY else format(times, "f")
        return {**kept, "frequency": frequency, "most_per_day": most}

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("frequency") == "something_else" and not (
            given.get("how_often") or given.get("most_per_day") or "most_per_day" in self.errors
        ):
            self.add_error("how_often", _("Write how you take it, in your own words."))
        return given

    def line(self) -> MedicineLine:
        given = self.cleaned_data
        frequency = given["frequency"]
        is_own = frequency in ("as_needed", "something_else")
        return MedicineLine(
            name=given["name"],
            dose=given["dose"],
            unit=given["unit"],
            times_per_day=given["most_per_day"] if is_own else TIMES_PER_DAY.get(frequency),
            as_needed=frequency == "as_needed",
            how_often=given["how_often"] if frequency == "something_else" else "",
            settled_name=given["settled_name"],
            stopped_on=given.get("stopped_on"),
        )


class StoppedMedicineRow(MedicineRow):
    """One medicine stopped lately."""

    stopped_on = forms.DateField(
        label=_("Last taken on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the date as year-month-day, like 2026-03-28.")},
    )
    groups = (("", ("name",)), ("", ("stopped_on",)), *MedicineRow.groups[1:])


class TrialRow(RowForm):
    """One earlier treatment with an antidepressant."""

    name = _name_field()
    daily_dose = AmountField(label=_("Highest amount a day"))
    unit = _unit_field()
    weeks = AmountField(label=_("For how many weeks"), help_text=_("Three months are 13 weeks."))
    result = _select(_("Did it help?"), RESULTS)
    this_episode = _select(_("In this spell of depression?"), THIS_EPISODE)
    groups = (
        ("", ("name",)),
        ("pair", ("daily_dose", "unit")),
        ("", ("weeks",)),
        ("", ("result", "this_episode")),
    )

    def line(self) -> TrialLine:
        return TrialLine(
            **{name: value for name, value in self.cleaned_data.items() if name != "remove"}
        )


@dataclass(frozen=True)
class Mistake:
    """One mistake in one row, as the summary above the form names it."""

    label: str
    errors: list[str]
    auto_id: str
    is_hidden: bool = False
    use_fieldset: bool = False


@dataclass(frozen=True)
class Mistakes:
    """What the summary above a form asks of a form."""

    non_field_errors: list[str]
    fields: list[Mistake]

    @property
    def errors(self) -> bool:
        return bool(self.non_field_errors or self.fields)

    def __iter__(self) -> Iterator[Mistake]:
        return iter(self.fields)


class LinesForm(forms.Form):
    """A list that grows by rows; a page without script asks the server for more of them."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    shows = forms.UUIDField(widget=forms.HiddenInput, required=False, empty_value=NOTHING_SAVED)
    nothing = forms.BooleanField(required=False)

    def __init__(
        self,
        data: Mapping[str, str] | None,
        *,
        row_form: type[RowForm],
        kept: list[dict[str, str]] | None,
        nothing: str,
        shows: uuid.UUID = NOTHING_SAVED,
    ) -> None:
        data = _with_name_used(data)
        self.asks_for_more = data is not None and "more" in data
        super().__init__(None if self.asks_for_more else data)
        self.fields["nothing"].label = nothing
        if data is None:
            typed = [row_form.as_typed(line) for line in kept or []]
            self.initial.update({"nothing": kept == [], "shows": shows})
        else:
            self.initial.update({name: data.get(name) for name in ("id", "shows", "nothing")})
            typed = _typed_rows(data, row_form)
        self.has_too_many = len(typed) > MOST_LINES
        typed = [*typed, *[{}] * self._blank_rows(len(typed))][:MOST_LINES]
        self.rows = [row_form(n, row, judge=self.is_bound) for n, row in enumerate(typed)]
        self.may_grow = len(self.rows) < MOST_LINES

    def _blank_rows(self, filled: int) -> int:
        if not filled:
            return FIRST_ROWS
        return MORE_ROWS if self.asks_for_more else 0 if self.is_bound else 1

    def is_valid(self) -> bool:
        valid = super().is_valid()
        wrong = [row for row in self._filled() if not row.is_valid()]
        if valid and wrong:
            self.add_error(None, translated("Look at the marked fields."))
        return valid and not wrong

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.has_too_many:
            self.add_error(
                None,
                translated("There is room for %(most)s. Call us about the rest.")
                % {"most": MOST_LINES},
            )
        if self._filled() and given.get("nothing"):
            self.add_error("nothing", _("You have listed something. Untick this, or remove it."))
        if not self._filled() and not given.get("nothing"):
            self.add_error("nothing", _("List what there is, or tick this."))
        return given

    def lines(self) -> list[MedicineLine | TrialLine]:
        """The rows that were filled in and not removed."""
        return [row.line() for row in self._filled()]

    def refuse(self, fields: Mapping[str, str]) -> None:
        """Put what the act refused (`number-field`) beside the field of its row."""
        self.add_error(None, translated("Look at the marked fields."))
        filled = self._filled()
        for place, sentence in fields.items():
            number, _dash, field = place.partition("-")
            if field:
                filled[int(number)].show_mistake(field, sentence)
            else:
                self.add_error(None, sentence)

    def ask(self, questions: Mapping[str, object]) -> None:
        """Put each question about a name into the rows that carry this name."""
        for row in self.rows:
            row.question = questions.get(" ".join((row["name"].value() or "").split()))

    @property
    def mistakes(self) -> Mistakes:
        if not self.is_bound:
            return Mistakes([], [])
        found = [
            Mistake(_row_label(row, field), field.errors, field.auto_id)
            for row in self._filled()
            for field in row
            if field.errors
        ]
        nothing = self["nothing"]
        if nothing.errors:
            found.append(Mistake(nothing.label, nothing.errors, nothing.auto_id))
        return Mistakes(self.non_field_errors(), found)

    def _filled(self) -> list[RowForm]:
        return [row for row in self.rows if not row.is_blank() and not row.is_removed()]


def _row_label(row: RowForm, field: BoundField) -> str:
    words = {"number": row.number + 1, "field": field.label}
    return translated("Number %(number)s, %(field)s") % words


def _typed_rows(data: Mapping[str, str], row_form: type[RowForm]) -> list[dict[str, str]]:
    """Every row that was sent, without the blank ones, in the order of their numbers."""
    names = list(row_form.base_fields)
    sent = (re.fullmatch(r"line-([0-9]{1,4})-\w+", key) for key in data)
    numbers = sorted({int(match[1]) for match in sent if match})
    rows = [{name: data.get(f"line-{n}-{name}", "") for name in names} for n in numbers]
    own = set(names) - {"remove", "settled_name"}
    return [row for row in rows if any(row[name].strip() for name in own)]


def _with_name_used(data: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """“Did you mean …?” was pressed in one row (`number:medicine`): as if its name was typed.

    Without a medicine the name stays and is settled: “keep what I wrote”.
    """
    if data is None or ":" not in data.get("use", ""):
        return data
    number, _colon, medicine_id = data["use"].partition(":")
    place = f"line-{number}"
    if f"{place}-name" not in data:
        return data
    name = " ".join(data[f"{place}-name"].split())
    meant = medicines().get(medicine_id)
    if meant and medicine_index().exact(name) != meant:
        name = meant.name
    return {
        **{key: data[key] for key in data},
        f"{place}-name": name,
        f"{place}-settled_name": name,
    }
