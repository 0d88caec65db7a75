"""Where a value makes an alarm sound, as lines beside a chart. Never a band, never softened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from vernal.rules.conditions import Any, Compare, Condition
from vernal.rules.findings import Standing
from vernal.rules.screening import Indication, Route
from vernal.rules.sessions.monitoring import DoseAction, MonitoringRule


@dataclass(frozen=True)
class Limit:
    """From this value on the dose is slowed, paused or stopped; `rise` is above baseline."""

    value: Decimal
    dose: DoseAction
    rise: Decimal | None
    rule: str
    title: str
    standing: Standing


def limits(
    measure: str,
    rules: Iterable[MonitoringRule],
    *,
    baseline: Decimal | None,
    route: Route,
    indication: Indication,
) -> tuple[Limit, ...]:
    """The lowest value for each thing that happens to a dose, from low to high.

    Only conditions on this measure alone: a limit that needs something else as well is no line.
    """
    found: dict[DoseAction, Limit] = {}
    for rule in rules:
        if rule.kind != "alarm" or not rule.scope.covers(route=route, indication=indication):
            continue
        for limit in _of_rule(rule, measure, baseline, route):
            known = found.get(limit.dose)
            if limit.dose > DoseAction.go_on and (known is None or limit.value < known.value):
                found[limit.dose] = limit
    return tuple(sorted(found.values(), key=lambda each: each.value))


def _of_rule(
    rule: MonitoringRule, measure: str, baseline: Decimal | None, route: Route
) -> Iterator[Limit]:
    for compare in _alone(rule.when):
        value = compare.value
        if compare.operator not in ("above", "at_least") or not isinstance(value, Decimal):
            continue
        if compare.fact == measure:
            yield _limit(rule, value, None, route)
        elif compare.fact == f"rise_{measure}" and baseline is not None:
            yield _limit(rule, baseline + value, value, route)


def _limit(rule: MonitoringRule, value: Decimal, rise: Decimal | None, route: Route) -> Limit:
    return Limit(value, rule.dose, rise, rule.id, rule.title, rule.standing_on(route))


def _alone(condition: Condition | None) -> Iterator[Compare]:
    """Comparisons that hold by themselves: the condition itself, or one of its alternatives."""
    if isinstance(condition, Compare):
        yield condition
    elif isinstance(condition, Any):
        for part in condition.of:
            yield from _alone(part)
