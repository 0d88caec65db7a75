"""The monitoring form of the nasal programme, as far as the session's log can fill it in."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from vernal.rules.conditions import Unknown, Value
from vernal.rules.sessions.events import Kind
from vernal.rules.sessions.fold import SessionState
from vernal.rules.sessions.readings import minutes, pressure_times

COMEDICATION = ("form_benzodiazepine", "form_sedative", "form_stimulant", "form_maoi")
VITALS = ("form_vitals_before", "form_vitals_end")
READY_MINUTES = "form_ready_minutes"


def form_facts(state: SessionState) -> dict[str, Value | Unknown]:
    """Facts of MON-033 and MONA-07 to MONA-12; answers come from the checklist."""
    answers: dict[str, object] = {}
    for entry in state.of(Kind.checklist):
        answers |= entry.payload.get("answers", {})
    answered = {name for name, answer in answers.items() if answer != "unknown"}
    doses = state.of(Kind.dose_given)
    pressures = _pressures(state)
    counts = {
        "comedication_answers": len(answered.intersection(COMEDICATION)),
        "vitals_acceptable_answers": len(answered.intersection(VITALS)),
        "pressures_on_form": pressures,
    }
    facts: dict[str, Value | Unknown] = {
        **{name: Decimal(count) for name, count in counts.items()},
        "dose_recorded": bool(doses),
        "lot_recorded": bool(doses) and all("lot" in each.payload for each in doses),
        "ready_minutes_recorded": READY_MINUTES in answered,
    }
    facts["rems_fields_complete"] = (
        {*COMEDICATION, *VITALS, READY_MINUTES} <= answered
        and pressures == 3
        and facts["lot_recorded"] is True
    )
    return facts | _monitored(state)


def _monitored(state: SessionState) -> dict[str, Value | Unknown]:
    first_at = state.dose.first_at
    if first_at is None:
        return {"monitored_min": Unknown.of("minutes_since_start")}
    return {"monitored_min": minutes((state.ended_at or state.now) - first_at)}


def _pressures(state: SessionState) -> int:
    """How many of the three are there: before the dose, at about 40 minutes, before the end."""
    first_at, times = state.dose.first_at, pressure_times(state)
    if first_at is None:
        return int(bool(times))
    after = [at - first_at for at in times]
    figures = state.figures
    return (
        any(at <= timedelta() for at in after)
        + any(figures.forty_from <= at <= figures.forty_to for at in after)
        + any(at >= figures.end_from for at in after)
    )
