"""A monitored session: its log, what the log says now, alarms, gates and the close-out sum."""

from vernal.rules.sessions.answering import alarms_standing
from vernal.rules.sessions.closing import Discrepancy, Vial, close_out, vials
from vernal.rules.sessions.dose import DoseSoFar, Interval, SingleDose
from vernal.rules.sessions.due import Due, due_times, is_silent
from vernal.rules.sessions.events import Event, Kind, canonical, content
from vernal.rules.sessions.fields import Field
from vernal.rules.sessions.figures import SessionFigures
from vernal.rules.sessions.fold import Entry, Problem, Reading, SessionState, fold
from vernal.rules.sessions.form import form_facts
from vernal.rules.sessions.gates import (
    Criterion,
    StartCheck,
    all_met,
    criteria,
    may_start_dose,
    preparation,
)
from vernal.rules.sessions.monitoring import (
    Alarm,
    Alarms,
    DoseAction,
    MonitoringRule,
    Schedule,
    Timetable,
    UnjudgedAlarm,
    Urgency,
    alarms,
    timetable_for,
)
from vernal.rules.sessions.payloads import FIELDS, CheckedPayload, check_payload
from vernal.rules.sessions.plan import Order, order_facts
from vernal.rules.sessions.readings import score_times, session_facts
from vernal.rules.sessions.states import ENDED, MEANING, MOVES, State, diagram, may_move
from vernal.rules.sessions.timeline import ClockNote

__all__ = [
    "ENDED",
    "FIELDS",
    "MEANING",
    "MOVES",
    "Alarm",
    "Alarms",
    "CheckedPayload",
    "ClockNote",
    "Criterion",
    "Discrepancy",
    "DoseAction",
    "DoseSoFar",
    "Due",
    "Entry",
    "Event",
    "Field",
    "Interval",
    "Kind",
    "MonitoringRule",
    "Order",
    "Problem",
    "Reading",
    "Schedule",
    "SessionFigures",
    "SessionState",
    "SingleDose",
    "StartCheck",
    "State",
    "Timetable",
    "UnjudgedAlarm",
    "Urgency",
    "Vial",
    "alarms",
    "alarms_standing",
    "all_met",
    "canonical",
    "check_payload",
    "close_out",
    "content",
    "criteria",
    "diagram",
    "due_times",
    "fold",
    "form_facts",
    "is_silent",
    "may_move",
    "may_start_dose",
    "order_facts",
    "preparation",
    "score_times",
    "session_facts",
    "timetable_for",
    "vials",
]
