"""A handful of made-up patients, each at another step of the course of care."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from vernal.accounts.models import Site, User
from vernal.rules.screening import Route
from vernal.workflow import inquiries, intake, screening
from vernal.workflow.demo.answers import answers_to
from vernal.workflow.inquiries import Contact
from vernal.workflow.intake import MedicineLine, TrialLine, patient_sections
from vernal.workflow.queries.intake import screening_sections

PATIENT_PASSWORD = "winter-into-spring"  # noqa: S105  # a made-up clinic has no secrets

TWO_FAILED_TRIALS = (
    TrialLine("sertraline", Decimal(150), "mg", Decimal(12), "no_response", "yes"),
    TrialLine("venlafaxine", Decimal(225), "mg", Decimal(10), "partial_response", "yes"),
)


@dataclass(frozen=True)
class Clinic:
    """Who works at the demo clinic."""

    site: Site
    front_desk: User
    nurse: User
    prescriber: User
    medical_director: User


@dataclass(frozen=True)
class Person:
    """A made-up patient: name, how the answers differ from the quiet ones, what is taken."""

    given_name: str
    family_name: str
    email: str
    phq9: tuple[int, ...]
    differences: Mapping[str, str] = field(default_factory=dict)
    medicines: tuple[MedicineLine, ...] = ()
    stopped: tuple[MedicineLine, ...] = ()
    trials: tuple[TrialLine, ...] = TWO_FAILED_TRIALS

    @property
    def contact(self) -> Contact:
        return Contact(
            given_name=self.given_name,
            family_name=self.family_name,
            asks_for="self",
            reach_by="email",
            email=self.email,
            phone="307 555 0160",
        )


WREN = Person(
    "Wren",
    "Hollis",
    "wren@vernal.example",
    phq9=(3, 2, 2, 3, 1, 2, 2, 1, 0),
    medicines=(MedicineLine("sertraline", Decimal(150), "mg", Decimal(1)),),
)
ASTER = Person(
    "Aster",
    "Nakai",
    "aster@vernal.example",
    phq9=(3, 3, 3, 3, 2, 3, 2, 1, 1),
    differences={
        "wish_to_be_dead": "yes",
        "has_hypertension": "yes",
        "cannabis_now": "yes",
        "aneurysm": "unknown",
        "systolic_mmhg": "148",
        "diastolic_mmhg": "88",
    },
    medicines=(
        MedicineLine("venlafaxine", Decimal(225), "mg", Decimal(1)),
        MedicineLine("lorazepam", Decimal(1), "mg", Decimal(2)),
        MedicineLine("lisinopril", Decimal(20), "mg", Decimal(1)),
        MedicineLine("Grandmother's sleep drops"),
    ),
)
ROWAN = Person(
    "Rowan",
    "Castellanos",
    "rowan@vernal.example",
    phq9=(2, 3, 2, 2, 2, 3, 2, 1, 0),
    differences={
        "sex_at_birth": "male",
        "birth_date": "1979-11-02",
        "weight_kg": "88.0",
        "height_cm": "181",
    },
    medicines=(MedicineLine("escitalopram", Decimal(20), "mg", Decimal(1)),),
)


def tell_all(clinic: Clinic, *, now: datetime) -> None:
    """Everyone's story up to today."""
    _ask_only(clinic, "Juniper", "Vale", at=now - timedelta(hours=5))
    _call_for_a_loved_one(clinic, at=now - timedelta(days=1))
    _invite(
        clinic, Person("Sorrel", "Boateng", "sorrel@vernal.example", ()), now - timedelta(days=2)
    )
    _begin_history(clinic, WREN, sections_saved=4, at=now - timedelta(days=3))
    _send_history(clinic, ASTER, at=now - timedelta(days=4))
    be_found_eligible(clinic, ROWAN, at=now - timedelta(days=6))


def _ask_only(clinic: Clinic, given_name: str, family_name: str, *, at: datetime) -> None:
    contact = Contact(
        given_name=given_name,
        family_name=family_name,
        asks_for="self",
        reach_by="telephone",
        phone="307 555 0171",
        message="I read about your clinic and would like to know if it could be for me.",
    )
    inquiries.take_inquiry(by=None, site_id=clinic.site.pk, contact=contact, id=uuid4(), at=at)


