"""Every model of the records, one module a step; Django looks here."""

from vernal.records.alerts import Alert, AlertAcknowledged, AlertEscalated
from vernal.records.assessments import Assessment
from vernal.records.consents import (
    ConsentAnswered,
    ConsentDiscussed,
    ConsentSigned,
    ConsentWithdrawn,
)
from vernal.records.effects import EffectsReported
from vernal.records.inquiries import Inquiry, InquiryClosed, Invitation, InvitationAccepted
from vernal.records.intake import IntakeSent, SectionSaved
from vernal.records.measures import MeasureDone
from vernal.records.outbox import Message
from vernal.records.patients import Patient, PatientAccount, PatientDetails
from vernal.records.plans import (
    Plan,
    PlanConfirmed,
    PlanSigned,
    Session,
    SessionCancelled,
    SessionMoved,
)
from vernal.records.reviews import ReviewSigned
from vernal.records.screening import (
    BarOverride,
    BenefitRiskNote,
    ScreeningDecision,
    TreatmentConsidered,
)
from vernal.records.sessions import EventConflict, Pin, SessionEvent

__all__ = [
    "Alert",
    "AlertAcknowledged",
    "AlertEscalated",
    "Assessment",
    "BarOverride",
    "BenefitRiskNote",
    "ConsentAnswered",
    "ConsentDiscussed",
    "ConsentSigned",
    "ConsentWithdrawn",
    "EffectsReported",
    "EventConflict",
    "Inquiry",
    "InquiryClosed",
    "IntakeSent",
    "Invitation",
    "InvitationAccepted",
    "MeasureDone",
    "Message",
    "Patient",
    "PatientAccount",
    "PatientDetails",
    "Pin",
    "Plan",
    "PlanConfirmed",
    "PlanSigned",
    "ReviewSigned",
    "ScreeningDecision",
    "SectionSaved",
    "Session",
    "SessionCancelled",
    "SessionEvent",
    "SessionMoved",
    "TreatmentConsidered",
]
