"""Rules know no files: the ends of a scale stand in both, and say the same."""

from __future__ import annotations

import pytest

from vernal.knowledge.facts import facts
from vernal.knowledge.scales import scales
from vernal.rules.sessions.payloads import SCALES

REVIEWED = {"moaas": "moaa-s", "aldrete": "aldrete", "cadss": "cadss"}


@pytest.mark.parametrize("name", SCALES)
def test_a_score_of_a_session_has_the_ends_of_its_fact(name: str) -> None:
    asked = facts()[name]

    assert (asked.least, asked.most) == SCALES[name]


@pytest.mark.parametrize(("name", "scale_id"), REVIEWED.items())
def test_a_score_of_a_session_has_the_ends_of_its_scale(name: str, scale_id: str) -> None:
    reviewed = scales()[scale_id]

    assert (reviewed.least, reviewed.most) == SCALES[name]


def test_a_score_without_a_scale_of_its_own_is_a_plain_number_from_0_to_10() -> None:
    assert {SCALES[name] for name in SCALES.keys() - REVIEWED.keys()} == {(0, 10)}
