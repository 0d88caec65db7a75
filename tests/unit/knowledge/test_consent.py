import re
from typing import get_args

import pytest

from vernal.knowledge import consent as knowledge
from vernal.knowledge.sources import sources
from vernal.rules.conditions import Unknown
from vernal.rules.consent import ConsentDraft, may_sign_consent
from vernal.rules.screening import Indication, Route


@pytest.mark.parametrize("route", get_args(Route))
@pytest.mark.parametrize("indication", get_args(Indication))
def test_every_form_holds_the_eleven_duties_it_needs(route, indication):
    ids = {each.id for each in knowledge.form_for(route, indication).elements}

    assert {
        "expected-benefit", "acute-effects", "long-term", "driving", "pregnancy", "your-rights",
        "capacity",
    } <= ids  # fmt: skip
    assert len(ids & {"off-label", "spray-label"}) == 1
    assert len(ids & {"alternatives", "alternatives-pain"}) == 1
    assert ("home-product" in ids) == (route in ("oral", "sublingual"))


def test_every_form_can_be_signed_when_all_is_ticked_and_understood():
    for route in get_args(Route):
        form = knowledge.form_for(route, "trd")
        draft = ConsentDraft(
            {each.id: True for each in form.elements},
            {each.id: each.right for each in form.teach_backs},
            has_capacity=True,
        )

        assert may_sign_consent(form, draft) is True
        assert isinstance(may_sign_consent(form, ConsentDraft({}, {}, True)), Unknown)


def test_forms_of_different_routes_are_different_forms():
    forms = {knowledge.form_for(route, "trd").version for route in get_args(Route)}

    assert len(forms) == len(get_args(Route))


def test_the_expected_benefit_asks_for_the_figures():
    assert [each.id for each in knowledge.elements() if each.shows_benefit] == ["expected-benefit"]


def test_every_source_exists():
    assert {s for each in knowledge.elements() for s in each.sources} <= set(sources())


def test_the_questions_are_ours():
    assert {each.standing for each in knowledge.teach_backs()} == {"house"}


def test_ids_of_elements_and_questions_do_not_meet():
    ids = [each.id for each in (*knowledge.elements(), *knowledge.teach_backs())]

    assert len(set(ids)) == len(ids)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade, syllables counted as groups of vowels without a silent e."""
    words = re.findall(r"[A-Za-z]+", text)
    sentences = re.findall(r"[.?!:](?:\s|$)", text)
    syllables = sum(
        max(1, len(re.findall(r"[aeiouy]+", _without_silent_e(word)))) for word in words
    )
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def _without_silent_e(word: str) -> str:
    return re.sub(r"(?<![aeiouyl])e[ds]?$", "", word.lower())


@pytest.mark.parametrize("element", knowledge.elements(), ids=lambda each: each.id)
def test_every_element_reads_at_eighth_grade_or_below(element):
    assert grade(element.words) <= 8
