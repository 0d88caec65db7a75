"""Made-up patients at steps 6 to 8: two after three of six sessions, one at the review.

Alder is asked how the last session was, Laurel is to be rated half-way, Iris has had all six. By
the luck of their names Alder responded and Iris did not: both happen, and pages must be good for
both. Scores waver around the means of published trials (`demo_scores`) from a seed that is
the person's name, so that every load tells the same story.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from vernal.accounts.models import User
from vernal.knowledge.protocols import protocol
from vernal.knowledge.scales import scale
from vernal.records.models import Session, SessionEvent
from vernal.rules.calendars import lay_out
from vernal.rules.effects import Moment
from vernal.rules.protocols import DoesNotFit
from vernal.rules.sessions import Kind
from vernal.rules.sessions.events import plain_number
from vernal.rules.sessions.readings import SYMPTOMS
from vernal.workflow import consents, effects, intake, outcomes, plans, session_log
from vernal.workflow.demo.planned import answer, confirm, draw_up
from vernal.workflow.demo.stories import Clinic, Person, be_found_eligible
from vernal.workflow.demo_scores import course_scores
from vernal.workflow.effects import Told
from vernal.workflow.intake import MedicineLine
from vernal.workflow.session_log import Entered

WEEKEND = (5, 6)
TEN = time(10, 0)
MINUTES = 40
READINGS = (
    (-15, 118),
    (-8, 120),
    (10, 131),
    (20, 138),
    (30, 140),
    (40, 136),
    (60, 127),
    (120, 119),
)
WELL = {"moaas": 5, "dissociation_0_10": 1, "anxiety_0_10": 1}
ASKED_ABOUT = (*SYMPTOMS, "depth_exceeds_setting")

ALDER = Person(
    "Alder",
    "Whitcomb",
    "alder@vernal.example",
    phq9=(2, 3, 2, 2, 2, 2, 2, 1, 0),
    differences={"weight_kg": "79.5", "height_cm": "178", "birth_date": "1982-09-30"},
    medicines=(MedicineLine("sertraline", Decimal(150), "mg", Decimal(1)),),
)
IRIS = Person(
    "Iris",
    "Beaumont",
    "iris@vernal.example",
    phq9=(2, 2, 3, 2, 2, 2, 2, 1, 0),
    differences={"weight_kg": "67.0", "height_cm": "169", "birth_date": "1971-06-14"},
    medicines=(MedicineLine("venlafaxine", Decimal(150), "mg", Decimal(1)),),
)
LAUREL = Person(
    "Laurel",
    "Okada",
    "laurel@vernal.example",
    phq9=(2, 2, 2, 3, 2, 2, 2, 1, 0),
    differences={"weight_kg": "61.0", "height_cm": "163", "birth_date": "1988-02-20"},
    medicines=(MedicineLine("escitalopram", Decimal(20), "mg", Decimal(1)),),
)

Felt = Mapping[Moment, Sequence[Told]]
FELT: Sequence[Felt] = (
    {
        "session_end": (Told("strange", 2), Told("floating", 1), Told("dizziness", 2)),
        "four_hours": (Told("dizziness", 1, "during", "at_the_clinic"), Told("tired", 2, "during")),
        "next_day": (Told("tired", 1, "within_4_hours", "over_night"),),
    },
    {
        "session_end": (Told("strange", 2), Told("spacey", 2), Told("nausea", 1)),
        "four_hours": (Told("nausea", 1, "during", "within_4_hours"),),
        "next_day": (),
    },
    {
        "session_end": (Told("strange", 1), Told("sleepy", 2)),
        "four_hours": (Told("headache", 1, "within_4_hours", "still_there"),),
    },
)


def treat_some(clinic: Clinic, *, now: datetime) -> None:
    """Alder and Laurel have had half of six sessions; Iris has had all six, three weeks ago."""
    today = now.astimezone(clinic.site.zone).date()
    alder = _begin(clinic, ALDER, first_day(today, past=(3,)))
    alder.treat(felt=FELT)
    laurel = _begin(clinic, LAUREL, first_day(today, past=(3, 4), also_today=False))
    laurel.treat(felt=[*FELT[:2], *FELT[:2]], rated=(0,))
    iris = _begin(clinic, IRIS, first_day(today - timedelta(days=19), past=(6,)))
    iris.treat(felt=[*FELT, *FELT][:5])
    iris.follow_up(until=today)


@dataclass(frozen=True)
class Course:
    """One person's course, told session by session up to today."""

    clinic: Clinic
    person: Person
    patient_id: UUID
    user: User
    sessions: Sequence[Session]
    scores: Mapping[date, int]

    def treat(self, *, felt: Sequence[Felt], rated: Collection[int] = (0, 2, 5)) -> None:
        """Every session that has a score: PHQ-9 first, then the dose, then what was felt.

        Before the sessions `rated`, counted from 0, a clinician rates as well.
        """
        zone = self.clinic.site.zone
        given = [
            each for each in self.sessions if each.planned_at.astimezone(zone).date() in self.scores
        ]
        for number, session in enumerate(given):
            on = session.planned_at.astimezone(zone).date()
            self.fill_in(self.scores[on], session.planned_at - timedelta(hours=2))
            if number in rated:
                self.rate(self.scores[on], on, session.planned_at - timedelta(hours=1))
            told = felt[number] if number < len(felt) else {}
            self.give(session, told.get("session_end", ()))
            self.tell(session, told)

    def fill_in(self, total: int, at: datetime) -> None:
        intake.save_scale(
            by=self.user,
            patient_id=self.patient_id,
            scale_id="phq-9",
            answers=items(total),
            id=uuid4(),
            at=at,
        )

    def rate(self, phq9: int, on: date, at: datetime) -> None:
        """The MADRS beside it, by the ratio of the two ranges (house: the demo shows pages)."""
        most = scale("madrs").most / scale("phq-9").most
        outcomes.enter_total(
            by=self.clinic.prescriber,
            patient_id=self.patient_id,
            scale_id="madrs",
            total=Decimal(round(phq9 * most)),
            rated_on=on,
            id=uuid4(),
            at=at,
        )

    def give(self, session: Session, felt: Sequence[Told]) -> None:
        """The log of an infusion that went as planned."""
        enter = partial(_enter, self.clinic.nurse, session)
        enter(Kind.checked_in, -20, {})
        given_mg = Decimal(session.plan.worksheet["given_mg"])
        drug = {"drug": "ketamine 50 mg/mL", "planned_dose_mg": plain_number(given_mg)}
        rate = plain_number((given_mg * 60 / MINUTES).quantize(Decimal("0.1")))
        for minute, systolic in READINGS:
            if minute == 10:
                enter(Kind.dose_started, 0, {**drug, "rate_mg_per_h": rate})
            enter(Kind.reading, minute, _reading(systolic))
            if minute == MINUTES:
                enter(Kind.dose_stopped, MINUTES, {"reason": "finished"})
        for name, value in WELL.items():
            enter(Kind.score, 60, {"scale": name, "value": str(value)})
        enter(Kind.symptom, 61, {"answers": dict.fromkeys(ASKED_ABOUT, False)})
        for each in felt:
            payload = {"effect": each.effect, "severity": str(each.severity)}
            enter(Kind.effect, 122, {**payload, "asked_at": "session_end"})
        escort = {"name": "Their sister", "telephone": "307 555 0147", "is_here": True}
        enter(Kind.escort, 123, escort)
        enter(Kind.discharged, 125, {"to": "Their sister", "advice_given": True})

    def tell(self, session: Session, felt: Felt) -> None:
        for moment, hours in (("four_hours", 5), ("next_day", 23)):
            if moment not in felt:
                continue
            effects.tell_effects(
                by=self.user,
                session_id=session.pk,
                asked_at=moment,
                told=felt[moment],
                words="",
                id=uuid4(),
                at=session.planned_at + timedelta(hours=hours),
            )

    def follow_up(self, *, until: date) -> None:
        """A PHQ-9 every week after the last session."""
        last = max(session.planned_at for session in self.sessions)
        treated = {
            session.planned_at.astimezone(self.clinic.site.zone).date() for session in self.sessions
        }
        for on in sorted(set(self.scores) - treated):
            if on <= until:
                self.fill_in(self.scores[on], datetime.combine(on, TEN, last.tzinfo))


