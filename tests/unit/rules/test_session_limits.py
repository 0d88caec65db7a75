"""Lines beside the pressure chart come from the alarms themselves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from vernal.knowledge import monitoring
from vernal.rules.conditions import All, Compare, Not
from vernal.rules.sessions.limits import limits
from vernal.rules.sessions.monitoring import DoseAction

AT_ALL = {"route": "iv", "indication": "trd"}


def of(baseline: int | None, rules=None):
    return limits(
        "systolic_mmhg",
        monitoring.rules() if rules is None else rules,
        baseline=None if baseline is None else Decimal(baseline),
        **AT_ALL,
    )


def test_without_a_baseline_only_fixed_values_are_lines():
    assert [(each.value, each.dose) for each in of(None)] == [
        (Decimal(165), DoseAction.slow),
        (Decimal(180), DoseAction.pause),
    ]


def test_a_rise_above_baseline_is_the_lower_line():
    slow, _pause = of(122)

    assert (slow.value, slow.rise, slow.rule) == (Decimal(152), Decimal(30), "MON-012")
    assert slow.standing == "house"


def test_a_high_baseline_does_not_lift_a_fixed_line():
    slow, pause = of(160)

    assert (slow.value, pause.value) == (Decimal(165), Decimal(180))


def test_a_limit_that_needs_something_else_is_no_line():
    rule = monitoring.rule("MON-015")
    alone = Compare("systolic_mmhg", "at_least", Decimal(180))

    assert len(of(None, [replace(rule, when=alone)])) == 1
    assert of(None, [replace(rule, when=All((alone,)))]) == ()
    assert of(None, [replace(rule, when=Not(alone))]) == ()
    assert of(None, [replace(rule, when=None)]) == ()
    assert of(None, [replace(rule, when=Compare("systolic_mmhg", "below", Decimal(90)))]) == ()
    assert of(None, [replace(rule, when=alone, dose=DoseAction.go_on)]) == ()
    assert of(None, [replace(rule, kind="gate", when=alone)]) == ()
