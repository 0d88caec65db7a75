"""Exact kinetics: against pinned runs, a matrix exponential, an ODE solver, and what must hold."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from vernal.engine.kinetics.models import CompartmentModel, Entry, Flow, ModelError, Scaled
from vernal.engine.kinetics.regimens import Administration, Regimen, bolus, infusion, sublingual
from vernal.engine.kinetics.solution import (
    WORST_CONDITION,
    Pulse,
    amounts_mg,
    checked_times,
    modes_of,
    respond,
    simulate,
)
from vernal.knowledge.drugs import drug_model, drug_models
from vernal.units.dose import ESKETAMINE_BASE, KETAMINE_BASE, KETAMINE_HYDROCHLORIDE

RELATIVE = 1e-10
"""Agreement with other solvers, relative. Worst seen: expm 6e-14, ODE solver 8e-14."""

COINCIDING = 1e-10
"""The same where up to four rates coincide. Worst seen: 2.3e-11 of the dose."""

MODELS = list(drug_models().values())
IV_MODELS = [model for model in MODELS if "iv" in model.entries]
TIMES = np.array([0.0, 0.1, 0.5, 2 / 3, 0.7, 1.0, 2.0, 4.0, 8.0, 24.0])


def by_id(models):
    return pytest.mark.parametrize("model", models, ids=lambda model: model.id)


def run(model, *administrations, weight_kg=70.0, times_h=TIMES, substance=None):
    substance = substance or (*model.substances, *model.stands_in_for)[0]
    regimen = Regimen(substance, administrations)
    return simulate(model, regimen, weight_kg=weight_kg, times_h=times_h).ng_per_ml


def administration_for(model):
    return infusion(35.0, end_h=2 / 3) if "iv" in model.entries else sublingual(25.0)


# -- pinned runs ------------------------------------------------------------------------------

REGIMENS = {
    "35 mg over 40 min, 70 kg, typical": infusion(35.0, end_h=40 / 60),
    "esketamine 28 mg IV over 40 min": infusion(28.0, end_h=40 / 60),
    "esketamine 35 mg IV over 40 min (S used for racemate)": infusion(35.0, end_h=40 / 60),
    "esketamine 84 mg oral": Administration(0.0, 0.0, 84.0, "oral"),
    "film 50 mg, 70 kg, typical": sublingual(50.0),
    "film 100 mg, 70 kg, typical": sublingual(100.0),
}


def pinned():
    # No comma may be split inside quotes: the regimen is the only quoted column.
    lines = (Path(__file__).parent / "reference_simulations.csv").read_text().splitlines()[1:]
    for line in lines:
        model, rest = line.split(",", 1)
        regimen, analyte, time_min, value = rest.rsplit(",", 3)
        assert analyte == "parent"
        yield model, regimen.strip('"'), float(time_min) / 60, value


@pytest.mark.parametrize(
    ("model", "regimen"), sorted({(model, regimen) for model, regimen, *_ in pinned()})
)
def test_pinned_runs_agree_to_half_a_unit_of_the_last_digit(model, regimen):
    points = [(at, value) for name, what, at, value in pinned() if (name, what) == (model, regimen)]
    times = np.array([at for at, _ in points])

    found = run(drug_model(model), REGIMENS[regimen], times_h=times)

    for (at, value), conc in zip(points, found, strict=True):
        half_a_unit = 0.0005
        assert abs(conc - float(value)) <= half_a_unit * 1.000001, (model, at, conc, value)


# -- other solvers ----------------------------------------------------------------------------


def by_expm(matrix, pulses, times):
    """Each pulse with the matrix exponential of the system, one input column beside it."""
    size = len(matrix)
    total = np.zeros((len(times), size))
    for pulse in pulses:
        for row, time in enumerate(times):
            if pulse.end_h == pulse.start_h:
                if time >= pulse.start_h:
                    total[row] += (
                        pulse.amount_mg
                        * expm(matrix * (time - pulse.start_h))[:, pulse.compartment]
                    )
                continue
            span = min(max(time - pulse.start_h, 0.0), pulse.end_h - pulse.start_h)
            wide = np.zeros((size + 1, size + 1))
            wide[:size, :size] = matrix
            wide[pulse.compartment, size] = pulse.amount_mg / (pulse.end_h - pulse.start_h)
            held = expm(wide * span)[:size, size]
            total[row] += expm(matrix * max(time - pulse.end_h, 0.0)) @ held
    return total


def pulses_of(model):
    if "iv" in model.entries:
        at = model.compartments.index("central")
        return [Pulse(at, 35.0, 0.0, 2 / 3), Pulse(at, 10.0, 1.5, 1.5)]
    return [
        Pulse(model.compartments.index(each.compartment), 25 * each.fraction, 0.0, each.over_h)
        for each in model.entries["sublingual"]
    ]


@pytest.mark.slow
@by_id(MODELS)
@pytest.mark.parametrize("weight_kg", [40.0, 70.0, 130.0])
def test_agrees_with_the_matrix_exponential(model, weight_kg):
    matrix = model.rates_per_h(weight_kg)
    pulses = pulses_of(model)

    found, expected = respond(matrix, pulses, TIMES), by_expm(matrix, pulses, TIMES)

    assert modes_of(matrix).condition < WORST_CONDITION
    # Each compartment on its own scale; late, small values still count by their own size.
    np.testing.assert_allclose(found, expected, rtol=RELATIVE, atol=1e-13 * expected.max())


@pytest.mark.slow
@by_id(MODELS)
def test_agrees_with_an_ode_solver(model):
    matrix = model.rates_per_h(70.0)
    pulses = [pulse for pulse in pulses_of(model) if pulse.end_h > pulse.start_h]
    edges = sorted({0.0, *(pulse.end_h for pulse in pulses), 4.0})
    state, expected = np.zeros(len(matrix)), {}
    for start, end in pairwise(edges):
        rate = np.zeros(len(matrix))
        for pulse in pulses:
            if pulse.start_h <= start < pulse.end_h:
                rate[pulse.compartment] += pulse.amount_mg / (pulse.end_h - pulse.start_h)
        solved = solve_ivp(
            lambda _, x, rate=rate: matrix @ x + rate,
            (start, end),
            state,
            method="DOP853",
            rtol=1e-12,
            atol=1e-13,
        )
        state = solved.y[:, -1]
        expected[end] = state

    found = respond(matrix, pulses, np.array(list(expected)))

    wanted = np.array(list(expected.values()))
    np.testing.assert_allclose(found, wanted, rtol=RELATIVE, atol=RELATIVE * wanted.max())


def chain(rate, depots):
    """Depots of one rate before a two-compartment body."""
    size = depots + 2
    matrix = np.zeros((size, size))
    for at in range(depots):
        matrix[at, at] -= rate
        matrix[at + 1, at] += rate
    matrix[depots, depots] -= 1.5
    matrix[depots + 1, depots] += 0.5
    matrix[depots, depots + 1] += 0.3
    matrix[depots + 1, depots + 1] -= 0.3
    return matrix


BODY_RATES = -np.linalg.eigvals(chain(9.0, 1)[1:, 1:])


@pytest.mark.parametrize("depots", [1, 2, 3])
@pytest.mark.parametrize("gap", [0, 1e-15, 1e-12, 1e-9, 1e-7, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, -1e-6])
@pytest.mark.parametrize("body_rate", BODY_RATES)
@pytest.mark.parametrize("over_h", [0.0, 0.5])
def test_equal_and_nearly_equal_rates_lose_no_digits(depots, gap, body_rate, over_h):
    matrix = chain(body_rate * (1 + gap), depots)
    pulse = Pulse(0, 1.0, 0.0, over_h)

    found = respond(matrix, [pulse], TIMES)

    np.testing.assert_allclose(found, by_expm(matrix, [pulse], TIMES), rtol=0, atol=COINCIDING)


rates = st.one_of(st.sampled_from([0.0, 0.1, 1.0, 1.0, 2.0, 30.0]), st.floats(0.01, 60))


@st.composite
def systems(draw):
    """Any two to five compartments that pass drug around, in rings too, and may lose it."""
    size = draw(st.integers(2, 5))
    matrix = np.zeros((size, size))
    for source in range(size):
        for target in range(size + 1):
            if source != target:
                rate = draw(rates)
                matrix[source, source] -= rate
                if target < size:
                    matrix[target, source] += rate
    return matrix


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(matrix=systems(), over_h=st.sampled_from([0.0, 0.5]), data=st.data())
def test_any_system_agrees_with_the_matrix_exponential(matrix, over_h, data):
    pulse = Pulse(data.draw(st.integers(0, len(matrix) - 1)), 1.0, 0.0, over_h)

    found = respond(matrix, [pulse], TIMES)

    # Worst seen in 4,000 random systems: 2.3e-13 of the dose.
    np.testing.assert_allclose(found, by_expm(matrix, [pulse], TIMES), rtol=0, atol=COINCIDING)


def test_without_a_dose_there_is_nothing():
    assert run(drug_model("kamp2020")).tolist() == [0.0] * len(TIMES)


def test_a_compartment_that_keeps_all_is_followed_exactly():
    matrix = np.array([[-1.0, 0.0], [1.0, 0.0]])
    pulse = Pulse(0, 10.0, 0.0, 2.0)

    found = respond(matrix, [pulse], TIMES)

    np.testing.assert_allclose(found.sum(axis=1), np.minimum(TIMES, 2.0) * 5.0, rtol=1e-14)


# -- what must always hold --------------------------------------------------------------------

doses = st.floats(min_value=0.1, max_value=300)
# Sixty-fourths of an hour are exact in floats: a start never falls beside its own output time.
hours = st.integers(0, 24 * 64).map(lambda ticks: ticks / 64)
weights = st.floats(min_value=30, max_value=300)
models = st.sampled_from(IV_MODELS)
given_doses = st.one_of(
    st.builds(lambda mg, at: bolus(mg, at_h=at), doses, hours),
    st.builds(
        lambda mg, at, over: infusion(mg, start_h=at, end_h=at + over),
        doses,
        hours,
        st.integers(1, 6 * 64).map(lambda ticks: ticks / 64),
    ),
)
LONG = np.arange(0, 72.5, 1.25)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(model=models, dose=given_doses, factor=st.floats(0.1, 10), weight_kg=weights)
def test_twice_the_dose_is_twice_the_concentration(model, dose, factor, weight_kg):
    larger = Administration(dose.start_h, dose.end_h, dose.dose_mg * factor)

    once = run(model, dose, weight_kg=weight_kg, times_h=LONG)
    scaled = run(model, larger, weight_kg=weight_kg, times_h=LONG)

    np.testing.assert_allclose(scaled, once * factor, rtol=1e-12, atol=1e-12 * scaled.max())


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(model=models, all_doses=st.lists(given_doses, min_size=2, max_size=5), weight_kg=weights)
def test_doses_add_up(model, all_doses, weight_kg):
    together = run(model, *all_doses, weight_kg=weight_kg, times_h=LONG)
    alone = sum(run(model, dose, weight_kg=weight_kg, times_h=LONG) for dose in all_doses)

    np.testing.assert_allclose(together, alone, rtol=1e-11, atol=1e-11 * together.max())


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(model=models, all_doses=st.lists(given_doses, min_size=2, max_size=5), data=st.data())
def test_the_order_of_doses_changes_nothing_at_all(model, all_doses, data):
    shuffled = data.draw(st.permutations(all_doses))

    assert np.array_equal(run(model, *all_doses, times_h=LONG), run(model, *shuffled, times_h=LONG))


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(model=models, dose=given_doses, shift=hours)
def test_a_later_dose_is_the_same_curve_later(model, dose, shift):
    moved = Administration(dose.start_h + shift, dose.end_h + shift, dose.dose_mg)

    now = run(model, dose, times_h=LONG)
    later = run(model, moved, times_h=LONG + shift)

    np.testing.assert_allclose(later, now, rtol=1e-12, atol=1e-12 * now.max())


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(model=models, all_doses=st.lists(given_doses, min_size=1, max_size=5), weight_kg=weights)
def test_amounts_are_never_below_zero_by_more_than_rounding(model, all_doses, weight_kg):
    regimen = Regimen(KETAMINE_BASE, tuple(all_doses))

    amounts = amounts_mg(model, regimen, weight_kg=weight_kg, times_h=LONG)

    assert amounts.min() >= -1e-13 * sum(dose.dose_mg for dose in all_doses)
    assert run(model, *all_doses, weight_kg=weight_kg, times_h=LONG).min() >= 0


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(model=models, all_doses=st.lists(given_doses, min_size=1, max_size=5), weight_kg=weights)
def test_what_was_given_is_in_the_body_or_has_left_it(model, all_doses, weight_kg):
    regimen = Regimen(KETAMINE_BASE, tuple(all_doses))

    amounts = amounts_mg(catching(model), regimen, weight_kg=weight_kg, times_h=LONG)

    so_far = sum(delivered(dose, LONG) for dose in all_doses)
    np.testing.assert_allclose(amounts.sum(axis=1), so_far, rtol=1e-11, atol=1e-11)


def catching(model):
    """The same model, with what leaves the body caught in one more compartment."""
    flows = tuple(
        Flow(each.source, each.to or "caught", each.clearance_l_per_h, each.rate_per_h)
        for each in model.flows
    )
    fields = {name: getattr(model, name) for name in model.__dataclass_fields__}
    fields |= {"compartments": (*model.compartments, "caught"), "flows": flows}
    return CompartmentModel(**fields)


def delivered(dose, times):
    if dose.end_h == dose.start_h:
        return np.where(times >= dose.start_h, dose.dose_mg, 0.0)
    share = (times - dose.start_h) / (dose.end_h - dose.start_h)
    return dose.dose_mg * np.clip(share, 0, 1)


@by_id(IV_MODELS)
def test_nothing_is_there_before_the_dose(model):
    found = run(model, infusion(35.0, start_h=1.0, end_h=2.0), times_h=[0.0, 0.5, 1.0, 1.5])

    assert found[:3].tolist() == [0.0, 0.0, 0.0]
    assert found[3] > 0


def test_a_bolus_is_there_at_once():
    kamp = drug_model("kamp2020")

    assert run(kamp, bolus(25.0), times_h=[0.0])[0] == pytest.approx(1000.0, rel=1e-14)


def test_a_long_infusion_reaches_rate_over_clearance():
    kamp = drug_model("kamp2020")

    found = run(kamp, infusion(84.0 * 500, end_h=500.0), times_h=[500.0])

    assert found[0] == pytest.approx(1000.0, rel=1e-9)


def test_kamp_clearance_grows_with_three_quarters_of_weight():
    kamp = drug_model("kamp2020")
    per_h = 84.0 * (100 / 70) ** 0.75

    found = run(kamp, infusion(per_h * 500, end_h=500.0), times_h=[500.0], weight_kg=100.0)

    assert found[0] == pytest.approx(1000.0, rel=1e-9)


def test_absorption_waits_for_its_lag():
    lagged = one_compartment(entries={"oral": (Entry("central", lag_h=0.5),)})

    found = run(lagged, Administration(0.0, 0.0, 10.0, "oral"), times_h=[0.0, 0.49, 0.5])

    assert found.tolist() == pytest.approx([0.0, 0.0, 1000.0])


# -- bad input --------------------------------------------------------------------------------


def one_compartment(**changes):
    fields = {
        "id": "one",
        "names": (),
        "title": "One compartment",
        "compartments": ("central",),
        "volumes_l": {"central": Scaled(10.0)},
        "flows": (Flow("central", None, clearance_l_per_h=Scaled(5.0)),),
        "entries": {"iv": (Entry("central", over_h=None),)},
        "seen_in": "central",
        "site": "venous",
        "status": "published",
        "substances": (KETAMINE_BASE,),
        "stands_in_for": (),
        "sources": ("nobody",),
        "standing": "house",
        "caveats": (),
    }
    return CompartmentModel(**(fields | changes))


@pytest.mark.parametrize(
    ("times", "reason"),
    [
        ([], "at least one"),
        ([[0.0]], "one list"),
        (1.0, "one list"),
        ([0.0, float("nan")], "finite"),
        ([0.0, float("inf")], "finite"),
        ([-0.1, 1.0], "0 h or later"),
        ([1.0, 0.5], "sort them"),
    ],
)
def test_bad_times_are_named(times, reason):
    with pytest.raises(ModelError, match=reason):
        checked_times(times)


@pytest.mark.parametrize("weight_kg", [0.0, -70.0, float("nan"), float("inf")])
def test_bad_weights_are_refused(weight_kg):
    with pytest.raises(ModelError, match="weight"):
        run(one_compartment(), bolus(1.0), weight_kg=weight_kg)


@pytest.mark.parametrize(
    "arguments",
    [
        (0.0, float("nan"), 1.0),
        (float("inf"), float("inf"), 1.0),
        (0.0, 1.0, float("nan")),
        (1.0, 0.5, 1.0),
        (0.0, 1.0, -1.0),
        (0.0, 1.0, 1.0, "oral"),
    ],
)
def test_impossible_doses_are_refused(arguments):
    with pytest.raises(ModelError):
        Administration(*arguments)


def test_hydrochloride_and_the_other_drug_are_not_converted():
    for substance in (KETAMINE_HYDROCHLORIDE, ESKETAMINE_BASE):
        with pytest.raises(ModelError, match="describes racemic ketamine base"):
            run(one_compartment(), bolus(1.0), substance=substance)


def test_a_route_the_model_does_not_have_is_refused():
    with pytest.raises(ModelError, match="it has iv"):
        run(one_compartment(), sublingual(10.0))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"compartments": ("central", "central")}, "repeated"),
        ({"seen_in": "elsewhere"}, "elsewhere"),
        ({"volumes_l": {}}, "without volume"),
        (
            {"volumes_l": {}, "flows": (Flow("central", None, rate_per_h=Scaled(1.0)),)},
            "has no volume",
        ),
    ],
)
def test_models_check_themselves(changes, reason):
    with pytest.raises(ModelError, match=reason):
        one_compartment(**changes)


def test_parts_of_a_model_check_themselves():
    with pytest.raises(ModelError, match="one of both"):
        Flow("central", None)
    with pytest.raises(ModelError, match="one of both"):
        Flow("central", None, Scaled(1.0), Scaled(1.0))
    for value in (0.0, -1.0, float("nan")):
        with pytest.raises(ModelError, match="above zero"):
            Scaled(value)
    for bad in ({"fraction": 0.0}, {"fraction": 1.1}, {"lag_h": -1.0}, {"over_h": float("inf")}):
        with pytest.raises(ModelError, match="An entry"):
            Entry("central", **bad)
