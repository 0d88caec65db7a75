"""What each monitoring rule must say: facts that make it speak, and facts that keep it quiet.

`python -m tests.spec.monitoring_cases` prints `docs/reference/monitoring.md` and
`docs/reference/session-states.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from vernal.knowledge.monitoring import FILES, MonitoringShape, shapes
from vernal.rules.conditions import All, Any, Compare, Condition, Value
from vernal.rules.screening import Indication, Route
from vernal.rules.sessions.states import MEANING, diagram

REFERENCE = Path(__file__).parents[2] / "docs/reference"
MONITORING, STATES = REFERENCE / "monitoring.md", REFERENCE / "session-states.md"

Given = bool | int | str | Decimal


@dataclass(frozen=True)
class Case:
    rule: str
    speaks: Mapping[str, Given]
    quiet: Mapping[str, Given]
    route: Route = "iv"
    indication: Indication = "trd"


VITALS = {"systolic_mmhg": 140, "diastolic_mmhg": 90, "heart_rate_per_min": 110, "spo2_percent": 94}
NO_RISE = {"rise_systolic_mmhg": 0, "rise_diastolic_mmhg": 0}
NO_SIGN = {
    "chest_pain": False,
    "neurological_deficit": False,
    "vision_loss": False,
    "breathlessness": False,
    "severe_headache": False,
}
NO_SIGN_AT_ALL = {**NO_SIGN, "seizure": False, "reduced_consciousness": False}
SUSTAINED = {
    "sustained_systolic_mmhg": 180,
    "sustained_diastolic_mmhg": 100,
    "sustained_heart_rate_per_min": 110,
}
USUAL = {
    "first_session": False,
    "age_years": 59,
    "takes_benzodiazepine": False,
    "takes_opioid": False,
    "sedative_taken": False,
}
AT_BASELINE = {
    "percent_of_baseline_systolic_mmhg": 120,
    "percent_of_baseline_diastolic_mmhg": 80,
    "systolic_mmhg": 155,
    "diastolic_mmhg": 80,
}


def yes(fact: str, rule: str, **more: Route) -> Case:
    """Speaks when the fact is yes."""
    return Case(rule, {fact: True}, {fact: False}, **more)


def no(fact: str, rule: str, **more: Route) -> Case:
    """Speaks when the fact is no."""
    return Case(rule, {fact: False}, {fact: True}, **more)


PREPARED = {
    "identity_confirmed": True,
    "consent_signed": True,
    "consent_today": True,
    "medicines_today_reviewed": True,
    "medicines_with_advice_today": False,
    "substances_today": False,
    "alcohol_within_24_hours": False,
    "fasting_followed": True,
    "escort_confirmed": True,
    "effects_since_last_dose_asked": True,
    "suicidal_thoughts_asked": True,
    "suicidal_intent_or_plan_since_last_visit": False,
}
READY = {
    "moaas": 5,
    "dissociation_0_10": 1,
    "cadss_used": False,
    **AT_BASELINE,
    "spo2_percent": 94,
    "on_air": True,
    "walks_steadily": True,
    "vomiting": False,
    "oriented": True,
    "new_suicidal_intent": False,
    "suicide_alert_open": False,
    **NO_SIGN,
    "minutes_since_reading": 15,
    "nurse_signed": True,
    "clinician_signed": True,
}

CASES: tuple[Case, ...] = (
    # Before the dose
    Case("MON-001", {**PREPARED, "fasting_followed": False}, PREPARED),
    no("identity_confirmed", "MON-001-identity"),
    Case("MON-001-consent", {"consent_signed": True, "consent_today": False}, {"consent_signed": True, "consent_today": True}),
    no("medicines_today_reviewed", "MON-001-medicines"),
    Case("MON-001-advice", {"medicines_with_advice_today": True, "medicines_as_advised": False}, {"medicines_with_advice_today": True, "medicines_as_advised": True}),
    Case("MON-001-sedative", {"sedative_taken": True}, {"sedative_taken": False, "takes_benzodiazepine": False, "takes_opioid": False}),
    Case("MON-001-substances", {"alcohol_within_24_hours": True}, {"substances_today": False, "alcohol_within_24_hours": False}),
    no("fasting_followed", "MON-001-fasting", route="sublingual"),
    no("escort_confirmed", "MON-001-escort"),
    no("effects_since_last_dose_asked", "MON-001-last-dose"),
    no("suicidal_thoughts_asked", "MON-001-suicidal-asked"),
    yes("suicidal_intent_or_plan_since_last_visit", "MON-001-suicidal"),
    no("intention_heard", "MON-001-intention"),
    no("light_ready", "MON-001-light"),
    no("sound_ready", "MON-001-sound"),
    no("company_ready", "MON-001-company"),
    Case("MON-002", {**VITALS, "systolic_mmhg": 141}, VITALS, "nasal"),
    Case("MON-003", {**VITALS, "heart_rate_per_min": 111}, VITALS, "sublingual"),
    Case("MON-003-readings", {"baseline_readings_taken": 1}, {"baseline_readings_taken": 2, "baseline_gap_min": 5}),
    no("weight_measured_today", "MON-003-weight"),
    Case("MON-004", {"phq9_item9": 2}, {"phq9_item9": 1, "phq9_rise": 4}),
    yes("worse_since_last_visit", "MON-005"),
    no("escort_confirmed", "MONA-14", route="nasal"),
    Case("MONA-15", {"liquid_within_30_minutes": True}, {"food_within_2_hours": False, "liquid_within_30_minutes": False}, "nasal"),
    no("chart_complete", "MONA-17"),
    Case("MONA-18", {"first_session": True, "planned_dose_mg_per_kg": Decimal("1.01")}, {"first_session": True, "planned_dose_mg_per_kg": 1}),
    # While drug is given
    Case("MON-009", {"rise_systolic_mmhg": 39}, {"rise_systolic_mmhg": 38, "rise_diastolic_mmhg": 25}),
    Case("MON-010", {"minutes_since_start": 91, "rise_systolic_mmhg": 21}, {"minutes_since_start": 91, "rise_systolic_mmhg": 20}),
    Case("MON-011", {"rise_diastolic_mmhg": 25}, {"rise_systolic_mmhg": 39, "rise_diastolic_mmhg": 24}, "nasal"),
    Case("MON-012", {"systolic_mmhg": 165}, {"systolic_mmhg": 164, "diastolic_mmhg": 99, "rise_systolic_mmhg": 29}),
    Case("MON-013", {**SUSTAINED, "sustained_heart_rate_per_min": 111}, SUSTAINED),
    Case("MON-014", {"systolic_mmhg": 180, "severe_headache": True}, {**NO_SIGN, "systolic_mmhg": 200}),
    Case("MON-015", {"diastolic_mmhg": 120}, {"systolic_mmhg": 179, "diastolic_mmhg": 119}),
    Case("MON-017", {"heart_rate_per_min": 49}, {"heart_rate_per_min": 130, "arrhythmia": False}),
    Case("MON-018", {"spo2_percent": 93}, {"spo2_percent": 94}, "sublingual"),
    Case("MON-018-emergency", {"spo2_percent": 89}, {"spo2_percent": 90}),
    Case("MON-019", {"spo2_percent": 93}, {"spo2_percent": 94, "respiratory_rate_per_min": 10}, "nasal"),
    Case("MON-019-slow", {"respiratory_rate_per_min": 9}, {"respiratory_rate_per_min": 10}),
    Case("MON-020", {"moaas": 3}, {"moaas": 4}),
    Case("MON-020-emergency", {"moaas": 1}, {"moaas": 2}),
    Case("MON-021", {"cadss": 5}, {"cadss": 4}),
    Case("MON-021-bedside", {"dissociation_0_10": 7}, {"dissociation_0_10": 6}),
    Case("MON-022", {"anxiety_0_10": 7}, {"anxiety_0_10": 6, "panic": False}),
    Case("MON-023", {"vomiting": True}, {"nausea_0_10": 3, "vomiting": False}),
    yes("vomiting_repeated", "MON-023-repeated"),
    yes("danger_to_self_or_airway", "MON-024", route="im"),
    Case("MON-026", {"age_years": 60}, {"age_years": 59}),
    yes("takes_maoi", "MON-027", route="sublingual"),
    Case("MON-031", {"rate_above_ordered_percent": 6}, {"rate_above_ordered_percent": 5, "dose_above_protocol_cap": False}, indication="chronic_pain"),
    Case("MON-031-mood", {"dose_given_mg_per_kg": Decimal("1.001")}, {"dose_given_mg_per_kg": 1}),
    Case("MONA-02", {"breathlessness": True, "systolic_mmhg": 120}, NO_SIGN_AT_ALL, "im"),
    Case("MONA-03", {"hypertensive_encephalopathy": True, "rise_systolic_mmhg": 1}, {"hypertensive_encephalopathy": True, **NO_RISE}),
    Case("MONA-04", {"takes_stimulant": True}, {"takes_stimulant": False, "takes_maoi": False}),
    yes("takes_stimulant", "MONA-04-interval"),
    yes("depth_exceeds_setting", "MONA-19"),
    # After the dose
    Case("MON-032", {"minutes_since_start": 119}, {"minutes_since_start": 120}, "nasal"),
    no("rems_fields_complete", "MON-033", route="nasal"),
    Case("MON-034", {"rise_systolic_mmhg": 21}, {"rise_systolic_mmhg": 20}),
    Case("MON-035", {"minutes_since_start": 180, "minutes_since_end": 59}, {"minutes_since_start": 120, "minutes_since_end": 60}),
    Case("MON-035-longer", {**USUAL, "minutes_since_end": 119, "age_years": 60}, {**USUAL, "minutes_since_end": 60}),
    Case("MON-035-other", {"minutes_since_dose": 119}, {"minutes_since_dose": 120}, "im"),
    Case("MON-036", {"minutes_since_end": 121, "effects_persisting": True}, {"minutes_since_end": 120, "effects_persisting": True}),
    Case("MON-036-unexpected", {"minutes_since_end": 241, "effects_persisting": True}, {"minutes_since_end": 240, "effects_persisting": True}),
    Case("MON-037", {"minutes_since_dose": 89}, {"minutes_since_dose": 90}, "sublingual"),
    Case("MON-037-longer", {**USUAL, "minutes_since_dose": 119, "first_session": True}, {**USUAL, "minutes_since_dose": 90}, "sublingual"),
    Case("MON-038", {"home_session": True, "minutes_since_dose": 240, "home_check_in_done": False}, {"home_session": False}, "sublingual"),
    Case("MONA-06", {"rems_form_submitted": False, "days_since_session": 8}, {"rems_form_submitted": False, "days_since_session": 7}, "nasal"),
    Case("MONA-07", {"comedication_answers": 3}, {"comedication_answers": 4}, "nasal"),
    Case("MONA-08", {"dose_recorded": True, "lot_recorded": False}, {"dose_recorded": True, "lot_recorded": True}, "nasal"),
    Case("MONA-09", {"monitored_min": 119}, {"monitored_min": 120}, "nasal"),
    no("ready_minutes_recorded", "MONA-10", route="nasal"),
    Case("MONA-11", {"vitals_acceptable_answers": 1}, {"vitals_acceptable_answers": 2}, "nasal"),
    Case("MONA-12", {"pressures_on_form": 2}, {"pressures_on_form": 3}, "nasal"),
    Case("MONA-20", {"minutes_since_start": 100, "rise_systolic_mmhg": 21}, {"minutes_since_start": 99, "rise_systolic_mmhg": 21}),
    # Going home
    Case("MON-039", {"aldrete": 8}, {"aldrete": 9}),
    Case("MON-040", {**READY, "moaas": 4}, READY),
    Case("MON-040-awake", {"moaas": 4}, {"moaas": 5}),
    Case("MON-040-dissociation", {"dissociation_0_10": 1, "cadss_used": True, "cadss_above_baseline": 5}, {"dissociation_0_10": 1, "cadss_used": False}),
    Case("MON-040-pressure", {**AT_BASELINE, "percent_of_baseline_systolic_mmhg": 121}, AT_BASELINE),
    Case("MON-040-limit", {"systolic_mmhg": 160}, {"systolic_mmhg": 159, "diastolic_mmhg": 99}),
    Case("MON-040-low", {"systolic_mmhg": 89}, {"systolic_mmhg": 90}),
    Case("MON-040-oxygen", {"spo2_percent": 97, "on_air": False}, {"spo2_percent": 94, "on_air": True}),
    no("walks_steadily", "MON-040-walking"),
    yes("vomiting", "MON-040-vomiting"),
    no("oriented", "MON-040-oriented"),
    yes("new_suicidal_intent", "MON-040-suicidal"),
    yes("suicide_alert_open", "MON-040-alert"),
    Case("MON-040-symptoms", {"vision_loss": True}, NO_SIGN),
    Case("MON-040-recent", {"minutes_since_reading": 16}, {"minutes_since_reading": 15}),
    Case("MON-040-signed", {"nurse_signed": True, "clinician_signed": False}, {"nurse_signed": True, "clinician_signed": True}),
    Case("MON-041", {"escort_named": True, "escort_here": False}, {"escort_named": True, "escort_here": True}),
    # Afterwards
    Case("MON-045", {"dissociation_persisting": True}, {"new_suicidal_thoughts": False, "urinary_symptoms_new": False, "dissociation_persisting": False}),
    yes("kset_moderate_item", "MON-046"),
    Case("MON-047", {"bpic_ss_result": "at_least_19"}, {"urinary_symptoms_new": False, "bpic_ss_result": "below_19"}),
    yes("genitourinary_pain_new", "MON-048", route="nasal"),
    Case("MON-049", {"alt_times_upper_limit": Decimal("3.1")}, {"alt_times_upper_limit": 3, "alp_or_ggt_raised": False, "liver_symptoms": False}),
    yes("multi_day_course", "MON-050"),
    Case("MON-051", {"moca_fall": 3}, {"moca_fall": 2}),
    yes("misuse_sign", "MON-052"),
    Case("MON-053", {"phq9_rise": 5}, {"phq9_rise": 4, "phq9_at_least_10_twice": False}),
)  # fmt: skip


def values(facts: Mapping[str, Given]) -> dict[str, Value]:
    """Whole numbers as decimals, as the rules see them."""
    return {
        name: Decimal(given) if isinstance(given, int) and not isinstance(given, bool) else given
        for name, given in facts.items()
    }


PHASES = {
    "pre": "Before the dose",
    "during": "While drug is given",
    "post": "After the dose",
    "discharge": "Going home",
    "follow_up": "Afterwards",
}

_HEAD = """# Monitoring rules

