"""Each rule speaks when it must and keeps quiet when it must, and the printed page agrees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pytest

from tests.spec.screening_cases import (
    CASES,
    DOCUMENT,
    FURTHER,
    Case,
    Further,
    Given,
    Place,
    document,
    values,
)
from vernal.knowledge.screening import rules, shapes
from vernal.rules.conditions import All, Any, Compare, Condition, Not
from vernal.rules.screening import ScreeningRule, findings_for

REFERENCE_ROWS = [f"SCR-{n:03d}" for n in range(1, 94)] + [f"SCRA-{n:02d}" for n in range(1, 12)]


def level_of(
    rule: str, facts: Mapping[str, Given], place: Place, among: Iterable[ScreeningRule]
) -> str | None:
    """Level of the finding the rule is part of; "unjudged" when it is open; None when quiet."""
    findings = findings_for(
        values(facts),
        among,
        route=place.route,
        indication=place.indication,
        moment=place.moment,
    )
    for finding in findings.found:
        if rule in dict(finding.rules):
            return finding.level.name
    return "unjudged" if any(rule in dict(item.rules) for item in findings.unjudged) else None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_rule_speaks_at_its_level(case: Case) -> None:
    assert level_of(case.rule, case.fires, case.place, rules()) == case.level


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_rule_keeps_quiet_and_is_settled(case: Case) -> None:
    assert level_of(case.rule, case.quiet, case.quiet_place, rules()) is None


@pytest.mark.parametrize("further", FURTHER, ids=lambda further: further.rule)
def test_rule_answers_further_facts(further: Further) -> None:
    level = level_of(further.rule, further.facts, further.place, rules())

    assert level == further.level


def test_every_part_of_every_condition_is_held_by_a_case() -> None:
    """Each condition is changed in one place; some case must notice."""
    unheld = [
        (rule.id, changed)
        for rule in rules()
        for changed in changes_of(rule.when)
        if not noticed(replace(rule, when=changed))
    ]

    assert unheld == []


def noticed(changed: ScreeningRule) -> bool:
    among = [
        changed if rule.id == changed.id else rule
        for rule in rules()
        if rule.condition == changed.condition
    ]
    return any(
        level_of(rule, facts, place, among) != level
        for rule, level, facts, place in LINES
        if rule == changed.id
    )


LINES: list[tuple[str, str | None, Mapping[str, Given], Place]] = [
    *((case.rule, case.level, case.fires, case.place) for case in CASES),
    *((case.rule, None, case.quiet, case.quiet_place) for case in CASES),
    *((each.rule, each.level, each.facts, each.place) for each in FURTHER),
]
AT_THE_LIMIT = {"above": "at_least", "at_least": "above", "below": "at_most", "at_most": "below"}


def changes_of(condition: Condition) -> Iterator[Condition]:
    """The condition with one limit moved, one value or part dropped, or one answer turned."""
    match condition:
        case Compare(fact, "is", bool(value)):
            yield Compare(fact, "is", not value)
        case Compare(fact, "one_of", tuple(values_)):
            for value in values_:
                yield Compare(fact, "one_of", tuple(v for v in values_ if v != value))
        case Compare(fact, operator, value) if operator in AT_THE_LIMIT:
            yield Compare(fact, AT_THE_LIMIT[operator], value)  # type: ignore[arg-type]
        case Not(of):
            yield of
            yield from (Not(changed) for changed in changes_of(of))
        case All(of) | Any(of):
            for place, part in enumerate(of):
                before, after = of[:place], of[place + 1 :]
                yield type(condition)(before + after)
                for changed in changes_of(part):
                    yield type(condition)((*before, changed, *after))


def test_every_rule_has_exactly_one_case() -> None:
    assert sorted(case.rule for case in CASES) == sorted(shapes())


def test_all_reference_rows_are_rules() -> None:
    assert len(REFERENCE_ROWS) == 104
    assert set(REFERENCE_ROWS) <= set(shapes())


def test_printed_page_is_up_to_date() -> None:
    assert DOCUMENT.read_text("utf-8") == document(), "run: python -m tests.spec.screening_cases"
