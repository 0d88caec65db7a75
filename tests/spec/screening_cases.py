"""What each screening rule must say: facts that make it speak, and facts that keep it quiet.

`python -m tests.spec.screening_cases` prints rules and cases into `docs/reference/screening.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from vernal.knowledge.check import located
from vernal.knowledge.screening import ScreeningShape
from vernal.rules.conditions import Value
from vernal.rules.screening import Indication, Moment, Route

DOCUMENT = Path(__file__).parents[2] / "docs/reference/screening.md"

Given = bool | int | str | Decimal


@dataclass(frozen=True)
class Place:
    route: Route = "iv"
    indication: Indication = "trd"
    moment: Moment = "screening"

    def __str__(self) -> str:
        return f"{self.route}, {self.indication}, {self.moment.replace('_', ' ')}"


@dataclass(frozen=True)
class Case:
    """`level` is that of the finding, which another rule of the same condition may have raised.

    `elsewhere` is where the rule keeps quiet when no fact can make it (it always holds).
    """

    rule: str
    level: str
    fires: Mapping[str, Given]
    quiet: Mapping[str, Given]
    place: Place = Place()
    elsewhere: Place | None = field(default=None)

    @property
    def quiet_place(self) -> Place:
        return self.elsewhere or self.place


@dataclass(frozen=True)
class Further:
    """One more set of facts for a rule; `level` is None where the rule must keep quiet."""

    rule: str
    level: str | None
    facts: Mapping[str, Given]
    place: Place = Place()


def values(facts: Mapping[str, Given]) -> dict[str, Value]:
    """Facts as rules take them: whole numbers become decimals."""
    return {
        fact: Decimal(given) if isinstance(given, int) and not isinstance(given, bool) else given
        for fact, given in facts.items()
    }


PLAN = Place(moment="plan")
TODAY = Place(moment="session_day")
NASAL = Place(route="nasal")
NASAL_TODAY = Place(route="nasal", moment="session_day")
PAIN = Place(indication="chronic_pain")

CALM = {"systolic_mmhg": 140, "diastolic_mmhg": 90, "pressure_symptoms": False}
HIGH = {"systolic_mmhg": 141, "diastolic_mmhg": 90, "pressure_symptoms": False}
NEVER = {"heart_attack_when": "never", "stroke_or_tia_when": "never"}
NO_HOSPITAL = {"heart_hospital_stay_when": "never"}
NO_PSYCHOSIS = {
    "psychosis_active": False,
    "past_psychosis": False,
    "primary_psychotic_disorder": False,
    "depression_with_psychotic_features": False,
}

CASES: tuple[Case, ...] = (
    # Heart and blood vessels
    Case("SCR-001", "bar", {"pressure_rise_serious_hazard": True}, {"pressure_rise_serious_hazard": False}),
    Case("SCR-002", "bar", {"aneurysm": True}, {"aneurysm": False}),
    Case("SCR-003", "bar", {"arteriovenous_malformation": True}, {"arteriovenous_malformation": False}),
    Case("SCR-004", "bar", {"intracerebral_haemorrhage": True}, {"intracerebral_haemorrhage": False}),
    Case("SCRA-01", "bar", {"heart_attack_when": "within_6_weeks"}, {"heart_attack_when": "longer_ago"}),
    Case("SCR-006", "bar", {"stroke_or_tia_when": "within_6_weeks"}, {**NEVER, **NO_HOSPITAL}),
    Case("SCR-007", "weigh", HIGH, CALM),
    Case("SCR-008", "weigh", HIGH, CALM, TODAY),
    Case("SCRA-09", "weigh", HIGH, CALM, NASAL_TODAY),
    Case("SCR-009", "weigh", {"age_years": 65, **CALM, "systolic_mmhg": 151}, {"age_years": 65, **CALM, "systolic_mmhg": 150}),
    Case("SCR-010", "bar", {**CALM, "systolic_mmhg": 160}, {**CALM, "systolic_mmhg": 159, "diastolic_mmhg": 99}),
    Case("SCR-011", "bar", {**CALM, "diastolic_mmhg": 120}, {**CALM, "systolic_mmhg": 179, "diastolic_mmhg": 119}),
    Case("SCR-012", "bar", {"unstable_cardiovascular_disease": True}, {"unstable_cardiovascular_disease": False}),
    Case("SCRA-02", "weigh", {"heart_condition": True, "heart_symptoms_now": True}, {"heart_condition": False}),
    Case("SCR-013", "weigh", {"heart_condition": True, "nyha_class": "iii"}, {"heart_condition": True, "nyha_class": "ii", "significant_valve_disease": False}),
    Case("SCR-014", "caution", {"high_ischaemic_heart_risk": True}, {"high_ischaemic_heart_risk": False}),
    Case("SCR-015", "caution", {"hypertensive_encephalopathy": True}, {"hypertensive_encephalopathy": False}),
    Case("SCR-016", "caution", {"has_hypertension": True}, {"has_hypertension": False}),
    Case("SCR-017", "caution", {"heart_condition": True, "stroke_or_tia_when": "never"}, {"heart_condition": False, **NEVER}),
    Case("SCRA-06-S", "weigh", {"stroke_or_tia_when": "longer_ago"}, {"stroke_or_tia_when": "never"}),
    Case("SCR-018", "caution", {"climbs_two_flights": False}, {"climbs_two_flights": True}),
    # Allergy, nerves, eyes
    Case("SCR-005", "bar", {"allergy_ketamine": True}, {"allergy_ketamine": False}),
    Case("SCR-019", "bar", {"raised_intracranial_pressure": True}, {"raised_intracranial_pressure": False}),
    Case("SCR-020", "weigh", {"glaucoma": "uncontrolled"}, {"glaucoma": "controlled"}),
    Case("SCR-021", "weigh", {"dementia": True}, {"dementia": False}),
    Case("SCR-022", "weigh", {"head_injury_symptoms": True}, {"head_injury_symptoms": False}),
    Case("SCR-023", "caution", {"seizures": True}, {"seizures": False}),
    # Mental health
    Case("SCR-024", "bar", {"psychosis_active": True}, {"psychosis_active": False}, TODAY),
    Case("SCR-024-L", "weigh", {**NO_PSYCHOSIS, "primary_psychotic_disorder": True}, NO_PSYCHOSIS),
    Case("SCR-025", "weigh", {**NO_PSYCHOSIS, "depression_with_psychotic_features": True}, NO_PSYCHOSIS),
    Case("SCR-026", "weigh", {**NO_PSYCHOSIS, "past_psychosis": True}, NO_PSYCHOSIS),
    Case("SCRA-06", "weigh", {**NO_PSYCHOSIS, "past_psychosis": True}, NO_PSYCHOSIS),
    Case("SCRA-06-B", "weigh", {"bipolar_disorder": True}, {"bipolar_disorder": False}),
    Case("SCR-027", "bar", {"mania_now": False, "ymrs_result": "above_12"}, {"mania_now": False, "ymrs_result": "at_most_12"}),
    Case("SCR-028", "weigh", {"bipolar_disorder": True, "takes_mood_stabiliser": False}, {"bipolar_disorder": True, "takes_mood_stabiliser": True}),
    Case("SCR-029", "bar", {"suicidal_ideation_level": 4}, {"suicidal_ideation_level": 3}),
    Case("HOU-SUI-1", "caution", {"suicidal_ideation_level": 1}, {"suicidal_ideation_level": 0}),
    Case("HOU-SUI-2", "weigh", {"suicide_attempt_when": "within_3_months"}, {"suicide_attempt_when": "within_a_year"}),
    Case("HOU-SUI-3", "bar", {"suicide_alert_open": True}, {"suicide_alert_open": False}),
    Case("SCR-030", "caution", {"age_years": 24}, {"age_years": 25}),
    Case("SCR-031", "caution", {"dissociative_or_severe_personality_disorder": True}, {"dissociative_or_severe_personality_disorder": False}),
    Case("SCR-032", "caution", {"primary_diagnosis": "ocd"}, {"primary_diagnosis": "bipolar_depression"}),
    Case("SCR-033", "weigh", {"failed_trials": 1}, {"failed_trials": 2}),
    Case("SCR-034", "bar", {"consent_signed": False}, {"consent_signed": True, "decision_capacity": True}, PLAN),
    # Substances
    Case("SCR-035", "bar", {"substance_use_disorder_when": "within_3_months"}, {"substance_use_disorder_when": "longer_ago"}),
    Case("SCR-036", "weigh", {"illicit_drugs_within_30_days": True}, {"illicit_drugs_within_30_days": False}),
    Case("SCR-037", "bar", {"substance_use_disorder_when": "active"}, {"substance_use_disorder_when": "within_3_months"}, PAIN),
    # Weighed, not cautioned: SCRA-06-D reads the same history more strictly.
    Case("SCR-038", "weigh", {"substance_use_disorder_when": "longer_ago"}, {"substance_use_disorder_when": "never"}),
    Case("SCRA-06-D", "weigh", {"substance_use_disorder_when": "longer_ago"}, {"substance_use_disorder_when": "never", "ketamine_misuse": False}),
    Case("SCR-039", "weigh", {"ketamine_misuse": True}, {"ketamine_misuse": False}),
    Case("SCR-040", "weigh", {"urine_drug_screen_positive": True}, {"urine_drug_screen_positive": False}),
    Case("SCR-041", "caution", {"cannabis_now": True}, {"cannabis_now": False}),
    Case("SCR-042", "bar", {"alcohol_within_24_hours": True}, {"alcohol_within_24_hours": False}, TODAY),
    # Pregnancy and breastfeeding
    Case("SCR-043", "bar", {"pregnancy_possible": True, "pregnant": True}, {"pregnancy_possible": False}, NASAL),
    Case("SCR-044", "bar", {"pregnancy_possible": True, "pregnant": True}, {"pregnancy_possible": True, "pregnant": False}),
    Case("SCR-045", "weigh", {"pregnancy_possible": True, "days_since_pregnancy_test": 8}, {"pregnancy_possible": True, "days_since_pregnancy_test": 7, "reliable_contraception": True}),
    Case("SCR-046", "weigh", {"breastfeeding": True}, {"breastfeeding": False}, NASAL),
    # Weighed: the label (SCR-046) is stricter than what was measured.
    Case("SCR-047", "weigh", {"breastfeeding": True}, {"breastfeeding": False}),
    Case("SCR-048", "weigh", {"breastfeeding": True}, {"breastfeeding": False}, Place(route="sublingual")),
    # Liver, laboratory, bladder
    Case("SCR-049", "bar", {"liver_disease": True, "child_pugh": "c"}, {"liver_disease": False}),
    Case("SCR-050", "caution", {"liver_disease": True, "child_pugh": "b"}, {"liver_disease": True, "child_pugh": "a"}),
    Case("SCR-051", "bar", {"liver_disease": True, "child_pugh": "c"}, {"liver_disease": True, "child_pugh": "b"}, PAIN),
    Case("SCR-051-M", "caution", {"liver_disease": True, "child_pugh": "b"}, {"liver_disease": True, "child_pugh": "none"}, PAIN),
    Case("SCR-052", "weigh", {"alt_times_upper_limit": Decimal("3.01")}, {"alt_times_upper_limit": 3, "ast_times_upper_limit": 3}),
    Case("SCR-053", "note", {"planned_course": "recurrent"}, {"planned_course": "single"}, PLAN),
    Case("SCR-054", "note", {"drinks_heavily": True}, {"drinks_heavily": False, "liver_disease": False}),
    Case("SCR-055", "note", {"heart_condition": False, "has_hypertension": False, "liver_disease": False, "drinks_heavily": False}, {"drinks_heavily": True}, PAIN),
    Case("SCR-056", "weigh", {"cystitis": True}, {"cystitis": False, "unexplained_urinary_symptoms": False, "bpic_ss_result": "below_19"}),
    Case("SCR-057", "note", {}, {}, TODAY, elsewhere=PLAN),
    # Thyroid, breathing, metabolism
    Case("SCR-058", "weigh", {"overactive_thyroid": "untreated"}, {"overactive_thyroid": "treated"}),
    Case("SCRA-03", "weigh", {"overactive_thyroid": "untreated"}, {"overactive_thyroid": "none"}, NASAL),
    Case("SCR-059", "caution", {"sleep_apnoea": True, "bmi_kg_per_m2": 35}, {"sleep_apnoea": True, "bmi_kg_per_m2": Decimal("34.99")}),
    Case("SCR-059-P", "caution", {"lung_disease": True}, {"lung_disease": False}),
    Case("SCRA-04", "caution", {"lung_disease": True}, {"lung_disease": False}, NASAL),
    Case("SCRA-05", "caution", {"sleep_apnoea": True, "bmi_kg_per_m2": 25}, {"sleep_apnoea": True, "bmi_kg_per_m2": Decimal("24.99")}),
    Case("SCR-060", "weigh", {"spo2_percent": 93}, {"spo2_percent": 94}),
    Case("SCR-061", "caution", {"respiratory_infection_now": True}, {"respiratory_infection_now": False}, TODAY),
    Case("SCR-062", "weigh", {"porphyria": True}, {"porphyria": False}),
    Case("SCR-063", "caution", {"bmi_kg_per_m2": 30}, {"bmi_kg_per_m2": Decimal("29.99")}),
    # Age and ancestry
    Case("SCR-064", "bar", {"age_years": 17}, {"age_years": 18}, NASAL),
    # A bar, because the bar under 18 (SCR-064) is stricter.
    Case("SCR-065", "bar", {"age_years": 13}, {"age_years": 12}),
    Case("SCR-066", "caution", {"age_years": 65}, {"age_years": 64}, NASAL),
    Case("SCRA-07", "caution", {"age_years": 65}, {"age_years": 64}, NASAL),
    Case("SCR-067", "caution", {"age_years": 60}, {"age_years": 59}),
    Case("SCR-068", "caution", {"age_years": 75}, {"age_years": 74}, NASAL),
    Case("SCRA-08", "caution", {"japanese_ancestry": True}, {"japanese_ancestry": False}, NASAL),
    # Preparation
    Case("SCR-069", "weigh", {"food_within_2_hours": True}, {"food_within_2_hours": False}, NASAL_TODAY),
    Case("SCR-070", "weigh", {"liquid_within_30_minutes": True}, {"liquid_within_30_minutes": False}, NASAL_TODAY),
    Case("SCR-071", "weigh", {"nasal_medicine_within_60_minutes": True}, {"nasal_medicine_within_60_minutes": False}, NASAL_TODAY),
    Case("SCR-072", "weigh", {"fasting_followed": False}, {"fasting_followed": True}, TODAY),
    Case("SCR-073", "caution", {"takes_glp1": True, "stomach_symptoms_now": True}, {"takes_glp1": False}, TODAY),
    Case("SCR-074", "bar", {"escort_confirmed": False}, {"escort_confirmed": True}, TODAY),
    Case("HOU-SUP-1", "caution", {"adult_who_can_bring_home": False}, {"adult_who_can_bring_home": True, "adult_at_home_after_treatment": True}),
    # Setting
    Case("SCR-075", "bar", {"rems_patient_enrolled": False}, {"rems_site_certified": True, "rems_patient_enrolled": True}, Place(route="nasal", moment="plan")),
    Case("SCR-076", "caution", {"dosing_place": "home"}, {"dosing_place": "clinic"}, Place(route="sublingual", moment="plan")),
    Case("SCR-077", "bar", {"airway_equipment_at_hand": False}, {"airway_equipment_at_hand": True}, TODAY),
    Case("SCR-078", "weigh", {"dosing_place": "home", "months_since_in_person_visit": 7}, {"dosing_place": "home", "months_since_in_person_visit": 6}, PLAN),
    Case("SCR-092", "note", {}, {}, elsewhere=PAIN),
    Case("SCR-093", "weigh", {"plan_has_end_point": False}, {"plan_has_end_point": True}, PLAN),
    # History and the clinic's own duties
    Case("SCR-079", "note", {"history_complete": False}, {"history_complete": True}),
    Case("SCR-080", "note", {"baseline_scales_complete": False}, {"baseline_scales_complete": True}, PLAN),
    Case("SCR-081", "note", {"side_effect_baseline_recorded": False}, {"side_effect_baseline_recorded": True}, PLAN),
    Case("SCR-082", "bar", {"prescription_monitoring_queried": False}, {"prescription_monitoring_queried": True}, Place(route="sublingual", moment="plan")),
    Case("HOU-PMP-1", "bar", {"prescription_monitoring_queried": False}, {"prescription_monitoring_queried": True}, PLAN),
    Case("SCR-083", "weigh", {"prescription_monitoring_queried": True, "days_since_prescription_monitoring_query": 91}, {"prescription_monitoring_queried": True, "days_since_prescription_monitoring_query": 90}, PLAN),
    Case("HOU-ANA-1", "caution", {"anaesthesia_problem": True}, {"anaesthesia_problem": False}),
    Case("HOU-KET-1", "caution", {"bad_reaction_to_ketamine": True}, {"bad_reaction_to_ketamine": False}),
    # Expected benefit and place in therapy: shown, never a gate
    Case("SCR-084", "note", {"bmi_kg_per_m2": 30}, {"bmi_kg_per_m2": 29}),
    Case("SCR-085", "note", {"family_alcohol_disorder": True}, {"family_alcohol_disorder": False}),
    Case("SCR-086", "note", {"suicide_attempt_when": "never"}, {"suicide_attempt_when": "longer_ago"}),
    Case("SCR-087", "note", {"bipolar_disorder": True}, {"bipolar_disorder": False, "primary_diagnosis": "major_depression"}, Place(indication="suicidality")),
    Case("SCR-088", "note", {"outpatient_start": True, "depression_severity": "severe"}, {"outpatient_start": True, "depression_severity": "very_severe"}),
    Case("SCR-089", "note", {"failed_trials": 5}, {"failed_trials": 4}),
    Case("SCR-090", "caution", {"benzodiazepine_diazepam_mg_per_day": Decimal("8.1")}, {"benzodiazepine_diazepam_mg_per_day": 8}),
    Case("SCR-091", "note", {"age_years": 65, "depression_onset_age_years": 55}, {"age_years": 65, "depression_onset_age_years": 54}, NASAL),
    Case("SCRA-10", "caution", {"benzodiazepine_diazepam_mg_per_day": 16}, {"benzodiazepine_diazepam_mg_per_day": 15}),
    Case("SCRA-11", "note", {}, {}, elsewhere=PAIN),
)  # fmt: skip

# Every part of every condition is held by one of these or of the cases above.
FURTHER: tuple[Further, ...] = (
    Further("SCR-006", "bar", {"heart_attack_when": "within_6_weeks"}),
    Further("SCR-006", "bar", {"heart_hospital_stay_when": "within_6_weeks"}),
    Further("SCR-007", "weigh", {**CALM, "diastolic_mmhg": 91}),
    Further("SCR-008", "weigh", {**CALM, "diastolic_mmhg": 91}, TODAY),
    Further("SCRA-09", "weigh", {**CALM, "diastolic_mmhg": 91}, NASAL_TODAY),
    Further("SCR-009", "weigh", {"age_years": 65, **CALM, "diastolic_mmhg": 91}),
    Further("SCR-009", None, {"age_years": 64, **CALM, "systolic_mmhg": 151}),
    Further("SCR-010", "bar", {**CALM, "diastolic_mmhg": 100}),
    Further("SCR-011", "bar", {**CALM, "systolic_mmhg": 180}),
    Further("SCR-011", "bar", {**CALM, "pressure_symptoms": True}),
    Further("SCRA-02", None, {"heart_condition": True, "heart_symptoms_now": False}),
    Further("SCR-013", None, {"heart_condition": False}),
    Further("SCR-013", "weigh", {"heart_condition": True, "nyha_class": "iv"}),
    Further("SCR-013", "weigh", {"heart_condition": True, "significant_valve_disease": True}),
    Further("SCR-017", "caution", {"heart_attack_when": "within_6_weeks", "stroke_or_tia_when": "never"}),
    Further("SCR-017", "caution", {"heart_attack_when": "longer_ago", "stroke_or_tia_when": "never"}),
    Further("SCR-017", "weigh", {"stroke_or_tia_when": "within_6_weeks"}),
    Further("SCR-017", "weigh", {"stroke_or_tia_when": "longer_ago"}),
    Further("SCRA-06-S", "weigh", {"stroke_or_tia_when": "within_6_weeks"}),
    Further("SCR-026", "bar", {**NO_PSYCHOSIS, "psychosis_active": True}),
    Further("SCR-026", "weigh", {**NO_PSYCHOSIS, "primary_psychotic_disorder": True}),
    Further("SCR-026", "weigh", {**NO_PSYCHOSIS, "depression_with_psychotic_features": True}),
    Further("SCRA-06", "weigh", {**NO_PSYCHOSIS, "primary_psychotic_disorder": True}),
    Further("SCR-027", "bar", {"mania_now": True}),
    Further("SCR-028", None, {"bipolar_disorder": False, "primary_diagnosis": "major_depression"}),
    Further("SCR-028", "weigh", {"primary_diagnosis": "bipolar_depression", "takes_mood_stabiliser": False}),
    Further("SCR-032", None, {"primary_diagnosis": "major_depression"}),
    Further("SCR-034", "bar", {"decision_capacity": False}, PLAN),
    Further("SCR-035", "bar", {"substance_use_disorder_when": "active"}),
    Further("SCR-038", "bar", {"substance_use_disorder_when": "active"}),
    Further("SCR-038", "bar", {"substance_use_disorder_when": "within_3_months"}),
    Further("SCRA-06-D", "bar", {"substance_use_disorder_when": "active"}),
    Further("SCRA-06-D", "bar", {"substance_use_disorder_when": "within_3_months"}),
    Further("SCRA-06-D", "weigh", {"substance_use_disorder_when": "never", "ketamine_misuse": True}),
    Further("SCR-043", None, {"pregnancy_possible": True, "pregnant": False}, NASAL),
    Further("SCR-044", None, {"pregnancy_possible": False}),
    Further("SCR-045", None, {"pregnancy_possible": False}),
    Further("SCR-045", "weigh", {"pregnancy_possible": True, "reliable_contraception": False}),
    Further("SCR-049", None, {"liver_disease": True, "child_pugh": "b"}),
    Further("SCR-050", None, {"liver_disease": False}),
    Further("SCR-051", None, {"liver_disease": False}, PAIN),
    Further("SCR-051-M", None, {"liver_disease": False}, PAIN),
    Further("SCR-052", "weigh", {"ast_times_upper_limit": Decimal("3.01")}),
    Further("SCR-054", "note", {"liver_disease": True}),
    Further("SCR-055", None, {"heart_condition": True}, PAIN),
    Further("SCR-055", None, {"has_hypertension": True}, PAIN),
    Further("SCR-055", None, {"liver_disease": True}, PAIN),
    Further("SCR-056", "weigh", {"unexplained_urinary_symptoms": True}),
    Further("SCR-056", "weigh", {"bpic_ss_result": "at_least_19"}),
    Further("SCR-059", None, {"sleep_apnoea": False}),
    Further("SCRA-05", None, {"sleep_apnoea": False}),
    Further("SCR-065", None, {"age_years": 18}),
    Further("SCR-073", None, {"takes_glp1": True, "stomach_symptoms_now": False}, TODAY),
    Further("HOU-SUP-1", "caution", {"adult_at_home_after_treatment": False}),
    Further("SCR-075", "bar", {"rems_site_certified": False}, Place(route="nasal", moment="plan")),
    Further("SCR-078", None, {"dosing_place": "clinic"}, PLAN),
    Further("SCR-083", None, {"prescription_monitoring_queried": False}, PLAN),
    Further("SCR-087", "note", {"primary_diagnosis": "bipolar_depression"}, Place(indication="suicidality")),
    Further("SCR-088", None, {"outpatient_start": False}),
    Further("SCR-088", "note", {"outpatient_start": True, "depression_severity": "moderately_severe"}),
    Further("SCR-091", None, {"age_years": 64}, NASAL),
)  # fmt: skip


def document() -> str:
    """The reference page: every rule by category, then every case."""
    rows = list(located("screening", ScreeningShape))
    parts = [_HEAD]
    for file, group in groupby(rows, key=lambda row: row[0]):
        parts.append(
            f"## {Path(file).stem.capitalize()}\n\n" + "\n".join(_rule(r) for _, r in group)
        )
    parts.append(_CASES_HEAD + "\n".join(_case(case) for case in CASES))
    parts.append(_FURTHER_HEAD + "\n".join(_further(each) for each in FURTHER))
    return "\n\n".join(parts) + "\n"


_HEAD = """# Screening rules

