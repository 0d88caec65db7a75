"""What each kind of event carries: fields, units, plausible ranges. Errors come as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from vernal.rules.sessions.events import Kind
from vernal.rules.sessions.fields import Field, Questions, read_value
from vernal.words import Sentence as _

SEVERITIES = ("0", "1", "2", "3")
MOMENTS = ("session_end", "four_hours", "next_day")
MATRICES = ("arterial_plasma", "venous_plasma", "arterial_serum", "venous_serum")
A_FEW_LETTERS = 3  # the shortest word that says something: an "x" answers no alarm


@dataclass(frozen=True)
class CheckedPayload:
    """The payload with typed values, and one sentence for each field that is wrong."""

    payload: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)


def _number(
    name: str, label: str, least: str, most: str, unit: str = "", *, required: bool = True
) -> Field:
    return Field(name, label, "number", required, Decimal(least), Decimal(most), unit)


def _whole(
    name: str, label: str, least: int, most: int, unit: str, required: bool = False
) -> Field:
    return Field(name, label, "number", required, Decimal(least), Decimal(most), unit, whole=True)


def _text(name: str, label: str, *, required: bool = True) -> Field:
    return Field(name, label, "text", required)


def _choice(name: str, label: str, *choices: str, required: bool = True) -> Field:
    return Field(name, label, "choice", required, choices=choices)


def _yes_no(name: str, label: str, *, required: bool = True) -> Field:
    return Field(name, label, "yes_no", required)


HAPPENED_AT = Field(
    "happened_at", _("When it happened, if earlier than now"), "time", required=False
)
SCALES: Mapping[str, tuple[int, int]] = {
    "moaas": (0, 5),
    "dissociation_0_10": (0, 10),
    "anxiety_0_10": (0, 10),
    "nausea_0_10": (0, 10),
    "pain_0_10": (0, 10),
    "comfort_0_10": (0, 10),
    "cadss": (0, 92),
    "aldrete": (0, 10),
}
_RATE = _number("rate_mg_per_h", _("Rate"), "0.001", "2000", "mg/h")

FIELDS: Mapping[Kind, tuple[Field, ...]] = {
    Kind.checked_in: (_text("words", _("Remarks"), required=False),),
    Kind.checklist: (
        Field("answers", _("Answers"), "answers"),
        _text("hopes", _("What they hope for, in their words"), required=False),
    ),
    Kind.escort: (
        _text("name", _("Name of the adult who takes the patient home")),
        _text("telephone", _("Telephone")),
        _text("relation", _("Relation"), required=False),
        _yes_no("is_here", _("Is here now")),
    ),
    Kind.reading: (
        _whole("systolic_mmhg", _("Systolic pressure"), 0, 350, "mmHg"),
        _whole("diastolic_mmhg", _("Diastolic pressure"), 0, 350, "mmHg"),
        _whole("heart_rate_per_min", _("Heart rate"), 0, 300, _("per minute")),
        _whole("spo2_percent", _("Oxygen saturation"), 0, 100, "%"),
        _whole("respiratory_rate_per_min", _("Breaths"), 0, 100, _("per minute")),
        _number("oxygen_l_per_min", _("Oxygen given"), "0", "20", "L/min", required=False),
    ),
    Kind.score: (
        _choice("scale", _("Scale"), *SCALES),
        _whole("value", _("Score"), 0, 92, "", required=True),
    ),
    Kind.symptom: (
        Field("answers", _("Symptoms asked about"), "answers"),
        _text("words", _("In the patient's words"), required=False),
    ),
    Kind.effect: (
        _text("effect", _("Effect")),
        _choice("severity", _("How strong"), *SEVERITIES),
        _choice("asked_at", _("Asked"), *MOMENTS),
        Field("began_at", _("Began"), "time", required=False),
        Field("ended_at", _("Ended"), "time", required=False),
    ),
    Kind.dose_started: (
        _RATE,
        _number("planned_dose_mg", _("Planned dose"), "0.001", "1000", "mg"),
        _text("drug", _("Drug and form")),
        _number(
            "concentration_mg_per_ml", _("Concentration"), "0.001", "200", "mg/mL", required=False
        ),
    ),
    Kind.rate_changed: (_RATE, _text("reason", _("Reason"))),
    Kind.dose_stopped: (
        _choice(
            "reason", _("Why it stopped"), "finished", "paused", "alarm", "patient_asked", "other"
        ),
        _text("words", _("In words"), required=False),
    ),
    Kind.dose_resumed: (_RATE, _text("reason", _("Reason"))),
    Kind.dose_given: (
        _number("dose_mg", _("Dose"), "0.001", "1000", "mg"),
        _choice("route", _("Route"), "iv", "sublingual", "nasal", "oral", "im", "sc"),
        _text("drug", _("Drug and form")),
        _text("lot", _("Lot number"), required=False),
        _number("hold_min", _("To be held in the mouth"), "0", "60", "min", required=False),
    ),
    Kind.hold_ended: (_choice("then", _("What was done"), "swallowed", "spat_out"),),
    Kind.dosing_finished: (
        _choice(
            "reason",
            _("Why no more is given"),
            *("alarm", "patient_asked", "other"),
            required=False,
        ),
        _text("words", _("Remarks"), required=False),
    ),
    Kind.intervention: (
        _choice(
            "what",
            _("What was done"),
            *("reassurance", "positioning", "oxygen", "airway", "medicine", "clinician_called"),
            *("emergency_called", "other"),
        ),
        _text("words", _("In words")),
        _text("medicine", _("Medicine, dose, route"), required=False),
    ),
    Kind.alarm_acknowledged: (
        Field("rules", _("Alarms"), "names"),
        Field("words", _("What was done"), least_letters=A_FEW_LETTERS),
    ),
    Kind.vial_counted: (
        _text("vial", _("Vial")),
        _text("lot", _("Lot number"), required=False),
        *(
            _number(f"{part}_mg", label, "0", "10000", "mg")
            for part, label in (
                ("drawn", _("Drawn")),
                ("given", _("Given")),
                ("wasted", _("Wasted")),
                ("returned", _("Returned")),
            )
        ),
        _text("witness", _("Witness of the waste"), required=False),
    ),
    Kind.concentration: (
        _choice(
            "analyte",
            _("What was measured"),
            *("ketamine", "esketamine", "arketamine"),
            *("norketamine", "esnorketamine", "dehydronorketamine", "hydroxynorketamine"),
        ),
        _number("conc_ng_per_ml", _("Concentration"), "0", "1000000", "ng/mL"),
        _choice("matrix", _("Taken from"), *MATRICES),
        Field("taken_at", _("When the sample was taken"), "time"),
        _yes_no("is_below_limit", _("Below what the laboratory can measure"), required=False),
        _text("laboratory", _("Laboratory and method"), required=False),
    ),
    Kind.note: (_text("words", _("Note")),),
    Kind.signature: (
        _choice("meaning", _("What is signed"), "start", "discharge", "record", "waste"),
        _choice("role", _("Signs as"), "nurse", "clinician", "witness"),
        Field("rules", _("What is set aside"), "names", required=False),
        _text("words", _("Reason"), required=False),
    ),
    Kind.discharged: (
        _text("to", _("Handed over to")),
        _yes_no("advice_given", _("Written advice given (no driving, whom to call)")),
    ),
    Kind.left_against_advice: (
        _text("reason", _("The patient's reason")),
        _yes_no("risks_explained", _("Risks were explained")),
        _text("clinician_told", _("Clinician told")),
        _text("left_with", _("Left with whom and how")),
        _text("telephone", _("Telephone for the call afterwards")),
    ),
    Kind.transferred: (
        _text("to", _("Transferred to")),
        _text("reason", _("Reason")),
        _text("by", _("Taken by")),
        _text("handed_over_to", _("Handed over to")),
    ),
    Kind.session_stopped: (_text("reason", _("Why no dose was given today")),),
    Kind.device_taken_over: (
        _text("from_device", _("Device taken over from")),
        _text("reason", _("Reason")),
    ),
    Kind.correction: (
        _text("reason", _("Why it is corrected")),
        Field("replacement", _("What it should say"), "replacement", required=False),
    ),
    Kind.sealed: (_text("reason", _("Why it is sealed")),),
}


def check_payload(
    kind: Kind,
    raw: Mapping[str, Any],
    *,
    corrects_kind: Kind | None = None,
    questions: Questions | None = None,
) -> CheckedPayload:
    """Typed values and errors; what is wrong is not in the payload.

    A correction is checked against the kind it corrects; one without `replacement` strikes the
    event out. `questions` are all that may be answered; None where a kept log is read: what could
    be asked then stays answered.
    """
    payload: dict[str, Any] = {}
    errors: dict[str, str] = {}
    fields = (*FIELDS[kind], HAPPENED_AT)
    for each in fields:
        value = raw.get(each.name)
        if value is None or value == "":
            if each.required:
                errors[each.name] = _("%(label)s is missing.", label=each.label)
            continue
        try:
            payload[each.name] = read_value(each, value, questions)
        except ValueError as error:
            errors[each.name] = str(error)
    for name in sorted(raw.keys() - {each.name for each in fields}):
        errors[name] = _(
            "An event of kind %(kind)s carries no %(name)s.", kind=kind.value, name=name
        )
    if kind == Kind.correction and "replacement" in payload:
        errors |= _replacement(payload, corrects_kind, questions)
    errors = _together(kind, payload, told=bool(errors)) | errors
    for name in errors:
        payload.pop(name, None)  # what is wrong must not be read by a rule
    return CheckedPayload(payload, errors)


def _together(kind: Kind, payload: dict[str, Any], *, told: bool) -> dict[str, str]:
    """What only shows when fields are seen beside each other."""
    match kind:
        case Kind.reading:
            return _reading(payload, told=told)
        case Kind.score if {"scale", "value"} <= payload.keys():
            least, most = SCALES[payload["scale"]]
            if not least <= payload["value"] <= most:
                return {
                    "value": _(
                        "%(scale)s goes from %(least)s to %(most)s.",
                        scale=payload["scale"],
                        least=least,
                        most=most,
                    )
                }
        case Kind.effect if "began_at" in payload and "ended_at" in payload:
            if payload["ended_at"] < payload["began_at"]:
                return {"ended_at": _("It cannot end before it began.")}
    return {}


def _reading(payload: dict[str, Any], *, told: bool) -> dict[str, str]:
    """`told`: a field is wrong already, so what follows from it needs no sentence of its own."""
    systolic, diastolic = payload.get("systolic_mmhg"), payload.get("diastolic_mmhg")
    if (systolic is None) != (diastolic is None):
        payload.pop("systolic_mmhg" if diastolic is None else "diastolic_mmhg")
        return {} if told else {"diastolic_mmhg": _("Give both pressures or none.")}
    if systolic is not None and diastolic is not None and systolic <= diastolic and diastolic > 0:
        del payload["systolic_mmhg"]
        return {"diastolic_mmhg": _("Systolic pressure is higher than diastolic: check both.")}
    if not told and not payload.keys() - {"oxygen_l_per_min", "happened_at"}:
        return {"systolic_mmhg": _("A reading has at least one measured value.")}
    return {}


def _replacement(
    payload: dict[str, Any], corrects_kind: Kind | None, questions: Questions | None
) -> dict[str, str]:
    if corrects_kind is None or corrects_kind in (Kind.correction, Kind.sealed):
        return {"replacement": _("A replacement corrects an entry, not a correction or a seal.")}
    inner = check_payload(corrects_kind, payload["replacement"], questions=questions)
    payload["replacement"] = inner.payload
    return {f"replacement.{name}": sentence for name, sentence in inner.errors.items()}
