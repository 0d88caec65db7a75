from decimal import Decimal

import pytest
from pydantic import ValidationError

from vernal.knowledge import scales as knowledge
from vernal.knowledge.load import by_id
from vernal.knowledge.sources import sources

# Every row of the reference table of instruments; one row may become two scales.
ROWS = {
    "PHQ-9", "PHQ-2", "GAD-7", "PCL-5", "PC-PTSD-5",
    "C-SSRS screener (recent + lifetime behaviour)", "ASQ", "QIDS-SR16", "MADRS", "MADRS-S",
    "HAM-D17", "BDI-II", "EPDS", "WHO-5", "ISI", "PEG", "BPI-SF", "Pain NRS", "FIQR", "AUDIT-C",
    "DAST-10", "MDQ", "CADSS", "CADSS-6", "BPRS positive (4 items)", "MOAA/S",
    "Aldrete (modified)", "KSET / KSET-R", "SAFTEE", "MGH-ATRQ", "PROMIS short forms / PROMIS-29",
    "WHODAS 2.0 (12)", "Bladder items (brief said UPIC / ICIQ-LUTS)", "FIBSER", "MEQ-30", "Y-BOCS",
    "ASRM", "YMRS",
}  # fmt: skip
VERBATIM = {"phq-9", "phq-2", "gad-7"}
PARAPHRASED = {"pain-nrs", "moaa-s", "aldrete"}


def sources_of(shape: knowledge.ScaleShape) -> set[str]:
    parts = [shape, *shape.definitions, *shape.safety_items]
    parts += [part for part in (shape.bands, shape.loinc.panel, shape.loinc.total) if part]
    return {source for part in parts for source in part.sources}


def test_every_row_of_the_reference_became_a_scale():
    assert {shape.row for shape in knowledge.shapes().values()} == ROWS


def test_every_scale_can_be_made():
    assert set(knowledge.scales()) == set(knowledge.shapes())


@pytest.mark.parametrize("name", sorted(knowledge.shapes()))
def test_every_source_of_a_scale_exists(name):
    assert sources_of(knowledge.shapes()[name]) <= set(sources())


def test_only_texts_that_were_compared_are_shipped():
    shipped = {name: shape.text for name, shape in knowledge.shapes().items()}

    assert {name for name, text in shipped.items() if text == "verbatim"} == VERBATIM
    assert {name for name, text in shipped.items() if text == "paraphrase"} == PARAPHRASED


def test_verbatim_text_carries_its_notice():
    for name in VERBATIM:
        assert knowledge.shapes()[name].attribution.endswith(
            "No permission required to reproduce, translate, display or distribute."
        )


def test_the_phq_9_and_gad_7_have_the_wording_of_their_form():
    phq9 = {item.id: item.text for item in knowledge.scale("phq-9").items}
    gad7 = {item.id: item.text for item in knowledge.scale("gad-7").items}
    labels = [option.label for option in knowledge.scale("phq-9").items[0].options]

    assert phq9["6"] == (
        "Feeling bad about yourself — or that you are a failure or have let yourself or your "
        "family down"
    )
    assert phq9["8"] == (
        "Moving or speaking so slowly that other people could have noticed? Or the opposite — "
        "being so fidgety or restless that you have been moving around a lot more than usual"
    )
    assert phq9["9"] == (
        "Thoughts that you would be better off dead or of hurting yourself in some way"
    )
    assert knowledge.shapes()["phq-9"].stem.endswith("by any of the following problems?")
    assert knowledge.shapes()["gad-7"].stem.endswith("bothered by the following problems?")
    assert gad7["1"] == "Feeling nervous, anxious or on edge"
    assert gad7["7"] == "Feeling afraid as if something awful might happen"
    assert labels == ["Not at all", "Several days", "More than half the days", "Nearly every day"]


def test_the_c_ssrs_is_off_and_has_no_text():
    assert "c-ssrs-screener" not in knowledge.offered()
    assert "asq" in knowledge.offered()
    assert knowledge.scale("c-ssrs-screener").items == ()


def test_the_first_definition_of_an_outcome_is_the_one_we_use():
    first = {name: knowledge.definitions_of("madrs", name)[0].id for name in ("remission",)}

    assert first == {"remission": "madrs.remission"}
    assert len(knowledge.definitions_of("phq-9")) == 9


def test_what_is_ours_says_so():
    ours = {each.id for each in knowledge.definitions().values() if each.standing == "house"}

    assert ours == {
        "phq-9.worse",
        "phq-9.futility",
        "phq-9.futility-at-end",
        "phq-9.relapse-rise",
        "phq-9.relapse-level",
    }


def test_a_recalled_scoring_rule_makes_scores_unverified():
    assert knowledge.scale("fiqr").scoring == "unverified"
    assert knowledge.scale("asrm").scoring == "unverified"
    assert knowledge.scale("phq-9").scoring == "verified"


def test_nothing_is_reviewed_yet():
    assert all(shape.reviewed is None for shape in knowledge.shapes().values())


def test_items_have_the_codes_of_the_form():
    codes = {item.id: item.loinc for item in knowledge.scale("gad-7").items}

    assert (codes["6"], codes["7"]) == ("69689-8", "69736-7")


def plain(**changes: object) -> dict[str, object]:
    given: dict[str, object] = {
        "id": "test",
        "version": 1,
        "row": "Test",
        "title": "Test",
        "purpose": "Testing",
        "standing": "unverified",
        "sources": ["somewhere"],
        "licence": "SCORE-ONLY",
        "owner": "Somebody",
        "text": "not_shipped",
        "rater": "patient",
        "recall": "now",
        "minutes": "1",
        "entry": ["total"],
        "least": 0,
        "most": 10,
    }
    return given | changes


ITEM = {"id": "1", "label": "Pain", "text": "How much?", "least": 0, "most": 10}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"items": [ITEM]}, "items carry text"),
        ({"items": [ITEM], "text": "verbatim", "licence": "SHIP"}, "attribution"),
        ({"items": [ITEM], "text": "paraphrase"}, "ships no text"),
        ({"categories": ["low", "high"]}, "categories"),
        ({"entry": ["category"]}, "categories"),
        ({"bands": {"standing": "verified", "steps": [{"start": 0, "label": "all"}]}}, "source"),
        ({"loinc": {"total": {"code": "unknown", "standing": "house"}}}, "code"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused(changes, says):
    with pytest.raises(ValidationError, match=says):
        knowledge.ScaleShape.model_validate(plain(**changes))


def test_a_scale_with_bands_that_leave_a_gap_is_refused():
    bands = {
        "standing": "house",
        "steps": [{"start": 1, "label": "some"}, {"start": 5, "label": "more"}],
    }
    shape = knowledge.ScaleShape.model_validate(plain(bands=bands))

    with pytest.raises(ValueError, match="bands start at 0"):
        shape.value()


def test_ids_are_unique():
    assert len(by_id(tuple(knowledge.shapes().values()), "scales")) == len(knowledge.shapes())


def test_steps_lead_from_the_lowest_to_the_highest_score():
    for scale in knowledge.scales().values():
        assert (scale.most - scale.least) % scale.step == Decimal(0)
