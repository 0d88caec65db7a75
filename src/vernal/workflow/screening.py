"""Step 3: the check before treatment: judged by rules, weighed, overridden and signed by people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal import knowledge
from vernal.accounts.models import User
from vernal.audit.chain import record
from vernal.knowledge import medications, screening
from vernal.records.models import (
    BarOverride,
    BenefitRiskNote,
    Patient,
    ScreeningDecision,
    TreatmentConsidered,
)
from vernal.rules.conditions import Facts, Unknown, Value, facts_used
from vernal.rules.eligibility import may_be_overridden, obstacles_to_eligible
from vernal.rules.findings import Finding, Findings, Level, Unjudged
from vernal.rules.medications import MedicationFindings, medication_findings
from vernal.rules.screening import findings_for
from vernal.workflow.errors import InvalidInput, NotFound, NotPossibleNow
from vernal.workflow.history import History, history_of
from vernal.workflow.once import make_once
from vernal.workflow.patients import patient_with
from vernal.workflow.permissions import check_may_sign_screening
from vernal.workflow.spoken import spoken

INDICATIONS = {"trd": gettext_lazy("Depression that resisted other treatment")}
ROUTES = {
    "iv": gettext_lazy("By vein"),
    "sublingual": gettext_lazy("Under the tongue, in the clinic"),
}


@dataclass(frozen=True)
class Considered:
    """What the screening is made for."""

    route: str
    indication: str


@dataclass(frozen=True)
class Screened:
    """The check of one patient on one day for one treatment."""

    considered: Considered
    history: History
    findings: Findings
    medications: MedicationFindings
    weighed: Mapping[str, BenefitRiskNote]
    overridden: Mapping[str, BarOverride]


def screen(patient: Patient, *, on: date, considered: Considered | None = None) -> Screened:
    """Judge all that is known. Notes and overrides count while what they were about holds.

    Without `considered` it is the treatment chosen last.
    """
    considered = considered or considered_for(patient)
    history = history_of(patient, on=on)
    by_medicines = medication_findings(
        history.medicines,
        history.facts,
        medications.rules(),
        drug="ketamine",
        route=considered.route,
        indication=considered.indication,
        on=on,
    )
    by_history = findings_for(
        history.facts,
        screening.rules(),
        route=considered.route,
        indication=considered.indication,
        moment="screening",
    )
    findings = _together(by_history, by_medicines.findings)
    bases = {
        item.condition: basis_of(item, history) for item in (*findings.found, *findings.unjudged)
    }
    return Screened(
        considered=considered,
        history=history,
        findings=findings,
        medications=by_medicines,
        weighed=_still_about(BenefitRiskNote, patient, bases),
        overridden=_still_about(BarOverride, patient, bases),
    )


def considered_for(patient: Patient) -> Considered:
    """The newest choice; depression by vein until somebody chooses."""
    newest = patient.treatments_considered.order_by("-at").first()
    if newest is None:
        return Considered(route="iv", indication="trd")
    return Considered(newest.route, newest.indication)


def check_may_decide(*, by: User, patient_id: UUID) -> None:
    """Raises unless the actor may weigh, override and sign for this patient."""
    _may_sign(by, patient_id)


@transaction.atomic
def consider_treatment(
    *, by: User, patient_id: UUID, route: str, indication: str, id: UUID, at: datetime
) -> None:
    """Choose the route and indication that the screening judges."""
    patient = _may_sign(by, patient_id)
    if route not in ROUTES:
        raise InvalidInput({"route": _("Choose one of the routes in the list.")})
    if indication not in INDICATIONS:
        raise InvalidInput({"indication": _("Choose one of the reasons in the list.")})
    if make_once(
        TreatmentConsidered,
        id=id,
        at=at,
        by=by,
        patient=patient,
        route=route,
        indication=indication,
    ):
        _record("treatment.considered", by, patient, at, f"treatment:{id}", route=route)


@transaction.atomic
def note_benefit_risk(
    *, by: User, patient_id: UUID, condition: str, reason: str, id: UUID, at: datetime
) -> None:
    """A prescriber's signed note that benefit outweighs one risk."""
    patient = _may_sign(by, patient_id)
    item = _item(patient, condition, at)
    if item.level != Level.weigh:
        raise NotPossibleNow(_("This is not a finding that is weighed."))
    _say_about(BenefitRiskNote, by, patient, item, reason, id, at)


