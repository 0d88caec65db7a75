"""The PHQ-9 before a dose: only what is fresh counts, and one score alone shows no rise."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from vernal.rules.conditions import Unknown
from vernal.rules.sessions.mood import MoodScore, mood_facts

TODAY = date(2026, 3, 4)


def scored(day: int, total: int | None, item9: int | None = 0) -> MoodScore:
    return MoodScore(
        date(2026, 3, day),
        None if total is None else Decimal(total),
        None if item9 is None else Decimal(item9),
    )


def facts(*scores: MoodScore, first_session: bool = False):
    return mood_facts(scores, on=TODAY, first_session=first_session, fresh_for=timedelta(days=7))


def test_the_rise_is_from_the_last_visit_to_now():
    assert facts(scored(1, 15), scored(4, 19, 2)) == {
        "phq9_item9": Decimal(2),
        "phq9_rise": Decimal(4),
    }


def test_nothing_filled_in_is_unknown():
    assert all(isinstance(value, Unknown) for value in facts().values())


def test_a_form_of_another_week_says_nothing_about_today():
    old = MoodScore(date(2026, 2, 24), Decimal(10), Decimal(0))

    assert all(isinstance(value, Unknown) for value in facts(old, first_session=True).values())


def test_the_only_score_is_the_baseline_of_a_first_session():
    assert facts(scored(3, 15), first_session=True)["phq9_rise"] == 0
    assert isinstance(facts(scored(3, 15))["phq9_rise"], Unknown)


def test_an_open_item_leaves_the_rise_open():
    found = facts(scored(1, 15), scored(4, None, None), first_session=True)

    assert all(isinstance(value, Unknown) for value in found.values())


def test_an_unfinished_form_in_between_is_passed_over():
    assert facts(scored(1, 15), scored(2, None), scored(4, 15))["phq9_rise"] == 0
