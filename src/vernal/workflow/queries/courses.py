"""The whole course of one patient on one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from vernal.accounts.models import User
from vernal.knowledge.scales import scale
from vernal.records.models import Assessment, Patient
from vernal.rules.conditions import Unknown
from vernal.rules.findings import Level
from vernal.rules.scales import band
from vernal.workflow.course_so_far import sessions_of
from vernal.workflow.history import SavedSection
from vernal.workflow.past_sessions import PastSession, past_sessions
from vernal.workflow.queries.alerts import PERSON, WaitingAlert, waiting_alerts
from vernal.workflow.queries.charts import ChartHead, head_of, readable_chart
from vernal.workflow.queries.courses_places import Place, places
from vernal.workflow.queries.intake import SectionState, section_states
from vernal.workflow.queries.reach import SUPPORT
from vernal.workflow.queries.screening import DecisionLine, decisions_of
from vernal.workflow.scores import score_of
from vernal.workflow.screening import screen


@dataclass(frozen=True)
class ScoreLine:
    """One filled-in scale. `value` is None when an answer is missing."""

    scale: str
    at: datetime
    value: Decimal | None
    band: str


@dataclass(frozen=True)
class Course:
    """Everything the chart page shows."""

    head: ChartHead
    place: Place
    person_to_call: str | None
    sections: list[SectionState]
    intake_sent_at: datetime | None
    bars: int
    unjudged_bars: int
    to_weigh: int
    decisions: list[DecisionLine]
    scores: list[ScoreLine]
    past: tuple[PastSession, ...]
    open_alerts: list[WaitingAlert]

    @property
    def next_section(self) -> SectionState | None:
        """The first section of the staff that nobody has saved."""
        mine = (state for state in self.sections if state.asked_of == "staff")
        return next((state for state in mine if not state.is_saved), None)


def course(*, by: User, patient_id: UUID, at: datetime) -> Course:
    """The chart; the reading is noted."""
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page="chart")
    on = at.astimezone(patient.site.zone).date()
    screened = screen(patient, on=on)
    findings, saved = screened.findings, screened.history.saved
    sent = patient.intakes_sent.order_by("at").first()
    return Course(
        head=head_of(patient, saved),
        person_to_call=person_to_call(saved),
        place=places([patient], at=at)[patient.pk],
        sections=section_states(patient, saved),
        intake_sent_at=sent.at if sent else None,
        bars=len(findings.at(Level.bar)),
        unjudged_bars=len(findings.unjudged_bars),
        to_weigh=len(findings.at(Level.weigh)),
        decisions=decisions_of(patient),
        scores=scores_of(patient),
        past=past_sessions(patient, sessions_of(patient, at=at), on=on),
        open_alerts=waiting_alerts(patient),
    )


def person_to_call(saved: Mapping[str, SavedSection]) -> str | None:
    """Whom the patient would call, as the newest history has it."""
    support = saved.get(SUPPORT)
    return support.answers.get(PERSON) if support else None


def scores_of(patient: Patient) -> list[ScoreLine]:
    """Scores of filled-in scales, the newest first; worked out, never stored."""
    rows = Assessment.objects.filter(patient=patient).order_by("-at")
    return [_score_line(row) for row in rows]


def _score_line(row: Assessment) -> ScoreLine:
    asked = scale(row.scale)
    result = score_of(row)
    if isinstance(result, Unknown):
        return ScoreLine(asked.title, row.at, None, "")
    reached = band(asked, result.value)
    return ScoreLine(asked.title, row.at, result.value, reached.label if reached else "")
