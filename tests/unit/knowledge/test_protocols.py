"""Protocols in the files: every number has its rows, and stands no higher than they do."""

import csv
import re
import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from tests.spec.protocol_pages import DOCUMENT, document
from vernal.knowledge import monitoring, protocols
from vernal.knowledge.load import DATA, ContentError
from vernal.knowledge.protocols import ProtocolShape
from vernal.knowledge.sources import sources
from vernal.rules.dosing import (
    DoseOverCap,
    StepTooLarge,
    check_step,
    infusion_worksheet,
    sublingual_worksheet,
)
from vernal.rules.protocols import lowest_standing
from vernal.rules.weights import DosingWeight, Weight
from vernal.units.dose import KETAMINE_BASE, Dose, DosePerKg, Strength

ROWS = {
    row["id"]: row
    for row in csv.DictReader(
        (Path(__file__).parent / "protocol_rows.csv").read_text("utf-8").splitlines()
    )
}
ALL = list(protocols.protocols().values())
each_protocol = pytest.mark.parametrize("protocol", ALL, ids=lambda protocol: protocol.id)


def cited(value) -> Iterator:
    """Everything inside a protocol that has rows and a standing, itself left out."""
    for field in fields(value):
        inner = getattr(value, field.name)
        for each in inner if isinstance(inner, tuple) else (inner,):
            if is_dataclass(each):
                if hasattr(each, "rows"):
                    yield each
                yield from cited(each)


def key_of(source):
    return (
        re.sub(r"[^a-z0-9]+", "-", source.split(";")[0].strip().lower()).strip("-")[:56].strip("-")
    )


@each_protocol
def test_every_row_exists_and_every_source_is_known(protocol):
    for each in (protocol, *cited(protocol)):
        assert set(each.rows) <= set(ROWS)
        assert set(each.sources) <= set(sources())
    for each in cited(protocol.figures):
        assert set(each.sources) <= set(protocol.sources)
        assert {row for row in each.rows if row.startswith("DOS")} <= set(protocol.rows)


@each_protocol
def test_nothing_stands_higher_than_its_rows(protocol):
    for each in cited(protocol):
        read = {ROWS[row]["read"] for row in each.rows}
        if each.standing == "verified":
            assert read == {"yes"}, each
            assert all(ROWS[row]["threshold_origin"] != "house" for row in each.rows), each
        if each.standing == "unverified":
            assert "recalled" in read, each


@each_protocol
def test_what_is_not_house_names_the_sources_of_its_rows(protocol):
    for each in cited(protocol):
        if each.standing != "house":
            assert set(each.sources) <= {key_of(ROWS[row]["source"]) for row in each.rows}, each


@each_protocol
def test_a_protocol_stands_as_low_as_its_lowest_number(protocol):
    assert protocol.standing == lowest_standing(each.standing for each in cited(protocol))


@each_protocol
def test_caps_gaps_and_steps_are_house(protocol):
    figures = protocol.figures
    for figure in (figures.cap_mg_per_kg, figures.cap_mg, figures.hours_between, figures.step_up):
        assert figure.standing == "house"
        assert figure.note


def test_the_infusion_is_the_one_of_the_trials():
    figures = protocols.protocol("trd-iv-racemic").figures

    assert (figures.start_dose.value, figures.usual_min.value) == (0.5, 40)
    assert figures.start_dose.standing == "verified"


def test_the_sublingual_dose_is_never_called_verified():
    figures = protocols.protocol("trd-sublingual-clinic").figures

    assert figures.start_dose.standing == "house"
    assert figures.cap_mg.value == 50


@each_protocol
def test_a_course_can_start_and_rise_step_by_step_to_the_cap(protocol):
    weight = Weight(Decimal("70"), date(2026, 3, 9), "nurse 4")
    carried = DosingWeight(weight.kg, "actual", weight, f"actual weight {weight}", Decimal("24"))
    dose = protocol.start_dose
    for _ in range(20):
        _prepare(protocol, dose, carried)
        higher = _plus(dose, protocol.figures.step_up.value)
        check_step(higher, dose, step=protocol.figures.step_up.value)
        with pytest.raises(StepTooLarge):
            check_step(_plus(higher, Decimal("0.01")), dose, step=protocol.figures.step_up.value)
        dose = higher
        try:
            _prepare(protocol, dose, carried)
        except DoseOverCap:
            return
    raise AssertionError("no cap was met")


