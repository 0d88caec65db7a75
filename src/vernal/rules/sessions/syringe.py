"""The prepared dose as the plan's confirmed worksheet has it, and its two rates side by side.

A pump is set in mL/h, a dose is judged in mg/h; what ties them is what is in the syringe.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

SHOWN_MG_PER_H = Decimal("0.001")


@dataclass(frozen=True)
class Syringe:
    """`draw_ml` of a vial hold `given_mg`. Only an infusion has diluent, total volume and rate.

    `pump_step_ml_per_h` is what the pump is set to: no part of the dose, the same for every one.
    """

    vial_mg_per_ml: Decimal
    draw_ml: Decimal
    given_mg: Decimal
    minutes: Decimal
    pump_step_ml_per_h: Decimal
    diluent_ml: Decimal | None = None
    total_ml: Decimal | None = None
    rate_ml_per_h: Decimal | None = None

    def __post_init__(self) -> None:
        amounts = (self.vial_mg_per_ml, self.draw_ml, self.given_mg, self.minutes)
        rest = (self.total_ml, self.rate_ml_per_h)
        if min(*amounts, *(each for each in rest if each is not None)) <= 0:
            raise ValueError("What is in a syringe is above zero.")

    @property
    def mg_per_ml(self) -> Decimal | None:
        """After mixing; None where nothing is mixed."""
        return None if self.total_ml is None else self.given_mg / self.total_ml

    def ml_per_h(self, rate_mg_per_h: Decimal) -> Decimal | None:
        """What the pump shows at this rate, to its own step."""
        if self.mg_per_ml is None:
            return None
        return (rate_mg_per_h / self.mg_per_ml).quantize(self.pump_step_ml_per_h)

    def mg_per_h(self, rate_ml_per_h: Decimal) -> Decimal | None:
        """What a pump at this rate gives, to 0.001 mg/h."""
        if self.mg_per_ml is None:
            return None
        return (rate_ml_per_h * self.mg_per_ml).quantize(SHOWN_MG_PER_H)

    def agree(self, *, rate_mg_per_h: Decimal, rate_ml_per_h: Decimal) -> bool:
        """Whether both numbers name one setting of the pump."""
        return self.ml_per_h(rate_mg_per_h) == rate_ml_per_h.quantize(self.pump_step_ml_per_h)
