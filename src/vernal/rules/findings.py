"""What a check found, and what it could not judge."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

Standing = Literal["verified", "unverified", "house"]
Override = Literal["none", "second_clinician"]


class Level(IntEnum):
    """How much a finding weighs; a higher number is stricter."""

    note = 1
    caution = 2
    weigh = 3
    bar = 4


@dataclass(frozen=True)
class Finding:
    """One thing a check found about one condition.

    `rules` are (id, version) pairs; the first one gave level, reason and action, the others
    found the same condition. `override` only means something for a bar.
    """

    condition: str
    title: str
    level: Level
    rules: tuple[tuple[str, int], ...]
    reason: str
    action: str
    sources: tuple[str, ...]
    standing: Standing
    override: Override = "second_clinician"


@dataclass(frozen=True)
class Unjudged:
    """A condition that cannot be judged yet. `level` is what it would be if it were found."""

    condition: str
    title: str
    level: Level
    rules: tuple[tuple[str, int], ...]
    needs: frozenset[str]
    override: Override = "second_clinician"


@dataclass(frozen=True)
class Findings:
    """Strictest first. A condition may stand in both when a stricter rule is still unjudged."""

    found: tuple[Finding, ...]
    unjudged: tuple[Unjudged, ...]

    def at(self, level: Level) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.found if finding.level == level)

    @property
    def unjudged_bars(self) -> tuple[Unjudged, ...]:
        return tuple(item for item in self.unjudged if item.level == Level.bar)