@transaction.atomic
def override_bar(
    *, by: User, patient_id: UUID, condition: str, reason: str, id: UUID, at: datetime
) -> None:
    """A second clinician sets a bar aside. Whoever does it cannot sign the decision."""
    patient = _may_sign(by, patient_id)
    item = _item(patient, condition, at)
    if not isinstance(item, Finding) or not may_be_overridden(item):
        raise NotPossibleNow(_("Nobody may set this bar aside; it must be resolved."))
    _say_about(BarOverride, by, patient, item, reason, id, at)


@transaction.atomic
def sign_decision(
    *,
    by: User,
    patient_id: UUID,
    outcome: str,
    note: str,
    defer_until: date | None,
    id: UUID,
    at: datetime,
) -> None:
    """Sign eligible, not eligible or deferred; the decision keeps all it was made from."""
    patient = _may_sign(by, patient_id)
    today = at.astimezone(patient.site.zone).date()
    _check_outcome(outcome, note, defer_until, today)
    screened = screen(patient, on=today)
    if outcome == ScreeningDecision.Outcome.eligible:
        _check_may_be_eligible(by, screened)
    if make_once(
        ScreeningDecision,
        id=id,
        at=at,
        by=by,
        patient=patient,
        route=screened.considered.route,
        indication=screened.considered.indication,
        outcome=outcome,
        defer_until=defer_until if outcome == ScreeningDecision.Outcome.deferred else None,
        note=note.strip(),
        facts=facts_as_json(screened.history.facts),
        findings=findings_as_json(screened.findings),
        knowledge_version=knowledge.version(),
    ):
        _record("screening.signed", by, patient, at, f"decision:{id}", outcome=outcome)


def basis_of(item: Finding | Unjudged, history: History) -> dict[str, Any]:
    """What words about a finding are bound to: rule versions, level, and the facts they use."""
    by_id = {rule.id: rule for rule in screening.rules()}
    used = frozenset().union(
        *(facts_used(by_id[rule_id].when) for rule_id, _v in item.rules if rule_id in by_id)
    )
    of_medicine = item.condition.partition("/")[2]
    entries = history.medicines if isinstance(history.medicines, tuple) else ()
    return {
        "level": item.level.name,
        "rules": [list(pair) for pair in item.rules],
        "facts": facts_as_json({name: history.facts[name] for name in sorted(used)}),
        "medicine": [
            f"{each.typed_as} {_plain(each.dose)} {each.unit} {_plain(each.times_per_day)}"
            for each in entries
            if of_medicine and each.medicine and each.medicine.id == of_medicine
        ],
    }


def facts_as_json(facts: Facts) -> dict[str, Any]:
    """Facts as a stored decision keeps them; not knowing names what it needs."""
    return {name: _plain(value) for name, value in sorted(facts.items())}


def findings_as_json(findings: Findings) -> dict[str, Any]:
    """Findings as a stored decision keeps them, levels by name."""

    def plain(item: Finding | Unjudged) -> dict[str, Any]:
        kept = {name: value for name, value in vars(item).items() if name != "level"}
        return {"level": item.level.name, **{name: _listed(value) for name, value in kept.items()}}

    return {
        "found": [plain(item) for item in findings.found],
        "unjudged": [plain(item) for item in findings.unjudged],
    }


def _plain(value: Value | Unknown) -> Any:
    if isinstance(value, Unknown):
        return {"unknown": sorted(value.needs)}
    return value if isinstance(value, bool) else _text(value)


