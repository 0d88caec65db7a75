"""Conversions between units of one kind. All are exact; each is used once, at the edge."""

from __future__ import annotations

from decimal import Decimal

from vernal.units.exact import exact

KG_PER_LB = Decimal("0.45359237")
"""Exact by definition of the international pound."""

CM_PER_INCH = Decimal("2.54")
"""Exact by definition of the international inch."""

_MG_PER_G = Decimal(1000)
_MCG_PER_MG = Decimal(1000)
_MINUTES_PER_HOUR = Decimal(60)


def mg_from_g(mass_g: Decimal) -> Decimal:
    """Grams to milligrams. Raises `NotExact`."""
    return exact(mass_g, "The mass") * _MG_PER_G


def mg_from_mcg(mass_mcg: Decimal) -> Decimal:
    """Micrograms to milligrams. Raises `NotExact`."""
    return exact(mass_mcg, "The mass") / _MCG_PER_MG


def g_from_mg(mass_mg: Decimal) -> Decimal:
    """Milligrams to grams. Raises `NotExact`."""
    return exact(mass_mg, "The mass") / _MG_PER_G


def mcg_from_mg(mass_mg: Decimal) -> Decimal:
    """Milligrams to micrograms. Raises `NotExact`."""
    return exact(mass_mg, "The mass") * _MCG_PER_MG


def kg_from_lb(weight_lb: Decimal) -> Decimal:
    """Pounds to kilograms, unrounded. Raises `NotExact`."""
    return exact(weight_lb, "The weight") * KG_PER_LB


def lb_from_kg(weight_kg: Decimal) -> Decimal:
    """Kilograms to pounds, to the 28 digits of decimal division. Raises `NotExact`."""
    return exact(weight_kg, "The weight") / KG_PER_LB


def inches_from_cm(height_cm: Decimal) -> Decimal:
    """Centimetres to inches, to the 28 digits of decimal division. Raises `NotExact`."""
    return exact(height_cm, "The height") / CM_PER_INCH


def cm_from_inches(height_in: Decimal) -> Decimal:
    """Inches to centimetres, unrounded. Raises `NotExact`."""
    return exact(height_in, "The height") * CM_PER_INCH


def minutes_from_hours(time_h: Decimal) -> Decimal:
    """Hours to minutes. Raises `NotExact`."""
    return exact(time_h, "The time") * _MINUTES_PER_HOUR


def hours_from_minutes(time_min: Decimal) -> Decimal:
    """Minutes to hours, to the 28 digits of decimal division. Raises `NotExact`."""
    return exact(time_min, "The time") / _MINUTES_PER_HOUR


def rate_ml_per_h(volume_ml: Decimal, time_min: Decimal) -> Decimal:
    """Pump rate that empties the volume in the time, unrounded; `time_min` above zero."""
    return exact(volume_ml, "The volume") * _MINUTES_PER_HOUR / exact(time_min, "The time")
