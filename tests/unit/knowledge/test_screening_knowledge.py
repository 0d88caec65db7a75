"""What must hold for all shipped screening rules, whatever a single one says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spec.screening_cases import CASES, Case, values
from vernal.knowledge.facts import Fact, all_sections, facts, outweighing, sections
from vernal.knowledge.figures import history_figures
from vernal.knowledge.screening import rules, shapes
from vernal.knowledge.sources import sources
from vernal.rules import facts as fact_rules
from vernal.rules.conditions import Unknown, Value, facts_used
from vernal.rules.facts import SUICIDAL_STEPS
from vernal.rules.findings import Findings, Level
from vernal.rules.screening import Indication, Moment, Route, findings_for

TODAY = date(2026, 3, 4)
from_answers = partial(fact_rules.derive, figures=history_figures(), outweighing=outweighing())
ROUTES, INDICATIONS = get_args(Route), get_args(Indication)
EVERYWHERE = [(route, indication) for route in ROUTES for indication in INDICATIONS]
LEVELS = {"absolute": "bar", "relative": "weigh", "caution": "caution", "info": "note"}

# Rules whose level differs from their reference row on purpose; each says why in `policy`.
DEVIATIONS = {"SCR-024-L", "SCR-029", "SCR-051-M"}

# Facts for which the safe answer is not "no", the first option or the middle of the range.
HEALTHY: dict[str, Value] = {
    "birth_date": date(1985, 6, 1),
    "climbs_two_flights": True,
    "decision_capacity": True,
    "adult_who_can_bring_home": True,
    "adult_at_home_after_treatment": True,
    "history_complete": True,
    "primary_diagnosis": "major_depression",
    "weight_kg": Decimal(70),
    "height_cm": Decimal(175),
    "systolic_mmhg": Decimal(120),
    "diastolic_mmhg": Decimal(80),
    "spo2_percent": Decimal(98),
    "depression_onset_age_years": Decimal(30),
}
# May stay empty: another answer settles what they would be asked for.
SKIPPED = {
    "heart_symptoms_now",
    "nyha_class",
    "significant_valve_disease",
    "child_pugh",
    "pregnant",
    "pregnancy_test_on",
    "reliable_contraception",
    "clinician_suicidal_ideation_level",
    "stated_height_cm",
}
RECORDS: dict[str, Value] = {"suicide_alert_open": False}  # known without asking anybody
MEDICINE_FACTS: dict[str, Value] = {
    "takes_mood_stabiliser": False,
    "takes_glp1": False,
    "benzodiazepine_diazepam_mg_per_day": Decimal(0),
}


def derive(told: dict[str, Value | Unknown], **more: object) -> dict[str, Value | Unknown]:
    return {**from_answers(told, **more), **RECORDS}


def healthy_answer(fact: Fact) -> Value:
    if fact.id in HEALTHY:
        return HEALTHY[fact.id]
    match fact.kind:
        case "yes_no":
            return False
        case "choice":
            return fact.options[0].value
        case "number":
            return Decimal(fact.least or 0)
        case "date":
            return TODAY
        case _:
            return "none"


def healthy_person() -> dict[str, Value | Unknown]:
    asked = [fact for section in sections() for fact in section.facts if fact not in SKIPPED]
    told = {id_: healthy_answer(facts()[id_]) for id_ in asked}
    return derive({**told, **MEDICINE_FACTS}, on=TODAY, trials=[])


def screened(
    known: dict[str, Value | Unknown],
    route: Route = "iv",
    indication: Indication = "trd",
    moment: Moment = "screening",
) -> Findings:
    return findings_for(known, rules(), route=route, indication=indication, moment=moment)


def standing_of(findings: Findings, rule: str) -> str:
    """found, unjudged or silent."""
    if any(rule in dict(finding.rules) for finding in findings.found):
        return "found"
    return "unjudged" if any(rule in dict(item.rules) for item in findings.unjudged) else "silent"


@pytest.mark.parametrize(("route", "indication"), EVERYWHERE)
def test_complete_healthy_answers_leave_nothing_open_and_nothing_barred(
    route: Route, indication: Indication
) -> None:
    findings = screened(healthy_person(), route, indication)

    assert findings.unjudged == ()
    assert findings.at(Level.bar) == findings.at(Level.caution) == ()
    # Only this stands in a healthy person's way: no antidepressant has been tried.
    weighed = {finding.condition for finding in findings.at(Level.weigh)}
    assert weighed == ({"SCR-033"} if indication == "trd" else set())


@pytest.mark.parametrize("route", ROUTES)
def test_empty_chart_leaves_every_bar_unjudged(route: Route) -> None:
    """But the open alert: what the records know needs no answer."""
    findings = screened(derive({}, on=TODAY), route)

    barred = {
        rule.condition
        for rule in rules()
        if rule.level == Level.bar
        and "screening" in rule.asked_at
        and rule.scope.covers(route=route, indication="trd")
    }
    assert {item.condition for item in findings.unjudged_bars} == barred - {"HOU-SUI-3"}


def test_open_bar_asks_only_for_what_somebody_is_asked() -> None:
    findings = screened(derive({}, on=TODAY))

    asked = {fact for section in sections() for fact in section.facts}
    assert {need for item in findings.unjudged_bars for need in item.needs} <= asked


def test_pending_pregnancy_test_is_unknown_not_normal() -> None:
    person = healthy_person() | {"pregnancy_possible": True, "pregnant": Unknown.of("pregnant")}

    (open_bar,) = screened(person).unjudged_bars

    assert open_bar.condition == "pregnancy"
    assert open_bar.needs == {"pregnant"}


def test_positive_test_is_found_though_pregnancy_was_said_to_be_impossible() -> None:
    told = healthy_person() | {"pregnancy_possible": False, "pregnant": True}

    findings = screened(derive(told, on=TODAY, trials=[]))

    assert "pregnancy" in {finding.condition for finding in findings.at(Level.bar)}


@pytest.mark.parametrize("step", ["suicidal_intention", "suicidal_plan_or_steps"])
def test_intent_or_plan_bars_without_override_whatever_else_is_unknown(step: str) -> None:
    findings = screened(derive({step: True}, on=TODAY))

    (finding,) = [each for each in findings.found if each.condition == "acute_suicidality"]
    assert (finding.level, finding.override) == (Level.bar, "none")


def test_rating_settles_what_the_patient_would_not_answer() -> None:
    declined = {step: Unknown.of(step) for step in SUICIDAL_STEPS}
    person = healthy_person() | declined

    open_ = screened(derive(person, on=TODAY, trials=[]))
    rated = derive(person | {"clinician_suicidal_ideation_level": Decimal(1)}, on=TODAY, trials=[])

    assert {item.condition for item in open_.unjudged_bars} == {"acute_suicidality"}
    assert screened(rated).unjudged_bars == ()


def test_clinician_who_rates_intent_is_heard_when_the_patient_says_no() -> None:
    told = dict.fromkeys(SUICIDAL_STEPS, False)

    known = derive({**told, "clinician_suicidal_ideation_level": Decimal(4)}, on=TODAY)

    assert standing_of(screened(known), "SCR-029") == "found"


def test_pressure_of_140_90_is_not_above_it_and_one_finding_covers_all_limits() -> None:
    at_limit = healthy_person() | {"systolic_mmhg": Decimal(140), "diastolic_mmhg": Decimal(90)}
    far_over = healthy_person() | {"systolic_mmhg": Decimal(185), "diastolic_mmhg": Decimal(90)}

    assert standing_of(screened(at_limit), "SCR-007") == "silent"
    (finding,) = screened(far_over).at(Level.bar)
    assert finding.override == "none"
    assert {"SCR-007", "SCR-008", "SCR-010", "SCR-011", "SCRA-09"} <= dict(finding.rules).keys()


def test_active_psychosis_bars_and_past_psychosis_is_weighed() -> None:
    active = healthy_person() | {"psychosis_active": True}
    lifetime = healthy_person() | {"primary_psychotic_disorder": True}

    assert [finding.condition for finding in screened(active).at(Level.bar)] == ["psychosis"]
    assert "psychosis" in {finding.condition for finding in screened(lifetime).at(Level.weigh)}


@pytest.mark.parametrize(
    "hazard",
    ["aneurysm", "intracerebral_haemorrhage", "allergy_ketamine", "psychosis_active"],
)
def test_hazard_of_the_person_bars_every_route_and_indication(hazard: str) -> None:
    person = healthy_person() | {hazard: True}

    silent = [place for place in EVERYWHERE if len(screened(person, *place).at(Level.bar)) != 1]

    assert silent == []


def test_level_follows_the_reference_unless_a_policy_says_why() -> None:
    deviating = {
        shape.id: shape.policy
        for shape in shapes().values()
        if shape.row_level and shape.level.name != LEVELS[shape.row_level]
    }

    assert deviating.keys() == DEVIATIONS
    assert all(deviating.values())


def test_rule_of_our_own_is_a_house_rule() -> None:
    own = [shape for shape in shapes().values() if shape.row_level is None]

    assert [shape.id for shape in own if not shape.id.startswith("HOU-")] == []
    assert {shape.standing for shape in own} == {"house"}


def test_nobody_has_reviewed_yet_and_the_files_do_not_say_otherwise() -> None:
    assert [shape.id for shape in shapes().values() if shape.reviewed] == []


def test_every_cited_source_exists() -> None:
    assert {key for rule in rules() for key in rule.sources} <= sources().keys()


def test_bars_nobody_may_set_aside_are_these() -> None:
    assert {rule.id for rule in rules() if rule.override == "none"} == {
        "SCR-005", "SCR-011", "SCR-029", "SCR-034", "SCR-064", "SCR-075", "SCR-077", "SCR-082",
        "HOU-SUI-3",
    }  # fmt: skip


def test_what_is_known_only_on_the_day_is_not_needed_before() -> None:
    of_the_day = {fact for section in sections("session_day") for fact in section.facts}

    early = [
        rule.id
        for rule in rules()
        if rule.asked_at - {"session_day"} and facts_used(rule.when) & of_the_day
    ]

    assert early == []


def test_every_question_serves_a_rule_or_is_kept_for_a_person() -> None:
    # Read by people, by derived facts or by later steps, not by a screening rule itself.
    for_people = {
        "sex_at_birth", "stated_height_cm", "weight_kg", "height_cm", "birth_date",
        "other_allergies", "own_telephone", "person_to_call",
        "heart_rate_per_min", "pregnancy_test_on",
        "prescription_monitoring_queried_on", "clinician_suicidal_ideation_level",
        "wish_to_be_dead", "thoughts_of_ending_life", "suicidal_method",
        "suicidal_intention", "suicidal_plan_or_steps",
        "alt_u_per_l", "alt_upper_limit_u_per_l", "ast_u_per_l", "ast_upper_limit_u_per_l",
    }  # fmt: skip
    used = {fact for rule in rules() for fact in facts_used(rule.when)}
    asked = {fact for section in all_sections() for fact in section.facts}

    assert asked - used == for_people


CONDITION_OF = {rule.id: rule.condition for rule in rules()}
BARS = [case for case in CASES if shapes()[case.rule].level == Level.bar]


def facts_of_condition(case: Case) -> list[str]:
    same = [rule for rule in rules() if rule.condition == CONDITION_OF[case.rule]]
    return sorted(frozenset().union(*(facts_used(rule.when) for rule in same)))


@pytest.mark.slow
@given(st.sampled_from(BARS), st.data())
def test_forgetting_facts_never_turns_a_bar_into_silence(case: Case, data: st.DataObject) -> None:
    known = healthy_person() | values(case.fires)
    forgotten = data.draw(st.sets(st.sampled_from(facts_of_condition(case))))
    rest = {fact: value for fact, value in known.items() if fact not in forgotten}

    place = case.place
    findings = screened(rest, place.route, place.indication, place.moment)

    barred = {item.condition for item in (*findings.at(Level.bar), *findings.unjudged_bars)}
    assert CONDITION_OF[case.rule] in barred


# Facts whose "yes" speaks for the person, so that adding it may rightly end a finding.
REASSURING = {
    "climbs_two_flights", "decision_capacity", "consent_signed", "reliable_contraception",
    "adult_who_can_bring_home", "adult_at_home_after_treatment", "history_complete",
    "baseline_scales_complete", "side_effect_baseline_recorded", "takes_mood_stabiliser",
    "prescription_monitoring_queried", "plan_has_end_point", "rems_site_certified",
    "rems_patient_enrolled", "escort_confirmed", "airway_equipment_at_hand", "fasting_followed",
}  # fmt: skip
RISKS = sorted(
    fact.id for fact in facts().values() if fact.kind == "yes_no" and fact.id not in REASSURING
)


@pytest.mark.slow
@given(st.sets(st.sampled_from(RISKS), max_size=6), st.sampled_from(RISKS), st.sampled_from(ROUTES))
def test_one_more_risk_never_gives_fewer_or_milder_findings(
    present: set[str], added: str, route: Route
) -> None:
    fewer = healthy_person() | dict.fromkeys(present, True)
    before = screened(derive(fewer, on=TODAY, trials=[]), route)
    after = screened(derive(fewer | {added: True}, on=TODAY, trials=[]), route)

    levels = {finding.condition: finding.level for finding in after.found}
    assert all(levels[finding.condition] >= finding.level for finding in before.found)


def test_rule_without_its_facts_is_open_not_silent() -> None:
    silent = []
    for case in CASES:
        findings = screened({}, case.place.route, case.place.indication, case.place.moment)
        named = {item.condition for item in (*findings.found, *findings.unjudged)}
        silent += [case.rule] if CONDITION_OF[case.rule] not in named else []

    assert silent == []
