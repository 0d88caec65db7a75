"""Every model of the records, one module a step; Django looks here."""

from vernal.records.alerts import Alert, AlertAcknowledged, AlertEscalated
from vernal.records.assessments import Assessment
from vernal.records.inquiries import Inquiry, InquiryClosed, Invitation, InvitationAccepted
from vernal.records.intake import IntakeSent, SectionSaved
from vernal.records.outbox import Message
from vernal.records.patients import Patient, PatientAccount, PatientDetails
from vernal.records.screening import (
    BarOverride,
    BenefitRiskNote,
    ScreeningDecision,
    TreatmentConsidered,
)

__all__ = [
    "Alert",
    "AlertAcknowledged",
    "AlertEscalated",
    "Assessment",
    "BarOverride",
    "BenefitRiskNote",
    "Inquiry",
    "InquiryClosed",
    "IntakeSent",
    "Invitation",
    "InvitationAccepted",
    "Message",
    "Patient",
    "PatientAccount",
    "PatientDetails",
    "ScreeningDecision",
    "SectionSaved",
    "TreatmentConsidered",
]
