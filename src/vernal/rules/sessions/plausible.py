"""Readings that are kept as they were typed, and asked about: an arrest, or a slip of the pen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from vernal.rules.sessions.events import Kind
from vernal.rules.sessions.fold import Problem, SessionState
from vernal.rules.sessions.payloads import FIELDS
from vernal.words import Sentence as _


@dataclass(frozen=True)
class Range:
    least: Decimal
    most: Decimal


def unusual(state: SessionState, ranges: Mapping[str, Range]) -> tuple[Problem, ...]:
    """One sentence for each value of the newest reading that lies outside its range."""
    last = state.last_reading
    if last is None:
        return ()
    return tuple(
        Problem(
            last.event_id,
            _(
                "%(label)s %(value)s is unusual: if it is a slip of the pen, correct the reading.",
                label=each.label,
                value=last.values[each.name],
            ),
        )
        for each in FIELDS[Kind.reading]
        if each.name in ranges and each.name in last.values
        if not ranges[each.name].least <= last.values[each.name] <= ranges[each.name].most
    )