Printed from `src/vernal/knowledge/data/screening/` and `tests/spec/screening_cases.py` by
`python -m tests.spec.screening_cases`; do not edit by hand.

A finding is a **bar** (stop), **weigh** (a prescriber's signed benefit–risk note first), a
**caution** or a **note**. Rules of the same condition give one finding, at the strictest level.
A missing, pending or declined answer makes a rule unjudgeable; it is never read as "no"."""

_CASES_HEAD = """## Cases

Each line is tested: with the facts on the left the rule is part of a finding at that level, with
the facts on the right it is silent and settled. The level is that of the finding: another rule of
the same condition may have raised it.

| rule | where | speaks with | finding | keeps quiet with |
| --- | --- | --- | --- | --- |
"""


_FURTHER_HEAD = """Further facts, so that every part of every condition is held by a case:

| rule | where | with | finding |
| --- | --- | --- | --- |
"""


def _rule(row: ScreeningShape) -> str:
    scope = row.scope
    where = [
        f"{name}: {', '.join(chosen)}"
        for name, chosen in (("routes", scope.routes), ("indications", scope.indications))
        if chosen != "all"
    ]
    lines = [
        f"### {row.id}: {row.title}",
        "",
        f"{row.reason} **{row.action}**",
        "",
        f"- {row.level.name}"
        + (f" (reference: {row.row_level})" if row.row_level else "")
        + (", no override" if row.override == "none" else "")
        + f"; {row.kind}; asked at {', '.join(row.asked_at).replace('_', ' ')}; {row.standing}",
        f"- condition: `{row.same_as or row.condition or row.id}`"
        + (" (same as)" if row.same_as else ""),
        f"- scope: {'; '.join(where) + '. ' + scope.why if where else 'every route and indication'}",
    ]
    if row.policy:
        lines.append(f"- policy: {row.policy}")
    if row.sources:
        lines.append(f"- sources: {', '.join(f'`{key}`' for key in row.sources)}")
    return "\n".join(lines) + "\n"


def _case(case: Case) -> str:
    quiet = _facts(case.quiet) + (f" ({case.elsewhere})" if case.elsewhere else "")
    return f"| {case.rule} | {case.place} | {_facts(case.fires)} | {case.level} | {quiet} |"


def _further(each: Further) -> str:
    return f"| {each.rule} | {each.place} | {_facts(each.facts)} | {each.level or 'quiet'} |"


def _facts(facts: Mapping[str, Given]) -> str:
    words = {True: "yes", False: "no"}
    return (
        ", ".join(
            f"{fact} {words[given] if isinstance(given, bool) else given}"
            for fact, given in facts.items()
        )
        or "any facts"
    )


if __name__ == "__main__":
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(document(), "utf-8")