def items(total: int) -> dict[str, int]:
    """A PHQ-9 with that total and no thoughts of death: the first items take most of it."""
    rest = min(total, 24)
    answers = {str(item): min(3, max(0, rest - 3 * (item - 1))) for item in range(1, 9)}
    return {**answers, "9": 0}


def _begin(clinic: Clinic, person: Person, days: Sequence[date]) -> Course:
    """Found eligible, planned, consented and booked, as on the days before the first session."""
    first_at = datetime.combine(days[0], TEN, clinic.site.zone)
    patient_id = be_found_eligible(clinic, person, at=first_at - timedelta(days=4))
    plan_id = draw_up(clinic, patient_id, at=first_at - timedelta(days=2))
    confirm(clinic, patient_id, plan_id, at=first_at - timedelta(days=2, hours=-1))
    answer(patient_id, driving="after-sleep", at=first_at - timedelta(days=1, hours=8))
    user = User.objects.get(patient_account__patient_id=patient_id)
    _consent(clinic, person, patient_id, user, at=first_at - timedelta(days=1, hours=2))
    plans.sign_plan(
        by=clinic.prescriber,
        patient_id=patient_id,
        plan_id=plan_id,
        first_on=days[0],
        starts_at=TEN,
        closed_weekdays=WEEKEND,
        id=uuid4(),
        at=first_at - timedelta(days=1),
    )
    sessions = list(
        Session.objects.filter(plan_id=plan_id).select_related("plan").order_by("number")
    )
    return Course(clinic, person, patient_id, user, sessions, _scores(person, days))


