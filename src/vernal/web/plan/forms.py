"""Forms of the plan. Doses are decimals; a mistake keeps what was typed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vernal.rules.protocols import Protocol
from vernal.units.exact import plain
from vernal.web.fields import in_unit
from vernal.web.plan.words import step_words
from vernal.workflow.doses import Order
from vernal.workflow.queries import NewPlanView, PlanLine

WEEKDAYS = [
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
    ("5", _("Saturday")),
    ("6", _("Sunday")),
]
VIAL_FORMS = [("base", _("Ketamine (base)")), ("hydrochloride", _("Ketamine hydrochloride"))]
BASES = [
    ("actual", _("Actual weight")),
    ("adjusted", _("Adjusted weight (ideal, and 0.4 of what lies above it)")),
    ("ideal", _("Ideal weight (Devine)")),
]


def day_field(label: str, **options: Any) -> forms.DateField:
    """A day, typed or picked."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def hour_field(label: str) -> forms.TimeField:
    """A time of day in the clinic's own zone."""
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


def reason_field(label: str, **options: Any) -> forms.CharField:
    """Why something is done, in a few lines."""
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=1000, widget=widget, **options)


class PlanForm(forms.Form):
    """Dose, vial and time of one plan, for the protocol of the patient's treatment."""

    optional_is_silent = True
    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    protocol = forms.ChoiceField(label=_("Protocol"))
    schedule = forms.ChoiceField(label=_("Phase and spacing"))
    dose = forms.DecimalField(label=_("Dose"), max_digits=6, decimal_places=3)
    basis = forms.ChoiceField(
        label=_("The dose rests on"),
        choices=BASES,
        widget=forms.RadioSelect,
        required=False,
        help_text=_("From a BMI of 30 on the prescriber chooses; no trial settles which is right."),
    )
    weight_is_right = forms.BooleanField(
        label=_("I have looked again: this weight is right"), required=False
    )
    reason = forms.CharField(
        label=_("Why this dose"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    vial_mg_per_ml = in_unit(
        "mg/mL", forms.DecimalField(label=_("Strength of the vial"), max_digits=7, decimal_places=3)
    )
    vial_form = forms.ChoiceField(
        label=_("The label states this strength as"),
        choices=VIAL_FORMS,
        initial="base",
        widget=forms.RadioSelect,
    )
    total_ml = in_unit(
        "mL",
        forms.DecimalField(
            label=_("Whole volume in the syringe"), max_digits=6, decimal_places=2, required=False
        ),
    )
    minutes = in_unit("min", forms.DecimalField(label="", max_digits=4, decimal_places=1))

    def __init__(self, data: Mapping[str, str] | None, *, view: NewPlanView) -> None:
        super().__init__(data)
        self.protocols = {each.id: each for each in view.protocols}
        first = view.protocols[0]
        self.fields["protocol"].choices = [(each.id, each.title) for each in view.protocols]
        self.fields["protocol"].initial = first.id
        if len(view.protocols) == 1:
            self.fields["protocol"].widget = forms.HiddenInput()
        self.fields["schedule"].choices = _schedules(view.protocols)
        self._fit(first)
        bmi = view.weight.bmi if view.weight else None
        self.asks_basis = bmi is not None and bmi >= first.weight_limits.choose_basis_from_bmi

    def order(self) -> Order:
        """What the act takes. Call it on a valid form."""
        typed = self.cleaned_data
        phase, _slash, schedule = typed["schedule"].partition("/")
        return Order(
            protocol=self.protocols[typed["protocol"]],
            phase=phase,
            schedule=schedule,
            dose=typed["dose"],
            vial_mg_per_ml=typed["vial_mg_per_ml"],
            vial_form=typed["vial_form"],
            minutes=typed["minutes"],
            total_ml=typed["total_ml"],
            basis=typed["basis"] or None,
            reason=typed["reason"],
        )

    def _fit(self, protocol: Protocol) -> None:
        """Units, usual values and limits as hints, from the protocol."""
        figures, limits = protocol.figures, protocol.preparation_limits
        self._set("dose", figures.start_dose.value, figures.start_dose.unit)
        self.fields["dose"].help_text = _(
            "Usual %(usual)s; at most %(most)s mg/kg and %(most_mg)s mg in one session."
        ) % {
            "usual": f"{plain(figures.start_dose.value)} {figures.start_dose.unit}",
            "most": plain(figures.cap_mg_per_kg.value),
            "most_mg": plain(figures.cap_mg.value),
        }
        self.fields["reason"].help_text = _("Needed above %(usual)s %(unit)s.") % {
            "usual": plain(figures.reason_above.value),
            "unit": figures.reason_above.unit,
        }
        vials = [plain(each) for each in limits.vials_mg_per_ml]
        self.fields["vial_mg_per_ml"].help_text = _("This protocol knows %(vials)s mg/mL.") % {
            "vials": ", ".join(vials)
        }
        if len(vials) == 1:
            self.fields["vial_mg_per_ml"].initial = vials[0]
        self.fields["minutes"].label = (
            _("Given over") if figures.total_volume else _("Held under the tongue for")
        )
        self._set("minutes", figures.usual_min.value, "min")
        if figures.total_volume is None:
            self.fields["total_ml"].widget = forms.HiddenInput()
        else:
            self._set("total_ml", figures.total_volume.value, "mL")

    def _set(self, name: str, value: Decimal, unit: str) -> None:
        self.fields[name].initial = plain(value)
        self.fields[name].unit = unit


class PlanActForm(forms.Form):
    """Something done with one plan, the newest when the page was opened."""

    optional_is_silent = True
    carried_over: tuple[str, ...] = ()
    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    plan = forms.UUIDField(widget=forms.HiddenInput)

    def turn_to(self, plan_id: uuid.UUID) -> None:
        """Speak of the newest plan; of what was said about another only `carried_over` stays."""
        if not self.is_bound or self.cleaned_data.get("plan") == plan_id:
            return
        stays = {name for name in self.data if name in ("id", *self.carried_over)}
        typed = self.data.copy()
        for name in set(typed) - stays:
            del typed[name]
        typed["plan"] = str(plan_id)
        self.data = typed


class ConfirmForm(PlanActForm):
    """One tick a line: the second person has worked it out and gets the same."""

    def __init__(self, data: Mapping[str, str] | None, *, plan: PlanLine) -> None:
        super().__init__(data)
        self.fields["plan"].initial = plan.id
        self.lines = plan.lines
        for line in plan.lines:
            self.fields[line.key] = forms.BooleanField(
                label=f"{line.what}: {line.value} {line.unit}",
                help_text=step_words(line, plan.numbers),
                required=False,
            )

    def checked(self) -> list[str]:
        return [line.key for line in self.lines if self.cleaned_data[line.key]]


class SignPlanForm(PlanActForm):
    """When the sessions begin; the protocol spaces them."""

    carried_over = ("first_on", "starts_at", "sessions", "closed_weekdays")
    first_on = day_field(_("First session on"))
    starts_at = hour_field(_("Each session begins at"))
    sessions = forms.IntegerField(label=_("How many sessions"), min_value=1, max_value=60)
    closed_weekdays = forms.MultipleChoiceField(
        label=_("The clinic is closed on"),
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class MoveSessionForm(forms.Form):
    """Another day or hour for one session."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    planned_on = day_field(_("New day"))
    starts_at = hour_field(_("Begins at"))
    reason = reason_field(_("Why is it moved?"))


class CancelSessionForm(forms.Form):
    """Why a session will not take place."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    reason = reason_field(_("Why will it not take place?"))


def first_day_after(today: date) -> date:
    """The next weekday, as a first guess."""
    ahead = {4: 3, 5: 2}.get(today.weekday(), 1)
    return date.fromordinal(today.toordinal() + ahead)


def _schedules(protocols: tuple[Protocol, ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of choices: the phases, and how each may be spaced."""
    return [
        (
            phase.title,
            [(f"{phase.id}/{each.id}", f"{phase.title}: {each.title}") for each in phase.schedules],
        )
        for protocol in protocols
        for phase in protocol.phases
    ]
