"""Gates: what must hold before a dose, before going home, before a form is signed off."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from vernal.rules.conditions import Condition, Facts, Unknown, judge
from vernal.rules.findings import Finding, Findings, Level, Standing, Unjudged
from vernal.rules.screening import Indication, Route
from vernal.rules.sessions.monitoring import Blocks, MonitoringRule


@dataclass(frozen=True)
class Criterion:
    """One thing that must hold. `unknown` blocks like `not_met` and says what is needed."""

    id: str
    version: int
    title: str
    status: Literal["met", "not_met", "unknown"]
    reason: str
    steps: tuple[str, ...]
    needs: frozenset[str]
    sources: tuple[str, ...]
    standing: Standing


@dataclass(frozen=True)
class StartCheck:
    """Whether a dose may start. `signed` are gates that those who may have signed."""

    findings: Findings
    signed: frozenset[str]

    @property
    def blocking(self) -> tuple[Finding | Unjudged, ...]:
        """A bar, an unsigned `weigh`, and whatever could be either but is not known yet."""
        everything: tuple[Finding | Unjudged, ...] = self.findings.found + self.findings.unjudged
        return tuple(
            each for each in everything if each.level >= Level.weigh and not self._is_signed(each)
        )

    @property
    def may_start(self) -> bool:
        return not self.blocking

    @property
    def needs(self) -> frozenset[str]:
        """Facts that must be known before a dose may start."""
        open_ = (each for each in self.blocking if isinstance(each, Unjudged))
        return frozenset().union(*(each.needs for each in open_))

    def _is_signed(self, each: Finding | Unjudged) -> bool:
        """Nobody signs what is not known; a bar without override stays a bar."""
        if isinstance(each, Unjudged) or (each.level == Level.bar and each.override == "none"):
            return False
        return each.condition in self.signed


def may_start_dose(
    facts: Facts,
    rules: Iterable[MonitoringRule],
    *,
    route: Route,
    indication: Indication,
    signed: Collection[str] = (),
) -> StartCheck:
    """Judge every gate before the dose. Comfort items (level caution) show but do not block."""
    found: list[Finding] = []
    unjudged: list[Unjudged] = []
    for rule, when in _gates(rules, "start", route, indication):
        truth = judge(when, facts)
        if isinstance(truth, Unknown):
            unjudged.append(_unjudged(rule, truth))
        elif truth:
            found.append(_finding(rule, route))
    findings = Findings(
        tuple(sorted(found, key=lambda each: (-each.level, each.rules))),
        tuple(sorted(unjudged, key=lambda each: (-each.level, each.rules))),
    )
    return StartCheck(findings, frozenset(signed))


def criteria(
    facts: Facts,
    rules: Iterable[MonitoringRule],
    *,
    blocks: Blocks,
    route: Route,
    indication: Indication,
) -> tuple[Criterion, ...]:
    """Every gate of one kind with its status, in the order of the files."""
    return tuple(
        _criterion(rule, when, facts, route)
        for rule, when in _gates(rules, blocks, route, indication)
    )


def all_met(found: Collection[Criterion]) -> bool:
    """Nothing passes without a criterion, and an unknown one does not pass."""
    return bool(found) and all(each.status == "met" for each in found)


def preparation(
    rules: Iterable[MonitoringRule], *, route: Route, indication: Indication
) -> tuple[MonitoringRule, ...]:
    """The questions of the checklist before the dose, in the order in which they are asked."""
    return tuple(rule for rule, _ in _gates(rules, "start", route, indication) if rule.question)


def _gates(
    rules: Iterable[MonitoringRule], blocks: Blocks, route: Route, indication: Indication
) -> tuple[tuple[MonitoringRule, Condition], ...]:
    return tuple(
        (rule, rule.when)
        for rule in rules
        if rule.blocks == blocks
        and rule.when is not None
        and not rule.parts
        and rule.scope.covers(route=route, indication=indication)
    )


def _criterion(rule: MonitoringRule, when: Condition, facts: Facts, route: Route) -> Criterion:
    truth = judge(when, facts)
    unknown = isinstance(truth, Unknown)
    return Criterion(
        id=rule.id,
        version=rule.version,
        title=rule.title,
        status="unknown" if unknown else "not_met" if truth else "met",
        reason=rule.reason,
        steps=rule.steps,
        needs=truth.needs if isinstance(truth, Unknown) else frozenset(),
        sources=rule.sources,
        standing=rule.standing_on(route),
    )


def _finding(rule: MonitoringRule, route: Route) -> Finding:
    return Finding(
        condition=rule.id,
        title=rule.title,
        level=rule.level,
        rules=((rule.id, rule.version),),
        reason=rule.reason,
        action=" ".join(rule.steps),
        sources=rule.sources,
        standing=rule.standing_on(route),
        override=rule.override,
    )


def _unjudged(rule: MonitoringRule, truth: Unknown) -> Unjudged:
    return Unjudged(
        condition=rule.id,
        title=rule.title,
        level=rule.level,
        rules=((rule.id, rule.version),),
        needs=truth.needs,
        override=rule.override,
    )
