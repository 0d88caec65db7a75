"""Figures of ours stand once, in the knowledge, with their standing and why."""

from __future__ import annotations

from decimal import Decimal

import pytest

from vernal.knowledge.facts import Fact, all_sections, facts, outweighing
from vernal.knowledge.figures import calendar_figures, figures, outcome_figures, value
from vernal.knowledge.load import ContentError
from vernal.knowledge.protocols import protocols
from vernal.rules.due import CalendarFigures
from vernal.rules.facts import Outweighing
from vernal.rules.outcomes import OutcomeFigures


def test_a_house_figure_says_why_and_any_other_where_from() -> None:
    for figure in figures().values():
        assert figure.note if figure.standing == "house" else figure.sources, figure.id


def test_recalled_numbers_are_not_called_verified() -> None:
    assert {each.standing for id_, each in figures().items() if id_.startswith("devine")} == {
        "unverified"
    }


@pytest.mark.parametrize("protocol", protocols().values(), ids=lambda each: each.id)
def test_a_weight_that_can_be_typed_is_one_that_may_carry_a_dose(protocol) -> None:
    typed = facts()["weight_kg"]

    assert (typed.least, typed.most) == (30, 300)
    assert protocol.weight_limits.least_kg == typed.least
    assert protocol.weight_limits.most_kg == typed.most
    assert protocol.weight_limits.ask_again_percent == value("weight_ask_again")
    assert facts()["height_cm"].most == protocol.body.most_height_cm


def test_a_range_that_stands_elsewhere_is_not_written_again() -> None:
    with pytest.raises(ValueError, match="takes least and most from"):
        Fact.model_validate(
            {"id": "x", "kind": "number", "label": "Weight", "ask": "?", "range_of": "weight"}
            | {"least": 1}
        )


def test_a_figure_that_does_not_exist_is_named() -> None:
    with pytest.raises(ContentError, match="there is no 'shoe_size'"):
        value("shoe_size")


def test_what_a_clinician_found_outweighs_is_said_by_the_facts() -> None:
    assert set(outweighing()) == {
        Outweighing("pregnant", frozenset({True}), "pregnancy_possible"),
        Outweighing("child_pugh", frozenset({"a", "b", "c"}), "liver_disease"),
        Outweighing("nyha_class", frozenset({"i", "ii", "iii", "iv"}), "heart_condition"),
        Outweighing("significant_valve_disease", frozenset({True}), "heart_condition"),
    }
    for each in outweighing():
        assert each.found in facts() and each.answer in facts()


def test_the_pages_after_which_help_comes_first_are_named_by_the_sections() -> None:
    assert [each.id for each in all_sections() if each.tells_of_danger] == [
        "suicidal_thoughts",
        "phq9",
    ]


def test_the_figures_of_a_history_are_those_that_were_agreed() -> None:
    assert value("adequate_trial") == 4
    assert value("trials_that_establish_resistance") == 2
    assert value("same_day_level") == 4
    assert value("scale_stays_open") == 24
    assert value("adjusted_share") == Decimal("0.4")


def test_the_figures_of_a_course_are_those_that_were_agreed() -> None:
    assert outcome_figures() == OutcomeFigures(baseline_days=14, end_of_induction_days=14)
    assert calendar_figures() == CalendarFigures(
        baseline_days=14,
        early_days=1,
        grace_days=6,
        weekly_for_weeks=8,
        month_days=28,
        quarter_days=91,
        half_year_days=182,
    )
    assert value("course_gap") == 28
    assert value("suicidal_answer_days_old") == 14
