"""Signatures before the dose: which gates are set aside now, and by whom.

A signature is about what was known when it was given. Whatever the server learns later (a reading
told late, an answer corrected or struck out) ends it, and so does any change to itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from vernal.rules.sessions.events import Kind
from vernal.rules.sessions.fold import SessionState

TELLING = frozenset({Kind.reading, Kind.symptom, Kind.checklist, Kind.score})


def setters_aside(state: SessionState) -> Mapping[str, frozenset[str]]:
    """The gates that a clinician set aside, each with the authors whose signature counts now."""
    learnt = [each.known_at for each in state.entries if each.kind in TELLING]
    found: dict[str, set[str]] = defaultdict(set)
    for entry in state.of(Kind.signature):
        payload = entry.payload
        is_for_the_start = (payload.get("meaning"), payload.get("role")) == ("start", "clinician")
        if (
            is_for_the_start
            and not entry.corrections
            and all(entry.known_at >= moment for moment in learnt)
        ):
            for name in payload.get("rules", ()):
                found[name].add(entry.event.author)
    return {name: frozenset(authors) for name, authors in found.items()}
