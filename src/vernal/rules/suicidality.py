"""When an answer about suicidal thoughts must reach a person at once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from vernal.rules.alerts import IDEATION, INTENT, Answer
from vernal.rules.conditions import Facts
from vernal.rules.facts import SUICIDAL_STEPS

LEVELS = (IDEATION, "clinician_suicidal_ideation_level")
ATTEMPT = "suicide_attempt_when"
RECENT_ATTEMPT = "within_3_months"
SUICIDAL = "suicidal"  # the effect: thoughts of dying
# Asked before a dose and before going home.
INTENT_ASKED = ("suicidal_intent_or_plan_since_last_visit", "new_suicidal_intent")

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


def bedside_answers(payload: Mapping[str, Any], *, suicidal_from: int) -> tuple[Answer, ...]:
    """What one entry of a session says: an intent or a plan, and thoughts of dying from the
    severity `suicidal_from` on. What a correction puts in its place says the same."""
    said = payload.get("replacement", payload)
    found = [Answer(f"{INTENT}:{name}", Decimal(1), first=Decimal(0)) for name in intent_in(said)]
    if said.get("effect") == SUICIDAL and int(said["severity"]) >= suicidal_from:
        level, first = Decimal(said["severity"]), Decimal(suicidal_from)
        found.append(Answer(f"effect:{SUICIDAL}", level, first=first))
    return tuple(found)


def intent_in(payload: Mapping[str, Any]) -> list[str]:
    """The questions about intent or a plan that a checklist or symptoms answer with yes."""
    answers = payload.get("answers", {})
    return [name for name in INTENT_ASKED if answers.get(name) is True]
