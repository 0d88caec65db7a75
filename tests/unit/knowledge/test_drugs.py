"""Drug models in the files: every number as its row prints it, standing the lowest of all."""

import csv
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from vernal.engine.kinetics.models import ModelError
from vernal.knowledge import drugs
from vernal.knowledge.drugs import DrugShape, Parameter
from vernal.knowledge.load import DATA, ContentError
from vernal.knowledge.sources import sources
from vernal.units.dose import ESKETAMINE_BASE, KETAMINE_BASE, KETAMINE_HYDROCHLORIDE

ROWS = {
    (row["model_id"], row["parameter"]): row
    for row in csv.DictReader(
        (Path(__file__).parent / "pk_model_rows.csv").read_text("utf-8").splitlines()
    )
}
LOWEST_FIRST = ("house", "unverified", "verified")


def parameters(shape):
    for holder in (shape, *shape.flows, *(e for route in shape.entries.values() for e in route)):
        for value in dict(holder).values():
            if isinstance(value, Parameter):
                yield value
    yield from shape.volumes.values()


ALL = [(shape, each) for shape in drugs.shapes().values() for each in parameters(shape)]


@pytest.mark.parametrize(
    ("shape", "parameter"), ALL, ids=[f"{s.id}-{p.row or p.how}" for s, p in ALL]
)
def test_every_parameter_is_its_row(shape, parameter):
    if parameter.row is None:
        assert shape.standing == "house"
        return
    rows = [
        row
        for (model, name), row in ROWS.items()
        if name == parameter.row and (model == shape.id or shape.status == "extrapolation")
    ]

    assert [
        row
        for row in rows
        if Decimal(row["value"]) == parameter.value
        and row["unit"] in (parameter.unit, f"{parameter.unit}/kg")
        and row["read"] == "yes"
    ]


@pytest.mark.parametrize("shape", drugs.shapes().values(), ids=lambda shape: shape.id)
def test_a_model_stands_as_low_as_its_lowest_number(shape):
    lowest = min((each.standing for each in parameters(shape)), key=LOWEST_FIRST.index)

    if shape.status == "extrapolation":
        assert shape.standing == "house"
    else:
        assert shape.standing == lowest


def test_every_source_is_known():
    for shape in drugs.shapes().values():
        assert set(shape.sources) <= set(sources())
    for route in ("iv", "sublingual", "oral"):
        for each in drugs.observed(route):
            assert set(each.sources) <= set(sources())


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("kamp2020", "kamp2020_rawdata_arterial"),
        ("kamp2020_rawdata_arterial", "kamp2020_rawdata_arterial"),
        ("clements1981", "clements1981_250ugkg"),
        ("domino1982", "domino1982_racemic"),
    ],
)
def test_short_names_and_ids_both_work(name, model):
    assert drugs.drug_model(name).id == model


def test_an_unknown_name_lists_the_names_there_are():
    with pytest.raises(drugs.UnknownModel, match="kamp2020") as caught:
        drugs.drug_model("pharmacolibrary")

    assert isinstance(caught.value, ModelError)


def test_names_are_unique():
    names = [name for model in drugs.drug_models().values() for name in (model.id, *model.names)]

    assert len(names) == len(set(names))


def test_models_for_a_route_and_substance():
    assert len(drugs.models_for(route="iv", substance=KETAMINE_BASE)) == 6
    assert len(drugs.models_for(route="sublingual", substance=KETAMINE_BASE)) == 4
    assert [m.id for m in drugs.models_for(route="oral", substance=ESKETAMINE_BASE)] == [
        "perezruixo2021_esk_in_iv_po"
    ]
    assert drugs.models_for(route="iv", substance=KETAMINE_HYDROCHLORIDE) == ()


def test_an_esketamine_model_on_racemate_is_an_extrapolation():
    assert drugs.drug_model("otto2021").status_for(KETAMINE_BASE) == "extrapolation"
    assert drugs.drug_model("otto2021").status_for(ESKETAMINE_BASE) == "published"
    assert drugs.drug_model("kamp2020").status_for(KETAMINE_BASE) == "published"


