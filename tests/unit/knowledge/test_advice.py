"""Advice for the first day after a session: by route, and never what nobody has read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vernal.knowledge import advice as known
from vernal.knowledge.advice import TOPICS, advice, advice_with, home_advice
from vernal.knowledge.consent import form_for
from vernal.knowledge.facts import facts
from vernal.knowledge.load import ContentError

ROUTES = ["iv", "im", "sc", "nasal", "sublingual", "oral"]


@pytest.mark.parametrize("route", ROUTES)
def test_one_rule_for_driving_stands_in_every_place(route) -> None:
    rule = advice_with("driving")
    form = form_for(route, "trd")
    element = next(each for each in form.elements if each.id == "driving")
    asked = next(each for each in form.teach_backs if each.id == "teach-back.driving")
    right = next(each.words for each in asked.choices if each.id == asked.right)

    assert home_advice(route, "trd")[0] == rule
    assert element.words.startswith(rule.words)
    assert right == rule.briefly
    for said in (rule.words, rule.briefly):
        assert "after a full night of sleep" in said
        assert "24 hours" in said
    assert (rule.standing, len(rule.sources)) == ("house", 2)


def test_no_question_of_the_history_gives_a_rule_of_its_own() -> None:
    hints = [each.hint for each in facts().values() if "driv" in each.hint]

    assert hints == ["You must not drive yourself home."]


def test_advice_that_is_not_there_is_named() -> None:
    with pytest.raises(ContentError, match="no advice 'flying'"):
        advice_with("flying")


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_has_one_piece_a_topic(route) -> None:
    assert [each.topic for each in home_advice(route, "trd")] == list(TOPICS)


def test_what_nobody_has_read_is_left_out(monkeypatch) -> None:
    unread = tuple(
        replace(each, standing="unverified") if each.topic == "driving" else each
        for each in advice()
    )
    monkeypatch.setattr(known, "advice", lambda: unread)

    assert "driving" not in [each.topic for each in home_advice("iv", "trd")]
