"""A gate and the screening rules it stands for are told in one line, as strict as the stricter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vernal.rules.conditions import Compare
from vernal.rules.findings import Finding, Findings, Level, Override, Unjudged
from vernal.rules.medications import MedicineJudged, SessionDay, advice_today
from vernal.rules.screening import Scope
from vernal.rules.sessions import MonitoringRule, StartCheck, may_start_dose

GATE = MonitoringRule(
    id="GATE",
    version=1,
    row="GATE",
    title="Somebody goes home with the patient",
    kind="gate",
    phase="pre",
    scope=Scope(),
    steps=("Find somebody.",),
    who=("nurse",),
    reason="Nobody goes alone.",
    sources=("gate-source",),
    standing="house",
    when=Compare("escort", "is", value=False),
    blocks="start",
    level=Level.weigh,
    stands_for=("SCR",),
)


def found(condition: str, level: Level, override: Override = "second_clinician") -> Finding:
    return Finding(
        condition, condition, level, ((condition, 1),), "r", "a", ("source",), "house", override
    )


def unjudged(condition: str, level: Level, override: Override = "second_clinician") -> Unjudged:
    return Unjudged(condition, condition, level, ((condition, 1),), frozenset({"other"}), override)


def start(facts: dict, *screened: Finding | Unjudged, signed=(), noted=()) -> StartCheck:
    together = Findings(
        tuple(each for each in screened if isinstance(each, Finding)),
        tuple(each for each in screened if isinstance(each, Unjudged)),
    )
    return may_start_dose(
        facts,
        [GATE],
        route="iv",
        indication="trd",
        signed=signed,
        screened=together,
        noted=noted,
    )


def test_among_equals_the_gate_speaks() -> None:
    (line,) = start({"escort": False}, found("SCR", Level.weigh)).findings.found

    assert (line.condition, line.title) == ("GATE", GATE.title)
    assert line.rules == (("GATE", 1), ("SCR", 1))
    assert line.sources == ("gate-source", "source")


def test_a_stricter_screening_rule_speaks_in_the_place_of_its_gate() -> None:
    check = start({"escort": False}, found("SCR", Level.bar, "none"), signed=("GATE",))

    (line,) = check.findings.found
    assert (line.condition, line.title, line.override) == ("GATE", "SCR", "none")
    assert not check.may_start


def test_what_no_gate_stands_for_has_its_own_line() -> None:
    check = start({"escort": True}, found("airway", Level.bar, "none"))

    assert [each.condition for each in check.blocking] == ["airway"]


def test_what_is_open_names_everything_it_needs_once() -> None:
    (line,) = start({}, unjudged("SCR", Level.bar, "none")).findings.unjudged

    assert (line.condition, line.level, line.override) == ("GATE", Level.bar, "none")
    assert line.needs == {"escort", "other"}


def test_an_unjudged_bar_closes_the_start_and_nobody_signs_it_away() -> None:
    check = start(
        {"escort": True}, unjudged("airway", Level.bar), signed=("airway",), noted=("airway",)
    )

    assert check.needs == {"other"}
    assert not check.may_start


@pytest.mark.parametrize("noted", [True, False])
def test_a_note_in_the_chart_covers_what_nobody_can_judge_and_a_signature_of_today_does_not(
    noted: bool,
) -> None:
    names = {"noted" if noted else "signed": ("odd",)}
    check = start({"escort": True}, unjudged("odd", Level.weigh), **names)

    assert check.may_start is noted


def judged(*advice: SessionDay, subject: str = "taken") -> MedicineJudged:
    rule = type("Rule", (), {"session_day": None})
    rules = tuple(type("Rule", (), {"session_day": each}) for each in advice) or (rule,)
    return MedicineJudged("x", subject, (), "with_care", (), (), rules)  # type: ignore[arg-type]


def test_advice_about_medicines_is_asked_about_where_there_is_some() -> None:
    hold = SessionDay("hold", "None today.", "house")

    assert advice_today([judged(), judged(hold)]) == {"medicines_with_advice_today": True}
    assert advice_today([judged()]) == {"medicines_with_advice_today": False}


def test_a_list_nobody_saved_may_hold_a_medicine_with_advice() -> None:
    (fact,) = advice_today([judged(subject="list")]).values()

    assert fact.needs == {"medicines"}


def test_a_gate_that_is_closed_alone_is_told_as_before() -> None:
    other = replace(GATE, stands_for=())
    check = may_start_dose({"escort": False}, [other], route="iv", indication="trd")

    assert [each.condition for each in check.blocking] == ["GATE"]
