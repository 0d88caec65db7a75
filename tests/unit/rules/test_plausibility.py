"""Named checks over several answers; a living person passes them all."""

from __future__ import annotations

from decimal import Decimal

import pytest

from vernal.knowledge.facts import facts
from vernal.rules.conditions import Unknown
from vernal.rules.plausibility import (
    CHECKS,
    PlausibleBmi,
    weight_change_percent,
    weight_has_jumped,
)
from vernal.rules.plausibility import (
    contradictions as all_contradictions,
)

D = Decimal


def contradictions(answers) -> dict[str, str]:
    return all_contradictions(answers, bmi=PlausibleBmi(D(8), D(120)))


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"systolic_mmhg": D(120), "diastolic_mmhg": D(80)}, None),
        ({"systolic_mmhg": D(120), "diastolic_mmhg": D(119)}, None),
        ({"systolic_mmhg": D(120), "diastolic_mmhg": D(120)}, "diastolic_mmhg"),
        ({"systolic_mmhg": D(80), "diastolic_mmhg": D(120)}, "diastolic_mmhg"),
        ({"weight_kg": D("72.6"), "height_cm": D(168)}, None),
        ({"weight_kg": D(300), "height_cm": D(160)}, None),
        ({"weight_kg": D(300), "height_cm": D(100)}, "weight_kg"),
        ({"weight_kg": D(30), "height_cm": D(200)}, "weight_kg"),
        ({"depression_onset_age_years": D(24), "age_years": D(24)}, None),
        ({"depression_onset_age_years": D(25), "age_years": D(24)}, "depression_onset_age_years"),
    ],
)
def test_the_sentence_stands_beside_the_field(answers, field) -> None:
    assert list(contradictions(answers)) == ([field] if field else [])


def test_exchanged_pressures_are_named_with_what_would_be_right() -> None:
    found = contradictions({"systolic_mmhg": D(80), "diastolic_mmhg": D(120)})

    assert found["diastolic_mmhg"] == (
        "Diastolic 120 is not below systolic 80. Systolic is the higher of the two: "
        "exchange them, or measure again."
    )


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_what_is_not_known_contradicts_nothing(check) -> None:
    for missing in check.needs:
        known = {fact: D(100) for fact in check.needs if fact != missing}

        assert contradictions(known) == {}
        assert contradictions({**known, missing: Unknown.of(missing)}) == {}


def test_checks_speak_of_facts_that_exist() -> None:
    for check in CHECKS:
        assert check.field in check.needs
        assert set(check.needs) <= facts().keys()


@pytest.mark.parametrize(
    ("new", "last", "jumped", "percent"),
    [
        ("105", "100", False, "5.0"),
        ("105.1", "100", True, "5.1"),
        ("95", "100", False, "-5.0"),
        ("94.9", "100", True, "-5.1"),
        ("100", "100", False, "0.0"),
        ("160", "72.6", True, "120.4"),  # pounds typed as kilograms
    ],
)
def test_a_weight_that_moved_further_than_five_percent(new, last, jumped, percent) -> None:
    assert weight_has_jumped(D(new), D(last), ask_again_percent=D(5)) is jumped
    assert weight_change_percent(D(new), D(last)) == D(percent)
