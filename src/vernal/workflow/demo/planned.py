"""Made-up patients at step 4: one plan waits to be confirmed, one for the talk about consent."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from vernal.accounts.models import User
from vernal.knowledge.consent import form_for
from vernal.knowledge.protocols import protocol
from vernal.records.models import Patient
from vernal.rules.screening import Route
from vernal.workflow import consents, plans
from vernal.workflow.demo.stories import Clinic, Person, be_found_eligible
from vernal.workflow.doses import Order
from vernal.workflow.intake import MedicineLine

LINDEN = Person(
    "Linden",
    "Marsh",
    "linden@vernal.example",
    phq9=(3, 3, 2, 2, 2, 2, 2, 1, 0),
    differences={"weight_kg": "64.2", "height_cm": "170", "birth_date": "1990-05-17"},
    medicines=(MedicineLine("bupropion", Decimal(300), "mg", Decimal(1)),),
)
HAZEL = Person(
    "Hazel",
    "Abara",
    "hazel@vernal.example",
    phq9=(2, 3, 3, 3, 2, 2, 3, 1, 0),
    differences={"weight_kg": "71.0", "height_cm": "166", "birth_date": "1975-01-09"},
    medicines=(MedicineLine("sertraline", Decimal(100), "mg", Decimal(1)),),
)


def plan_some(clinic: Clinic, *, now: datetime) -> None:
    """Linden's plan is drawn up; Hazel's is confirmed, and she has read the consent."""
    linden = be_found_eligible(clinic, LINDEN, at=now - timedelta(days=2))
    draw_up(clinic, linden, at=now - timedelta(hours=6))
    hazel = be_found_eligible(clinic, HAZEL, at=now - timedelta(days=3))
    plan_id = draw_up(clinic, hazel, at=now - timedelta(days=1))
    confirm(clinic, hazel, plan_id, at=now - timedelta(hours=22))
    answer(hazel, driving="same-evening", at=now - timedelta(hours=14))
    answer(hazel, driving="after-sleep", at=now - timedelta(hours=13))


def draw_up(clinic: Clinic, patient_id: UUID, *, at: datetime, order: Order | None = None) -> UUID:
    """An infusion, unless another order is given."""
    plan_id = uuid4()
    plans.draw_up_plan(
        by=clinic.prescriber,
        patient_id=patient_id,
        order=order or infusion(),
        weight_is_right=False,
        id=plan_id,
        at=at,
    )
    return plan_id


def infusion() -> Order:
    return Order(
        protocol=protocol("trd-iv-racemic"),
        phase="induction",
        schedule="two_a_week",
        dose=Decimal("0.5"),
        vial_mg_per_ml=Decimal(50),
        vial_form="base",
        total_ml=Decimal(50),
        minutes=Decimal(40),
    )


def under_the_tongue() -> Order:
    return Order(
        protocol=protocol("trd-sublingual-clinic"),
        phase="induction",
        schedule="weekly",
        dose=Decimal(10),
        vial_mg_per_ml=Decimal(100),
        vial_form="base",
        minutes=Decimal(5),
    )


def confirm(clinic: Clinic, patient_id: UUID, plan_id: UUID, *, at: datetime) -> None:
    lines = Patient.objects.get(pk=patient_id).plans.get(pk=plan_id).worksheet["lines"]
    plans.confirm_plan(
        by=clinic.nurse,
        patient_id=patient_id,
        plan_id=plan_id,
        checked=[line["key"] for line in lines],
        id=uuid4(),
        at=at,
    )
    plans.save_plan_checks(
        by=clinic.nurse,
        patient_id=patient_id,
        typed={
            "prescription_monitoring_queried": "yes",
            "prescription_monitoring_queried_on": (at - timedelta(days=1)).date().isoformat(),
            "baseline_scales_complete": "yes",
            "side_effect_baseline_recorded": "yes",
            "plan_has_end_point": "yes",
        },
        id=uuid4(),
        at=at,
    )


def answer(patient_id: UUID, *, driving: str, at: datetime, route: Route = "iv") -> None:
    """The whole form for one route; the question about driving is answered as told."""
    form = form_for(route, "trd")
    consents.answer_consent(
        by=User.objects.get(patient_account__patient_id=patient_id),
        ticks={each.id: True for each in form.elements},
        teach_backs={
            **{each.id: each.right for each in form.teach_backs},
            "teach-back.driving": driving,
        },
        id=uuid4(),
        at=at,
    )
