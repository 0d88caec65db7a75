from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vernal.rules import facts as rules
from vernal.rules.conditions import Facts, Unknown
from vernal.rules.facts import (
    SUICIDAL_STEPS,
    AntidepressantTrial,
    HistoryFigures,
    Outweighing,
    age_years,
    bmi_kg_per_m2,
    days_since,
)

TODAY = date(2026, 3, 4)
NO_THOUGHTS = dict.fromkeys(SUICIDAL_STEPS, False)
RATING = "clinician_suicidal_ideation_level"
FIGURES = HistoryFigures(
    adequate_trial_weeks=Decimal(4), trials_that_establish_resistance=2, same_day_level=Decimal(4)
)
OUTWEIGHING = (
    Outweighing("pregnant", frozenset({True}), "pregnancy_possible"),
    Outweighing("child_pugh", frozenset({"a", "b", "c"}), "liver_disease"),
)
derive = partial(rules.derive, figures=FIGURES, outweighing=OUTWEIGHING)
failed_trials = partial(rules.failed_trials, figures=FIGURES)
suicidal_ideation_level = partial(rules.suicidal_ideation_level, figures=FIGURES)


@pytest.mark.parametrize(
    ("born", "years"),
    [
        (date(2008, 3, 4), 18),
        (date(2008, 3, 5), 17),
        (date(1961, 3, 3), 65),
        (date(2026, 3, 4), 0),
    ],
)
def test_age_counts_completed_years(born: date, years: int) -> None:
    assert age_years({"birth_date": born}, on=TODAY) == years


def test_someone_born_on_29_february_is_older_on_1_march() -> None:
    born = {"birth_date": date(2008, 2, 29)}

    assert age_years(born, on=date(2026, 2, 28)) == 17
    assert age_years(born, on=date(2026, 3, 1)) == 18


@pytest.mark.parametrize(
    "facts", [{}, {"birth_date": Unknown.of("birth_date")}, {"birth_date": date(2026, 3, 5)}]
)
def test_age_without_a_possible_birth_date_asks_for_it(facts: Facts) -> None:
    assert age_years(facts, on=TODAY) == Unknown.of("birth_date")


@pytest.mark.parametrize(
    ("weight", "height", "bmi"),
    [("102.01", 201, "25.25"), ("86.7", 170, "30.00"), ("86.69", 170, "30.00")],
)
def test_bmi_is_weight_by_height_squared(weight: str, height: int, bmi: str) -> None:
    facts = {"weight_kg": Decimal(weight), "height_cm": Decimal(height)}

    assert bmi_kg_per_m2(facts) == Decimal(bmi)


def test_measured_height_counts_before_the_stated_one() -> None:
    facts = {"weight_kg": Decimal(80), "stated_height_cm": Decimal(200)}

    assert bmi_kg_per_m2(facts) == Decimal("20.00")
    assert bmi_kg_per_m2({**facts, "height_cm": Decimal(100)}) == Decimal("80.00")


@pytest.mark.parametrize(
    ("facts", "needs"),
    [
        ({}, {"weight_kg", "height_cm"}),
        ({"weight_kg": Decimal(80)}, {"height_cm"}),
        ({"height_cm": Decimal(180)}, {"weight_kg"}),
        ({"weight_kg": Unknown.of("weight_kg"), "height_cm": Decimal(180)}, {"weight_kg"}),
        ({"weight_kg": Decimal(80), "height_cm": Decimal(0)}, {"height_cm"}),
    ],
)
def test_bmi_names_the_measurement_it_needs(facts: Facts, needs: set[str]) -> None:
    assert bmi_kg_per_m2(facts) == Unknown(frozenset(needs))


@pytest.mark.parametrize("level", range(6))
def test_ideation_level_is_the_highest_step_answered_yes(level: int) -> None:
    answers = {step: number <= level for number, step in enumerate(SUICIDAL_STEPS, 1)}

    assert suicidal_ideation_level(answers) == level


@pytest.mark.parametrize(("told", "rated", "level"), [(2, 4, 4), (3, 1, 3), (0, 0, 0)])
def test_the_higher_of_answers_and_rating_counts(told: int, rated: int, level: int) -> None:
    answers = {step: number == told for number, step in enumerate(SUICIDAL_STEPS, 1)}

    assert suicidal_ideation_level({**answers, RATING: Decimal(rated)}) == level


def test_open_step_above_the_highest_yes_leaves_the_level_unknown() -> None:
    answers: dict[str, Any] = {**NO_THOUGHTS, "wish_to_be_dead": True}
    del answers["suicidal_intention"]

    assert suicidal_ideation_level(answers) == Unknown.of("suicidal_intention")


def test_open_step_below_the_highest_yes_does_not_matter() -> None:
    assert suicidal_ideation_level({"suicidal_plan_or_steps": True}) == 5


def test_intention_is_certain_even_when_the_plan_is_unknown() -> None:
    assert suicidal_ideation_level({"suicidal_intention": True}) == 4


def test_rating_stands_in_for_answers_not_given() -> None:
    assert suicidal_ideation_level({RATING: Decimal(2)}) == 2


