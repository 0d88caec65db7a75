"""The screening of one patient as a prescriber reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from vernal.accounts.models import User
from vernal.knowledge.facts import all_sections, facts, sections
from vernal.knowledge.outcomes import ExpectedBenefit, expected_benefit
from vernal.knowledge.screening import shapes
from vernal.records.models import BarOverride, BenefitRiskNote, Patient, ScreeningDecision
from vernal.rules.conditions import Unknown
from vernal.rules.eligibility import Obstacle, may_be_overridden, obstacles_to_eligible
from vernal.rules.findings import Finding, Findings, Level, Standing, Unjudged
from vernal.rules.medications import SessionDay, Verdict
from vernal.workflow.permissions import may_sign_screening
from vernal.workflow.queries.charts import ChartHead, head_of, readable_chart
from vernal.workflow.queries.cited import SourceLine, source_line
from vernal.workflow.screening import Considered, Screened, screen
from vernal.workflow.spoken import spoken


@dataclass(frozen=True)
class Need:
    """A fact that is missing, and the section in which it is asked."""

    label: str
    section_id: str


@dataclass(frozen=True)
class Words:
    """A benefit–risk note or an override: what was said, by whom, when."""

    reason: str
    by_name: str
    at: datetime


@dataclass(frozen=True)
class FindingLine:
    """A finding or an open question. `level` is `unjudged` for the latter; `is_alarm`: somebody
    acts on it today."""

    condition: str
    level: str
    would_be: str
    title: str
    reason: str
    action: str
    standing: Standing | None
    sources: list[SourceLine]
    rules: list[str]
    needs: list[Need]
    note: Words | None
    override: Words | None
    may_be_weighed: bool
    may_be_overridden: bool
    is_alarm: bool = False


@dataclass(frozen=True)
class MedicineLine:
    name: str
    verdict: Verdict
    may_continue: bool
    session_day: tuple[SessionDay, ...]


@dataclass(frozen=True)
class DecisionLine:
    outcome: str
    defer_until: date | None
    note: str
    by_name: str
    at: datetime
    knowledge_version: str


@dataclass(frozen=True)
class ScreeningView:
    head: ChartHead
    considered: Considered
    findings: list[FindingLine]
    medicines: list[MedicineLine]
    medicines_not_asked: list[Need]
    benefit: ExpectedBenefit
    benefit_sources: dict[str, SourceLine]
    obstacles: tuple[Obstacle, ...]
    decisions: list[DecisionLine]
    may_sign: bool
    signer_overrode: bool
    section_titles: dict[str, str]


def screening(*, by: User, patient_id: UUID, at: datetime) -> ScreeningView:
    """The screening as of now; the reading is noted."""
    patient = readable_chart(by=by, patient_id=patient_id, at=at, page="screening")
    screened = screen(patient, on=at.astimezone(patient.site.zone).date())
    benefit = expected_benefit(screened.considered.indication, screened.considered.route)
    return ScreeningView(
        head=head_of(patient, screened.history.saved),
        considered=screened.considered,
        findings=finding_lines(screened.findings, screened),
        medicines=[
            MedicineLine(each.name, each.verdict, each.may_continue, each.session_day)
            for each in screened.medications.medicines
            if each.subject != "list"
        ],
        medicines_not_asked=_medicines_not_asked(screened),
        benefit=benefit,
        benefit_sources={key: source_line(key) for line in benefit.lines for key in line.sources},
        obstacles=obstacles_to_eligible(
            screened.findings, overridden=screened.overridden, weighed=screened.weighed
        ),
        decisions=decisions_of(patient),
        may_sign=may_sign_screening(by, patient),
        signer_overrode=any(row.by_id == by.pk for row in screened.overridden.values()),
        section_titles={section.id: section.title for section in sections()},
    )


def decisions_of(patient: Patient) -> list[DecisionLine]:
    """Every signed decision, the newest first."""
    rows = ScreeningDecision.objects.filter(patient=patient).select_related("by").order_by("-at")
    return [
        DecisionLine(
            row.outcome, row.defer_until, row.note, row.by.name, row.at, row.knowledge_version
        )
        for row in rows
    ]


def finding_lines(findings: Findings, screened: Screened) -> list[FindingLine]:
    """Open bars and bars first, then what is weighed, then the rest."""
    lines = [_of_unjudged(item, screened) for item in findings.unjudged]
    lines += [_of_finding(item, screened) for item in findings.found]
    return sorted(lines, key=lambda line: -Level[line.would_be])


def _of_finding(item: Finding, screened: Screened) -> FindingLine:
    return FindingLine(
        condition=item.condition,
        level=item.level.name,
        would_be=item.level.name,
        title=spoken(item.title),
        reason=item.reason,
        action=item.action,
        standing=item.standing,
        sources=[source_line(key) for key in item.sources],
        rules=[f"{rule_id} v{version}" for rule_id, version in item.rules],
        needs=[],
        note=_words(screened.weighed.get(item.condition)),
        override=_words(screened.overridden.get(item.condition)),
        may_be_weighed=item.level == Level.weigh,
        may_be_overridden=may_be_overridden(item),
        is_alarm=any(_is_alarm(rule_id) for rule_id, _version in item.rules),
    )


def _is_alarm(rule_id: str) -> bool:
    """Rules about medicines are none: they stand in files of their own."""
    return rule_id in shapes() and shapes()[rule_id].kind == "alarm"


def _medicines_not_asked(screened: Screened) -> list[Need]:
    """Lists of medicines that nobody has saved: an empty list is an answer, none is not."""
    medicines = screened.history.medicines
    return _needs(medicines.needs) if isinstance(medicines, Unknown) else []


def _of_unjudged(item: Unjudged, screened: Screened) -> FindingLine:
    return FindingLine(
        condition=item.condition,
        level="unjudged",
        would_be=item.level.name,
        title=spoken(item.title),
        reason="",
        action="",
        standing=None,
        sources=[],
        rules=[f"{rule_id} v{version}" for rule_id, version in item.rules],
        needs=_needs(item.needs),
        note=_words(screened.weighed.get(item.condition)),
        override=None,
        may_be_weighed=item.level == Level.weigh,
        may_be_overridden=False,
    )


def _needs(missing: frozenset[str]) -> list[Need]:
    """Facts lead to the section that asks them; what follows from a list leads to the list."""
    asked_in = {fact: section.id for section in all_sections() for fact in section.facts}
    titles = {section.id: section.title for section in sections()}
    needs = set()
    for name in missing:
        if name in asked_in:
            needs.add(Need(facts()[name].label, asked_in[name]))
        elif name in titles:
            needs.add(Need(titles[name], name))
        else:
            label = facts()[name].label if name in facts() else name
            needs.add(Need(label, "medicines"))
    return sorted(needs, key=lambda need: need.label)


def _words(row: BenefitRiskNote | BarOverride | None) -> Words | None:
    return Words(row.reason, row.by.name, row.at) if row else None
