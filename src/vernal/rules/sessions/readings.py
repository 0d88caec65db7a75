"""What a session's log says now, as facts for the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from vernal.rules.conditions import Unknown, Value
from vernal.rules.sessions.dose import DoseSoFar
from vernal.rules.sessions.events import Kind
from vernal.rules.sessions.fold import MEASURES, Entry, Reading, SessionState
from vernal.rules.sessions.payloads import SCALES
from vernal.rules.sessions.states import GIVES_DRUG
from vernal.rules.suicidality import intent_in

_OF_A_MEASURE = ("", "baseline_", "rise_", "percent_of_baseline_", "sustained_")
SYMPTOMS = (
    "chest_pain",
    "breathlessness",
    "severe_headache",
    "vision_loss",
    "neurological_deficit",
    "seizure",
    "reduced_consciousness",
    "arrhythmia",
    "panic",
    "vomiting",
    "danger_to_self_or_airway",
    "effects_persisting",
)
ENDS_OF_DRUG = (Kind.rate_changed, Kind.dose_stopped, Kind.hold_ended, Kind.dosing_finished)
ANSWERS = (Kind.alarm_acknowledged, Kind.intervention)
RECOVERY = ("walks_steadily", "oriented", "new_suicidal_intent")

# What the log can say, and what would have to be entered for it.
OF_THE_SESSION: Mapping[str, str] = {
    **{f"{of}{name}": name for name in MEASURES for of in _OF_A_MEASURE},
    **{name: name for name in (*SCALES, *SYMPTOMS, *RECOVERY)},
    "vomiting_repeated": "vomiting",
    "cadss_above_baseline": "cadss",
    **{name: name for name in ("on_air", "escort_named", "escort_here")},
    **{f"minutes_since_{name}": f"minutes_since_{name}" for name in ("start", "dose", "end")},
    "minutes_since_reading": "systolic_mmhg",
    "baseline_gap_min": "systolic_mmhg",
}

# Only the log's own kinds of events say these; an answer of that name would be a back door.
ANSWERABLE = frozenset((*SYMPTOMS, *RECOVERY))


def session_facts(
    state: SessionState, *, fresh_for: timedelta | None = None
) -> dict[str, Value | Unknown]:
    """Facts at `state.now`; what the log does not say is unknown, never left to an older record.

    With `fresh_for`, values and denials older than that are unknown; a symptom that was reported
    stays until it is denied, however old it is; and the clocks are those of the observation.
    """
    oldest = state.now - fresh_for if fresh_for else None
    facts: dict[str, Value | Unknown] = {
        name: Unknown.of(entered) for name, entered in OF_THE_SESSION.items()
    }
    facts |= _answers(state.of(Kind.checklist, Kind.symptom), oldest)
    facts |= _vomiting(state)
    facts |= _measured(state, oldest)
    facts |= _scores(state, oldest)
    facts |= _clocks(state, state.watched if fresh_for else state.dose)
    facts |= _people(state, oldest)
    return facts


def _answers(entries: Iterable[Entry], oldest: datetime | None) -> dict[str, Value | Unknown]:
    facts: dict[str, Value | Unknown] = {}
    for entry in entries:
        for name, answer in entry.payload.get("answers", {}).items():
            if name in OF_THE_SESSION and name not in ANSWERABLE:
                continue
            stale = oldest is not None and entry.at < oldest
            reported = entry.kind == Kind.symptom and answer is True
            facts[name] = Unknown.of(name) if stale and not reported else _value(name, answer)
    return facts


def _value(name: str, answer: bool | Decimal | str) -> Value | Unknown:
    """ "unknown", "pending" and "declined" are ways of not knowing."""
    return Unknown.of(name) if answer in ("unknown", "pending", "declined") else answer


def _vomiting(state: SessionState) -> dict[str, Value | Unknown]:
    answers = [
        entry.payload["answers"]["vomiting"]
        for entry in state.of(Kind.symptom)
        if "vomiting" in entry.payload.get("answers", {})
    ]
    return {"vomiting_repeated": answers.count(True) > 1} if answers else {}


def _measured(state: SessionState, oldest: datetime | None) -> dict[str, Value | Unknown]:
    facts: dict[str, Value | Unknown] = {}
    for measure in MEASURES:
        with_it = [each for each in state.readings if measure in each.values]
        base = state.baseline.get(measure)
        if base is not None:
            facts[f"baseline_{measure}"] = base
        if not with_it or (oldest is not None and with_it[-1].at < oldest):
            continue
        latest = with_it[-1].values[measure]
        facts[measure] = latest
        if base is not None:
            facts[f"rise_{measure}"] = latest - base
        if base:
            facts[f"percent_of_baseline_{measure}"] = latest * 100 / base
        facts |= _sustained(measure, with_it[-2:], state.figures.sustained_within)
    facts |= _oxygen(state.readings, oldest)
    pressures = pressure_times(state)
    if pressures:
        facts["minutes_since_reading"] = minutes(state.now - pressures[-1])
    first_at = state.dose.first_at
    full = [at for at in pressures if first_at is None or at <= first_at]
    facts["baseline_readings_taken"] = Decimal(len(full))
    if len(full) > 1:
        facts["baseline_gap_min"] = minutes(full[-1] - full[-2])
    return facts


def _sustained(
    measure: str, last_two: list[Reading], within: timedelta
) -> dict[str, Value | Unknown]:
    """The lower of the last two values, when they were close enough in time to belong together."""
    if len(last_two) < 2 or last_two[1].at - last_two[0].at > within:
        return {}
    return {f"sustained_{measure}": min(each.values[measure] for each in last_two)}


def _oxygen(readings: tuple[Reading, ...], oldest: datetime | None) -> dict[str, Value | Unknown]:
    given = [each for each in readings if "oxygen_l_per_min" in each.values]
    if not given or (oldest is not None and given[-1].at < oldest):
        return {}
    return {"on_air": given[-1].values["oxygen_l_per_min"] == 0}


def _scores(state: SessionState, oldest: datetime | None) -> dict[str, Value | Unknown]:
    facts: dict[str, Value | Unknown] = {"cadss_used": False}
    before_dose: dict[str, Decimal] = {}
    for entry in state.of(Kind.score):
        if "scale" not in entry.payload or "value" not in entry.payload:
            continue
        scale, value = entry.payload["scale"], entry.payload["value"]
        facts["cadss_used"] = facts["cadss_used"] or scale == "cadss"
        if state.dose.first_at is None or entry.at <= state.dose.first_at:
            before_dose[scale] = value
        stale = oldest is not None and entry.at < oldest
        facts[scale] = Unknown.of(scale) if stale else value
    cadss = facts.get("cadss")
    if isinstance(cadss, Decimal) and "cadss" in before_dose:
        facts["cadss_above_baseline"] = cadss - before_dose["cadss"]
    return facts


def _clocks(state: SessionState, by: DoseSoFar) -> dict[str, Value | Unknown]:
    dose = state.dose
    moments = {
        "minutes_since_start": by.first_at,
        "minutes_since_dose": by.last_at,
        "minutes_since_end": by.last_end_at,
    }
    clocks: dict[str, Value | Unknown] = {
        name: minutes(state.now - at) for name, at in moments.items() if at
    }
    return clocks | {"dose_running": dose.running, "dose_given_mg": dose.given_mg}


def _people(state: SessionState, oldest: datetime | None) -> dict[str, Value | Unknown]:
    """The name of an escort stays; that they are here, and who signed, only as long as fresh."""
    facts: dict[str, Value | Unknown] = {}
    for entry in state.of(Kind.escort):
        facts["escort_named"] = {"name", "telephone"} <= entry.payload.keys()
        if "is_here" in entry.payload:
            stale = oldest is not None and entry.at < oldest
            facts["escort_here"] = Unknown.of("escort_here") if stale else entry.payload["is_here"]
    signed = [
        (entry.payload.get("role"), entry.event.author)
        for entry in state.of(Kind.signature)
        if entry.payload.get("meaning") == "discharge"
        and (oldest is None or entry.at >= oldest)
        and _knew_what_was_done(state, entry)
    ]
    nurses = {author for role, author in signed if role == "nurse"}
    clinicians = {author for role, author in signed if role == "clinician"}
    facts["nurse_signed"] = bool(nurses)
    facts["clinician_signed"] = any(nurses - {clinician} for clinician in clinicians)
    return facts


def _knew_what_was_done(state: SessionState, signature: Entry) -> bool:
    """A signature given before the last drug was in, before the last answer to an alarm or before
    intent to die was told, or before the server knew of it, says nothing about the state after it.
    """
    told = (each for each in state.of(Kind.checklist, Kind.symptom) if intent_in(each.payload))
    done = (*state.of(*GIVES_DRUG, *ENDS_OF_DRUG, *ANSWERS), *told)
    return not state.dose.running and all(
        signature.at >= each.at and signature.known_at >= each.known_at for each in done
    )


def pressure_times(state: SessionState) -> tuple[datetime, ...]:
    """When pressure was taken. A saturation alone does not stand in for a pressure."""
    return tuple(each.at for each in state.readings if "systolic_mmhg" in each.values)


def score_times(state: SessionState, scale: str) -> tuple[datetime, ...]:
    """When a scale was scored."""
    scores = state.of(Kind.score)
    return tuple(entry.at for entry in scores if entry.payload.get("scale") == scale)


def minutes(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(microseconds=1)) / Decimal(60_000_000)
