"""A weight is not a number: unit, day, person, range, basis."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vernal.rules.conditions import Unknown, UnknownValue
from vernal.rules.weights import (
    BasisNotUsable,
    BodyFigures,
    DosingError,
    Weight,
    WeightLimits,
    WeightNotUsable,
    adjusted_weight_kg,
    body_mass_index,
    dosing_weight,
    ideal_weight_kg,
    usable_weight,
    weight_changed_much,
)
from vernal.units.conversions import kg_from_lb
from vernal.units.exact import NotExact

D = Decimal

TODAY = date(2026, 3, 9)
BODY = BodyFigures(
    least_height_cm=D(100),
    most_height_cm=D(250),
    devine_kg={"female": D("45.5"), "male": D(50)},
    devine_kg_per_inch=D("2.3"),
    devine_from_inches=D(60),
    adjusted_share=D("0.4"),
)
LIMITS = WeightLimits(
    least_kg=D(30),
    most_kg=D(300),
    most_days_old=7,
    ask_again_percent=D(5),
    choose_basis_from_bmi=D(30),
    body=BODY,
)


def weight(kg="70", on=TODAY):
    return Weight(D(kg), on, "nurse 4")


def basis(kg, height="170", chosen=None, sex="female"):
    return dosing_weight(
        weight(kg), height_cm=D(height), sex=sex, chosen=chosen, on=TODAY, limits=LIMITS
    )


@pytest.mark.parametrize("kg", ["30", "70", "300"])
def test_weights_up_to_the_limits_are_usable(kg):
    assert usable_weight(weight(kg), on=TODAY, limits=LIMITS).kg == D(kg)


@pytest.mark.parametrize("kg", ["29.99", "300.01", "0.07", "70000"])
def test_impossible_weights_ask_for_the_unit(kg):
    with pytest.raises(WeightNotUsable, match="Check the unit"):
        usable_weight(weight(kg), on=TODAY, limits=LIMITS)


def test_an_unknown_weight_is_never_a_default():
    with pytest.raises(UnknownValue, match="Weigh the patient") as caught:
        usable_weight(Unknown.of("weight_kg"), on=TODAY, limits=LIMITS)

    assert caught.value.needs == {"weight_kg"}


def test_seven_days_are_allowed_and_eight_are_not():
    week_old = weight(on=TODAY - timedelta(days=7))

    assert usable_weight(week_old, on=TODAY, limits=LIMITS) is week_old
    with pytest.raises(WeightNotUsable, match="8 days before Mar 9, 2026;"):
        usable_weight(weight(on=TODAY - timedelta(days=8)), on=TODAY, limits=LIMITS)


def test_a_weight_from_the_future_is_refused():
    with pytest.raises(WeightNotUsable, match="Correct the date"):
        usable_weight(weight(on=TODAY + timedelta(days=1)), on=TODAY, limits=LIMITS)


@pytest.mark.parametrize("kg", [D(0), D(-70), D("NaN"), 70.0])
def test_a_weight_is_an_exact_number_above_zero(kg):
    with pytest.raises(NotExact):
        Weight(kg, TODAY, "nurse 4")


def test_a_weight_names_who_measured_it():
    with pytest.raises(ValueError, match="who measured"):
        Weight(D(70), TODAY, " ")


def test_a_weight_is_shown_in_kg_and_lb():
    assert str(weight("69.85")) == "69.85 kg (154 lb)"


@pytest.mark.parametrize(
    ("new", "asks"), [("73.5", False), ("66.5", False), ("73.51", True), ("66.49", True)]
)
def test_a_change_above_five_percent_asks_again(new, asks):
    question = weight_changed_much(weight(new), weight("70"), ask_again_percent=D(5))

    assert (question is not None) is asks


def test_pounds_typed_as_kilograms_are_noticed():
    question = weight_changed_much(
        weight("154"), Weight(kg_from_lb(D(154)), TODAY, "nurse 4"), ask_again_percent=D(5)
    )

    assert question is not None
    assert "120.5 %" in question
    assert "lb" in question


def test_bmi():
    assert body_mass_index(D(75), D(150), BODY) == D(75) / D("2.25")


@pytest.mark.parametrize("height", ["1.7", "99.9", "250.1"])
def test_impossible_heights_are_refused(height):
    with pytest.raises(DosingError, match="Check the unit"):
        body_mass_index(D(70), D(height), BODY)


@pytest.mark.parametrize(
    ("height_in", "sex", "kg"),
    [("60", "male", "50"), ("60", "female", "45.5"), ("70", "male", "73"), ("65", "female", "57")],
)
def test_devine(height_in, sex, kg):
    assert ideal_weight_kg(D(height_in) * D("2.54"), sex, BODY) == D(kg)


def test_devine_says_nothing_below_60_inches():
    with pytest.raises(BasisNotUsable, match="Choose the actual weight"):
        ideal_weight_kg(D("152.3"), "female", BODY)


def test_adjusted_weight_counts_four_tenths_of_the_rest():
    assert adjusted_weight_kg(D(107), D("165.1"), "female", BODY) == D(57) + D("0.4") * 50


def test_below_the_bmi_limit_the_actual_weight_carries_the_dose():
    chosen = basis("86.69")

    assert (chosen.basis, chosen.kg) == ("actual", D("86.69"))
    assert "actual weight" in chosen.how
    with pytest.raises(BasisNotUsable, match="fewer mg/kg"):
        basis("70", chosen="ideal")


def test_from_the_bmi_limit_the_prescriber_chooses():
    with pytest.raises(BasisNotUsable, match="prescriber chooses"):
        basis("86.7")

    assert basis("86.7", chosen="actual").kg == D("86.7")


@pytest.mark.parametrize(("chosen", "kg"), [("ideal", "61.4"), ("adjusted", "78.9")])
def test_the_reduced_basis_is_recorded_with_its_formula(chosen, kg):
    result = basis("105", chosen=chosen)

    assert (result.basis, result.kg, result.actual.kg) == (chosen, D(kg), D(105))
    assert "Devine, female, 170 cm" in result.how
    assert "105 kg" in result.how


def test_a_basis_that_would_raise_the_dose_is_refused():
    loose = replace(LIMITS, choose_basis_from_bmi=D(15))
    with pytest.raises(BasisNotUsable, match="would raise"):
        dosing_weight(
            weight("50"), height_cm=D(180), sex="male", chosen="ideal", on=TODAY, limits=loose
        )


def test_unknown_height_or_sex_is_named():
    with pytest.raises(UnknownValue, match="height") as caught:
        dosing_weight(
            weight("105"),
            height_cm=Unknown.of("height_cm"),
            sex="female",
            chosen="actual",
            on=TODAY,
            limits=LIMITS,
        )
    assert caught.value.needs == {"height_cm"}
    with pytest.raises(UnknownValue, match="sex is not known"):
        basis("105", chosen="ideal", sex=Unknown.of("sex"))
    assert basis("105", chosen="actual", sex=Unknown.of("sex")).basis == "actual"


@settings(deadline=None)
@given(
    kg=st.decimals(min_value=95, max_value=300, places=1),
    height=st.decimals(min_value=153, max_value=175, places=0),
    sex=st.sampled_from(["female", "male"]),
)
def test_adjusted_lies_between_ideal_and_actual(kg, height, sex):
    ideal, adjusted = (
        basis(str(kg), height=str(height), chosen=chosen, sex=sex).kg
        for chosen in ("ideal", "adjusted")
    )

    assert ideal < adjusted < kg
