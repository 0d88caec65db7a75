"""Each rule speaks when it must and keeps quiet when it must, and the printed page agrees."""

from __future__ import annotations

import pytest

from tests.spec.screening_cases import CASES, DOCUMENT, Case, Place, document, values
from vernal.knowledge.screening import rules, shapes
from vernal.rules.findings import Findings
from vernal.rules.screening import findings_for

REFERENCE_ROWS = [f"SCR-{n:03d}" for n in range(1, 94)] + [f"SCRA-{n:02d}" for n in range(1, 12)]


def screened(facts: dict, place: Place) -> Findings:
    return findings_for(
        facts, rules(), route=place.route, indication=place.indication, moment=place.moment
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_rule_speaks_at_its_level(case: Case) -> None:
    findings = screened(values(case.fires), case.place)

    levels = [
        finding.level.name
        for finding in findings.found
        if case.rule in [rule for rule, _ in finding.rules]
    ]
    assert levels == [case.level]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_rule_keeps_quiet_and_is_settled(case: Case) -> None:
    findings = screened(values(case.quiet), case.quiet_place)

    named = {rule for item in (*findings.found, *findings.unjudged) for rule, _ in item.rules}
    assert case.rule not in named


def test_every_rule_has_exactly_one_case() -> None:
    assert sorted(case.rule for case in CASES) == sorted(shapes())


def test_all_reference_rows_are_rules() -> None:
    assert len(REFERENCE_ROWS) == 104
    assert set(REFERENCE_ROWS) <= set(shapes())


def test_printed_page_is_up_to_date() -> None:
    assert DOCUMENT.read_text("utf-8") == document(), "run: python -m tests.spec.screening_cases"