def test_nothing_asked_about_suicide_is_not_zero() -> None:
    assert suicidal_ideation_level({}) == Unknown.of(*SUICIDAL_STEPS)


def test_days_since_counts_whole_days() -> None:
    tested = {"pregnancy_test_on": TODAY - timedelta(days=7)}

    assert days_since(tested, "pregnancy_test_on", on=TODAY) == 7


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"pregnancy_test_on": Unknown.of("pregnancy_test_on")},
        {"pregnancy_test_on": TODAY + timedelta(days=1)},
    ],
)
def test_days_since_a_missing_or_future_date_are_unknown(facts: Facts) -> None:
    unknown = Unknown.of("pregnancy_test_on")

    assert days_since(facts, "pregnancy_test_on", on=TODAY) == unknown


def trial(**changes: Any) -> AntidepressantTrial:
    given: dict[str, Any] = {
        "drug": "sertraline",
        "dose_adequate": True,
        "weeks": Decimal(4),
        "result": "no_response",
        "this_episode": True,
    }
    return AntidepressantTrial(**{**given, **changes})


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, 1),
        ({"result": "partial_response"}, 1),
        ({"weeks": Decimal("3.9")}, 0),
        ({"dose_adequate": False}, 0),
        ({"this_episode": False}, 0),
        ({"result": "response"}, 0),
        ({"result": "stopped_for_side_effects"}, 0),
        ({"weeks": Decimal(1), "dose_adequate": Unknown.of("dose")}, 0),
    ],
)
def test_only_an_adequate_failure_of_this_episode_counts(
    changes: dict[str, Any], counts: int
) -> None:
    assert failed_trials([trial(**changes)]) == counts


@pytest.mark.parametrize("missing", ["dose_adequate", "weeks", "result", "this_episode"])
def test_trial_of_which_too_little_is_known_leaves_the_count_open(missing: str) -> None:
    unclear = trial(**{missing: Unknown.of(missing)})

    assert failed_trials([trial(), unclear]) == Unknown.of("antidepressant_trials")


def test_resistance_once_established_is_not_undone_by_an_unclear_trial() -> None:
    unclear = trial(weeks=Unknown.of("weeks"))

    assert failed_trials([trial(), trial(), unclear]) == 2


def test_no_trials_is_zero_but_not_asked_is_unknown() -> None:
    assert failed_trials([]) == 0
    assert derive({}, on=TODAY)["failed_trials"] == Unknown.of("antidepressant_trials")


def test_derive_keeps_what_was_told_and_adds_the_rest() -> None:
    told: Facts = {"birth_date": date(1980, 1, 1), "weight_kg": Decimal(80)}

    derived = derive(told, on=TODAY, trials=[])

    assert derived.items() >= told.items()
    assert derived["age_years"] == 46
    assert derived["days_since_prescription_monitoring_query"] == Unknown.of(
        "prescription_monitoring_queried_on"
    )


@pytest.mark.parametrize(
    ("found", "value", "answer"),
    [
        ("pregnant", True, "pregnancy_possible"),
        ("child_pugh", "c", "liver_disease"),
    ],
)
def test_what_a_clinician_found_outweighs_the_answer_that_ruled_it_out(
    found: str, value: bool | str, answer: str
) -> None:
    assert derive({found: value, answer: False}, on=TODAY)[answer] is True


def test_normal_result_overturns_nothing() -> None:
    derived = derive({"pregnant": False, "pregnancy_possible": True}, on=TODAY)

    assert derived["pregnancy_possible"] is True
    assert "liver_disease" not in derived


@pytest.mark.slow
@given(
    st.dictionaries(st.sampled_from(SUICIDAL_STEPS), st.booleans()),
    st.sampled_from(SUICIDAL_STEPS),
)
def test_one_more_yes_never_lowers_the_ideation_level(answers: dict[str, bool], step: str) -> None:
    before = suicidal_ideation_level(answers)
    after = suicidal_ideation_level({**answers, step: True})

    assert isinstance(before, Unknown) or (isinstance(after, Decimal) and after >= before)


@pytest.mark.parametrize(
    ("value", "limit", "times"),
    [("120", "40", "3.00"), ("120.1", "40", "3.01"), ("24", "40", "0.60"), ("0", "40", "0.00")],
)
def test_liver_enzyme_over_its_limit_is_never_rounded_below_it(value, limit, times) -> None:
    told = {"alt_u_per_l": Decimal(value), "alt_upper_limit_u_per_l": Decimal(limit)}

    assert derive(told, on=TODAY)["alt_times_upper_limit"] == Decimal(times)


def test_liver_enzyme_without_its_limit_asks_for_the_limit() -> None:
    derived = derive({"ast_u_per_l": Decimal(30)}, on=TODAY)

    assert derived["ast_times_upper_limit"] == Unknown.of("ast_upper_limit_u_per_l")
    assert derived["alt_times_upper_limit"] == Unknown.of("alt_u_per_l", "alt_upper_limit_u_per_l")
