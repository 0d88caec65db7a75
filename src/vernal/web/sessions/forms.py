"""One form for each kind of entry, made from the rules' own list of fields.

The rules say what is missing or impossible; a form only turns what was typed into a payload.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.knowledge.facts import facts
from vernal.rules.sessions import FIELDS, Field, Kind
from vernal.rules.sessions.fields import read_number
from vernal.rules.sessions.payloads import SCALES
from vernal.rules.sessions.readings import RECOVERY, SYMPTOMS
from vernal.rules.sessions.syringe import Syringe
from vernal.web.fields import in_unit
from vernal.web.sessions.moments import MomentField, clock_field, until
from vernal.web.sessions.words import CHOICES
from vernal.workflow.care import number
from vernal.workflow.spoken import spoken

YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
YES_NO_UNKNOWN = [*YES_NO, ("unknown", gettext_lazy("Not known"))]
ASKED = (*SYMPTOMS, "depth_exceeds_setting")
LONG = frozenset({"words", "reason", "hopes"})
REST = "rest_is_no"
TOLD = "happened_at"
RATE, PUMP = "rate_mg_per_h", "pump_ml_per_h"
ON_THE_PUMP = Field(PUMP, "Pump rate", "number")


@dataclass(frozen=True)
class Entry:
    """One event that a form makes; a form of scores makes several."""

    id: UUID
    kind: Kind
    payload: dict[str, Any]


class EventForm(forms.Form):
    """The fields of one kind. `questions` are the facts that an entry with answers asks."""

    use_required_attribute = False
    optional_is_silent = True

    def __init__(
        self,
        kind: Kind,
        *,
        zone: str,
        at: datetime,
        questions: Iterable[str] = (),
        names: Iterable[tuple[str, str]] = (),
        limited: Mapping[str, Iterable[str]] | None = None,
        pump: Syringe | None = None,
        hints: Mapping[str, str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.kind, self.zone = kind, ZoneInfo(zone)
        self.at, self.since, self.until = at, since, until
        self.pump = pump if pump and pump.mg_per_ml and RATE in names_of(kind) else None
        self.questions = tuple(questions)
        self.fields["id"] = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
        if kind == Kind.score:
            self._add_scores()
        else:
            for each in FIELDS[kind]:
                self._add(each, list(names), limited or {})
        for name, hint in (hints or {}).items():
            if name in self.fields:
                self.fields[name].help_text = hint
        self.fields[TOLD] = clock_field()

    def entries(self) -> list[Entry]:
        """The events of a valid form. Ids of several follow from the form's, so twice is once."""
        form_id = self.cleaned_data["id"]
        if self.kind != Kind.score:
            return [Entry(form_id, self.kind, self.payload())]
        told = self._told()
        return [
            Entry(uuid5(form_id, name), Kind.score, {"scale": name, "value": typed.strip(), **told})
            for name in self._scales()
            if (typed := self.cleaned_data.get(name, "")).strip()
        ]

    def payload(self) -> dict[str, Any]:
        """What was typed, in the types the rules check; what is empty is left out."""
        found = {
            name: value
            for each in FIELDS[self.kind]
            for name, value in self._value(each)
            if value not in ("", None, {}, [])
        }
        return {**found, **self._told()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.kind == Kind.score and not any(
            cleaned.get(name, "").strip() for name in self._scales() if name in cleaned
        ):
            self.add_error(None, _("Score at least one."))
        return self._one_rate(cleaned) if self.pump else cleaned

    def _one_rate(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Either rate is enough; two that were typed must name one setting of the pump."""
        rate = next(each for each in FIELDS[self.kind] if each.name == RATE)
        mg, ml = _decimal(rate, cleaned.get(RATE)), _decimal(ON_THE_PUMP, cleaned.get(PUMP))
        if cleaned.get(PUMP) and ml is None:
            self.add_error(
                PUMP, _("Pump rate: write a number in digits, with a point before decimals.")
            )
        elif not cleaned.get(RATE) and ml is None:
            self.add_error(RATE, _("Give the rate in mg/h or in mL/h."))
        elif not cleaned.get(RATE):
            cleaned[RATE] = number(self.pump.mg_per_h(ml))
        elif mg and ml and not self.pump.agree(rate_mg_per_h=mg, rate_ml_per_h=ml):
            told = _("%(ml)s mL/h are %(mg)s mg/h with this syringe: correct one, or empty it.")
            shown = number(self.pump.mg_per_h(ml))
            self.add_error(PUMP, told % {"ml": number(ml), "mg": shown})
        return cleaned

    def _value(self, each: Field) -> list[tuple[str, Any]]:
        typed = self.cleaned_data.get(each.name, "")
        match each.kind:
            case "answers":
                return [(each.name, self._answers())]
            case "yes_no":
                return [(each.name, {"yes": True, "no": False}.get(typed, ""))]
            case "number":
                return [(each.name, str(typed).strip().replace(",", "."))]
            case "time":
                return [(each.name, typed.isoformat() if typed else "")]
            case _:
                return [(each.name, typed)]

    def _answers(self) -> dict[str, Any]:
        known = {"yes": True, "no": False, "unknown": "unknown"}
        typed = {name: self.cleaned_data.get(f"answer_{name}", "") for name in self.questions}
        answers: dict[str, Any] = {name: known[text] for name, text in typed.items() if text}
        if self.cleaned_data.get(REST):
            answers |= {name: False for name in ASKED if name in typed and not typed[name]}
        return answers

    def _told(self) -> dict[str, str]:
        told = self.cleaned_data.get(TOLD)
        return {TOLD: self._moment(told).isoformat()} if told else {}

    def _moment(self, told: time) -> datetime:
        latest = min(each for each in (self.at, self.until) if each)
        return until(told, latest.astimezone(self.zone), since=self.since)

    def _scales(self) -> Iterable[str]:
        return SCALES

    def _add(
        self, each: Field, names: list[tuple[str, str]], limited: Mapping[str, Iterable[str]]
    ) -> None:
        if each.kind == "answers":
            self._add_questions()
        elif each.kind == "names":
            if names:
                self.fields[each.name] = forms.MultipleChoiceField(
                    label=spoken(each.label),
                    choices=names,
                    required=each.required,
                    widget=forms.CheckboxSelectMultiple,
                )
        else:
            choices = tuple(limited.get(each.name, each.choices))
            if each.kind == "choice" and not choices:
                return
            self.fields[each.name] = _field(each, choices, self.zone)
        if each.name == RATE and self.pump:
            self._add_pump()

    def _add_pump(self) -> None:
        """The same rate as the pump shows it; the script fills in one from the other."""
        ties = {"data-mg-per-ml": str(self.pump.mg_per_ml)}
        self.fields[RATE].required = False
        self.fields[RATE].widget.attrs |= ties
        attributes = {"inputmode": "decimal", "autocomplete": "off", **ties}
        self.fields[PUMP] = in_unit(
            "mL/h",
            forms.CharField(
                label=_("The same on the pump"),
                required=False,
                widget=forms.TextInput(attrs=attributes),
            ),
        )

    def _add_questions(self) -> None:
        if set(self.questions) & set(ASKED):
            self.fields[REST] = forms.BooleanField(
                label=_("All symptoms without an answer below were asked about: no"),
                required=False,
            )
        for name in self.questions:
            known = facts()[name]
            self.fields[f"answer_{name}"] = forms.ChoiceField(
                label=known.ask or known.label,
                required=False,
                choices=YES_NO_UNKNOWN,
                widget=forms.RadioSelect,
            )

    def _add_scores(self) -> None:
        for name in self._scales():
            known, (least, most) = facts()[name], SCALES[name]
            self.fields[name] = in_unit(
                _("%(least)s to %(most)s") % {"least": least, "most": most},
                forms.CharField(
                    label=known.ask or known.label,
                    required=False,
                    widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                ),
            )


class SealForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    reason = forms.CharField(
        label=gettext_lazy("Why it is sealed"), widget=forms.Textarea(attrs={"rows": 2})
    )


class PinForm(forms.Form):
    """One's own PIN, set with the account's password."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    pin = forms.CharField(
        label=gettext_lazy("New PIN"),
        help_text=gettext_lazy("4 to 8 digits that nobody guesses."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    again = forms.CharField(
        label=gettext_lazy("New PIN again"),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class WhoForm(forms.Form):
    """Who makes the next entry, proved by that person's PIN."""

    entered_by = forms.ChoiceField(label=gettext_lazy("Who makes this entry"))
    pin = forms.CharField(
        label=gettext_lazy("PIN"),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, colleagues: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["entered_by"].choices = colleagues


def names_of(kind: Kind) -> frozenset[str]:
    """The fields of one kind by name."""
    return frozenset(each.name for each in FIELDS[kind])


def _decimal(field: Field, typed: object) -> Decimal | None:
    """The number that was typed; None where it is none (the rules say what is wrong with it)."""
    try:
        return read_number(field, str(typed).strip().replace(",", "."))
    except ValueError:
        return None


def symptom_questions(*, recovering: bool) -> tuple[str, ...]:
    return (*RECOVERY, *ASKED) if recovering else ASKED


def _field(each: Field, choices: tuple[str, ...], zone: ZoneInfo) -> forms.Field:
    missing = {"required": _("%(label)s is missing.") % {"label": spoken(each.label)}}
    common: dict[str, Any] = {
        "label": spoken(each.label),
        "required": each.required,
        "error_messages": missing,
    }
    match each.kind:
        case "number":
            mode = "numeric" if each.whole else "decimal"
            attributes = {"inputmode": mode, "autocomplete": "off"}
            number = forms.CharField(widget=forms.TextInput(attrs=attributes), **common)
            return in_unit(spoken(each.unit), number) if each.unit else number
        case "yes_no":
            return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, **common)
        case "choice":
            shown = [(choice, CHOICES.get(choice, choice)) for choice in choices]
            return forms.ChoiceField(choices=shown, widget=forms.RadioSelect, **common)
        case "time":
            return MomentField(zone, **common)
        case _:
            if each.name in LONG:
                return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), **common)
            return forms.CharField(**common)
