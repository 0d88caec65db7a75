"""Advice for the first day after a session: by route, and never what nobody has read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vernal.knowledge import advice as known
from vernal.knowledge.advice import TOPICS, advice, home_advice


@pytest.mark.parametrize(
    ("route", "words", "standing"),
    [
        ("iv", "for at least 24 hours", "verified"),
        ("sublingual", "for at least 24 hours", "house"),
        ("nasal", "after a full night of sleep", "verified"),
    ],
)
def test_driving_follows_what_was_read_for_the_route(route, words, standing) -> None:
    driving = home_advice(route, "trd")[0]

    assert words in driving.words
    assert driving.standing == standing
    assert bool(driving.sources) is (standing == "verified")


@pytest.mark.parametrize("route", ["iv", "im", "sc", "nasal", "sublingual", "oral"])
def test_every_route_has_one_piece_a_topic(route) -> None:
    assert [each.topic for each in home_advice(route, "trd")] == list(TOPICS)


def test_what_nobody_has_read_is_left_out(monkeypatch) -> None:
    unread = tuple(
        replace(each, standing="unverified") if each.topic == "driving" else each
        for each in advice()
    )
    monkeypatch.setattr(known, "advice", lambda: unread)

    assert "driving" not in [each.topic for each in home_advice("iv", "trd")]
