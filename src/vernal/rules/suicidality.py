"""When an answer about suicidal thoughts must reach a person at once."""

from __future__ import annotations

from decimal import Decimal

from vernal.rules.alerts import IDEATION, Answer
from vernal.rules.conditions import Facts
from vernal.rules.facts import SUICIDAL_STEPS

LEVELS = (IDEATION, "clinician_suicidal_ideation_level")
ATTEMPT = "suicide_attempt_when"
RECENT_ATTEMPT = "within_3_months"

FACTS = frozenset({*SUICIDAL_STEPS, *LEVELS, ATTEMPT})


def suicidal_answers(facts: Facts) -> tuple[Answer, ...]:
    """What must reach a person: the highest level of ideation, 1 to 5, and a recent attempt.

    Any single yes is enough, whatever is still open; so is any level above none, and an attempt
    within the last three months.
    """
    steps = enumerate(SUICIDAL_STEPS, start=1)
    levels = [Decimal(number) for number, step in steps if facts.get(step) is True]
    levels += [level for each in LEVELS if isinstance(level := facts.get(each), Decimal)]
    highest = max(levels, default=Decimal(0))
    found = []
    if highest > 0:
        found.append(Answer(IDEATION, highest, first=Decimal(1)))
    if facts.get(ATTEMPT) == RECENT_ATTEMPT:
        found.append(Answer(ATTEMPT, Decimal(1), first=Decimal(0)))
    return tuple(found)
