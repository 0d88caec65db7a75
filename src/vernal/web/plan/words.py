"""Words that every page of the plan shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.knowledge.figures import device_steps
from vernal.units.exact import PERCENT, plain, to_nearest
from vernal.web.parts import Cell, Column, Stat, SummaryRow, moment, who
from vernal.workflow.queries import ChartHead, PlanLine, WorksheetLine
from vernal.workflow.screening import INDICATIONS, ROUTES

BASES = {
    "actual": gettext_lazy("actual weight"),
    "adjusted": gettext_lazy("adjusted weight"),
    "ideal": gettext_lazy("ideal weight"),
}

# What the second person says with a tick; the arithmetic itself stands in `rules.dosing`.
STEPS = {
    "weight": gettext_lazy("I found this weight in the chart: %(how)s."),
    "dose": gettext_lazy("I multiplied: %(how)s make %(value)s mg."),
    "per_kg": gettext_lazy("I divided: %(how)s make %(value)s mg for each kg."),
    "draw": gettext_lazy(
        "I divided the dose by what one mL of the vial holds, %(vial_mg_per_ml)s mg, and rounded: "
        "%(draw_ml)s mL are drawn."
    ),
    "given": gettext_lazy(
        "I multiplied back: %(draw_ml)s mL of %(vial_mg_per_ml)s mg/mL hold %(given_mg)s mg."
    ),
    "deviation": gettext_lazy(
        "I compared: the syringe holds %(given_mg)s mg, ordered are %(ordered_mg)s mg; rounding "
        "changed the dose by %(value)s mg."
    ),
    "diluent": gettext_lazy(
        "I subtracted: %(total_ml)s mL in all less %(draw_ml)s mL leave %(diluent_ml)s mL of "
        "diluent to add."
    ),
    "syringe": gettext_lazy(
        "I divided: %(given_mg)s mg in %(total_ml)s mL are %(value)s mg in each mL."
    ),
    "rate": gettext_lazy(
        "I divided the volume by the time: %(total_ml)s mL in %(minutes)s min, rounded down, need "
        "%(rate_ml_per_h)s mL/h."
    ),
    "duration": gettext_lazy(
        "I divided back: %(total_ml)s mL at %(rate_ml_per_h)s mL/h last %(value)s min."
    ),
    "hold": gettext_lazy("I read in the plan: %(minutes)s min under the tongue, then swallowed."),
}


def over(head: ChartHead, *more: str) -> str:
    """The small line above a title: who it is, and what for."""
    return " · ".join(filter(None, [*who(head), *more]))


def treatment(route: str, indication: str) -> str:
    """“Depression that resisted other treatment · By vein”; empty before one is chosen."""
    return f"{INDICATIONS[indication]} · {ROUTES[route]}" if route in ROUTES else ""


def dose_words(plan: PlanLine) -> str:
    """“0.5 mg/kg = 44 mg”: what the syringe holds, everywhere; `rounding_words` says why."""
    given = f"{plan.numbers['given_mg']} mg"
    if not plan.dose.endswith("kg"):
        return given
    joined = ": " if rounding_words(plan.numbers) else " = "
    return f"{plan.dose}{joined}{given}"


def rounding_words(numbers: Mapping[str, Any]) -> str:
    """How the dose in the syringe came from the one ordered; empty where they are the same."""
    ordered, given = Decimal(numbers["ordered_mg"]), Decimal(numbers["given_mg"])
    if ordered == given:
        return ""
    percent = to_nearest((given - ordered) / ordered * PERCENT, Decimal("0.1")).rounded
    return _(
        "The arithmetic gives %(ordered)s mg. A syringe is read to %(step)s mL, so it holds "
        "%(given)s mg (%(percent)s %%)."
    ) % {
        "ordered": plain(to_nearest(ordered, Decimal("0.001")).rounded),
        "step": device_steps().syringe_ml,
        "given": numbers["given_mg"],
        "percent": f"{percent:+}",
    }


def worksheet_table(lines: Iterable[WorksheetLine]) -> tuple[list[Column], list[list[Cell]]]:
    """Every line of the arithmetic: what, how, result."""
    columns = [Column(_("Line")), Column(_("How")), Column(_("Result"), is_number=True)]
    rows = [[Cell(each.what), Cell(each.how), Cell(f"{each.value} {each.unit}")] for each in lines]
    return columns, rows


def step_words(line: WorksheetLine, numbers: Mapping[str, Any]) -> str:
    """What the second person confirms with this line, as a sentence to be worked out again."""
    words = STEPS.get(line.key)
    if words is None:
        return f"{line.what}: {line.how}"
    return str(words) % {**numbers, "how": line.how, "value": line.value}


def stats_of(numbers: Mapping[str, Any], dose: str) -> list[Stat]:
    """What is drawn and how it is given, as four large numbers; the whole syringe first."""
    stats = [
        Stat(_("Dose"), numbers["given_mg"], "mg", dose),
        Stat(_("Draw"), numbers["draw_ml"], "mL", _("of %s mg/mL") % numbers["vial_mg_per_ml"]),
    ]
    if numbers["rate_ml_per_h"] is None:
        return [*stats, Stat(_("Under the tongue"), numbers["minutes"], "min")]
    return [
        *stats,
        Stat(_("Add diluent"), numbers["diluent_ml"], "mL", _("to %s mL") % numbers["total_ml"]),
        Stat(
            _("Pump rate"), numbers["rate_ml_per_h"], "mL/h", _("over %s min") % numbers["minutes"]
        ),
    ]


def dose_rows(plan: PlanLine, zone: str) -> list[SummaryRow]:
    """The plan in a few lines."""
    numbers = plan.numbers
    measured = f"{plan.weight}, {moment(plan.weight_on, zone)}, {plan.weight_by}"
    if plan.weight_basis != "actual":
        measured = _("%(basis)s %(kg)s kg; measured %(measured)s") % {
            "basis": BASES[plan.weight_basis],
            "kg": numbers["weight_kg"],
            "measured": measured,
        }
    rows = [
        SummaryRow(_("Protocol"), plan.protocol.title),
        SummaryRow(_("Phase"), f"{plan.phase}, {plan.schedule.lower()}"),
        SummaryRow(_("Dose"), f"{dose_words(plan)}, {numbers['substance']}"),
        SummaryRow(_("Weight"), measured),
        SummaryRow(_("Drawn up by"), f"{plan.drawn_up.by_name}, {moment(plan.drawn_up.at, zone)}"),
    ]
    if rounding := rounding_words(numbers):
        rows.append(SummaryRow(_("Rounding"), rounding))
    if plan.reason:
        rows.append(SummaryRow(_("Why this dose"), plan.reason))
    if plan.confirmed:
        confirmed = f"{plan.confirmed.by_name}, {moment(plan.confirmed.at, zone)}"
        rows.append(SummaryRow(_("Arithmetic confirmed by"), confirmed))
    if plan.signed:
        rows.append(
            SummaryRow(_("Signed by"), f"{plan.signed.by_name}, {moment(plan.signed.at, zone)}")
        )
    return rows
