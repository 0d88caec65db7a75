"""Screening: which conditions stand in the way, for one person, route and indication.

The walk knows nothing of any single rule; rules are data (`knowledge/data/screening`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from vernal.rules.conditions import Condition, Facts, Unknown, judge
from vernal.rules.findings import Finding, Findings, Level, Override, Standing, Unjudged

Kind = Literal["alarm", "gate", "schedule", "information"]
Moment = Literal["screening", "plan", "session_day"]
Route = Literal["iv", "sublingual", "nasal", "oral", "im", "sc"]
Indication = Literal[
    "trd", "mdd", "bipolar", "ptsd", "anxiety", "postpartum", "suicidality", "chronic_pain"
]


@dataclass(frozen=True)
class Scope:
    """Where a rule applies; `None` means everywhere. `why` says what ties a narrower scope."""

    routes: frozenset[Route] | None = None
    indications: frozenset[Indication] | None = None
    why: str = ""

    def covers(self, *, route: Route, indication: Indication) -> bool:
        return (self.routes is None or route in self.routes) and (
            self.indications is None or indication in self.indications
        )


@dataclass(frozen=True)
class ScreeningRule:
    """One reviewed condition. `condition` is shared by rules that say the same (`same_as`)."""

    id: str
    version: int
    condition: str
    title: str
    kind: Kind
    asked_at: frozenset[Moment]
    scope: Scope
    level: Level
    override: Override
    when: Condition
    reason: str
    action: str
    sources: tuple[str, ...]
    standing: Standing
    policy: str = ""


def findings_for(
    facts: Facts,
    rules: Iterable[ScreeningRule],
    *,
    route: Route,
    indication: Indication,
    moment: Moment,
) -> Findings:
    """Findings and unjudged conditions of the rules asked at this moment, one per condition.

    A condition is reported as unjudged only where that could make it stricter than what was
    found; an unknown never becomes silence.
    """
    by_condition: dict[str, list[ScreeningRule]] = defaultdict(list)
    for rule in rules:
        if moment in rule.asked_at and rule.scope.covers(route=route, indication=indication):
            by_condition[rule.condition].append(rule)
    found: list[Finding] = []
    unjudged: list[Unjudged] = []
    for group in by_condition.values():
        finding, open_question = _judge_group(group, facts)
        found += [finding] if finding else []
        unjudged += [open_question] if open_question else []
    return Findings(
        found=tuple(sorted(found, key=lambda item: (-item.level, item.rules))),
        unjudged=tuple(sorted(unjudged, key=lambda item: (-item.level, item.rules))),
    )


def _judge_group(
    group: list[ScreeningRule], facts: Facts
) -> tuple[Finding | None, Unjudged | None]:
    truths = [
        (rule, judge(rule.when, facts)) for rule in sorted(group, key=_strictness, reverse=True)
    ]
    holding = [rule for rule, truth in truths if truth is True]
    open_ = [
        (rule, truth)
        for rule, truth in truths
        if isinstance(truth, Unknown)
        and (not holding or _strictness(rule) > _strictness(holding[0]))
    ]
    return (_finding(holding) if holding else None), (_unjudged(open_) if open_ else None)


def _strictness(rule: ScreeningRule) -> tuple[int, bool]:
    return rule.level, rule.level == Level.bar and rule.override == "none"


def _finding(rules: list[ScreeningRule]) -> Finding:
    first = rules[0]
    return Finding(
        condition=first.condition,
        title=first.title,
        level=first.level,
        rules=tuple((rule.id, rule.version) for rule in rules),
        reason=first.reason,
        action=first.action,
        sources=tuple(dict.fromkeys(source for rule in rules for source in rule.sources)),
        standing=first.standing,
        override=_least_override(rules),
    )


def _unjudged(rules: list[tuple[ScreeningRule, Unknown]]) -> Unjudged:
    first = rules[0][0]
    return Unjudged(
        condition=first.condition,
        title=first.title,
        level=first.level,
        rules=tuple((rule.id, rule.version) for rule, _ in rules),
        needs=frozenset().union(*(truth.needs for _, truth in rules)),
        override=_least_override([rule for rule, _ in rules]),
    )


def _least_override(rules: list[ScreeningRule]) -> Override:
    """A bar without override stays without, whoever else found the same condition."""
    bars = [rule for rule in rules if rule.level == Level.bar]
    return "none" if any(rule.override == "none" for rule in bars) else "second_clinician"
