"""Side effects as they stand in the files: all rows, both arms, no number promoted."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from vernal.knowledge.check import check_effects
from vernal.knowledge.effects import RateShape, asked, rates
from vernal.knowledge.load import DATA, ContentError
from vernal.rules.effects import Comparison, EffectRate, NoComparator, comparison, rates_beside

PERCENT_ROUNDING = Decimal(
    "0.5"
)  # printed percents are whole; worst seen 0.46: AEA-033, 1/65 as 2 %
ROW = {
    "id": "X-1",
    "version": 1,
    "effect": "nausea",
    "term": "nausea",
    "category": "acute",
    "treatment": "ketamine",
    "group": "ketamine",
    "counted_per": "session",
    "ascertained": "elicited",
    "unit": "percent",
    "drug": {"words": "28%", "percent": 28},
    "comparator": {"words": "9%", "percent": 9},
    "comparator_is": "placebo",
    "standing": "house",
}


def rate(id_: str) -> EffectRate:
    return next(each for each in rates() if each.id == id_)


def test_all_reference_rows_are_there() -> None:
    expected = [f"AE-{n:03d}" for n in range(1, 137)] + [f"AEA-{n:03d}" for n in range(1, 57)]

    assert sorted(each.id for each in rates()) == sorted(expected)
    assert len(rates()) == 192


def test_recalled_rows_stay_unverified_except_the_ten_seen_later() -> None:
    assert {each.id for each in rates() if each.standing == "unverified"} == {"AE-021", "AE-071"}
    for number in range(39, 49):
        promoted = rate(f"AE-{number:03d}")
        assert promoted.standing == "verified"
        assert "spravato-manufacturer-safety-page-label-table-2-counts" in promoted.sources


def test_missing_row_of_the_label_is_there() -> None:
    missing = rate("AEA-027")

    assert (missing.effect, missing.drug.count, missing.drug.n) == ("feeling abnormal", 12, 346)
    assert (missing.comparator.count, missing.comparator.n) == (0, 222)


@pytest.mark.parametrize("each", rates(), ids=lambda each: each.id)
def test_percent_agrees_with_the_counts(each: EffectRate) -> None:
    for arm in (each.drug, each.comparator):
        if arm and arm.percent is not None and arm.count is not None and arm.n is not None:
            assert abs(arm.percent - Decimal(arm.count) * 100 / arm.n) <= PERCENT_ROUNDING


def test_dissociation_is_told_with_both_arms() -> None:
    told = comparison(rate("AE-022"))

    assert isinstance(told, Comparison)
    assert (told.drug.percent, told.comparator.percent) == (41, 9)
    assert "not free of drug" in told.comparator_is


def test_unpublished_rate_stays_in_words() -> None:
    told = comparison(rate("AE-001"))

    assert isinstance(told, Comparison)
    assert told.drug.at_least
    assert "exact rate is not in the texts seen" in told.drug.words
    assert told.comparator.percent is None


def test_lonely_rate_says_why_nothing_stands_beside_it() -> None:
    told = comparison(rate("AE-092"))

    assert isinstance(told, NoComparator)
    assert told.reason == "There was no placebo arm."


def test_antidepressant_rates_are_not_per_session() -> None:
    found = [each for each in rates() if each.group == "antidepressant"]

    assert len(found) == 62
    assert "session" not in {each.axis.counted_per for each in found}


def test_trial_counts_of_the_spray_are_per_course_not_per_session() -> None:
    assert rate("AE-022").axis.counted_per == "course"
    assert rate("AE-004").axis.counted_per == "session"


def test_asked_effect_shows_asked_and_volunteered_rates_apart() -> None:
    dissociation = next(each for each in asked() if each.id == "dissociation")

    beside = rates_beside(dissociation, rates(), group=["ketamine", "esketamine"])

    ids = {axis.ascertained: [told.rate.id for told in found] for axis, found in beside.items()}
    assert "AE-004" in ids["elicited"]
    assert "AE-022" not in ids["passive"]  # AEA-001 repeats it with the counts
    assert "AEA-001" in ids["passive"]


def test_every_asked_effect_has_one_question_and_published_terms() -> None:
    assert len({each.id for each in asked()}) == len(asked()) == 35
    assert all(each.question.endswith("?") and each.terms for each in asked())


def test_thoughts_of_dying_are_told_at_once_at_any_strength() -> None:
    assert next(each for each in asked() if each.id == "suicidal").call_now_from == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"comparator": None}, "say in no_comparator why"),
        ({"no_comparator": "None given."}, "say in no_comparator why"),
        ({"comparator_is": ""}, "comparator_is says"),
        ({"drug": {"words": "x", "percent": 101}}, "percent"),
        ({"drug": {"words": ""}}, "words"),
        ({"smell": "none"}, "smell"),
    ],
)
def test_incomplete_row_is_refused(change: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        RateShape.model_validate({**ROW, **change})


@pytest.mark.parametrize(
    ("rate_change", "terms", "reason"),
    [
        ({"repeats": "X-9"}, ["nausea"], "no rate has the id 'X-9'"),
        ({"sources": ["nowhere"]}, ["nausea"], "'nowhere' is not in sources.yaml"),
        ({}, ["joy"], "no rate has the term 'joy'"),
    ],
)
def test_start_is_stopped_by_a_row_that_names_what_is_not_there(
    tmp_path: Path, rate_change: dict[str, object], terms: list[str], reason: str
) -> None:
    question = {"id": "n", "version": 1, "label": "Nausea", "question": "Did you feel sick?"}
    (tmp_path / "effects/rates").mkdir(parents=True)
    (tmp_path / "effects/rates/x.yaml").write_text(yaml.safe_dump([{**ROW, **rate_change}]))
    (tmp_path / "effects/asked.yaml").write_text(
        yaml.safe_dump([{**question, "terms": terms, "standing": "house"}])
    )
    (tmp_path / "sources.yaml").symlink_to(DATA / "sources.yaml")

    with pytest.raises(ContentError, match=reason):
        check_effects(tmp_path)
