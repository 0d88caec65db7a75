"""A published rate never stands alone: its control, its source and its standing are beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from vernal.knowledge import monitoring, outcomes, retreatment
from vernal.knowledge.effects import asked
from vernal.knowledge.scales import definitions
from vernal.knowledge.sources import sources
from vernal.rules.effects import EffectRate, ObservedEffect
from vernal.rules.outcomes import Judged
from vernal.web.effects.presenters import effects_page, question_page
from vernal.web.outcomes.presenters import outcomes_page
from vernal.web.parts import STANDINGS
from vernal.web.reviews.presenters import review_page
from vernal.workflow import queries
from vernal.workflow.queries import Published, Report
from vernal.workflow.queries.cited import source_line
from vernal.workflow.queries.effects import beside

pytestmark = pytest.mark.django_db
EVERY_SOURCE = {key: source_line(key) for key in sources()}


@pytest.fixture
def reading(course):
    """Who reads the chart, and when."""
    at = course.dose_at() + timedelta(days=1)
    return {"by": course.nurse, "patient_id": course.patient_id, "at": at}


def rates_of(published: Published) -> Iterator[EffectRate]:
    return (each.rate for found in published.by_axis.values() for each in found)


def control_of(rate: EffectRate) -> str:
    return rate.comparator.words if rate.comparator else rate.no_comparator


def titles(keys) -> list[str]:
    return [EVERY_SOURCE[key].title for key in keys]


def test_each_rate_of_a_side_effect_for_staff(reading) -> None:
    published = {each.id: beside(each) for each in asked()}
    view = replace(queries.effects(**reading), published=published, sources=EVERY_SOURCE)

    parts = effects_page(view).published

    shown = [row for part in parts for box in part.boxes for row in box.rows]
    rates = [rate for each in published.values() for rate in rates_of(each)]
    assert len(shown) == len(rates) > 0
    for (_who, drug, control, standing, cited), rate in zip(shown, rates, strict=True):
        assert drug.text == rate.drug.words
        assert control_of(rate) in control.text
        assert standing.text == str(STANDINGS[rate.standing])
        assert [each.title for each in cited.sources] == titles(rate.sources) != []


@pytest.mark.parametrize("for_staff", [True, False])
def test_each_rate_of_a_side_effect_beside_what_was_told(for_staff, course, reading) -> None:
    published = {each.id: beside(each, for_patients=True) for each in asked()}
    felt = tuple(ObservedEffect(each.id, 1, "next_day") for each in asked())
    view = replace(
        queries.effects_question(**reading, session_id=course.session().pk),
        published=published,
        sources=EVERY_SOURCE,
        reports={"next_day": Report("next_day", felt, "", reading["at"], "Wren Hollis")},
    )

    (box,) = question_page(view, None, safety=None, for_staff=for_staff).told

    shown = [line for told in box.lines for line in told.published]
    rates = [rate for each in published.values() for rate in rates_of(each)]
    assert len(shown) == len(rates) > 0
    for line, rate in zip(shown, rates, strict=True):
        assert rate.drug.words in line.words
        assert control_of(rate) in line.words
        assert line.standing == rate.standing == "verified"
        assert [each.title for each in line.sources] == titles(rate.sources) != []


def controls(row: str) -> list[str]:
    """What the sentences of a published row say of the other arm, one for each."""
    if row in retreatment.relapse_shapes():
        shape = retreatment.relapse_shapes()[row]
        other = retreatment.relapse_shapes().get(shape.beside)
        return [other.after if other else shape.comparison or "No comparison group"]
    found = outcomes.statements()[row]
    alone = found.comparison if not found.comparator else ""
    return [alone or f"people with {found.comparator}" for _ in found.figures] or [found.comparison]


def test_each_published_row_of_the_review(reading) -> None:
    view = queries.review(**reading)

    cards = review_page(view, signer="").cards

    assert {card.id for card in cards} == {option.id for option in retreatment.options()}
    for card, option in zip(cards, retreatment.options(), strict=True):
        rows = retreatment.published(option)
        others = [words for name in option.published for words in controls(name)]
        assert len(card.published) == len(rows) == len(others) > 0
        for cells, row, other in zip(card.published, rows, others, strict=True):
            found, _people, standing, cited = cells
            assert other in found.text, row.id
            assert standing.text == str(STANDINGS[row.standing])
            assert [each.title for each in cited.sources] == titles(row.sources) != []


def test_every_row_of_relapse_says_what_it_was_compared_with() -> None:
    for id_, row in retreatment.relapse_shapes().items():
        assert controls(id_)[0] in retreatment.relapse_sentence(row), id_


def test_each_reason_and_each_offer_of_the_review(reading) -> None:
    cards = review_page(queries.review(**reading), signer="").cards

    lines = [
        line for card in cards for line in (*card.speaks_for, *card.speaks_against, *card.protocol)
    ]
    assert lines
    assert all(line.standing in STANDINGS for line in lines)
    assert all(line.sources for line in lines if line.standing != "house")


def test_each_definition_and_each_prompt_of_the_outcomes(reading) -> None:
    gate = next(each for each in monitoring.of_kind("gate") if each.sources)
    shown = [each for each in definitions().values() if each.outcome != "futility"]
    judged = tuple(Judged(each, True, None, ()) for each in shown)
    view = replace(
        queries.outcomes(**reading, scale_id=""),
        judged=judged,
        prompts=retreatment.prompts(),
        gate=gate,
        sources=EVERY_SOURCE,
    )

    page = outcomes_page(view)

    for verdict, each in zip(page.verdicts, judged, strict=True):
        assert verdict.definition == each.definition.words
        assert verdict.standing == each.definition.standing
        assert [source.title for source in verdict.sources] == titles(each.definition.sources)
        assert verdict.sources or verdict.standing == "house"
    for card, prompt in zip(page.prompts, (gate, *retreatment.prompts()), strict=True):
        assert card.standing == prompt.standing
        assert [source.title for source in card.sources] == titles(prompt.sources)
