"""A sentence from below is said in the language of the reader; other text stays as it is."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal

import pytest

from tests.factories import make_site
from tests.planning import Planning, make_planning
from vernal.rules.weights import Weight, weight_changed_much
from vernal.workflow.errors import InvalidInput
from vernal.workflow.spoken import spoken, spoken_lazy


@pytest.fixture(scope="module")
def made(lasting) -> Planning:
    return make_planning(make_site())


def question() -> str | None:
    on = date(2026, 3, 4)
    new, last = Weight(Decimal(77), on, "nurse"), Weight(Decimal(70), on, "nurse")
    return weight_changed_much(new, last, ask_again_percent=Decimal(5))


def test_in_english_a_sentence_says_what_the_rules_wrote() -> None:
    assert spoken(question()) == question()
    assert "differs by 10 % from 70 kg (154.3 lb) on Mar 4, 2026." in spoken(question())


def test_a_sentence_is_translated_with_the_sentences_in_it(made_up) -> None:
    assert "«70 kg (154.3 lb)» on Mar 4, 2026." in spoken(question())
    assert spoken(question()).startswith("««77 kg")
    assert spoken_lazy(question()) == spoken(question())


def test_other_text_stays_as_it_is(made_up) -> None:
    assert spoken("Rate") == "Rate"


def test_a_refusal_is_translated_when_it_is_made(made_up) -> None:
    assert InvalidInput({"weight": question()}).fields["weight"].startswith("«")


@pytest.mark.django_db
def test_a_plan_keeps_its_arithmetic_in_the_words_that_were_read(made, made_up) -> None:
    planning = deepcopy(made)
    planning.ready_to_sign()

    lines = {line["key"]: line for line in planning.chart.plans.get().worksheet["lines"]}

    assert lines["draw"]["what"] == "«Volume to draw»"
    assert "«50 mg/mL «racemic ketamine base»»" in lines["draw"]["how"]
