"""A patient found eligible, and everyone who plans: each step through its act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from tests.factories import PatientWithAccount, make_patient, make_staff
from vernal.accounts.models import Role, Site, User
from vernal.knowledge.protocols import protocol
from vernal.records.models import Patient, Session
from vernal.rules.consent import ConsentForm
from vernal.workflow import bookings, consents, intake, plans, screening
from vernal.workflow.demo.answers import answers_to
from vernal.workflow.demo.stories import ROWAN, Clinic, Person, save_history
from vernal.workflow.doses import Order

MONDAY = datetime(2026, 3, 9, 17, 0, tzinfo=UTC)  # eleven in the morning at the clinic
IV, SUBLINGUAL = "trd-iv-racemic", "trd-sublingual-clinic"
BODY = {**ROWAN.differences, "height_cm": "185", "stated_height_cm": "185"}
CHECKS = {
    "prescription_monitoring_queried": "yes",
    "baseline_scales_complete": "yes",
    "side_effect_baseline_recorded": "yes",
    "plan_has_end_point": "yes",
}
LINES = ("weight", "dose", "draw", "given", "deviation", "diluent", "syringe", "rate", "duration")


def order(**changes: Any) -> Order:
    """The usual infusion; for the other protocol give what it needs."""
    given: dict[str, Any] = {
        "protocol": protocol(IV),
        "phase": "induction",
        "schedule": "two_a_week",
        "dose": Decimal("0.5"),
        "vial_mg_per_ml": Decimal(50),
        "vial_form": "base",
        "total_ml": Decimal(50),
        "minutes": Decimal(40),
    }
    return Order(**{**given, **changes})


def drops(**changes: Any) -> Order:
    """The usual dose under the tongue."""
    given: dict[str, Any] = {
        "protocol": protocol(SUBLINGUAL),
        "schedule": "weekly",
        "dose": Decimal(10),
        "vial_mg_per_ml": Decimal(100),
        "total_ml": None,
        "minutes": Decimal(5),
    }
    return order(**{**given, **changes})


@dataclass
class Planning:
    """One eligible patient; `now` is the moment at which acts happen unless told."""

    patient: PatientWithAccount
    nurse: User
    prescriber: User
    director: User
    now: datetime
    answers: int = 0

    @property
    def patient_id(self) -> UUID:
        return self.patient.patient_id

    @property
    def chart(self) -> Patient:
        return Patient.objects.select_related("site").get(pk=self.patient_id)

    def examine(self, *, at: datetime | None = None, **differences: str) -> None:
        """The nurse weighs and measures again; a weight that jumped is looked at twice."""
        intake.save_answers(
            by=self.nurse,
            patient_id=self.patient_id,
            section_id="examination",
            typed=answers_to("examination", {**BODY, **differences}),
            id=uuid4(),
            at=at or self.now,
            confirmed=frozenset({"weight_kg"}),
        )

    def decide(self, outcome: str = "eligible", *, at: datetime | None = None) -> None:
        screening.sign_decision(
            by=self.prescriber,
            patient_id=self.patient_id,
            outcome=outcome,
            note="Two trials failed.",
            defer_until=None,
            id=uuid4(),
            at=at or self.now,
        )

    def consider(self, route: str) -> None:
        screening.consider_treatment(
            by=self.prescriber,
            patient_id=self.patient_id,
            route=route,
            indication="trd",
            id=uuid4(),
            at=self.now,
        )

    def draw_up(
        self,
        wanted: Order | None = None,
        *,
        by: User | None = None,
        id: UUID | None = None,
        at: datetime | None = None,
        weight_is_right: bool = False,
    ) -> UUID:
        plan_id = id or uuid4()
        plans.draw_up_plan(
            by=by or self.prescriber,
            patient_id=self.patient_id,
            order=wanted or order(),
            weight_is_right=weight_is_right,
            id=plan_id,
            at=at or self.now,
        )
        return plan_id

    def confirm(
        self,
        plan_id: UUID,
        *,
        by: User | None = None,
        checked: tuple[str, ...] | None = None,
        id: UUID | None = None,
        at: datetime | None = None,
    ) -> None:
        plans.confirm_plan(
            by=by or self.nurse,
            patient_id=self.patient_id,
            plan_id=plan_id,
            checked=(*LINES, "per_kg", "hold") if checked is None else checked,
            id=id or uuid4(),
            at=at or self.now,
        )

    def check(self, *, at: datetime | None = None, **changes: str) -> None:
        """The checks before a plan is signed, all in order unless told."""
        at = at or self.now
        queried_on = at.astimezone(self.chart.site.zone).date().isoformat()
        plans.save_plan_checks(
            by=self.nurse,
            patient_id=self.patient_id,
            typed={"prescription_monitoring_queried_on": queried_on, **CHECKS, **changes},
            id=uuid4(),
            at=at,
        )

    @property
    def form(self) -> ConsentForm:
        form = consents.consent_form_of(self.chart)
        assert form is not None
        return form

    def answer(
        self,
        *,
        wrong: tuple[str, ...] = (),
        at: datetime | None = None,
        leave: tuple[str, ...] = (),
    ) -> None:
        """The patient ticks and answers all but `leave`; `wrong` questions wrongly."""
        self.answers += 1  # later answers count, so none is made at the same moment
        consents.answer_consent(
            by=self.patient.user,
            ticks={each.id: True for each in self.form.elements if each.id not in leave},
            teach_backs={
                each.id: next(
                    choice.id
                    for choice in each.choices
                    if (choice.id == each.right) != (each.id in wrong)
                )
                for each in self.form.teach_backs
                if each.id not in leave
            },
            id=uuid4(),
            at=(at or self.now) + timedelta(seconds=self.answers),
        )

    def discuss(self, *, has_capacity: bool = True, at: datetime | None = None) -> None:
        consents.discuss_consent(
            by=self.nurse,
            patient_id=self.patient_id,
            has_capacity=has_capacity,
            note="Asked good questions.",
            id=uuid4(),
            at=at or self.now,
        )

    def sign_consent(self, name: str = "Wren Hollis", *, at: datetime | None = None) -> None:
        consents.sign_consent(by=self.patient.user, typed_name=name, id=uuid4(), at=at or self.now)

    def consent(self, *, at: datetime | None = None) -> None:
        """Read, answered, gone through and signed."""
        later = (at or self.now) + timedelta(minutes=1)
        self.answer(at=at)
        self.discuss(at=later)
        self.sign_consent(at=later)

    def sign(
        self,
        plan_id: UUID,
        *,
        by: User | None = None,
        first_on: date = date(2026, 3, 10),
        starts_at: time = time(10, 0),
        sessions: int | None = None,
        id: UUID | None = None,
        at: datetime | None = None,
    ) -> None:
        plans.sign_plan(
            by=by or self.prescriber,
            patient_id=self.patient_id,
            plan_id=plan_id,
            first_on=first_on,
            starts_at=starts_at,
            closed_weekdays=(5, 6),
            sessions=sessions,
            id=id or uuid4(),
            at=at or self.now,
        )

    def ready_to_sign(self, wanted: Order | None = None) -> UUID:
        """Drawn up, confirmed, checked, consented."""
        plan_id = self.draw_up(wanted)
        self.confirm(plan_id)
        self.check()
        self.consent()
        return plan_id

    def signed(self, **given: Any) -> UUID:
        plan_id = self.ready_to_sign()
        self.sign(plan_id, **given)
        return plan_id

    def session(self, number: int = 1) -> Session:
        """The session of that number under the newest plan."""
        return Session.objects.filter(patient_id=self.patient_id, number=number).latest("at")

    def move(self, session: Session, to: datetime, *, id: UUID | None = None) -> None:
        here = to.astimezone(self.chart.site.zone)
        bookings.move_session(
            by=self.nurse,
            patient_id=self.patient_id,
            session_id=session.pk,
            planned_on=here.date(),
            starts_at=here.time(),
            reason="The escort cannot come.",
            id=id or uuid4(),
            at=self.now,
        )


def make_planning(
    site: Site,
    *,
    now: datetime = MONDAY,
    eligible: bool = True,
    nurse: User | None = None,
    prescriber: User | None = None,
    patient: PatientWithAccount | None = None,
    **differences: str,
) -> Planning:
    """A patient with a whole history, weighed two hours ago and found eligible for infusions."""
    front_desk = make_staff(Role.front_desk, site)
    director = make_staff(Role.medical_director, site)
    nurse = nurse or make_staff(Role.nurse, site)
    prescriber = prescriber or make_staff(Role.prescriber, site)
    patient = patient or make_patient(front_desk, site, at=now - timedelta(hours=4))
    person = Person(
        ROWAN.given_name,
        ROWAN.family_name,
        ROWAN.email,
        phq9=ROWAN.phq9,
        medicines=ROWAN.medicines,
        differences={**BODY, **differences},
    )
    clinic = Clinic(site, front_desk, nurse, prescriber, director)
    earlier = now - timedelta(hours=2)
    save_history(clinic, person, patient.patient_id, patient.user, at=earlier)
    planning = Planning(patient, nurse, prescriber, director, now)
    if eligible:
        planning.decide(at=now - timedelta(hours=1))
    return planning
