"""What made-up patients answer: the quiet answer to every question, then what differs."""

from __future__ import annotations

from collections.abc import Mapping

from vernal.knowledge.facts import Fact, facts, sections

# Choices whose quiet answer is a word of its own; every yes-or-no question is quiet at “no”.
_QUIET_CHOICES = frozenset({"never", "none", "not_done", "at_most_12"})

BASE: Mapping[str, str] = {
    "birth_date": "1984-03-28",
    "sex_at_birth": "female",
    "stated_height_cm": "168",
    "depression_onset_age_years": "24",
    "climbs_two_flights": "yes",
    "adult_who_can_bring_home": "yes",
    "adult_at_home_after_treatment": "yes",
    "own_telephone": "307 555 0160",
    "person_to_call": "My sister, 307 555 0147",
    "other_allergies": "None that I know of",
    "weight_kg": "72.6",
    "height_cm": "168",
    "systolic_mmhg": "122",
    "diastolic_mmhg": "78",
    "heart_rate_per_min": "72",
    "spo2_percent": "98",
    "alt_u_per_l": "24",
    "alt_upper_limit_u_per_l": "40",
    "ast_u_per_l": "20",
    "ast_upper_limit_u_per_l": "40",
    "primary_diagnosis": "major_depression",
    "depression_severity": "severe",
    "decision_capacity": "yes",
    "clinician_suicidal_ideation_level": "0",
    "history_complete": "yes",
    "outpatient_start": "yes",
}


def answers_to(section_id: str, differences: Mapping[str, str]) -> dict[str, str]:
    """Typed answers to one section of questions; an empty difference leaves a question open."""
    (section,) = (each for each in sections() if each.id == section_id)
    answers = {
        fact_id: differences.get(fact_id, BASE.get(fact_id, _quiet(facts()[fact_id])))
        for fact_id in section.facts
    }
    return {fact_id: answer for fact_id, answer in answers.items() if answer}


def _quiet(fact: Fact) -> str:
    if fact.kind == "yes_no":
        return "no"
    return next((each.value for each in fact.options if each.value in _QUIET_CHOICES), "")
