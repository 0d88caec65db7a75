"""Gates: what must hold before a dose, before going home, before a form is signed off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from vernal.rules.conditions import Condition, Facts, Unknown, judge
from vernal.rules.findings import Finding, Findings, Level, Standing, Unjudged
from vernal.rules.screening import Indication, Route
from vernal.rules.sessions.monitoring import Blocks, MonitoringRule

NOTHING = Findings((), ())
Each = TypeVar("Each", Finding, Unjudged)


@dataclass(frozen=True)
class Criterion:
    """One thing that must hold. `unknown` blocks like `not_met` and says what is needed.

    `reason` is why it is asked of anybody; where it `is_told`, how it stands with this session.
    """

    id: str
    version: int
    title: str
    status: Literal["met", "not_met", "unknown"]
    reason: str
    steps: tuple[str, ...]
    needs: frozenset[str]
    sources: tuple[str, ...]
    standing: Standing
    is_told: bool = False


@dataclass(frozen=True)
class StartCheck:
    """Whether a dose may start. `signed` are gates that those who may have signed today; `noted`
    are conditions weighed in the chart, where the note also covers what nobody can judge."""

    findings: Findings
    signed: frozenset[str]
    noted: frozenset[str] = frozenset()

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
        """Today nobody signs what is not known; a bar without override stays a bar."""
        if each.level == Level.bar and each.override == "none":
            return False
        if isinstance(each, Unjudged):
            return each.level == Level.weigh and each.condition in self.noted
        return each.condition in self.signed | self.noted


def may_start_dose(
    facts: Facts,
    rules: Iterable[MonitoringRule],
    *,
    route: Route,
    indication: Indication,
    signed: Collection[str] = (),
    screened: Findings = NOTHING,
    noted: Collection[str] = (),
) -> StartCheck:
    """Judge every gate before the dose. Comfort items (level caution) show but do not block.

    `screened` is what the screening rules of the session day find; a condition that a gate stands
    for is told in one line with the gate, as strict as the stricter of both.
    """
    rules = tuple(rules)
    found: list[Finding] = []
    unjudged: list[Unjudged] = []
    for rule, when in _gates(rules, "start", route, indication):
        truth = judge(when, facts)
        if isinstance(truth, Unknown):
            unjudged.append(_unjudged(rule, truth))
        elif truth:
            found.append(_finding(rule, route))
    gate_of = {
        condition: rule.id
        for rule, _ in reversed(_gates(rules, "start", route, indication))
        for condition in rule.stands_for
    }
    findings = Findings(
        _told_once((*found, *screened.found), gate_of),
        _told_once((*unjudged, *screened.unjudged), gate_of),
    )
    return StartCheck(findings, frozenset(signed), frozenset(noted))


def _told_once(items: Iterable[Each], gate_of: Mapping[str, str]) -> tuple[Each, ...]:
    """One line a condition, strictest first; a gate and what it stands for are one condition."""
    by_condition: dict[str, list[Each]] = defaultdict(list)
    for each in items:
        by_condition[gate_of.get(each.condition, each.condition)].append(each)
    merged = [_strictest(name, group) for name, group in by_condition.items()]
    return tuple(sorted(merged, key=lambda each: (-each.level, each.rules)))


def _strictest(condition: str, group: Sequence[Each]) -> Each:
    """The gate's own words, unless what it stands for is stricter."""
    first = max(group, key=lambda each: each.level)  # the gate comes first among equals
    bars = [each for each in group if each.level == Level.bar]
    return replace(
        first,
        condition=condition,
        rules=tuple(rule for each in group for rule in each.rules),
        override="none" if any(each.override == "none" for each in bars) else first.override,
        **_collected(group),
    )


def _collected(group: Sequence[Finding | Unjudged]) -> dict[str, Any]:
    """What is found has its sources, what is open its needs; here those of all together."""
    needs = [each.needs for each in group if isinstance(each, Unjudged)]
    if needs:
        return {"needs": frozenset().union(*needs)}
    sources = (source for each in group if isinstance(each, Finding) for source in each.sources)
    return {"sources": tuple(dict.fromkeys(sources))}


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
