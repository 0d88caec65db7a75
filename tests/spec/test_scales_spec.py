"""Every case scores as written, every band begins and ends where it should, the page agrees."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.spec.scale_cases import BANDS, CASES, DOCUMENT, Case, document, spans
from vernal.knowledge.scales import scale, scales
from vernal.rules.conditions import Unknown
from vernal.rules.scales import Score, band, safety_answers, score


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.scale}: {case.answers}")
def test_a_case_scores_as_written(case: Case) -> None:
    asked = scale(case.scale)

    result = score(asked, case.given(asked))

    if isinstance(result, Unknown):
        items = sorted(need.removeprefix(f"{case.scale}.") for need in result.needs)
        assert case.score == f"missing: {', '.join(items)}"
    else:
        assert str(result.value) == case.score
        reached = band(asked, result.value)
        assert (reached.label if reached else "") == case.band


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.scale}: {case.answers}")
def test_a_case_flags_its_safety_items(case: Case) -> None:
    asked = scale(case.scale)

    found = safety_answers(asked, case.given(asked))

    if isinstance(found, Unknown):
        flags = "open: " + ", ".join(need.removeprefix(f"{case.scale}.") for need in found.needs)
    else:
        flags = ", ".join(each.item for each in found)
    assert flags == case.flags


@pytest.mark.parametrize("name", sorted(BANDS))
def test_bands_begin_and_end_where_the_reference_says(name: str) -> None:
    asked = scale(name)
    for span in spans(name):
        for value in (span.first, span.last):
            reached = band(asked, value)
            assert reached is not None
            assert reached.label == span.label


@pytest.mark.parametrize("name", sorted(BANDS))
def test_bands_cover_the_whole_range_without_gap_or_overlap(name: str) -> None:
    asked, found = scale(name), spans(name)

    assert found[0].first == asked.least
    assert found[-1].last == asked.most
    assert all(next_.first - span.last == asked.step for span, next_ in pairwise(found))


def test_every_scale_with_bands_is_written_down() -> None:
    assert set(BANDS) == {name for name, each in scales().items() if each.bands}


def test_every_scale_scored_by_items_has_a_case() -> None:
    assert {case.scale for case in CASES} == {name for name, each in scales().items() if each.parts}


def test_lowest_and_highest_answers_give_the_ends_of_the_scale() -> None:
    for each in scales().values():
        if each.parts:
            ends = [
                score(each, {item.id: end(item) for item in each.items})
                for end in (
                    lambda item: item.most if item.reversed else item.least,
                    lambda item: item.least if item.reversed else item.most,
                )
            ]
            assert all(isinstance(result, Score) for result in ends), each.id
            values = [result.value for result in ends if isinstance(result, Score)]
            assert values == [each.least, each.most], each.id


def test_the_printed_page_is_up_to_date() -> None:
    assert DOCUMENT.read_text("utf-8") == document(), "run: python -m tests.spec.scale_cases"
