"""What still stands between a screening and the word “eligible”."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from vernal.rules.findings import Finding, Findings, Level, Unjudged

Why = Literal["bar", "bar_for_good", "unjudged_bar", "not_weighed", "unjudged_not_weighed"]


@dataclass(frozen=True)
class Obstacle:
    """One condition that keeps a decision from being signed as eligible, and why."""

    condition: str
    title: str
    why: Why


def may_be_overridden(bar: Finding) -> bool:
    """A second clinician may set this bar aside; some bars nobody may."""
    return bar.level == Level.bar and bar.override == "second_clinician"


def obstacles_to_eligible(
    findings: Findings, *, overridden: Collection[str], weighed: Collection[str]
) -> tuple[Obstacle, ...]:
    """Every obstacle, strictest first; none means that “eligible” may be signed.

    `overridden` and `weighed` are conditions a second clinician set aside, or a prescriber wrote a
    benefit–risk note about. What cannot be judged and would need weighing needs the note too.
    """
    found = [_of_finding(finding, overridden, weighed) for finding in findings.found]
    unjudged = [_of_unjudged(item, weighed) for item in findings.unjudged]
    return tuple(obstacle for obstacle in (*found, *unjudged) if obstacle)


def _of_finding(
    finding: Finding, overridden: Collection[str], weighed: Collection[str]
) -> Obstacle | None:
    if finding.level == Level.bar:
        if not may_be_overridden(finding):
            return Obstacle(finding.condition, finding.title, "bar_for_good")
        if finding.condition not in overridden:
            return Obstacle(finding.condition, finding.title, "bar")
    if finding.level == Level.weigh and finding.condition not in weighed:
        return Obstacle(finding.condition, finding.title, "not_weighed")
    return None


def _of_unjudged(item: Unjudged, weighed: Collection[str]) -> Obstacle | None:
    if item.level == Level.bar:
        return Obstacle(item.condition, item.title, "unjudged_bar")
    if item.level == Level.weigh and item.condition not in weighed:
        return Obstacle(item.condition, item.title, "unjudged_not_weighed")
    return None
