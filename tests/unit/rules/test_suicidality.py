"""Any yes reaches a person; what is open or declined does not, and says nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vernal.rules.conditions import Unknown
from vernal.rules.facts import SUICIDAL_STEPS
from vernal.rules.suicidality import (
    ATTEMPT,
    FACTS,
    INTENT_ASKED,
    LEVELS,
    bedside_answers,
    suicidal_answers,
)


def reports_suicidal_thoughts(facts) -> bool:
    return bool(suicidal_answers(facts))


QUIET = dict.fromkeys(SUICIDAL_STEPS, False) | {ATTEMPT: "never"}


@pytest.mark.parametrize("step", SUICIDAL_STEPS)
def test_one_yes_is_enough_whatever_is_open(step) -> None:
    others = {fact: Unknown.of(fact) for fact in FACTS - {step}}

    assert reports_suicidal_thoughts({**others, step: True})
    assert reports_suicidal_thoughts({step: True})


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("value", "reports"), [(0, False), (1, True), (5, True)])
def test_any_level_above_none_is_enough(level, value, reports) -> None:
    assert reports_suicidal_thoughts({**QUIET, level: Decimal(value)}) is reports


@pytest.mark.parametrize(
    ("when", "reports"),
    [("never", False), ("within_3_months", True), ("within_a_year", False), ("longer_ago", False)],
)
def test_a_recent_attempt_is_enough(when, reports) -> None:
    assert reports_suicidal_thoughts({**QUIET, ATTEMPT: when}) is reports


def test_no_to_everything_and_nothing_at_all_report_nothing() -> None:
    assert not reports_suicidal_thoughts(QUIET)
    assert not reports_suicidal_thoughts({})
    assert not reports_suicidal_thoughts({fact: Unknown.of(fact) for fact in FACTS})


@given(st.dictionaries(st.sampled_from(SUICIDAL_STEPS), st.booleans()))
def test_another_yes_never_silences_a_report(facts) -> None:
    before = reports_suicidal_thoughts(facts)

    assert all(
        reports_suicidal_thoughts({**facts, step: True}) >= before for step in SUICIDAL_STEPS
    )


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ({"wish_to_be_dead": True}, 1),
        ({"wish_to_be_dead": True, "suicidal_plan_or_steps": True}, 5),
        ({"wish_to_be_dead": True, "clinician_suicidal_ideation_level": Decimal(4)}, 4),
        ({"suicidal_intention": True, "clinician_suicidal_ideation_level": Decimal(1)}, 4),
    ],
)
def test_the_highest_level_that_was_told_counts(facts, level) -> None:
    assert [each.level for each in suicidal_answers(facts)] == [level]


def test_an_attempt_stands_beside_the_level() -> None:
    told = suicidal_answers({"wish_to_be_dead": True, ATTEMPT: "within_3_months"})

    assert [each.scale for each in told] == ["suicidal_ideation_level", ATTEMPT]


@pytest.mark.parametrize("asked", INTENT_ASKED)
def test_intent_at_the_bedside_is_told_also_in_a_correction(asked) -> None:
    payload = {"answers": {asked: True, "panic": True}}

    for told in (payload, {"reason": "misheard", "replacement": payload}):
        (answer,) = bedside_answers(told, suicidal_from=1)
        assert answer.scale == f"intent:{asked}"


@pytest.mark.parametrize(
    ("effect", "severity", "tells"),
    [("suicidal", "1", True), ("suicidal", "0", False), ("nausea", "3", False)],
)
def test_thoughts_of_dying_as_an_effect_are_told(effect, severity, tells) -> None:
    payload = {"effect": effect, "severity": severity, "asked_at": "session_end"}

    assert bool(bedside_answers(payload, suicidal_from=1)) is tells


@pytest.mark.parametrize(
    "payload",
    [
        {"answers": {"new_suicidal_intent": False, "panic": True}},
        {"answers": {"new_suicidal_intent": "unknown"}},
        {"reason": "Struck out"},
        {"systolic_mmhg": "120"},
    ],
)
def test_every_other_entry_tells_nothing(payload) -> None:
    assert bedside_answers(payload, suicidal_from=1) == ()
