"""Words that every page of the plan shares."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.web.parts import SummaryRow, day, moment
from vernal.workflow.queries import ChartHead, PlanLine
from vernal.workflow.screening import INDICATIONS, ROUTES

BASES = {
    "actual": gettext_lazy("actual weight"),
    "adjusted": gettext_lazy("adjusted weight"),
    "ideal": gettext_lazy("ideal weight"),
}


def over(head: ChartHead, *more: str) -> str:
    """The small line above a title: who it is, and what for."""
    born = _("born %(day)s") % {"day": day(head.birth_date)} if head.birth_date else ""
    return " · ".join(filter(None, [head.name, born, *more]))


def treatment(route: str, indication: str) -> str:
    return f"{INDICATIONS[indication]} · {ROUTES[route]}" if route in ROUTES else ""


def dose_words(plan: PlanLine) -> str:
    """“0.5 mg/kg = 44 mg”; a fixed dose is its own sum."""
    ordered = f"{plan.numbers['ordered_mg']} mg"
    return f"{plan.dose} = {ordered}" if plan.dose.endswith("kg") else ordered


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
