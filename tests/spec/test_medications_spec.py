"""Each medication rule fires once and keeps quiet once, and the reference page says so."""

import pytest

from tests.spec.medication_cases import CASES, PAGE, Case, Situation, document
from vernal.knowledge.medications import rules
from vernal.rules.findings import Level


def levels_of(rule: str, situation: Situation, *, unjudged: bool = False) -> set[Level]:
    findings = situation.judged().findings
    items = findings.unjudged if unjudged else findings.found
    return {item.level for item in items if rule in {key for key, _ in item.rules}}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_each_rule_fires_in_its_case(case: Case) -> None:
    assert levels_of(case.rule, case.fires, unjudged=case.unjudged) == {case.level}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_each_rule_is_quiet_in_the_near_miss(case: Case) -> None:
    assert not levels_of(case.rule, case.quiet)
    assert not levels_of(case.rule, case.quiet, unjudged=True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_every_medicine_of_a_case_is_on_the_list_unless_the_case_is_about_that(case: Case) -> None:
    if not case.unjudged:
        for situation in (case.fires, case.quiet):
            assert all(entry.medicine for entry in situation.taken())


def test_every_rule_has_exactly_one_case() -> None:
    assert sorted(case.rule for case in CASES) == sorted(rule.id for rule in rules())


def test_the_reference_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == document(), "run python -m tests.spec.medication_cases"
