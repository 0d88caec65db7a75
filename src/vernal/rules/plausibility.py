"""Answers that cannot both be right: slips of the pen, caught while the one who typed is there.

Named checks over several answers. They judge no patient.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from vernal.rules.conditions import Facts, Value
from vernal.words import Sentence
from vernal.words import Sentence as _


@dataclass(frozen=True)
class PlausibleBmi:
    """The range that weight and height may make together, kg/m²; both ends are possible."""

    least: Decimal
    most: Decimal


@dataclass(frozen=True)
class Check:
    """`field` is where the sentence stands; `contradicts` is asked when all `needs` are known,
    with their values after the possible range of the body mass index.

    The sentence may name the values of `needs`: %(age_years)s.
    """

    id: str
    field: str
    needs: tuple[str, ...]
    contradicts: Callable[..., bool]
    sentence: str


def _no_person_has(bmi: PlausibleBmi, weight_kg: Decimal, height_cm: Decimal) -> bool:
    return not bmi.least <= weight_kg * 10000 / height_cm**2 <= bmi.most


CHECKS = (
    Check(
        "systolic_exceeds_diastolic",
        "diastolic_mmhg",
        ("systolic_mmhg", "diastolic_mmhg"),
        lambda _bmi, systolic, diastolic: systolic <= diastolic,
        _(
            "Diastolic %(diastolic_mmhg)s is not below systolic %(systolic_mmhg)s. Systolic is the "
            "higher of the two: exchange them, or measure again."
        ),
    ),
    Check(
        "weight_fits_height",
        "weight_kg",
        ("weight_kg", "height_cm"),
        _no_person_has,
        _("This weight does not go with this height; look at both numbers and their units again."),
    ),
    Check(
        "depression_began_in_this_life",
        "depression_onset_age_years",
        ("depression_onset_age_years", "age_years"),
        lambda _bmi, onset, age: onset > age,
        _("This is above the age that follows from the date of birth; look at both again."),
    ),
)


def contradictions(facts: Facts, *, bmi: PlausibleBmi) -> dict[str, str]:
    """Field to the sentence that stands beside it. What is not known contradicts nothing."""
    found: dict[str, str] = {}
    for check in CHECKS:
        values = [facts.get(fact) for fact in check.needs]
        known: list[Value] = [value for value in values if isinstance(value, Decimal)]
        if len(known) == len(values) and check.contradicts(bmi, *known):
            named = dict(zip(check.needs, known, strict=True))
            found.setdefault(check.field, Sentence(check.sentence, **named))
    return found


def weight_change_percent(new_kg: Decimal, last_kg: Decimal) -> Decimal:
    """From the last weight to the new one, one digit after the point; below zero is a loss."""
    return ((new_kg - last_kg) * 100 / last_kg).quantize(Decimal("0.1"))


def weight_has_jumped(new_kg: Decimal, last_kg: Decimal, *, ask_again_percent: Decimal) -> bool:
    """Further than so many percent in either direction; exactly there is not further."""
    return abs(new_kg - last_kg) * 100 > ask_again_percent * last_kg
