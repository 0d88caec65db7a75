"""Conversions between units of one kind. All are exact; each is used once, at the edge."""

from __future__ import annotations

from decimal import Decimal

from vernal.units.exact import exact
from vernal.words import Sentence as _

KG_PER_LB = Decimal("0.45359237")
"""Exact by definition of the international pound."""

CM_PER_INCH = Decimal("2.54")
"""Exact by definition of the international inch."""

_MINUTES_PER_HOUR = Decimal(60)


def kg_from_lb(weight_lb: Decimal) -> Decimal:
    """Pounds to kilograms, unrounded. Raises `NotExact`."""
    return exact(weight_lb, _("The weight")) * KG_PER_LB


def lb_from_kg(weight_kg: Decimal) -> Decimal:
    """Kilograms to pounds, to the 28 digits of decimal division. Raises `NotExact`."""
    return exact(weight_kg, _("The weight")) / KG_PER_LB


def inches_from_cm(height_cm: Decimal) -> Decimal:
    """Centimetres to inches, to the 28 digits of decimal division. Raises `NotExact`."""
    return exact(height_cm, _("The height")) / CM_PER_INCH


def cm_from_inches(height_in: Decimal) -> Decimal:
    """Inches to centimetres, unrounded. Raises `NotExact`."""
    return exact(height_in, _("The height")) * CM_PER_INCH


def rate_ml_per_h(volume_ml: Decimal, time_min: Decimal) -> Decimal:
    """Pump rate that empties the volume in the time, unrounded; `time_min` above zero."""
    return exact(volume_ml, _("The volume")) * _MINUTES_PER_HOUR / exact(time_min, _("The time"))
