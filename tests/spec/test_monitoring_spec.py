"""Each monitoring rule speaks when it must and keeps quiet when it must; the pages agree."""

from __future__ import annotations

import pytest

from tests.spec.monitoring_cases import (
    CASES,
    MONITORING,
    STATES,
    Case,
    monitoring_page,
    states_page,
    values,
)
from vernal.knowledge.check import check_cited, check_condition, source_keys
from vernal.knowledge.facts import facts
from vernal.knowledge.monitoring import rule, rules, shapes
from vernal.rules.conditions import Facts, judge
from vernal.rules.sessions import alarms, criteria, may_start_dose, timetable_for

ROWS = [f"MON-{n:03d}" for n in range(1, 55)] + [f"MONA-{n:02d}" for n in range(1, 22)]


def speaking(case: Case, given: Facts) -> set[str]:
    """Ids of the rules that speak through the functions pages call."""
    where = {"route": case.route, "indication": case.indication}
    own = rule(case.rule)
    if own.parts:
        return {case.rule} if own.when is not None and judge(own.when, given) is True else set()
    if own.kind == "alarm":
        found = alarms(given, rules(), **where, phases=frozenset({own.phase}))
        return {id_ for alarm in found.sounding for id_, _ in alarm.rules}
    if own.kind == "schedule":
        return {id_ for id_, _ in timetable_for(given, rules(), **where).rules}
    if own.blocks == "start":
        check = may_start_dose(given, rules(), **where)
        return {finding.condition for finding in check.findings.found}
    found = criteria(given, rules(), blocks=own.blocks, **where)
    return {each.id for each in found if each.status == "not_met"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_rule_speaks(case: Case) -> None:
    assert case.rule in speaking(case, values(case.speaks))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_rule_keeps_quiet_and_is_settled(case: Case) -> None:
    given = values(case.quiet)

    assert judge(rule(case.rule).when, given) is False
    assert case.rule not in speaking(case, given)


def test_every_rule_with_a_condition_has_exactly_one_case() -> None:
    assert sorted(case.rule for case in CASES) == sorted(r.id for r in rules() if r.when)


def test_all_reference_rows_are_rules() -> None:
    assert len(ROWS) == 75
    assert set(ROWS) <= set(shapes())
    assert {each.row for each in rules()} == set(ROWS)


def test_facts_and_sources_of_every_rule_are_defined() -> None:
    known, cited = facts(), source_keys()

    for shape in shapes().values():
        check_cited(shape.id, shape, cited)
        if shape.when is not None:
            check_condition(shape.id, shape.when, known)


def test_printed_pages_are_up_to_date() -> None:
    run = "run: python -m tests.spec.monitoring_cases"
    assert MONITORING.read_text("utf-8") == monitoring_page(), run
    assert STATES.read_text("utf-8") == states_page(), run
