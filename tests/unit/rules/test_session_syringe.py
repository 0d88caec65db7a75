"""Milligrams an hour and millilitres an hour name one setting of the pump."""

from __future__ import annotations

from decimal import Decimal

import pytest

from vernal.rules.sessions.fields import LONGEST_NUMBER, Field, read_number
from vernal.rules.sessions.syringe import Syringe

D = Decimal
STEP = D("0.1")
INFUSION = Syringe(D(50), D("0.68"), D(34), D(40), STEP, D("49.32"), D(50), D(75))
SUBLINGUAL = Syringe(D(50), D("1.2"), D(60), D(10), STEP)


def test_both_rates_of_one_setting() -> None:
    assert INFUSION.mg_per_ml == D("0.68")
    assert INFUSION.ml_per_h(D(51)) == D("75.0")
    assert INFUSION.mg_per_h(D("37.5")) == D("25.500")


def test_what_is_not_mixed_has_no_rate() -> None:
    assert SUBLINGUAL.mg_per_ml is None
    assert SUBLINGUAL.ml_per_h(D(51)) is None
    assert SUBLINGUAL.mg_per_h(D(51)) is None


@pytest.mark.parametrize(("ml", "agree"), [("75", True), ("75.04", True), ("37.5", False)])
def test_two_typed_rates_agree_to_the_pumps_own_step(ml: str, agree: bool) -> None:
    assert INFUSION.agree(rate_mg_per_h=D(51), rate_ml_per_h=D(ml)) is agree


def test_the_longest_number_that_is_read_can_be_worked_with() -> None:
    most = read_number(Field("rate", "Rate", "number"), "9" * LONGEST_NUMBER)

    assert INFUSION.mg_per_h(most) == D("67999999999999999999.320")
    assert not INFUSION.agree(rate_mg_per_h=D(51), rate_ml_per_h=most)


def test_nothing_in_a_syringe_is_zero() -> None:
    with pytest.raises(ValueError, match="above zero"):
        Syringe(D(50), D(0), D(34), D(40), STEP)
