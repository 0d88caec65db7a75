"""The picture of the expected blood level: pure, the same bytes for the same numbers."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest

from vernal.units.dose import KETAMINE_BASE
from vernal.web.plan.drawing import BETWEEN_NAMES, BOTTOM, apart, draw, grid_step, short_names
from vernal.web.plan.presenters import chart_of_levels
from vernal.workflow.queries.expected import Expected, expected_for


@pytest.fixture(params=["iv", "sublingual"])
def expected(request) -> Expected:
    dose_mg, dose_min = {"iv": (35.0, 40.0), "sublingual": (10.0, 5.0)}[request.param]
    return expected_for(request.param, KETAMINE_BASE, dose_mg, dose_min, 70.0, 120)


def test_the_same_numbers_make_the_same_bytes(expected) -> None:
    assert draw(expected) == draw(replace(expected))


def test_it_holds_a_band_and_a_named_line_for_each_model(expected) -> None:
    svg = draw(expected)

    assert svg.count("mark-band") == 1
    assert svg.count("<polyline") == len(expected.curves)
    assert all(name in svg for name in short_names(expected.curves))
    assert "style=" not in svg


def test_no_two_models_have_one_name_and_each_says_its_site(expected) -> None:
    names = short_names(expected.curves)

    assert len(set(names)) == len(names)
    assert all(re.search(r"arterial|venous|site not said", name) for name in names)


def test_names_never_touch_one_another() -> None:
    places = apart([100.0, 101.0, 250.0, 250.0], least=BETWEEN_NAMES, lowest=BOTTOM)

    ordered = sorted(places)
    gaps = [lower - upper for upper, lower in itertools.pairwise(ordered)]
    assert min(gaps) >= BETWEEN_NAMES
    assert max(places) <= BOTTOM


@pytest.mark.parametrize(("most", "step"), [(4.9, 1), (30.0, 10), (289.0, 50), (2400.0, 500)])
def test_the_grid_has_few_round_lines(most, step) -> None:
    assert grid_step(most) == step


def test_the_band_of_the_usual_infusion_is_that_of_the_report() -> None:
    """35 mg over 40 minutes at 70 kg: the models peak from 125 to 289 ng/mL (report.md, 2)."""
    usual = expected_for("iv", KETAMINE_BASE, 35.0, 40.0, 70.0, 120)

    end = usual.minutes.index(40.0)
    assert round(usual.lo[end]) == 125
    assert round(usual.hi[end]) == 289


def test_the_table_gives_the_end_of_the_dose_and_every_twenty_minutes(expected) -> None:
    chart = chart_of_levels(expected)

    minutes = {row[0].text for row in chart.rows}
    assert {"0", "20", "40", "120", f"{expected.dose_min:g}"} <= minutes
    assert len(chart.columns) == 3 + len(expected.curves)
    assert "_" not in chart.caveat  # names, not the ids of the files
