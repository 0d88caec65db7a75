"""Any yes reaches a person; what is open or declined does not, and says nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vernal.rules.conditions import Unknown
from vernal.rules.facts import SUICIDAL_STEPS
from vernal.rules.suicidality import ATTEMPT, FACTS, LEVELS, reports_suicidal_thoughts

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
