"""Lines of a worksheet: each step of a dose in words and numbers, for a second person to confirm.

The arithmetic itself stands in `dosing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from vernal.rules.weights import DosingWeight
from vernal.units.dose import Dose, DosePerKg, Strength
from vernal.units.exact import Rounded, plain, to_nearest
from vernal.words import Sentence as _

_SHOWN = Decimal("0.001")


@dataclass(frozen=True)
class Line:
    """One line of a worksheet: what it is, how it was worked out, and the number to confirm."""

    key: str
    what: str
    how: str
    value: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{self.what}: {self.how} = {shown(self.value)} {self.unit}"


def weight_line(weight: DosingWeight) -> Line:
    """The weight that carries the dose, who measured it and when."""
    how = _(
        "%(weight)s, measured on %(on)s by %(by)s",
        weight=weight.how,
        on=weight.actual.measured_on,
        by=weight.actual.measured_by,
    )
    return Line("weight", _("Weight for the dose"), how, weight.kg, "kg")


def dose_lines(dose: DosePerKg, weight: DosingWeight, ordered: Dose) -> tuple[Line, ...]:
    """The weight, and the dose ordered for it."""
    how = _("%(dose)s × %(kg)s kg", dose=dose, kg=plain(weight.kg))
    return weight_line(weight), Line("dose", _("Dose ordered"), how, ordered.mg, "mg")


def draw_lines(
    ordered: Dose, vial: Strength, draw: Rounded, given: Dose, step_ml: Decimal
) -> tuple[Line, ...]:
    """What is drawn, to the step that a syringe is read to, and what rounding did to the dose."""
    deviation = Rounded(ordered.mg, given.mg)
    return (
        Line(
            "draw",
            _("Volume to draw"),
            _(
                "%(ordered)s mg ÷ %(vial)s = %(exact)s mL, rounded to %(step)s mL",
                ordered=shown(ordered.mg),
                vial=vial,
                exact=shown(draw.exact),
                step=step_ml,
            ),
            draw.rounded,
            "mL",
        ),
        Line(
            "given",
            _("Dose in the syringe"),
            _("%(draw)s mL × %(vial)s", draw=plain(draw.rounded), vial=vial),
            given.mg,
            "mg",
        ),
        Line(
            "deviation",
            _("What rounding changed"),
            _(
                "%(given)s − %(ordered)s mg (%(percent)s %%)",
                given=plain(given.mg),
                ordered=shown(ordered.mg),
                percent=shown(deviation.deviation_percent),
            ),
            deviation.deviation,
            "mg",
        ),
    )


def syringe_lines(given: Dose, draw_ml: Decimal, total_ml: Decimal) -> tuple[Line, ...]:
    """What is added to the syringe, and the concentration then."""
    return (
        Line(
            "diluent",
            _("Diluent to add"),
            _("%(total)s mL in all − %(draw)s mL", total=plain(total_ml), draw=plain(draw_ml)),
            total_ml - draw_ml,
            "mL",
        ),
        Line(
            "syringe",
            _("Concentration after mixing"),
            _("%(given)s mg ÷ %(total)s mL", given=plain(given.mg), total=plain(total_ml)),
            given.mg / total_ml,
            "mg/mL",
        ),
    )


def pump_lines(
    total_ml: Decimal, minutes: Decimal, rate: Rounded, step_ml_per_h: Decimal
) -> tuple[Line, ...]:
    """The rate, rounded down to the pump's own step, and how long it then lasts."""
    return (
        Line(
            "rate",
            _("Pump rate"),
            _(
                "%(total)s mL ÷ %(minutes)s min × 60 = %(exact)s mL/h, rounded down to %(step)s "
                "mL/h",
                total=plain(total_ml),
                minutes=plain(minutes),
                exact=shown(rate.exact),
                step=step_ml_per_h,
            ),
            rate.rounded,
            "mL/h",
        ),
        Line(
            "duration",
            _("The infusion then lasts"),
            _(
                "%(total)s mL ÷ %(rate)s mL/h × 60",
                total=plain(total_ml),
                rate=plain(rate.rounded),
            ),
            total_ml * 60 / rate.rounded,
            "min",
        ),
    )


def shown(value: Decimal) -> str:
    """To 0.001, with ≈ where that hides digits."""
    rounded = to_nearest(value, _SHOWN)
    return ("" if rounded.deviation == 0 else "≈ ") + plain(rounded.rounded)