Printed from `src/vernal/knowledge/data/monitoring` by `python -m tests.spec.monitoring_cases`.

An **alarm** sounds, a **gate** holds back a dose, a discharge or a signature, a **schedule** says
how often something is measured, **information** is shown. One hazard gives one alarm, told by its
strictest rule. Missing is not no: an alarm nobody can rule out is shown as such, and a gate that
cannot be judged stays closed. No forecast softens a reading.

`house` is a default of ours: active, labelled "unsigned default", until the medical director signs.
Where a rule holds for more routes than its text was read for, it is `house` on the others.
"""


def monitoring_page() -> str:
    """Every rule, phase by phase, then the cases."""
    parts = [_HEAD]
    for phase in FILES:
        own = [shape for shape in shapes().values() if shape.phase == phase]
        parts += [f"## {PHASES[phase]}\n", *(_rule(shape) for shape in own)]
    parts.append(
        "## Cases\n\nEach line is tested: the rule speaks with the facts on the left and keeps quiet, "
        "settled, with those on the right.\n\n"
        "| rule | where | speaks with | keeps quiet with |\n| --- | --- | --- | --- |"
    )
    parts += [
        f"| {case.rule} | {case.route}, {case.indication} | {_facts(case.speaks)} | "
        f"{_facts(case.quiet)} |"
        for case in CASES
    ]
    return "\n".join(parts) + "\n"


def states_page() -> str:
    meanings = [f"| {state.value} | {meaning} |" for state, meaning in MEANING.items()]
    return "\n".join(
        [
            "# States of a session",
            "",
            "Printed from `src/vernal/rules/sessions/states.py` by "
            "`python -m tests.spec.monitoring_cases`.",
            "",
            "| state | meaning |",
            "| --- | --- |",
            *meanings,
            "",
            "An arrow is named after the event that moves the session. Every other event may be "
            "entered in every state and moves nothing. Drug that was given makes a session `dosed` "
            "even when its check-in has not arrived yet; the log then shows a problem to look at.",
            "",
            "```mermaid",
            diagram(),
            "```",
            "",
        ]
    )


def _steps(shape: MonitoringShape) -> list[str]:
    """What is done to the dose first, the next reading last."""
    again = shape.read_again_min
    return [
        *([shape.dose_step] if shape.dose_step else []),
        *(step.say for step in shape.doing),
        *([f"Measure again within {again} minutes."] if again else []),
    ]


def _rule(shape: MonitoringShape) -> str:
    scope = shape.scope
    lines = [
        f"### {shape.id}: {shape.title}",
        "",
        f"{shape.reason} **{' '.join(_steps(shape))}**",
        "",
    ]
    lines.append(f"- {shape.kind}{_force(shape)}; {', '.join(shape.who)}; {shape.standing}")
    if shape.when is not None:
        lines.append(f"- when: {_condition(shape.when)}")
    if scope.routes != "all" or scope.indications != "all" or scope.why:
        routes = "every route" if scope.routes == "all" else ", ".join(scope.routes)
        for_whom = "" if scope.indications == "all" else f"; {', '.join(scope.indications)}"
        lines.append(f"- scope: {routes}{for_whom}. {scope.why}")
    if shape.read_for:
        lines.append(f"- read for {', '.join(shape.read_for)}; elsewhere house")
    if shape.schedule:
        lines.append(f"- schedule: {_schedule(shape)}")
    if shape.parts:
        lines.append(f"- made of: {', '.join(shape.parts)}")
    if shape.policy:
        lines.append(f"- policy: {shape.policy}")
    if shape.sources:
        lines.append(f"- sources: {', '.join(f'`{key}`' for key in shape.sources)}")
    return "\n".join(lines) + "\n"


def _condition(condition: Condition) -> str:
    match condition:
        case Any(of):
            return " or ".join(_inner(part) for part in of)
        case All(of):
            return " and ".join(_inner(part) for part in of)
        case Compare(fact, "is", bool() as value):
            return f"{fact}: {'yes' if value else 'no'}"
        case Compare(fact, operator, value):
            return f"{fact} {operator.replace('_', ' ')} {value}"
    raise TypeError(condition)


def _inner(part: Condition) -> str:
    return f"({_condition(part)})" if isinstance(part, All | Any) else _condition(part)


def _force(shape: MonitoringShape) -> str:
    if shape.kind == "alarm":
        return f", {shape.urgency.name}, dose: {shape.dose.name.replace('_', ' ')}"
    if shape.kind == "gate":
        override = ", no override" if shape.override == "none" and shape.level.name == "bar" else ""
        return f" of {str(shape.blocks).replace('_', ' ')}, {shape.level.name}{override}"
    return ""


def _schedule(shape: MonitoringShape) -> str:
    schedule = shape.schedule
    assert schedule is not None
    words = [schedule.measure.replace("_", " ")]
    words += ["continuous"] if schedule.continuous else []
    words += [f"every {schedule.during_every_min} min during"] if schedule.during_every_min else []
    words += [f"every {schedule.after_every_min} min after"] if schedule.after_every_min else []
    words += [f"at {minute} min" for minute in schedule.at_min]
    words += ["at the end"] if schedule.at_end else []
    words += [schedule.in_words] if schedule.in_words else []
    return "; ".join(words)


def _facts(facts: Mapping[str, Given]) -> str:
    words = {True: "yes", False: "no"}
    return ", ".join(
        f"{fact} {words[given] if isinstance(given, bool) else given}"
        for fact, given in facts.items()
    )


if __name__ == "__main__":
    REFERENCE.mkdir(parents=True, exist_ok=True)
    MONITORING.write_text(monitoring_page(), "utf-8")
    STATES.write_text(states_page(), "utf-8")