def _prepare(protocol, dose, weight):
    figures = protocol.figures
    if protocol.by_weight:
        return infusion_worksheet(
            dose,
            weight=weight,
            vial=Strength(figures.vials[0].value, KETAMINE_BASE),
            total_ml=figures.total_volume.value,
            minutes=figures.usual_min.value,
            caps=protocol.caps,
            limits=protocol.preparation_limits,
        )
    return sublingual_worksheet(
        dose,
        weight=weight,
        solution=Strength(figures.vials[0].value, KETAMINE_BASE),
        hold_min=figures.usual_min.value,
        caps=protocol.caps,
        limits=protocol.preparation_limits,
    )


def _plus(dose, more):
    if isinstance(dose, DosePerKg):
        return DosePerKg(dose.mg_per_kg + more, dose.substance)
    return Dose(dose.mg + more, dose.substance)


def test_protocols_are_found_by_route_and_indication():
    assert [each.id for each in protocols.protocols_for(route="iv", indication="trd")] == [
        "trd-iv-racemic"
    ]
    assert protocols.protocols_for(route="iv", indication="chronic_pain") == ()
    with pytest.raises(ContentError, match="trd-iv-racemic"):
        protocols.protocol("nothing")


def changed(**changes):
    whole = yaml.safe_load((DATA / "protocols/trd-iv-racemic.yaml").read_text("utf-8"))[0]
    for path, value in changes.items():
        *parts, last = path.split("__")
        inner = whole
        for part in parts:
            inner = inner[int(part) if part.isdigit() else part]
        inner[last] = value
    return ProtocolShape.model_validate(whole)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"figures__cap_mg__note": ""}, "says in 'note' why"),
        ({"figures__start_dose__sources": []}, "needs a source"),
        ({"phases__0__next__0__leads_to": "nowhere"}, "leads to 'nowhere'"),
        ({"phases__0__next__0__schedule": "daily"}, "'daily', which this protocol does not have"),
        (
            {"phases__0__next__0__holds": {"fact": "course.luck", "is": True}},
            "'course.luck' is no fact of a course",
        ),
    ],
)
def test_protocols_that_make_no_sense_are_content_errors(changes, reason):
    with pytest.raises(ContentError, match=reason):
        protocols.built(changed(**changes))


@pytest.mark.parametrize(
    "changes", [{"surprise": 1}, {"phases": []}, {"figures__cap_mg__rows": []}]
)
def test_wrong_files_are_refused(changes):
    with pytest.raises(ValidationError):
        changed(**changes)


def test_the_printed_page_is_fresh():
    assert DOCUMENT.read_text("utf-8") == document(), "run `python -m tests.spec.protocol_pages`"


def test_readings_are_those_of_the_session_rules():
    every_ten, at_thirty, aged, oxygen = (
        monitoring.rule(row).schedule for row in ("MON-007", "MON-008", "MON-026", "MON-018")
    )
    infusion = protocols.protocol("trd-iv-racemic").readings
    sublingual = protocols.protocol("trd-sublingual-clinic").readings

    assert infusion.during_every.value == every_ten.during_every_min
    assert infusion.after_every.value == every_ten.after_every_min
    assert [each.value for each in infusion.always_at] == list(at_thirty.at_min)
    assert infusion.close_every.value == aged.during_every_min
    assert sublingual.after_every.value <= oxygen.after_every_min


def test_the_files_pass_their_check():
    assert protocols.check(DATA) == len(ALL)


def test_an_unknown_source_deep_inside_is_a_content_error(tmp_path):
    shutil.copytree(DATA, tmp_path / "data")
    name = "protocols/trd-iv-racemic.yaml"
    text = (DATA / name).read_text("utf-8").replace("[riva-posse", "[nobody", 1)
    (tmp_path / "data" / name).write_text(text, "utf-8")

    with pytest.raises(ContentError, match="'nobody-2018-684"):
        protocols.check(tmp_path / "data")
