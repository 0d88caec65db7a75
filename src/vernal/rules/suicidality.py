"""When an answer about suicidal thoughts must reach a person at once."""

from __future__ import annotations

from decimal import Decimal

from vernal.rules.conditions import Facts
from vernal.rules.facts import SUICIDAL_STEPS

LEVELS = ("suicidal_ideation_level", "clinician_suicidal_ideation_level")
ATTEMPT = "suicide_attempt_when"
RECENT_ATTEMPT = "within_3_months"

FACTS = frozenset({*SUICIDAL_STEPS, *LEVELS, ATTEMPT})


def reports_suicidal_thoughts(facts: Facts) -> bool:
    """Any single yes is enough, whatever is still open; so is any level above none, and an
    attempt within the last three months."""
    levels = (facts.get(level) for level in LEVELS)
    return (
        any(facts.get(step) is True for step in SUICIDAL_STEPS)
        or any(isinstance(level, Decimal) and level > 0 for level in levels)
        or facts.get(ATTEMPT) == RECENT_ATTEMPT
    )
