"""When an answer about suicidal thoughts must reach a person at once."""

from __future__ import annotations

from decimal import Decimal

from vernal.rules.conditions import Facts
from vernal.rules.facts import SUICIDAL_STEPS

FACTS = frozenset({*SUICIDAL_STEPS, "suicidal_ideation_level", "clinician_suicidal_ideation_level"})


def reports_suicidal_thoughts(facts: Facts) -> bool:
    """Any single yes is enough, whatever is still open; so is any level above none."""
    level = facts.get("suicidal_ideation_level")
    return any(facts.get(step) is True for step in SUICIDAL_STEPS) or (
        isinstance(level, Decimal) and level > 0
    )
