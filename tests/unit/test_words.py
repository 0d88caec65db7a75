"""A sentence is English text that can still be said in another language."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

from vernal.words import Sentence, together


class Refused(Exception):
    """Stands for any error of the rules."""


def test_sentence_reads_as_english_text() -> None:
    found = Sentence("%(mg)s mg were given on %(day)s.", mg=44, day=date(2026, 3, 4))

    assert found == "44 mg were given on Mar 4, 2026."
    assert found.template == "%(mg)s mg were given on %(day)s."
    assert found.values["mg"] == 44


def test_without_values_a_percent_sign_stands_for_itself() -> None:
    assert Sentence("Under 5 % nobody asks.") == "Under 5 % nobody asks."


def test_template_outlives_an_error_and_a_copy() -> None:
    found = Sentence("%(label)s is missing.", label=Sentence("Rate"))

    assert str(Refused(found)).template == "%(label)s is missing."
    assert deepcopy(found).template == "%(label)s is missing."
    assert deepcopy(found) == "Rate is missing."


def test_several_sentences_are_one_and_stay_apart_inside() -> None:
    found = together(Sentence("Weigh again."), Sentence("Then sign."))

    assert found == "Weigh again. Then sign."
    assert [each.template for each in found.values.values()] == ["Weigh again.", "Then sign."]
