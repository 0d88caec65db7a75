"""Made-up sessions of today: one went home, one is running, one is about to begin.

Every entry goes through the acts, gates and all, so the demo cannot show what could not have been.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from vernal.accounts.models import User
from vernal.records.models import Session
from vernal.rules.screening import Route
from vernal.rules.sessions import Kind
from vernal.workflow import consents, plans, sessions
from vernal.workflow.care import asked_before
from vernal.workflow.demo.planned import answer, confirm, draw_up, infusion, under_the_tongue
from vernal.workflow.demo.stories import Clinic, Person, be_found_eligible
from vernal.workflow.doses import Order
from vernal.workflow.intake import MedicineLine

NOT_SO = frozenset(
    {
        *("sedative_taken", "alcohol_within_24_hours", "substances_today"),
        *("suicidal_intent_or_plan_since_last_visit", "respiratory_infection_now"),
        "stomach_symptoms_now",
    }
)
DENIED = dict.fromkeys(
    (
        *("chest_pain", "breathlessness", "severe_headache", "vision_loss"),
        *("neurological_deficit", "seizure", "reduced_consciousness", "arrhythmia", "panic"),
        *("vomiting", "danger_to_self_or_airway", "effects_persisting", "depth_exceeds_setting"),
    ),
    False,
)
RECOVERED = {"walks_steadily": True, "oriented": True, "new_suicidal_intent": False}


def made_up(given: str, family: str, birth_date: str, weight_kg: str, height_cm: str) -> Person:
    """Somebody with a depression that resisted two medicines, and nothing that speaks against."""
    return Person(
        given,
        family,
        f"{given.lower()}@vernal.example",
        phq9=(2, 3, 2, 2, 2, 2, 2, 1, 0),
        differences={
            "birth_date": birth_date,
            "weight_kg": weight_kg,
            "height_cm": height_cm,
            "stated_height_cm": height_cm,
        },
        medicines=(MedicineLine("sertraline", Decimal(100), "mg", Decimal(1)),),
    )


MARLOW = made_up("Marlow", "Finch", "1969-04-02", "76.0", "174")
SAGE = made_up("Sage", "Lindgren", "1991-12-11", "68.0", "170")
CLOVER = made_up("Clover", "Ness", "1986-08-23", "81.0", "180")


def chart_some(clinic: Clinic, *, now: datetime) -> None:
    """Marlow came five hours ago, Sage's infusion runs, Clover is expected in a quarter hour.

    Clover's dose is held under the tongue.
    """
    marlow = booked(clinic, MARLOW, at=now - timedelta(hours=5), now=now)
    marlow.infuse()
    marlow.recover()
    sage = booked(clinic, SAGE, at=now - timedelta(minutes=24), now=now)
    sage.infuse()
    sage.reading(10, 131, 84)
    sage.enter(Kind.score, 11, {"scale": "moaas", "value": "5"})
    sage.enter(Kind.score, 12, {"scale": "dissociation_0_10", "value": "4"})
    sage.reading(20, 154, 92)
    sage.enter(Kind.note, 21, {"words": "Smiles, asks for the blanket."})
    soon = now + timedelta(minutes=15)
    booked(clinic, CLOVER, at=soon, now=now, order=under_the_tongue())


@dataclass(frozen=True)
class Bed:
    """One session of today; minutes count from its planned moment."""

    clinic: Clinic
    session: Session

    def enter(
        self, kind: Kind, minute: int, payload: Mapping[str, Any], by: User | None = None
    ) -> None:
        sessions.enter(
            by=by or self.clinic.nurse,
            session_id=self.session.pk,
            kind=kind,
            payload=payload,
            id=uuid4(),
            at=self.session.planned_at + timedelta(minutes=minute),
        )

    def reading(self, minute: int, systolic: int, diastolic: int) -> None:
        values = {
            "systolic_mmhg": systolic,
            "diastolic_mmhg": diastolic,
            "heart_rate_per_min": 58 + systolic // 8,
            "spo2_percent": 97,
            "respiratory_rate_per_min": 14,
            "oxygen_l_per_min": 0,
        }
        self.enter(Kind.reading, minute, values)

    def infuse(self) -> None:
        """Arrived, measured twice, prepared, and the infusion started."""
        sheet = self.session.plan.worksheet
        rate = (
            Decimal(sheet["given_mg"])
            * Decimal(sheet["rate_ml_per_h"])
            / Decimal(sheet["total_ml"])
        )
        asked = asked_before("iv", "trd")
        self.enter(Kind.checked_in, -22, {})
        self.reading(-15, 122, 80)
        self.reading(-8, 120, 78)
        self.enter(Kind.checklist, -4, {"answers": {name: name not in NOT_SO for name in asked}})
        self.enter(
            Kind.dose_started,
            0,
            {
                "rate_mg_per_h": str(rate.quantize(Decimal("0.01"))),
                "planned_dose_mg": sheet["given_mg"],
                "drug": "ketamine 50 mg/mL",
            },
        )

    def recover(self) -> None:
        """From the pump's end to the way home."""
        for minute, systolic, diastolic in ((10, 132, 84), (20, 138, 88), (30, 140, 88)):
            self.reading(minute, systolic, diastolic)
        self.enter(Kind.dose_stopped, 40, {"reason": "finished"})
        falling = ((40, 136), (55, 131), (70, 127), (85, 124), (100, 122), (115, 121), (145, 120))
        for minute, systolic in falling:
            self.reading(minute, systolic, 80)
        self.reading(162, 120, 78)
        escort = {"name": "Robin Finch", "telephone": "307 555 0134", "is_here": True}
        self.enter(Kind.escort, 162, escort)
        for scale, value in (("moaas", "5"), ("dissociation_0_10", "0"), ("aldrete", "10")):
            self.enter(Kind.score, 163, {"scale": scale, "value": value})
        self.enter(Kind.symptom, 164, {"answers": {**DENIED, **RECOVERED}})
        sheet = self.session.plan.worksheet
        vial = {"vial": "A", "drawn_mg": "50", "given_mg": sheet["given_mg"]}
        wasted = str(Decimal(50) - Decimal(sheet["given_mg"]))
        self.enter(
            Kind.vial_counted,
            165,
            {**vial, "wasted_mg": wasted, "returned_mg": "0", "witness": "Piet Okafor"},
        )
        self.enter(Kind.signature, 166, {"meaning": "discharge", "role": "nurse"})
        by = self.clinic.prescriber
        self.enter(Kind.signature, 167, {"meaning": "discharge", "role": "clinician"}, by)
        self.enter(Kind.discharged, 168, {"to": "Robin Finch", "advice_given": True})