def test_units_become_hours_once():
    clements = drugs.drug_model("clements1981")

    assert clements.volume_l(70.0) == pytest.approx(1.7522 * 70)
    assert clements.rates_per_h(70.0)[0, 1] == 0.822


@pytest.mark.parametrize(
    ("how", "parts"),
    [
        ("(1 − 0.30) × 0.64 × (1 − 0.722)", ("0.7", "0.64", "0.278")),
        ("(1 − 0.26) × 0.64", ("0.74", "0.64")),
        ("(1 − 0.30) × 0.64", ("0.7", "0.64")),
    ],
)
def test_worked_out_shares_are_what_they_say(how, parts):
    product = Decimal(1)
    for part in parts:
        product *= Decimal(part)

    assert [each.value for _, each in ALL if each.how == how] == [product]


def test_measured_levels_stand_beside_the_band():
    assert [each.id for each in drugs.observed("iv")] == ["zarate-2006-iv", "krystal-1994-iv"]
    assert drugs.observed("nasal") == ()


SHAPE = {
    "id": "m",
    "version": 1,
    "title": "Model",
    "population": "Somebody",
    "sources": ["kamp-2020"],
    "standing": "verified",
    "site": "venous",
    "status": "published",
    "substances": ["ketamine_base"],
    "compartments": ["central"],
    "volumes": {"central": {"value": 10, "unit": "L", "row": "V"}},
    "flows": [{"source": "central", "clearance": {"value": 5, "unit": "L/h", "row": "CL"}}],
    "entries": {"iv": [{"compartment": "central", "over": "as_given"}]},
    "caveats": ["None of note"],
}
RATE = {"value": 1, "unit": "1/h", "row": "k"}


@pytest.mark.parametrize(
    "changes",
    [
        {"volumes": {"central": {"value": 10, "unit": "L"}}},
        {"volumes": {"central": {"value": 0, "unit": "L", "row": "V"}}},
        {"flows": [{"source": "central"}]},
        {"flows": [{"source": "central", "to": "central", "both_ways": True, "rate": RATE}]},
        {"entries": {}},
        {"surprise": 1},
    ],
)
def test_wrong_files_are_refused(changes):
    with pytest.raises(ValidationError):
        DrugShape.model_validate(SHAPE | changes)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"volumes": {"central": {"value": 10, "unit": "L/h", "row": "V"}}}, "a volume is in L"),
        ({"flows": [{"source": "nowhere", "rate": RATE}]}, "nowhere"),
        ({"disposition_of": "nobody"}, "disposition_of names a model"),
    ],
)
def test_models_that_make_no_sense_are_content_errors(changes, reason):
    with pytest.raises(ContentError, match=reason):
        drugs.built(DrugShape.model_validate(SHAPE | changes), drugs.shapes())


def test_a_lag_is_read_in_hours():
    lag = {"value": 30, "unit": "min", "row": "lag"}
    entries = {"oral": [{"compartment": "central", "lag": lag}]}

    model = drugs.built(DrugShape.model_validate(SHAPE | {"entries": entries}), {})

    assert model.entries_of("oral")[0].lag_h == 0.5


def test_the_files_pass_their_check():
    assert drugs.check(DATA) == len(drugs.shapes()) + 3


def test_an_unknown_source_is_a_content_error(tmp_path):
    shutil.copytree(DATA, tmp_path / "data")
    (tmp_path / "data" / "concentrations.yaml").write_text(
        (DATA / "concentrations.yaml").read_text("utf-8").replace("zanos-2018", "nobody-2018"),
        "utf-8",
    )

    with pytest.raises(ContentError, match="zarate-2006-iv: sources: 'nobody-2018-table-1'"):
        drugs.check(tmp_path / "data")
