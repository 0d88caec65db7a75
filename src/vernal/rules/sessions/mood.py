"""The PHQ-9 of today beside that of the last visit, as facts for the gate before the dose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from vernal.rules.conditions import Unknown, Value


@dataclass(frozen=True)
class MoodScore:
    """One filled-in PHQ-9; `total` is None when an item is open."""

    on: date
    total: Decimal | None
    item9: Decimal | None


def mood_facts(
    scores: Sequence[MoodScore], *, on: date, first_session: bool, fresh_for: timedelta
) -> dict[str, Value | Unknown]:
    """`scores` from old to new. The only score before a first session is the baseline itself: it
    has not risen. Otherwise one score alone says nothing about a rise. One older than `fresh_for`
    says nothing about today."""
    item9: Value | Unknown = Unknown.of("phq9_item9")
    rise: Value | Unknown = Unknown.of("phq9_rise")
    if scores and on - scores[-1].on <= fresh_for:
        newest = scores[-1]
        item9 = item9 if newest.item9 is None else newest.item9
        before = [each.total for each in scores[:-1] if each.total is not None]
        if newest.total is not None and before:
            rise = newest.total - before[-1]
        elif newest.total is not None and first_session:
            rise = Decimal(0)
    return {"phq9_item9": item9, "phq9_rise": rise}