def _text(value: Value) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _listed(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_listed(each) for each in value]
    return value


def _together(*parts: Findings) -> Findings:
    return Findings(
        found=tuple(
            sorted((item for part in parts for item in part.found), key=lambda item: -item.level)
        ),
        unjudged=tuple(
            sorted((item for part in parts for item in part.unjudged), key=lambda item: -item.level)
        ),
    )


def _still_about(
    model: type[BenefitRiskNote] | type[BarOverride],
    patient: Patient,
    bases: Mapping[str, dict[str, Any]],
) -> dict[str, Any]:
    rows = model.objects.filter(patient=patient).select_related("by").order_by("at", "id")
    return {row.condition: row for row in rows if bases.get(row.condition) == row.finding}


def _may_sign(by: User, patient_id: UUID) -> Patient:
    patient = patient_with(patient_id)
    check_may_sign_screening(by, patient)
    return patient


def _item(patient: Patient, condition: str, at: datetime) -> Finding | Unjudged:
    findings = screen(patient, on=at.astimezone(patient.site.zone).date()).findings
    matching = [
        item for item in (*findings.found, *findings.unjudged) if item.condition == condition
    ]
    if matching:
        return matching[0]
    if _is_known(condition):
        raise NotPossibleNow(
            _("This is no longer found for this patient, so nothing is kept about it.")
        )
    raise NotFound


def _is_known(condition: str) -> bool:
    """Whether any rule could find it; of a medicine's condition the part before the slash."""
    named = {rule.condition for rule in (*screening.rules(), *medications.rules())}
    return condition.partition("/")[0] in named


def _say_about(
    model: type[BenefitRiskNote] | type[BarOverride],
    by: User,
    patient: Patient,
    item: Finding | Unjudged,
    reason: str,
    id: UUID,
    at: datetime,
) -> None:
    if not reason.strip():
        raise InvalidInput({"reason": _("Write the reason; it is kept with your name.")})
    history = history_of(patient, on=at.astimezone(patient.site.zone).date())
    if make_once(
        model,
        id=id,
        at=at,
        by=by,
        patient=patient,
        condition=item.condition,
        finding=basis_of(item, history),
        reason=reason.strip(),
    ):
        act = "bar.overridden" if model is BarOverride else "risk.weighed"
        _record(act, by, patient, at, f"{model.__name__.lower()}:{id}", rule=item.rules[0][0])


def _check_outcome(outcome: str, note: str, defer_until: date | None, today: date) -> None:
    refused = {}
    if outcome not in ScreeningDecision.Outcome.values:
        refused["outcome"] = _("Choose eligible, not eligible or defer.")
    if not note.strip():
        refused["note"] = _("Write in a few words why you decide so.")
    if outcome == ScreeningDecision.Outcome.deferred and (
        defer_until is None or defer_until <= today
    ):
        refused["defer_until"] = _("Choose a day after today on which you look again.")
    if refused:
        raise InvalidInput(refused)


def _check_may_be_eligible(by: User, screened: Screened) -> None:
    obstacles = obstacles_to_eligible(
        screened.findings, overridden=screened.overridden, weighed=screened.weighed
    )
    if obstacles:
        raise InvalidInput(
            {
                "outcome": _("Eligible cannot be signed yet: %(titles)s.")
                % {"titles": "; ".join(spoken(obstacle.title) for obstacle in obstacles)}
            }
        )
    if any(override.by_id == by.pk for override in screened.overridden.values()):
        raise NotPossibleNow(
            _("You set a bar aside for this patient, so another clinician must sign.")
        )


def _record(
    act: str, by: User, patient: Patient, at: datetime, subject: str, **details: str
) -> None:
    record(
        act,
        at=at,
        actor_id=by.pk,
        site_id=patient.site_id,
        patient_id=patient.pk,
        subject=subject,
        **details,
    )