def _consent(clinic: Clinic, person: Person, patient_id: UUID, user: User, *, at: datetime) -> None:
    consents.discuss_consent(
        by=clinic.nurse,
        patient_id=patient_id,
        has_capacity=True,
        note="Went through the form; good questions about driving.",
        id=uuid4(),
        at=at,
    )
    consents.sign_consent(
        by=user,
        typed_name=f"{person.given_name} {person.family_name}",
        id=uuid4(),
        at=at + timedelta(hours=1),
    )


def _scores(person: Person, days: Sequence[date]) -> dict[date, int]:
    """PHQ-9 totals on the days of the sessions, and weekly after the sixth."""
    weekly = [days[-1] + timedelta(weeks=week) for week in (1, 2, 3)] if len(days) == 6 else []
    wanted = [*days, *weekly]
    rng = random.Random(f"{person.given_name} {person.family_name}")  # noqa: S311  # made-up scores
    times_d = [(on - days[0]).days for on in wanted]
    return dict(zip(wanted, course_scores(rng, times_d, "drug"), strict=True))


def first_day(today: date, *, past: Collection[int], also_today: bool = True) -> Sequence[date]:
    """Days before today of the newest induction that has so many of them; one more may be today
    only if `also_today`."""
    infusion = protocol("trd-iv-racemic")
    for back in range(1, 40):
        try:
            days = lay_out(
                infusion,
                "induction",
                today - timedelta(days=back),
                schedule="two_a_week",
                closed_weekdays=WEEKEND,
            )
        except DoesNotFit:
            continue
        given = [day for day in days if day < today]
        if len(given) in past and (also_today or today not in days):
            return given
    raise DoesNotFit("No induction has that many sessions behind it today.")


def _enter(
    nurse: User, session: Session, kind: Kind, minute: int, payload: Mapping[str, Any]
) -> None:
    at = session.planned_at + timedelta(minutes=minute)

    def make(rows: list[SessionEvent]) -> Entered:
        return Entered(
            id=uuid4(),
            kind=kind,
            payload=payload,
            device_id="bed-1",
            sequence=len(rows) + 1,
            device_at=at,
            monotonic_ms=(minute + 60) * 60_000,
        )

    session_log.append(by=nurse, session_id=session.pk, make=make, gate=_no_gate, at=at)


def _no_gate(*_seen: object) -> None:
    """A session of the past is written down; nothing can be stopped any more."""


def _reading(systolic: int) -> dict[str, str]:
    return {
        "systolic_mmhg": str(systolic),
        "diastolic_mmhg": str(systolic * 2 // 3),
        "heart_rate_per_min": "72",
        "spo2_percent": "98",
        "respiratory_rate_per_min": "14",
    }
