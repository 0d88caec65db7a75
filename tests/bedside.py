"""A session to chart: its plan and consent are signed, through the acts that sign them.

`at(minute)` counts from ten o'clock; a `Bedside` makes entries the way a page does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.factories import PatientWithAccount
from tests.planning import Planning, drops, make_planning
from vernal.accounts.models import Site, User
from vernal.rules.sessions import Kind
from vernal.workflow import plans, queries, sessions
from vernal.workflow.session_log import Appended, Entered

TEN = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)  # ten in the morning at the clinic
READING = {
    "systolic_mmhg": "122",
    "diastolic_mmhg": "78",
    "heart_rate_per_min": "70",
    "spo2_percent": "98",
    "respiratory_rate_per_min": "14",
    "oxygen_l_per_min": "0",
}
PREPARED = {
    "identity_confirmed": True,
    "consent_today": True,
    "medicines_today_reviewed": True,
    "sedative_taken": False,
    "alcohol_within_24_hours": False,
    "substances_today": False,
    "fasting_followed": True,
    "escort_confirmed": True,
    "effects_since_last_dose_asked": True,
    "suicidal_thoughts_asked": True,
    "suicidal_intent_or_plan_since_last_visit": False,
    "intention_heard": True,
    "light_ready": True,
    "sound_ready": True,
    "company_ready": True,
    "weight_measured_today": True,
    "chart_complete": True,
    "airway_equipment_at_hand": True,
    "respiratory_infection_now": False,
}
NO_SYMPTOMS = dict.fromkeys(
    (
        *("chest_pain", "breathlessness", "severe_headache", "vision_loss"),
        *("neurological_deficit", "seizure", "reduced_consciousness", "arrhythmia", "panic"),
        *("vomiting", "danger_to_self_or_airway", "effects_persisting"),
        "depth_exceeds_setting",
    ),
    False,
)
RECOVERED = {"walks_steadily": True, "oriented": True, "new_suicidal_intent": False}
DOSE = {"rate_mg_per_h": "66", "planned_dose_mg": "44", "drug": "ketamine 50 mg/mL"}


def at(minute: float) -> datetime:
    return TEN + timedelta(minutes=minute)


@dataclass
class Bedside:
    """One planned session and the people around it."""

    session_id: UUID
    patient: PatientWithAccount
    nurse: User
    prescriber: User
    ten: datetime = TEN

    def at(self, minute: float) -> datetime:
        return self.ten + timedelta(minutes=minute)

    def enter(
        self,
        kind: Kind,
        minute: float,
        payload: dict[str, Any] | None = None,
        *,
        by: User | None = None,
        id: UUID | None = None,
        corrects: UUID | None = None,
    ) -> Appended:
        return sessions.enter(
            by=by or self.nurse,
            session_id=self.session_id,
            kind=kind,
            payload=payload or {},
            id=id or uuid4(),
            at=self.at(minute),
            corrects=corrects,
        )

    def reading(self, minute: float, **changes: str) -> Appended:
        return self.enter(Kind.reading, minute, {**READING, **changes})

    def score(self, minute: float, scale: str, value: int) -> Appended:
        return self.enter(Kind.score, minute, {"scale": scale, "value": str(value)})

    def prepare(self, **answers: Any) -> None:
        """Checked in at −20, two baseline readings, the checklist at −2."""
        self.enter(Kind.checked_in, -20)
        self.reading(-15)
        self.reading(-8)
        known = {**PREPARED, **answers}
        kept = {name: answer for name, answer in known.items() if answer is not None}
        self.enter(Kind.checklist, -2, {"answers": kept})

    def infuse(self) -> None:
        """Prepared, and a dose running from minute 0 on."""
        self.prepare()
        self.enter(Kind.dose_started, 0, DOSE)

    def recover(self) -> None:
        """A whole session up to the two signatures: all that is left is to go home."""
        self.infuse()
        for minute in (10, 20, 30, 39):
            self.reading(minute, systolic_mmhg="134", diastolic_mmhg="84")
        self.enter(Kind.dose_stopped, 40, {"reason": "finished"})
        for minute in (55, 70, 85, 100, 115, 130, 145, 160):
            self.reading(minute)
        self.be_fit_to_go(160)

    def be_fit_to_go(self, minute: float) -> None:
        """The escort is here, scores and answers are well, and four minutes later both signed."""
        escort = {"name": "Ash Hollis", "telephone": "307 555 0147", "is_here": True}
        self.enter(Kind.escort, minute, escort)
        for scale, value in (("moaas", 5), ("dissociation_0_10", 0), ("aldrete", 10)):
            self.score(minute + 1, scale, value)
        self.enter(Kind.symptom, minute + 2, {"answers": {**NO_SYMPTOMS, **RECOVERED}})
        self.enter(Kind.signature, minute + 3, {"meaning": "discharge", "role": "nurse"})
        sign = {"meaning": "discharge", "role": "clinician"}
        self.enter(Kind.signature, minute + 4, sign, by=self.prescriber)

    def offline(
        self, kind: Kind, minute: float, payload: dict[str, Any], *, arrives: float
    ) -> Appended:
        """An entry made by a tablet without network, that arrives later."""
        entered = Entered(
            id=uuid4(),
            kind=kind,
            payload=payload,
            device_id="tablet",
            sequence=1,
            device_at=self.at(minute),
            monotonic_ms=1,
            entered_offline=True,
        )
        at = self.at(arrives)
        return sessions.receive(by=self.nurse, session_id=self.session_id, entered=entered, at=at)

    def view(self, minute: float, by: User | None = None) -> queries.SessionView:
        return queries.session(by=by or self.nurse, session_id=self.session_id, at=self.at(minute))


def make_bedside(
    site: Site, *, nurse: User | None = None, prescriber: User | None = None, now: datetime = TEN
) -> Bedside:
    """Everything up to the morning of the first session, planned for `now`."""
    planning = make_planning(site, nurse=nurse, prescriber=prescriber, now=now - timedelta(days=1))
    return _booked(planning, planning.ready_to_sign(), now)


def make_sublingual_bedside(
    site: Site, *, nurse: User | None = None, prescriber: User | None = None, now: datetime = TEN
) -> Bedside:
    """The same for 10 mg under the tongue, with a consent to that route."""
    planning = make_planning(
        site, nurse=nurse, prescriber=prescriber, now=now - timedelta(days=1), eligible=False
    )
    planning.consider("sublingual")
    planning.decide()
    return _booked(planning, planning.ready_to_sign(drops()), now)


def _booked(planning: Planning, plan_id: UUID, now: datetime) -> Bedside:
    """The plan signed the day before, for one session at `now`."""
    here = now.astimezone(planning.chart.site.zone)
    plans.sign_plan(
        by=planning.prescriber,
        patient_id=planning.patient_id,
        plan_id=plan_id,
        first_on=here.date(),
        sessions=1,
        starts_at=here.time(),
        id=uuid4(),
        at=planning.now + timedelta(minutes=5),
    )
    return Bedside(
        planning.session().pk, planning.patient, planning.nurse, planning.prescriber, now
    )
