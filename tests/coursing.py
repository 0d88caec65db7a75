"""A patient in the middle of a course: a signed plan, sessions with a dose in their log, scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from tests.bedside import NO_SYMPTOMS, READING
from tests.factories import PatientWithAccount
from tests.planning import MONDAY, Planning, make_planning
from vernal.accounts.models import Site, User
from vernal.records.models import Session
from vernal.rules.sessions import Kind
from vernal.workflow import effects, intake, outcomes, reviews, session_log
from vernal.workflow.effects import Told
from vernal.workflow.session_log import Entered

FIRST_ON = date(2026, 3, 10)
DOSE = {"rate_mg_per_h": "54", "planned_dose_mg": "36", "drug": "ketamine 50 mg/mL"}


@dataclass
class Coursing:
    """One patient under a signed plan. Sessions begin at ten in the morning at the clinic."""

    planning: Planning

    @property
    def patient(self) -> PatientWithAccount:
        return self.planning.patient

    @property
    def patient_id(self) -> UUID:
        return self.planning.patient_id

    @property
    def nurse(self) -> User:
        return self.planning.nurse

    @property
    def prescriber(self) -> User:
        return self.planning.prescriber

    def session(self, number: int = 1) -> Session:
        return self.planning.session(number)

    def dose_at(self, number: int = 1) -> datetime:
        return self.session(number).planned_at

    def give(self, number: int = 1) -> UUID:
        """A dose from the planned moment on, for forty minutes, and home after two hours."""
        session = self.session(number)
        began = session.planned_at
        self.enter(session, Kind.checked_in, began - timedelta(minutes=20), {})
        self.enter(session, Kind.dose_started, began, DOSE)
        ended = began + timedelta(minutes=40)
        self.enter(session, Kind.dose_stopped, ended, {"reason": "finished"})
        return session.pk

    def give_with_an_alarm(
        self,
        number: int = 1,
        *,
        answers: tuple[str, ...] = ("MON-018-emergency",),
        words: str = "Oxygen below 90 %",
    ) -> None:
        """Oxygen 88 % and 184/112 at half an hour: the infusion is stopped, and the patient goes
        home after three hours."""
        enter = self._at_minutes(number)
        enter(Kind.checked_in, -20, {})
        enter(Kind.reading, -10, READING)
        enter(Kind.dose_started, 0, DOSE)
        low = {"spo2_percent": "88", "systolic_mmhg": "184", "diastolic_mmhg": "112"}
        enter(Kind.reading, 30, {**READING, **low})
        enter(Kind.dose_stopped, 31, {"reason": "alarm", "words": words})
        answered = {"rules": list(answers), "words": "Oxygen 4 L, Dr. Okafor came"}
        enter(Kind.alarm_acknowledged, 33, answered)
        enter(Kind.discharged, 180, {"to": "Their sister", "advice_given": True})

    def give_calmly(self, number: int = 1) -> None:
        """A dose, and every sign that an alarm asks for looked at after it began."""
        self.give(number)
        enter = self._at_minutes(number)
        for minute in (10, 20, 30):
            enter(Kind.reading, minute, READING)
        enter(Kind.score, 45, {"scale": "moaas", "value": "5"})
        for scale in ("dissociation_0_10", "anxiety_0_10"):
            enter(Kind.score, 46, {"scale": scale, "value": "0"})
        enter(Kind.symptom, 47, {"answers": NO_SYMPTOMS})

    def call_off(self, number: int) -> None:
        """Arrived, and no dose today."""
        enter = self._at_minutes(number)
        enter(Kind.checked_in, -20, {})
        enter(Kind.session_stopped, -5, {"reason": "Had breakfast"})

    def _at_minutes(self, number: int) -> Callable[[Kind, int, dict[str, Any]], None]:
        session = self.session(number)

        def enter(kind: Kind, minute: int, payload: dict[str, Any]) -> None:
            self.enter(session, kind, session.planned_at + timedelta(minutes=minute), payload)

        return enter

    def note_effect(self, number: int, effect: str, severity: int, **more: str) -> None:
        """What the nurse asked before the patient went home."""
        session = self.session(number)
        payload = {"effect": effect, "severity": str(severity), "asked_at": "session_end", **more}
        self.enter(session, Kind.effect, session.planned_at + timedelta(hours=2), payload)

    def enter(self, session: Session, kind: Kind, at: datetime, payload: dict[str, Any]) -> None:
        def make(rows: list[Any]) -> Entered:
            return Entered(
                id=uuid4(),
                kind=kind,
                payload=payload,
                device_id="bed-1",
                sequence=len(rows) + 1,
                device_at=at,
                monotonic_ms=(len(rows) + 1) * 60_000,
            )

        session_log.append(
            by=self.nurse,
            session_id=session.pk,
            make=make,
            gate=lambda *_: None,
            at=at,
        )

    def tell(
        self,
        number: int = 1,
        *told: Told,
        asked_at: str = "four_hours",
        words: str = "",
        by: User | None = None,
        id: UUID | None = None,
        at: datetime | None = None,
    ) -> UUID:
        hours = 5 if asked_at == "four_hours" else 24
        report_id = id or uuid4()
        effects.tell_effects(
            by=by or self.patient.user,
            session_id=self.session(number).pk,
            asked_at=asked_at,
            told=told,
            words=words,
            id=report_id,
            at=at or self.dose_at(number) + timedelta(hours=hours),
        )
        return report_id

    def score(self, total: int, at: datetime, *, item_9: int = 0) -> None:
        """The patient's own PHQ-9, spread over the items."""
        intake.save_scale(
            by=self.patient.user,
            patient_id=self.patient_id,
            scale_id="phq-9",
            answers=phq9(total, item_9=item_9),
            id=uuid4(),
            at=at,
        )

    def enter_total(self, scale_id: str, total: str, on: date, *, by: User | None = None) -> None:
        outcomes.enter_total(
            by=by or self.nurse,
            patient_id=self.patient_id,
            scale_id=scale_id,
            total=Decimal(total),
            rated_on=on,
            id=uuid4(),
            at=datetime.combine(on, self.dose_at().time(), tzinfo=self.dose_at().tzinfo)
            + timedelta(hours=6),
        )

    def sign_review(self, option: str, at: datetime, **changes: Any) -> None:
        given: dict[str, Any] = {
            "look_again_on": at.date() + timedelta(days=14),
            "note": "Talked over with the patient.",
            "despite": "The patient wishes it so.",
            "id": uuid4(),
        }
        reviews.sign_review(
            by=self.prescriber,
            patient_id=self.patient_id,
            option=option,
            at=at,
            **{**given, **changes},
        )


def phq9(total: int, *, item_9: int = 0) -> dict[str, int]:
    """Answers that add up to a total of 0 to 24, with item 9 as told."""
    rest = total - item_9
    answers = {str(item): min(3, max(0, rest - 3 * (item - 1))) for item in range(1, 9)}
    return {**answers, "9": item_9}


def make_coursing(
    site: Site,
    *,
    given: int = 0,
    sessions: int = 6,
    patient: PatientWithAccount | None = None,
    now: datetime = MONDAY,
    first_on: date = FIRST_ON,
) -> Coursing:
    """A signed induction, two sessions a week from the day after Monday on."""
    planning = make_planning(site, now=now, patient=patient)
    planning.signed(sessions=sessions, first_on=first_on)
    course = Coursing(planning)
    for number in range(1, given + 1):
        course.give(number)
    return course
