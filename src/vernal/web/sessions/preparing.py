"""The dose as the plan prepared it, and every rate in both units: mg/h and the pump's mL/h."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from vernal.rules.sessions import Kind, Order
from vernal.rules.sessions.room import left_mg
from vernal.rules.sessions.syringe import Syringe
from vernal.workflow.care import number
from vernal.workflow.doses import shown
from vernal.workflow.queries import SessionView

HALF = Decimal(2)
SHOWN_MG = Decimal("0.1")


@dataclass(frozen=True)
class Row:
    """A line of a list of facts: `value` in `unit`, and how it came about."""

    label: str
    value: str
    unit: str = ""
    url: str = ""
    change: str = ""


def rate_words(rate_mg_per_h: Decimal, syringe: Syringe) -> str:
    """ "51 mg/h (pump 75 mL/h)"; without a pump the dose's own unit alone."""
    rate = _("%(rate)s mg/h") % {"rate": number(rate_mg_per_h)}
    ml_per_h = syringe.ml_per_h(rate_mg_per_h)
    if ml_per_h is None:
        return rate
    return _("%(rate)s (pump %(ml)s mL/h)") % {"rate": rate, "ml": number(ml_per_h)}


def prepared(view: SessionView) -> list[Row]:
    """What is drawn up, in the order in which it is done: the plan's own confirmed numbers."""
    syringe, order = view.syringe, view.order
    strength = _("%(strength)s mg/mL") % {"strength": number(syringe.vial_mg_per_ml)}
    rows = [Row(_("Drug"), f"{view.substance}, {strength}")]
    if left := _rest_mg(view):
        rows.append(Row(_("Dose"), number(syringe.given_mg), "mg"))
        rows.append(Row(_("Given so far"), number(view.state.dose.given_mg), "mg"))
        rows.append(Row(_("Still to give"), number(left), "mg"))
        rows.append(Row(_("Draw for that"), shown(left / syringe.vial_mg_per_ml), "mL"))
    else:
        rows.append(Row(_("Dose"), number(syringe.given_mg), "mg"))
        rows.append(Row(_("Draw from the vial"), number(syringe.draw_ml), "mL"))
    if syringe.diluent_ml is not None and syringe.total_ml is not None:
        rows.append(Row(_("Add diluent"), number(syringe.diluent_ml), "mL"))
        rows.append(Row(_("In the syringe then"), number(syringe.total_ml), "mL"))
    if order.rate_mg_per_h is not None:
        rows.append(Row(_("Pump rate"), rate_words(order.rate_mg_per_h, syringe)))
        rows.append(Row(_("The infusion lasts about"), number(syringe.minutes), "min"))
    else:
        rows.append(Row(_("Hold in the mouth"), number(syringe.minutes), "min"))
    return rows


def _rest_mg(view: SessionView) -> Decimal:
    """What is left of a dose that was given in part, not by a pump; nothing else is drawn anew."""
    return left_mg(view.order, view.state) if view.state.dose.singles else Decimal(0)


def prepared_in_short(view: SessionView) -> str:
    """One line: what a hand needs at the pump or the cup."""
    syringe, order = view.syringe, view.order
    drawn = _("%(ml)s mL of %(strength)s mg/mL = %(mg)s mg") % {
        "ml": number(syringe.draw_ml),
        "strength": number(syringe.vial_mg_per_ml),
        "mg": number(syringe.given_mg),
    }
    if order.rate_mg_per_h is None or syringe.total_ml is None:
        return drawn
    return _("%(drawn)s in %(total)s mL, %(rate)s") % {
        "drawn": drawn,
        "total": number(syringe.total_ml),
        "rate": rate_words(order.rate_mg_per_h, syringe),
    }


def _rest_in_short(view: SessionView) -> str:
    left, strength = _rest_mg(view), view.syringe.vial_mg_per_ml
    if not left:
        return ""
    return _("%(ml)s mL of %(strength)s mg/mL = the %(mg)s mg that are left") % {
        "ml": shown(left / strength),
        "strength": number(strength),
        "mg": number(left),
    }


def hints(kind: Kind, view: SessionView) -> dict[str, str]:
    """Under a field: the number of the plan or of the log that it is held against."""
    dose = view.state.dose
    by_the_log = _("By the log %(given)s of %(planned)s mg are in.") % {
        "given": number(dose.given_mg.quantize(SHOWN_MG)),
        "planned": number(view.syringe.given_mg),
    }
    match kind:
        case Kind.dose_started | Kind.dose_resumed | Kind.rate_changed:
            rate = rate_hint(view.order, view.syringe, dose.rate_mg_per_h)
            return {
                "rate_mg_per_h": rate,
                "planned_dose_mg": prepared_in_short(view),
                "concentration_mg_per_ml": _("Of the vial, before it is mixed."),
            }
        case Kind.checklist:
            return _checklist_hints(view)
        case Kind.dose_given:
            return {"dose_mg": _rest_in_short(view) or prepared_in_short(view)}
        case Kind.dose_stopped | Kind.dosing_finished:
            return {"reason": by_the_log}
        case Kind.vial_counted:
            return {"drawn_mg": prepared_in_short(view), "given_mg": by_the_log}
    return {}


def _checklist_hints(view: SessionView) -> dict[str, str]:
    found = {}
    if view.order.weight_kg is not None:
        weighed = _(
            "The dose of the plan is for %(kg)s kg. Enter today's weight first: the link above."
        )
        found["answer_weight_measured_today"] = weighed % {"kg": number(view.order.weight_kg)}
    last = [each.told.hopes for each in view.last if each.told.hopes]
    if last:
        found["hopes"] = _("Last time: “%(hopes)s”.") % {"hopes": last[-1]}
    return found


def rate_hint(order: Order, syringe: Syringe, running_mg_per_h: Decimal) -> str:
    """Under the field of a rate: what is running and half of it, else what the plan orders."""
    if running_mg_per_h:
        return _("Now %(now)s. Half is %(half)s.") % {
            "now": rate_words(running_mg_per_h, syringe),
            "half": rate_words(running_mg_per_h / HALF, syringe),
        }
    if order.rate_mg_per_h is None:
        return ""
    return _("The plan orders %(rate)s.") % {"rate": rate_words(order.rate_mg_per_h, syringe)}
