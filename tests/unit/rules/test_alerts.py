"""Which later answer is news beside those that wait."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vernal.rules.alerts import IDEATION, Answer, is_grave, is_worse
from vernal.rules.suicidality import ATTEMPT

ITEM_9, DYING, CHEST = "scale:phq-9:9", "effect:suicidal", "effect:chest_pain"
SAID = "intent:new_suicidal_intent"
FIRST = {IDEATION: 1, ITEM_9: 1, DYING: 1, ATTEMPT: 0, CHEST: 0, SAID: 0}


def answer(scale: str, level: int) -> Answer:
    return Answer(scale, Decimal(level), first=Decimal(FIRST[scale]))


def worse(new: list[Answer], waiting: list[Answer]) -> bool:
    return is_worse(new, waiting, same_day_level=Decimal(4))


@pytest.mark.parametrize(
    ("waits", "comes", "is_news"),
    [
        ((IDEATION, 1), (IDEATION, 5), True),
        ((IDEATION, 4), (IDEATION, 5), True),
        ((IDEATION, 3), (IDEATION, 3), False),
        ((IDEATION, 5), (IDEATION, 1), False),
        ((ITEM_9, 1), (ITEM_9, 3), True),
        ((ITEM_9, 3), (ITEM_9, 3), False),
        ((ITEM_9, 3), (ITEM_9, 1), False),
        # Said to a nurse it is news beside whatever waits, and once.
        ((IDEATION, 5), (SAID, 1), True),
        ((SAID, 1), (SAID, 1), False),
        ((SAID, 1), (ITEM_9, 3), False),
        # Between scales: the first step says what waits already, a further one does not.
        ((ITEM_9, 1), (IDEATION, 1), False),
        ((ITEM_9, 3), (IDEATION, 2), True),
        ((IDEATION, 1), (ITEM_9, 1), False),
        ((IDEATION, 1), (ITEM_9, 2), True),
        ((IDEATION, 3), (DYING, 3), True),
        # Beside intention or a plan only an attempt is worse.
        ((IDEATION, 4), (ITEM_9, 3), False),
        ((IDEATION, 5), (ATTEMPT, 1), True),
        ((IDEATION, 1), (ATTEMPT, 1), True),
        ((ATTEMPT, 1), (ATTEMPT, 1), False),
        ((ATTEMPT, 1), (IDEATION, 2), True),
        # A severe effect: another one, or a stronger one.
        ((CHEST, 2), (CHEST, 3), True),
        ((CHEST, 3), (CHEST, 3), False),
    ],
)
def test_what_is_news(waits, comes, is_news) -> None:
    assert worse([answer(*comes)], [answer(*waits)]) is is_news


def test_another_severe_effect_is_news() -> None:
    assert worse([Answer("effect:breath", Decimal(3), Decimal(0))], [answer(CHEST, 3)])


def test_one_worse_answer_among_several_is_enough() -> None:
    assert worse([answer(ITEM_9, 1), answer(IDEATION, 4)], [answer(IDEATION, 2)])


def test_the_highest_that_waits_counts_not_the_last() -> None:
    assert not worse([answer(IDEATION, 4)], [answer(IDEATION, 5), answer(IDEATION, 1)])


def test_where_it_is_not_known_what_waits_the_first_step_alone_is_no_news() -> None:
    assert not worse([answer(IDEATION, 1)], [])
    assert worse([answer(IDEATION, 2)], [])


def test_intention_and_plan_are_grave_and_nothing_else_is() -> None:
    grave = [
        level
        for level in range(1, 6)
        if is_grave([answer(IDEATION, level)], same_day_level=Decimal(4))
    ]

    assert grave == [4, 5]
    assert not is_grave([answer(ATTEMPT, 1), answer(CHEST, 3)], same_day_level=Decimal(1))


ANSWERS = st.builds(answer, st.sampled_from(sorted(FIRST)), st.integers(1, 5))


@given(st.lists(ANSWERS), st.lists(ANSWERS))
def test_what_was_sent_once_is_never_news_again(new, waiting) -> None:
    assert not worse(new, [*waiting, *new])


@given(st.lists(ANSWERS))
def test_a_higher_level_of_thoughts_is_always_news(waiting) -> None:
    highest = max((each.level for each in waiting if each.scale == IDEATION), default=Decimal(1))

    assert worse([Answer(IDEATION, highest + 1, Decimal(1))], waiting)
