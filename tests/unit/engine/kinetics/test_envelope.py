"""The band across models: never one value, always with its caveats."""

import numpy as np
import pytest

from vernal.engine.kinetics.envelope import envelope
from vernal.engine.kinetics.models import ModelError
from vernal.engine.kinetics.regimens import Regimen, infusion, sublingual
from vernal.knowledge.drugs import drug_model, models_for
from vernal.units.dose import KETAMINE_BASE

INFUSION = Regimen(KETAMINE_BASE, (infusion(35.0, end_h=2 / 3),))
TIMES = np.array([0, 20, 40, 60, 80, 110, 230]) / 60


def band(models=None, regimen=INFUSION):
    models = models or models_for(route="iv", substance=KETAMINE_BASE)
    return envelope(models, regimen, weight_kg=70.0, times_h=TIMES)


def test_the_peak_spans_125_to_289_across_the_six_models():
    found = band()

    assert len(found.models) == 6
    assert round(float(found.lo_ng_per_ml[2])) == 125
    assert round(float(found.hi_ng_per_ml[2])) == 289


def test_every_curve_lies_within_the_band():
    found = band()

    for curve in found.curves:
        assert np.all(found.lo_ng_per_ml <= curve.ng_per_ml)
        assert np.all(curve.ng_per_ml <= found.hi_ng_per_ml)


def test_one_model_is_no_band():
    kamp = drug_model("kamp2020")

    for models in ([], [kamp], [kamp, kamp]):
        with pytest.raises(ModelError, match="two or more"):
            envelope(models, INFUSION, weight_kg=70.0, times_h=TIMES)


def test_the_band_says_sites_sources_and_what_is_stretched():
    found = band()

    assert found.label.startswith("Blood level expected by 6 models")
    assert "ng/mL of base" in found.label
    assert "Arterial: Kamp 2020" in found.caveat
    assert "Venous: Clements 1981" in found.caveat
    assert "beyond what they were made for: Otto 2021" in found.caveat
    assert "not this person" in found.caveat
    assert len(found.notes) == 6
    assert found.standing == "unverified"
    assert "kamp-2020" in found.sources


def test_models_made_for_the_drug_are_not_called_stretched():
    found = band([drug_model(name) for name in ("kamp2020", "clements1981", "domino1982")])

    assert "beyond" not in found.caveat
    assert found.standing == "verified"


def test_sublingual_is_an_extrapolation_that_holds_what_was_measured():
    regimen = Regimen(KETAMINE_BASE, (sublingual(25.0),))
    models = models_for(route="sublingual", substance=KETAMINE_BASE)

    found = envelope(models, regimen, weight_kg=70.0, times_h=[0.0, 46 / 60])

    assert found.label.startswith("Blood level extrapolated by 4 models")
    assert found.standing == "house"
    assert all(curve.status == "extrapolation" for curve in found.curves)
    # Chong 2006: 28.6 (SD 6.6) ng/mL 46 minutes after 25 mg.
    assert found.lo_ng_per_ml[1] < 28.6 < found.hi_ng_per_ml[1]
