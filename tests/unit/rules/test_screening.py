"""The walk over rules, with rules made for the purpose; the real ones are in tests/spec."""

from __future__ import annotations

from typing import Any

from vernal.rules.conditions import Always, Compare, Facts
from vernal.rules.findings import Findings, Level
from vernal.rules.screening import Scope, ScreeningRule, findings_for


def rule(id: str, level: Level, fact: str | None = None, **changes: Any) -> ScreeningRule:
    given: dict[str, Any] = {
        "id": id,
        "version": 1,
        "condition": "pressure",
        "title": f"Title of {id}",
        "kind": "gate",
        "asked_at": frozenset({"screening"}),
        "scope": Scope(),
        "level": level,
        "override": "second_clinician",
        "when": Compare(fact, "is", True) if fact else Always(),
        "reason": f"Reason of {id}.",
        "action": f"Action of {id}.",
        "sources": (f"source-of-{id}",),
        "standing": "verified",
    }
    return ScreeningRule(**{**given, **changes})


def walk(facts: Facts, *rules: ScreeningRule) -> Findings:
    return findings_for(facts, rules, route="iv", indication="trd", moment="screening")


def test_rules_of_one_condition_give_one_finding_led_by_the_strictest() -> None:
    findings = walk({}, rule("A", Level.caution), rule("B", Level.weigh))

    (finding,) = findings.found
    assert finding.level == Level.weigh
    assert finding.rules == (("B", 1), ("A", 1))
    assert finding.reason == "Reason of B."
    assert finding.sources == ("source-of-B", "source-of-A")


def test_among_equals_the_first_in_the_files_leads() -> None:
    findings = walk({}, rule("B", Level.weigh), rule("A", Level.weigh))

    assert findings.found[0].rules == (("B", 1), ("A", 1))


def test_different_conditions_stay_apart_and_strictest_comes_first() -> None:
    findings = walk({}, rule("A", Level.note), rule("B", Level.bar, condition="allergy"))

    assert [finding.condition for finding in findings.found] == ["allergy", "pressure"]
    assert findings.at(Level.bar) == (findings.found[0],)


def test_condition_nobody_can_judge_is_reported_with_what_it_needs() -> None:
    findings = walk({}, rule("A", Level.bar, "aneurysm"), rule("B", Level.note, "other"))

    assert findings.found == ()
    (open_question,) = findings.unjudged
    assert open_question.level == Level.bar
    assert open_question.needs == {"aneurysm", "other"}
    assert findings.unjudged_bars == (open_question,)


def test_open_rule_is_reported_beside_a_milder_finding() -> None:
    findings = walk({}, rule("A", Level.caution), rule("B", Level.bar, "aneurysm"))

    assert findings.found[0].level == Level.caution
    assert findings.unjudged[0].rules == (("B", 1),)


def test_open_rule_that_could_not_be_stricter_is_not_asked_for() -> None:
    findings = walk({}, rule("A", Level.bar), rule("B", Level.bar, "x"), rule("C", Level.note, "y"))

    assert findings.unjudged == ()


def test_open_bar_without_override_is_reported_beside_a_bar_with_one() -> None:
    strict = rule("B", Level.bar, "symptoms", override="none")

    findings = walk({}, rule("A", Level.bar), strict)

    assert findings.unjudged[0].override == "none"


def test_bar_without_override_stays_without() -> None:
    findings = walk({}, rule("A", Level.bar), rule("B", Level.bar, override="none"))

    assert findings.found[0].override == "none"


def test_override_of_a_milder_rule_does_not_count() -> None:
    findings = walk({}, rule("A", Level.bar), rule("B", Level.caution, override="none"))

    assert findings.found[0].override == "second_clinician"


def test_rule_that_does_not_hold_is_silent() -> None:
    assert walk({"aneurysm": False}, rule("A", Level.bar, "aneurysm")) == Findings((), ())


def test_rule_of_another_moment_route_or_indication_is_silent() -> None:
    findings = walk(
        {},
        rule("A", Level.bar, asked_at=frozenset({"session_day"})),
        rule("B", Level.bar, scope=Scope(routes=frozenset({"nasal"}))),
        rule("C", Level.bar, scope=Scope(indications=frozenset({"ptsd"}))),
    )

    assert findings == Findings((), ())


def test_rule_scoped_to_this_route_and_indication_speaks() -> None:
    scope = Scope(routes=frozenset({"iv"}), indications=frozenset({"trd"}))

    assert walk({}, rule("A", Level.note, scope=scope)).found[0].level == Level.note