def _call_for_a_loved_one(clinic: Clinic, *, at: datetime) -> None:
    contact = Contact(
        given_name="Basil",
        family_name="Thorne",
        asks_for="loved_one",
        loved_one_name="Ivy Thorne",
        reach_by="telephone",
        phone="307 555 0188",
    )
    inquiries.take_inquiry(
        by=clinic.front_desk, site_id=clinic.site.pk, contact=contact, id=uuid4(), at=at
    )


def _invite(clinic: Clinic, person: Person, at: datetime) -> tuple[UUID, str]:
    """The patient's id, and the signed part of the one-time link."""
    inquiry_id, invitation_id = uuid4(), uuid4()
    inquiries.take_inquiry(
        by=None, site_id=clinic.site.pk, contact=person.contact, id=inquiry_id, at=at
    )
    patient_id = inquiries.invite(
        by=clinic.front_desk,
        inquiry_id=inquiry_id,
        given_name=person.given_name,
        family_name=person.family_name,
        email=person.email,
        id=invitation_id,
        at=at + timedelta(hours=2),
    )
    return patient_id, inquiries.invitation_token(invitation_id)


def _join(clinic: Clinic, person: Person, at: datetime) -> tuple[UUID, User]:
    patient_id, token = _invite(clinic, person, at)
    user = inquiries.accept_invitation(
        token=token, password=PATIENT_PASSWORD, at=at + timedelta(hours=5)
    )
    return patient_id, user


def _begin_history(clinic: Clinic, person: Person, *, sections_saved: int, at: datetime) -> UUID:
    patient_id, user = _join(clinic, person, at)
    for number, section in enumerate(patient_sections()[:sections_saved]):
        _save(user, patient_id, person, section.id, at + timedelta(hours=6, minutes=4 * number))
    return patient_id


def _send_history(clinic: Clinic, person: Person, *, at: datetime) -> UUID:
    patient_id, user = _join(clinic, person, at)
    for number, section in enumerate(patient_sections()):
        _save(user, patient_id, person, section.id, at + timedelta(hours=6, minutes=4 * number))
    intake.send_intake(by=user, patient_id=patient_id, at=at + timedelta(hours=8))
    return patient_id


def be_found_eligible(clinic: Clinic, person: Person, *, at: datetime, route: Route = "iv") -> UUID:
    """From the invitation to the signed screening for this route, a day later."""
    patient_id = _send_history(clinic, person, at=at)
    visit = at + timedelta(days=1)
    _examine(clinic, person, patient_id, at=visit)
    screening.consider_treatment(
        by=clinic.prescriber,
        patient_id=patient_id,
        route=route,
        indication="trd",
        id=uuid4(),
        at=visit,
    )
    screening.sign_decision(
        by=clinic.prescriber,
        patient_id=patient_id,
        outcome="eligible",
        note="Two adequate trials failed; history, examination and medicines are clear.",
        defer_until=None,
        id=uuid4(),
        at=visit + timedelta(hours=1),
    )
    return patient_id


def save_history(
    clinic: Clinic, person: Person, patient_id: UUID, user: User, *, at: datetime
) -> None:
    """Every section that the screening reads: the patient's and the staff's."""
    for section in patient_sections():
        _save(user, patient_id, person, section.id, at)
    _examine(clinic, person, patient_id, at=at)


def _examine(clinic: Clinic, person: Person, patient_id: UUID, *, at: datetime) -> None:
    for section in screening_sections():
        if section.asked_of == "staff":
            _save(clinic.nurse, patient_id, person, section.id, at)


def _save(by: User, patient_id: UUID, person: Person, section_id: str, at: datetime) -> None:
    """One section the way its form would send it."""
    common = {"by": by, "patient_id": patient_id, "id": uuid4(), "at": at}
    lines = {
        "medicines": person.medicines,
        "stopped_medicines": person.stopped,
        "antidepressant_trials": person.trials,
    }
    if section_id in lines:
        intake.save_lines(section_id=section_id, lines=lines[section_id], **common)
    elif section_id == "phq9":
        answers = {str(number): answer for number, answer in enumerate(person.phq9, start=1)}
        intake.save_scale(scale_id="phq-9", answers=answers, **common)
    else:
        typed = answers_to(section_id, person.differences)
        intake.save_answers(section_id=section_id, typed=typed, **common)
