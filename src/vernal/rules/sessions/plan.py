"""What the plan says beside what was given, as facts for the rules."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from vernal.rules.conditions import Unknown, Value
from vernal.rules.sessions.fold import SessionState


@dataclass(frozen=True)
class Order:
    """What was ordered for this session; None is not known. `cap_mg` comes from the protocol."""

    weight_kg: Decimal | None
    planned_dose_mg: Decimal | None
    rate_mg_per_h: Decimal | None
    cap_mg: Decimal | None
    first_session: bool | None

    def __post_init__(self) -> None:
        for name in ("weight_kg", "planned_dose_mg", "rate_mg_per_h", "cap_mg"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise ValueError(f"{name} is above zero or not known (None).")

    @property
    def most_mg(self) -> Decimal | None:
        """The most this session may give in all; None where the order or its cap is not known."""
        if self.planned_dose_mg is None or self.cap_mg is None:
            return None
        return min(self.planned_dose_mg, self.cap_mg)


def order_facts(state: SessionState, order: Order) -> dict[str, Value | Unknown]:
    """Facts of the order at `state.now`; what is missing makes its fact unknown."""
    given_mg, rate = state.dose.given_mg, state.dose.rate_mg_per_h
    found: dict[str, Value | None] = {
        "first_session": order.first_session,
        "planned_dose_mg_per_kg": _divided(order.planned_dose_mg, order.weight_kg),
        "dose_given_mg_per_kg": _divided(given_mg, order.weight_kg),
        "rate_above_ordered_percent": _divided(
            None if order.rate_mg_per_h is None else (rate - order.rate_mg_per_h) * 100,
            order.rate_mg_per_h,
        ),
        "dose_above_protocol_cap": None if order.cap_mg is None else given_mg > order.cap_mg,
    }
    return {name: Unknown.of(name) if value is None else value for name, value in found.items()}


def _divided(number: Decimal | None, by: Decimal | None) -> Decimal | None:
    return None if number is None or by is None else number / by
