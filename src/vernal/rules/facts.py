"""Facts worked out from other facts. Not knowing stays not knowing and names what must be asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from vernal.rules.conditions import Facts, Unknown, Value

TrialResult = Literal["no_response", "partial_response", "response", "stopped_for_side_effects"]


@dataclass(frozen=True)
class HistoryFigures:
    """With what a history is read.

    From `same_day_level` on (intention, plan) a same-day evaluation is due, whatever else is
    unknown. After `trials_that_establish_resistance` failures further ones cannot undo it.
    """

    adequate_trial_weeks: Decimal
    trials_that_establish_resistance: int
    same_day_level: Decimal


@dataclass(frozen=True)
class Outweighing:
    """What a clinician has found outweighs an answer by which the patient ruled it out.

    Otherwise a rule gated by that answer would fall silent. One of `values` of `found` makes the
    answer a yes.
    """

    found: str
    values: frozenset[Value]
    answer: str


SUICIDAL_STEPS = (
    "wish_to_be_dead",
    "thoughts_of_ending_life",
    "suicidal_method",
    "suicidal_intention",
    "suicidal_plan_or_steps",
)


@dataclass(frozen=True)
class AntidepressantTrial:
    """One earlier antidepressant: was the dose adequate, for how long, in which episode."""

    drug: str
    dose_adequate: bool | Unknown
    weeks: Decimal | Unknown
    result: TrialResult | Unknown
    this_episode: bool | Unknown


Trials = Sequence[AntidepressantTrial] | Unknown
NO_TRIALS_ASKED = Unknown.of("antidepressant_trials")


def derive(
    facts: Facts,
    *,
    on: date,
    figures: HistoryFigures,
    outweighing: Iterable[Outweighing] = (),
    trials: Trials = NO_TRIALS_ASKED,
) -> dict[str, Value | Unknown]:
    """The same facts with all derived ones, as of the day `on`."""
    settled = {**facts, **_overturned(facts, outweighing)}
    return {
        **settled,
        "age_years": age_years(settled, on=on),
        "bmi_kg_per_m2": bmi_kg_per_m2(settled),
        "alt_times_upper_limit": times_upper_limit(settled, "alt"),
        "ast_times_upper_limit": times_upper_limit(settled, "ast"),
        "suicidal_ideation_level": suicidal_ideation_level(settled, figures),
        "days_since_pregnancy_test": days_since(settled, "pregnancy_test_on", on=on),
        "days_since_prescription_monitoring_query": days_since(
            settled, "prescription_monitoring_queried_on", on=on
        ),
        "failed_trials": failed_trials(trials, figures),
    }


def age_years(facts: Facts, *, on: date) -> Decimal | Unknown:
    """Completed years. Someone born on 29 February completes a year on 1 March."""
    born = facts.get("birth_date")
    if not isinstance(born, date) or born > on:
        return Unknown.of("birth_date")
    return Decimal(on.year - born.year - ((on.month, on.day) < (born.month, born.day)))


def bmi_kg_per_m2(facts: Facts) -> Decimal | Unknown:
    """From the measured weight and height; the stated height serves until one is measured."""
    weight = facts.get("weight_kg")
    heights = (facts.get(key) for key in ("height_cm", "stated_height_cm"))
    height = next((each for each in heights if isinstance(each, Decimal) and each > 0), None)
    if not isinstance(weight, Decimal) or height is None:
        missing = [] if isinstance(weight, Decimal) else ["weight_kg"]
        return Unknown.of(*missing, *([] if height else ["height_cm"]))
    return (weight * 10000 / height**2).quantize(Decimal("0.01"))


def times_upper_limit(facts: Facts, enzyme: Literal["alt", "ast"]) -> Decimal | Unknown:
    """A liver enzyme in U/L over the laboratory's own upper limit, to 0.01 and never downwards."""
    asked = (f"{enzyme}_u_per_l", f"{enzyme}_upper_limit_u_per_l")
    value, limit = (facts.get(each) for each in asked)
    if not isinstance(value, Decimal) or not isinstance(limit, Decimal):
        return Unknown.of(*(each for each in asked if not isinstance(facts.get(each), Decimal)))
    return (value / limit).quantize(Decimal("0.01"), ROUND_CEILING)


def suicidal_ideation_level(facts: Facts, figures: HistoryFigures) -> Decimal | Unknown:
    """0 (none) to 5 (plan or steps); the higher of the patient's answers and a clinician's rating.

    A rating stands in for answers the patient has not given. From `same_day_level` on, the level
    is the least that is certain: what is still unknown could only raise it.
    """
    answers = [facts.get(step) for step in SUICIDAL_STEPS]
    rating = facts.get("clinician_suicidal_ideation_level")
    rated = rating if isinstance(rating, Decimal) else None
    told = max((number for number, yes in enumerate(answers, 1) if yes is True), default=0)
    certain = max(Decimal(told), rated or Decimal(0))
    open_steps = [
        step
        for step, answer in list(zip(SUICIDAL_STEPS, answers, strict=True))[told:]
        if not isinstance(answer, bool)
    ]
    if open_steps and rated is None and certain < figures.same_day_level:
        return Unknown.of(*open_steps)
    return certain


def days_since(facts: Facts, dated: str, *, on: date) -> Decimal | Unknown:
    """Whole days from a dated fact to `on`; a date in the future says nothing."""
    day = facts.get(dated)
    if not isinstance(day, date) or day > on:
        return Unknown.of(dated)
    return Decimal((on - day).days)


def failed_trials(trials: Trials, figures: HistoryFigures) -> Decimal | Unknown:
    """Adequate trials of this episode that failed.

    Adequate: dose adequate for the drug, for `adequate_trial_weeks` or longer. Failed: no or only
    partial response; stopping early for side effects is no failure of the drug. Once resistance
    is established the number is the least that is certain; below that, a trial of which too
    little is known leaves the number unknown.
    """
    if isinstance(trials, Unknown):
        return trials
    verdicts = [_failed(trial, figures.adequate_trial_weeks) for trial in trials]
    certain = verdicts.count(True)
    if None in verdicts and certain < figures.trials_that_establish_resistance:
        return NO_TRIALS_ASKED
    return Decimal(certain)


def _failed(trial: AntidepressantTrial, adequate_weeks: Decimal) -> bool | None:
    """None when it depends on something unknown."""
    weeks, result = trial.weeks, trial.result
    parts: tuple[bool | Unknown, ...] = (
        trial.this_episode,
        trial.dose_adequate,
        weeks if isinstance(weeks, Unknown) else weeks >= adequate_weeks,
        result if isinstance(result, Unknown) else result in ("no_response", "partial_response"),
    )
    if any(part is False for part in parts):
        return False
    return None if any(isinstance(part, Unknown) for part in parts) else True


def _overturned(facts: Facts, outweighing: Iterable[Outweighing]) -> dict[str, Value]:
    return {each.answer: True for each in outweighing if facts.get(each.found) in each.values}
