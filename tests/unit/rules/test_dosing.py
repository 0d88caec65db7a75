"""Dose arithmetic: exact, capped without trimming, every rounding shown."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vernal.rules.dosing import (
    DeviceSteps,
    DoseCaps,
    DoseOverCap,
    DosingError,
    PreparationLimits,
    PreparationNotPossible,
    StepTooLarge,
    check_caps,
    check_step,
    dose_for,
    infusion_worksheet,
    needs_reason,
    sublingual_worksheet,
)
from vernal.rules.weights import DosingWeight, Weight
from vernal.units.dose import (
    ESKETAMINE_BASE,
    KETAMINE_BASE,
    KETAMINE_HYDROCHLORIDE,
    Dose,
    DosePerKg,
    MixedSubstances,
    Strength,
)
from vernal.units.exact import NotExact

D = Decimal

CAPS = DoseCaps(most_mg_per_kg=D(1), most_mg=D(100), reason_above=D("0.5"))
STEPS = DeviceSteps(syringe_ml=D("0.01"), pump_ml_per_h=D("0.1"))
LIMITS = PreparationLimits(
    vials_mg_per_ml=(D(10), D(50), D(100)),
    dilute_one_to_one_from_mg_per_ml=D(100),
    most_total_ml=D(250),
    least_min=D(40),
    most_min=D(100),
    most_rounding_percent=D(5),
    steps=STEPS,
)
HOLD = PreparationLimits(
    vials_mg_per_ml=(D(100),),
    dilute_one_to_one_from_mg_per_ml=None,
    most_total_ml=None,
    least_min=D(5),
    most_min=D(10),
    most_rounding_percent=D(5),
    steps=STEPS,
)


def weight(kg="70"):
    measured = Weight(D(kg), date(2026, 3, 9), "nurse 4")
    return DosingWeight(D(kg), "actual", measured, f"actual weight {measured}", D(24))


def per_kg(value="0.5", substance=KETAMINE_BASE):
    return DosePerKg(D(value), substance)


def infusion(dose="0.5", kg="70", vial="10", total="50", minutes="40", substance=KETAMINE_BASE):
    return infusion_worksheet(
        per_kg(dose),
        weight=weight(kg),
        vial=Strength(D(vial), substance),
        total_ml=D(total),
        minutes=D(minutes),
        caps=CAPS,
        limits=LIMITS,
    )


def sublingual(mg="10", kg="70", solution="100", hold="5", caps=None):
    return sublingual_worksheet(
        Dose(D(mg), KETAMINE_BASE),
        weight=weight(kg),
        solution=Strength(D(solution), KETAMINE_BASE),
        hold_min=D(hold),
        caps=caps or DoseCaps(D(1), D(50), D(10)),
        limits=HOLD,
    )


@pytest.mark.parametrize(
    ("kg", "vial", "total", "minutes", "draw", "diluent", "given", "rate"),
    [
        ("70", "10", "50", "40", "3.50", "46.50", "35", "75.0"),
        ("70", "50", "50", "40", "0.70", "49.30", "35", "75.0"),
        ("70", "100", "50", "40", "0.35", "49.65", "35", "75.0"),
        ("70.3", "50", "50", "40", "0.70", "49.30", "35", "75.0"),
        ("82.7", "10", "100", "60", "4.14", "95.86", "41.4", "100.0"),
        ("54.1", "10", "20", "45", "2.71", "17.29", "27.1", "26.6"),
        ("200", "100", "2", "40", "1.00", "1.00", "100", "3.0"),
    ],
)
def test_worked_infusions(kg, vial, total, minutes, draw, diluent, given, rate):
    sheet = infusion(kg=kg, vial=vial, total=total, minutes=minutes)

    assert sheet.draw_ml == D(draw)
    assert sheet.diluent_ml == D(diluent)
    assert sheet.given == Dose(D(given), KETAMINE_BASE)
    assert sheet.rate_ml_per_h == D(rate)


def test_every_step_stands_on_its_own_line_in_words_and_numbers():
    sheet = infusion(kg="70.3", vial="50")

    assert [line.key for line in sheet.lines] == [
        "weight",
        "dose",
        "draw",
        "given",
        "deviation",
        "diluent",
        "syringe",
        "rate",
        "duration",
    ]
    lines = {line.key: str(line) for line in sheet.lines}
    assert "measured on Mar 9, 2026 by nurse 4" in lines["weight"]
    assert lines["dose"].endswith("0.5 mg/kg racemic ketamine base × 70.3 kg = 35.15 mg")
    assert "0.703 mL, rounded to 0.01 mL = 0.7 mL" in lines["draw"]
    assert lines["given"].endswith("0.7 mL × 50 mg/mL racemic ketamine base = 35 mg")
    assert "(≈ -0.427 %) = -0.15 mg" in lines["deviation"]
    assert lines["syringe"].endswith("35 mg ÷ 50 mL = 0.7 mg/mL")
    assert lines["duration"].endswith("= 40 min")


def test_the_deviation_is_returned():
    sheet = infusion(kg="70.3", vial="50")

    assert sheet.ordered == Dose(D("35.15"), KETAMINE_BASE)
    assert sheet.deviation.deviation == D("-0.15")


@pytest.mark.parametrize(
    ("dose", "kg", "unit", "over"),
    [("1.01", "70", "mg/kg", "0.01"), ("1", "100.1", "mg", "0.1"), ("0.5", "300", "mg", "50")],
)
def test_a_dose_over_a_cap_is_refused_and_says_by_how_much(dose, kg, unit, over):
    with pytest.raises(DoseOverCap, match="above the cap") as caught:
        dose_for(per_kg(dose), weight=weight(kg), caps=CAPS)

    assert (caught.value.unit, caught.value.over_by) == (unit, D(over))


def test_a_dose_at_both_caps_is_allowed():
    assert dose_for(per_kg("1"), weight=weight("100"), caps=CAPS) == Dose(D(100), KETAMINE_BASE)


def test_a_fixed_dose_meets_the_cap_in_mg_per_kg():
    with pytest.raises(DoseOverCap, match=r"≈ 1\.111 mg/kg"):
        check_caps(Dose(D(50), KETAMINE_BASE), weight_kg=D(45), caps=CAPS)


def test_rounding_never_passes_a_cap():
    # 99.96 mg at 10 mg/mL is 9.996 mL: the nearest 10.00 mL would pass 1 mg/kg, and so would the
    # nearest of 4.958 mL; 9.986 mL may go to 9.99 mL.
    assert infusion(dose="1", kg="99.96").draw_ml == D("9.99")
    assert infusion(dose="0.999", kg="99.96").draw_ml == D("9.99")
    assert infusion(dose="1", kg="49.58").draw_ml == D("4.95")


@pytest.mark.parametrize(("dose", "asks"), [("0.5", False), ("0.51", True), ("0.4", False)])
def test_above_the_usual_dose_the_prescriber_says_why(dose, asks):
    assert needs_reason(per_kg(dose), caps=CAPS) is asks


def test_a_fixed_dose_above_the_usual_one_needs_a_reason():
    caps = DoseCaps(D(1), D(50), D(10))

    assert needs_reason(Dose(D(20), KETAMINE_BASE), caps=caps)
    assert not needs_reason(Dose(D(10), KETAMINE_BASE), caps=caps)


@pytest.mark.parametrize(("last", "new"), [("0.7", "0.8"), ("0.5", "0.6"), ("0.8", "0.2")])
def test_a_step_of_exactly_a_tenth_and_any_step_down_are_allowed(last, new):
    check_step(per_kg(new), per_kg(last), step=D("0.1"))


def test_a_step_above_the_limit_says_by_how_much():
    with pytest.raises(StepTooLarge, match=r"at most 0\.6 mg/kg") as caught:
        check_step(per_kg("0.75"), per_kg("0.5"), step=D("0.1"))

    assert caught.value.over_by == D("0.15")


def test_fixed_doses_step_in_mg():
    check_step(Dose(D(20), KETAMINE_BASE), Dose(D(10), KETAMINE_BASE), step=D(10))
    with pytest.raises(StepTooLarge, match="mg"):
        check_step(Dose(D(25), KETAMINE_BASE), Dose(D(10), KETAMINE_BASE), step=D(10))


def test_doses_by_weight_and_fixed_doses_do_not_compare():
    with pytest.raises(DosingError, match="same way"):
        check_step(per_kg(), Dose(D(10), KETAMINE_BASE), step=D(10))
    with pytest.raises(DosingError, match="same way"):
        check_step(Dose(D(10), KETAMINE_BASE), per_kg(), step=D(10))


@pytest.mark.parametrize("substance", [KETAMINE_HYDROCHLORIDE, ESKETAMINE_BASE])
def test_dose_and_vial_name_the_same_substance(substance):
    with pytest.raises(MixedSubstances):
        infusion(substance=substance)
    with pytest.raises(MixedSubstances):
        check_step(per_kg(), per_kg(substance=substance), step=D("0.1"))


def test_zero_and_negative_concentrations_are_refused():
    for value in ("0", "-10"):
        with pytest.raises(NotExact, match="above zero"):
            infusion(vial=value)


def test_a_vial_the_protocol_does_not_name_is_refused():
    with pytest.raises(PreparationNotPossible, match="10, 50, 100 mg/mL"):
        infusion(vial="20")


def test_a_volume_that_cannot_hold_the_dose_is_refused():
    with pytest.raises(PreparationNotPossible, match="larger total volume or a stronger vial"):
        infusion(total="3")
    with pytest.raises(NotExact, match="total volume"):
        infusion(total="0")


def test_a_strong_vial_is_diluted_with_its_own_volume_or_more():
    with pytest.raises(PreparationNotPossible, match="total of 2 mL or more"):
        infusion(kg="200", vial="100", total="1.99")


@pytest.mark.parametrize("total", ["250.01", "500", "5000"])
def test_no_syringe_or_bag_is_larger_than_the_largest_of_the_protocol(total):
    with pytest.raises(PreparationNotPossible, match="more than the 250 mL of the largest"):
        infusion(total=total)

    assert infusion(total="250").total_ml == 250


@pytest.mark.parametrize("minutes", ["39.9", "100.1"])
def test_no_infusion_is_faster_or_slower_than_the_protocol(minutes):
    with pytest.raises(PreparationNotPossible, match="40 to 100 minutes"):
        infusion(minutes=minutes)


def test_rounding_that_would_change_too_much_is_refused():
    with pytest.raises(PreparationNotPossible, match="weaker concentration"):
        infusion(dose="0.01", kg="34", vial="10")
    with pytest.raises(PreparationNotPossible, match="larger total volume"):
        infusion(dose="0.1", kg="40", vial="10", total="1", minutes="57")


def test_a_small_sublingual_dose():
    sheet = sublingual()

    assert (sheet.draw_ml, sheet.given, sheet.minutes) == (D("0.10"), Dose(D(10), KETAMINE_BASE), 5)
    assert sheet.rate_ml_per_h is None
    assert [line.key for line in sheet.lines] == [
        "weight",
        "per_kg",
        "draw",
        "given",
        "deviation",
        "hold",
    ]


@pytest.mark.parametrize(("mg", "kg", "unit"), [("51", "70", "mg"), ("50", "49", "mg/kg")])
def test_sublingual_caps(mg, kg, unit):
    with pytest.raises(DoseOverCap) as caught:
        sublingual(mg=mg, kg=kg)

    assert caught.value.unit == unit


def test_sublingual_refusals():
    with pytest.raises(DosingError, match="0 mg is no dose"):
        sublingual(mg="0")
    with pytest.raises(PreparationNotPossible, match="Use one of 100"):
        sublingual(solution="50")
    with pytest.raises(PreparationNotPossible, match="5 to 10 minutes"):
        sublingual(hold="11")


doses = st.decimals(min_value="0.1", max_value=1, places=2)
kilograms = st.decimals(min_value=30, max_value=300, places=1)


@settings(deadline=None)
@given(
    dose=doses,
    kg=kilograms,
    vial=st.sampled_from(["10", "50", "100"]),
    total=st.integers(10, 250),
    minutes=st.integers(40, 100),
)
def test_a_worksheet_always_adds_up(dose, kg, vial, total, minutes):
    assume(10 <= dose * kg <= 100)

    sheet = infusion(str(dose), str(kg), vial, str(total), str(minutes))

    assert sheet.ordered.mg == dose * kg
    assert sheet.draw_ml + sheet.diluent_ml == total
    assert sheet.given.mg == sheet.draw_ml * D(vial)
    assert abs(sheet.draw_ml - sheet.ordered.mg / D(vial)) < D("0.01")
    assert sheet.given.mg <= min(kg * CAPS.most_mg_per_kg, CAPS.most_mg)
    assert 0 <= D(total) * 60 / minutes - sheet.rate_ml_per_h < D("0.1")


@settings(deadline=None)
@given(first=doses, second=doses, kg=kilograms)
def test_more_mg_per_kg_is_never_a_smaller_dose(first, second, kg):
    low, high = sorted([first, second])
    loose = DoseCaps(D(1), D(300), D("0.5"))

    assert dose_for(per_kg(str(low)), weight=weight(str(kg)), caps=loose) <= dose_for(
        per_kg(str(high)), weight=weight(str(kg)), caps=loose
    )


@settings(deadline=None)
@given(dose=st.decimals(min_value="0.01", max_value=3, places=2), kg=kilograms)
def test_what_is_allowed_is_within_both_caps(dose, kg):
    try:
        allowed = dose_for(per_kg(str(dose)), weight=weight(str(kg)), caps=CAPS)
    except DoseOverCap as refused:
        assert refused.over_by > 0
        assert dose > CAPS.most_mg_per_kg or dose * kg > CAPS.most_mg
    else:
        assert allowed.mg == dose * kg
        assert allowed.mg <= CAPS.most_mg
        assert dose <= CAPS.most_mg_per_kg
