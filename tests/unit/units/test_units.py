"""Units: exact conversions, rounding that keeps what it rounded, substances that never mix."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vernal.units import conversions as convert
from vernal.units.dose import (
    ESKETAMINE_BASE,
    KETAMINE_BASE,
    KETAMINE_HYDROCHLORIDE,
    Dose,
    DosePerKg,
    MixedSubstances,
    Strength,
    Substance,
    require_same,
)
from vernal.units.exact import NotExact, Rounded, down_to, exact, plain, positive, to_nearest

D = Decimal

amounts = st.decimals(min_value=0, max_value=10_000, places=3)
steps = st.sampled_from([D("0.01"), D("0.1"), D("0.5"), D(1)])
substances = st.builds(
    Substance,
    st.sampled_from(["ketamine", "esketamine"]),
    st.sampled_from(["base", "hydrochloride"]),
)


@pytest.mark.parametrize("value", [1.5, True, "1", None, D("NaN"), D("Infinity"), D("-Infinity")])
def test_only_exact_finite_numbers_come_in(value):
    with pytest.raises(NotExact, match="The dose must be"):
        exact(value, "The dose")


@pytest.mark.parametrize("value", [0, D(0), D("-0.1")])
def test_positive_refuses_zero_and_below(value):
    with pytest.raises(NotExact, match="above zero"):
        positive(value, "The dose")


@pytest.mark.parametrize(
    ("value", "shown"),
    [("0.50", "0.5"), ("35.00", "35"), ("100", "100"), ("1E+2", "100"), ("0.001", "0.001")],
)
def test_numbers_are_written_as_people_write_them(value, shown):
    assert plain(D(value)) == shown


@pytest.mark.parametrize(
    ("value", "step", "nearest", "down"),
    [
        ("0.705", "0.01", "0.71", "0.70"),
        ("0.7049", "0.01", "0.70", "0.70"),
        ("74.99", "0.1", "75.0", "74.9"),
        ("3", "0.5", "3.0", "3.0"),
    ],
)
def test_rounding(value, step, nearest, down):
    assert to_nearest(D(value), D(step)).rounded == D(nearest)
    assert down_to(D(value), D(step)).rounded == D(down)


def test_a_rounding_step_is_above_zero():
    with pytest.raises(NotExact, match="The rounding step"):
        to_nearest(D(1), D(0))


@settings(deadline=None)
@given(value=amounts, step=steps)
def test_rounding_never_moves_further_than_its_step(value, step):
    assert abs(to_nearest(value, step).deviation) <= step / 2
    assert -step < down_to(value, step).deviation <= 0


def test_the_deviation_is_kept_in_percent_too():
    assert Rounded(D("12.5"), D("13")).deviation_percent == 4
    assert Rounded(D(0), D(0)).deviation_percent == 0


def test_one_pound_is_exactly_0_45359237_kg():
    assert convert.kg_from_lb(D(1)) == D("0.45359237")
    assert convert.kg_from_lb(D(154)) == D("69.85322498")


@pytest.mark.parametrize(
    ("there", "back"),
    [
        (convert.kg_from_lb, convert.lb_from_kg),
        (convert.cm_from_inches, convert.inches_from_cm),
    ],
)
@settings(deadline=None)
@given(value=amounts)
def test_conversions_come_back(there, back, value):
    # 25 of the 28 digits: only the divisions round.
    assert back(there(value)).quantize(D("1e-18")) == value


def test_a_pump_empties_50_ml_in_40_minutes_at_75_ml_per_hour():
    assert convert.rate_ml_per_h(D(50), D(40)) == 75


def test_conversions_refuse_floats():
    with pytest.raises(NotExact):
        convert.kg_from_lb(154.0)


@pytest.mark.parametrize("mg", [D(-1), D("NaN"), 1.0])
def test_a_dose_is_zero_or_more(mg):
    with pytest.raises(NotExact):
        Dose(mg, KETAMINE_BASE)


@pytest.mark.parametrize("value", [D(0), D(-10), D("NaN")])
def test_strength_and_dose_per_kg_are_above_zero(value):
    with pytest.raises(NotExact):
        Strength(value, KETAMINE_BASE)
    with pytest.raises(NotExact):
        DosePerKg(value, KETAMINE_BASE)


@settings(deadline=None)
@given(first=substances, second=substances)
def test_different_substances_never_mix(first, second):
    one, other = Dose(D(2), first), Dose(D(1), second)
    acts = [
        lambda: one + other,
        lambda: one - other,
        lambda: one < other,
        lambda: other <= one,
        lambda: Strength(D(10), first).volume_ml(other),
    ]

    for act in acts:
        if first == second:
            act()
        else:
            with pytest.raises(MixedSubstances):
                act()


def test_the_error_says_what_would_be_right():
    with pytest.raises(MixedSubstances, match="different drugs"):
        require_same(KETAMINE_BASE, ESKETAMINE_BASE)
    with pytest.raises(MixedSubstances, match="form the vial names"):
        require_same(KETAMINE_BASE, KETAMINE_HYDROCHLORIDE)


def test_same_substance_adds_subtracts_and_compares():
    one, two = Dose(D(1), KETAMINE_BASE), Dose(D(2), KETAMINE_BASE)

    assert one + one == two
    assert two - one == one
    assert one < two
    assert one <= one
    with pytest.raises(NotExact):
        one - two


def test_doses_say_their_substance():
    assert str(Dose(D("35.0"), KETAMINE_BASE)) == "35 mg racemic ketamine base"
    assert str(DosePerKg(D("0.50"), ESKETAMINE_BASE)) == "0.5 mg/kg esketamine base"
    assert str(Strength(D(50), KETAMINE_HYDROCHLORIDE)) == (
        "50 mg/mL racemic ketamine hydrochloride"
    )


def test_dose_for_weight_and_volume_are_exact():
    dose = DosePerKg(D("0.5"), KETAMINE_BASE).for_weight(D("70.3"))

    assert dose == Dose(D("35.15"), KETAMINE_BASE)
    assert Strength(D(50), KETAMINE_BASE).volume_ml(dose) == D("0.703")
    assert Strength(D(50), KETAMINE_BASE).dose_in(D("0.7")) == Dose(D(35), KETAMINE_BASE)
