"""Exact decimal numbers: what comes in, and rounding that keeps what it rounded away."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from vernal.words import Sentence as _

PERCENT = Decimal(100)


class UnitError(ValueError):
    """A unit cannot carry what it was given; the message is the sentence a person reads."""


class NotExact(UnitError):
    """A value is no exact, finite number; the message says what would be right."""


def exact(value: Decimal | int, name: str) -> Decimal:
    """The value as a finite `Decimal`. A float, a yes/no, text, NaN or infinity is refused."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise NotExact(
            _(
                "%(name)s must be an exact decimal, not %(value)s; give a Decimal.",
                name=name,
                value=repr(value),
            )
        )
    number = Decimal(value)
    if not number.is_finite():
        raise NotExact(
            _("%(name)s must be a finite number, not %(value)s.", name=name, value=repr(value))
        )
    return number


def positive(value: Decimal | int, name: str) -> Decimal:
    """As `exact`, and above zero."""
    number = exact(value, name)
    if number <= 0:
        raise NotExact(
            _("%(name)s must be above zero, not %(value)s.", name=name, value=plain(number))
        )
    return number


def plain(value: Decimal) -> str:
    """The number as a person writes it: no exponent, no zeros at the end (`0.50` → `0.5`)."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Rounded:
    """A rounded value beside the exact one, in one unit. The deviation is never hidden."""

    exact: Decimal
    rounded: Decimal

    @property
    def deviation(self) -> Decimal:
        """Rounded minus exact: above zero when rounding went up."""
        return self.rounded - self.exact

    @property
    def deviation_percent(self) -> Decimal:
        """Deviation in percent of the exact value; zero when the exact value is zero."""
        return self.deviation / self.exact * PERCENT if self.exact else Decimal(0)


def to_nearest(value: Decimal, step: Decimal) -> Rounded:
    """Rounded to the nearest multiple of `step` (above zero); a tie goes up."""
    return _round(value, step, ROUND_HALF_UP)


def down_to(value: Decimal, step: Decimal) -> Rounded:
    """Rounded down to a multiple of `step` (above zero)."""
    return _round(value, step, ROUND_FLOOR)


def _round(value: Decimal, step: Decimal, how: str) -> Rounded:
    steps = (value / positive(step, _("The rounding step"))).to_integral_value(rounding=how)
    return Rounded(exact=value, rounded=steps * step)