def booked(
    clinic: Clinic, person: Person, *, at: datetime, now: datetime, order: Order | None = None
) -> Bed:
    """Eligible yesterday, planned, consented and booked for one session."""
    order = order or infusion()
    route = order.protocol.route
    patient_id = be_found_eligible(clinic, person, at=now - timedelta(days=2), route=route)
    plan_id = draw_up(clinic, patient_id, at=now - timedelta(hours=20), order=order)
    confirm(clinic, patient_id, plan_id, at=now - timedelta(hours=19))
    _consent(clinic, person, patient_id, route, at=now - timedelta(hours=18))
    here = at.astimezone(clinic.site.zone)
    plans.sign_plan(
        by=clinic.prescriber,
        patient_id=patient_id,
        plan_id=plan_id,
        first_on=here.date(),
        starts_at=here.time(),
        id=uuid4(),
        at=now - timedelta(hours=16),
    )
    session = Session.objects.select_related("plan").get(patient_id=patient_id, number=1)
    return Bed(clinic, session)


def _consent(
    clinic: Clinic, person: Person, patient_id: UUID, route: Route, *, at: datetime
) -> None:
    answer(patient_id, driving="after-sleep", at=at, route=route)
    consents.discuss_consent(
        by=clinic.nurse,
        patient_id=patient_id,
        has_capacity=True,
        note="Understands it well.",
        id=uuid4(),
        at=at + timedelta(minutes=30),
    )
    consents.sign_consent(
        by=User.objects.get(patient_account__patient_id=patient_id),
        typed_name=f"{person.given_name} {person.family_name}",
        id=uuid4(),
        at=at + timedelta(minutes=40),
    )
