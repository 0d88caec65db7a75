"""One session as it stands: its log folded, beside what was ordered and what is known.

Everything here reads; nothing decides. Alarms, gates and criteria are the rules' own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_UP, Decimal
from functools import cache, cached_property

from vernal.knowledge import monitoring, screening
from vernal.knowledge.facts import facts, sections
from vernal.knowledge.protocols import protocol
from vernal.knowledge.sessions import plausible, questions, session_figures, span
from vernal.records.models import Plan, Session
from vernal.rules.conditions import Condition, Facts, Unknown, Value, facts_used, judge
from vernal.rules.discharge import DischargeCheck, Minimums, may_discharge
from vernal.rules.findings import Finding, Findings, Level, Unjudged
from vernal.rules.medications import advice_today
from vernal.rules.protocols import Protocol
from vernal.rules.screening import ScreeningRule, findings_for
from vernal.rules.sessions import (
    Alarms,
    Criterion,
    Due,
    Event,
    Kind,
    MonitoringRule,
    Order,
    SessionState,
    StartCheck,
    alarms_standing,
    due_times,
    fold,
    may_start_dose,
    order_facts,
    score_times,
    session_facts,
    timetable_for,
)
from vernal.rules.sessions.clocks import ClockEnd, baseline_from, clock_ends
from vernal.rules.sessions.events import plain_number
from vernal.rules.sessions.monitoring import Measure, Timetable
from vernal.rules.sessions.mood import mood_facts
from vernal.rules.sessions.next_action import NextAction, next_action
from vernal.rules.sessions.plausible import unusual
from vernal.rules.sessions.readings import OF_THE_SESSION
from vernal.rules.sessions.room import left_mg
from vernal.rules.sessions.signatures import setters_aside
from vernal.rules.sessions.together import hastened
from vernal.workflow.apart import is_first
from vernal.workflow.consents import consent_covers
from vernal.workflow.history import history_of
from vernal.workflow.scores import mood_scores
from vernal.workflow.screening import Considered, Screened, screen
from vernal.workflow.standing import checks_of

SHOWN = Decimal("0.001")  # mg/h: what a pump can be set to
# What is scored beside the readings, and the scale it is scored on.
SCORED: dict[Measure, str] = {
    "sedation": "moaas",
    "dissociation": "dissociation_0_10",
    "distress": "anxiety_0_10",
    "nausea": "nausea_0_10",
}


@dataclass(frozen=True)
class DueLine:
    """Something to measure: the one that waits longest, and how many wait; else the next one."""

    measure: Measure
    due: Due
    waiting: int


@dataclass(frozen=True)
class Care:
    """A session at one moment. The parts are worked out when they are asked for, so that an entry
    which needs none of them waits for none."""

    session: Session
    state: SessionState

    @cached_property
    def first_session(self) -> bool:
        return is_first(self.session, at=self.state.now)

    @cached_property
    def order(self) -> Order:
        return ordered(self.session.plan, first_session=self.first_session)

    @cached_property
    def known(self) -> dict[str, Value | Unknown]:
        """What chart, consent and scales say on this day."""
        patient = self.session.patient
        on = self.on
        return {
            **{name: Unknown.of(name) for name in facts()},
            **history_of(patient, on=on).facts,
            **checks_of(patient, on=on),
            **mood_facts(
                mood_scores(patient),
                on=on,
                first_session=self.first_session,
                fresh_for=span("mood_fresh_for"),
            ),
            "consent_signed": consent_covers(
                patient, route=self.route, indication=self.indication, on=on
            ),
        }

    @cached_property
    def screened(self) -> Screened:
        """The screening of the chart on this day, with what was weighed and set aside in it."""
        patient = self.session.patient
        return screen(patient, on=self.on, considered=Considered(self.route, self.indication))

    @property
    def on(self) -> date:
        """Today at the clinic."""
        return self.state.now.astimezone(self.session.patient.site.zone).date()

    @property
    def route(self) -> str:
        route: str = self.session.plan.decision.route
        return route

    @property
    def indication(self) -> str:
        indication: str = self.session.plan.decision.indication
        return indication

    @property
    def infusion(self) -> bool:
        return self.route == "iv"

    @cached_property
    def protocol(self) -> Protocol:
        return protocol(self.session.plan.protocol)

    @cached_property
    def facts(self) -> dict[str, Value | Unknown]:
        """Of the person, the order and the log; what the log says wins."""
        return self._facts_at(self.state)

    def _facts_at(self, state: SessionState) -> dict[str, Value | Unknown]:
        return {**self.known, **order_facts(state, self.order), **session_facts(state)}

    @cached_property
    def alarms(self) -> Alarms:
        return alarms_standing(
            self.state,
            self._facts_at,
            monitoring.rules(),
            route=self.route,
            indication=self.indication,
        )

    @cached_property
    def facts_before(self) -> dict[str, Value | Unknown]:
        """What the gates and the screening of the day are judged by."""
        return {**self.facts, **advice_today(self.screened.medications.medicines)}

    @cached_property
    def start(self) -> StartCheck:
        today = findings_for(
            self.facts_before,
            screening.rules(),
            route=self.route,
            indication=self.indication,
            moment="session_day",
        )
        return may_start_dose(
            self.facts_before,
            monitoring.rules(),
            route=self.route,
            indication=self.indication,
            signed=setters_aside(self.state).keys(),
            screened=today,
            noted=noted_in_the_chart(self.screened, today),
        )

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The questions of the checklist, without those whose answer could change nothing here."""
        return asked_before(self.route, self.indication, known=self.facts_before)

    @property
    def minimums(self) -> Minimums:
        figures = self.protocol.figures
        after_end = figures.observe_from_end
        return Minimums(
            self.protocol.title,
            figures.observe_from_start.value,
            after_end.value if after_end else Decimal(0),
        )

    @cached_property
    def clocks(self) -> tuple[ClockEnd, ...]:
        """The clocks that still keep the patient here, the last to end first."""
        return clock_ends(
            self.state,
            self.facts,
            monitoring.rules(),
            minimums=self.minimums,
            route=self.route,
            indication=self.indication,
        )

    @cached_property
    def baseline_from(self) -> datetime | None:
        """From when the second pressure before the dose counts, while it is too early for it."""
        return baseline_from(
            self.state, monitoring.rules(), route=self.route, indication=self.indication
        )

    @cached_property
    def discharge(self) -> DischargeCheck:
        return may_discharge(
            self.state,
            {**self.known, **order_facts(self.state, self.order)},
            monitoring.rules(),
            minimums=self.minimums,
            route=self.route,
            indication=self.indication,
            unanswered=tuple(each.title for each in self.alarms.unanswered),
        )

    @cached_property
    def open_before_signing(self) -> tuple[Criterion, ...]:
        """What keeps the patient here beside the signatures under the discharge."""
        return self.discharge.open_before_signing(_asked_by_gates())

    @cached_property
    def readings_due(self) -> tuple[Due, ...]:
        return due_times(self._timetable("vital_signs"), self.state)

    @cached_property
    def scores_due(self) -> dict[Measure, tuple[Due, ...]]:
        return {
            measure: due_times(
                self._timetable(measure), self.state, taken=score_times(self.state, name)
            )
            for measure, name in SCORED.items()
        }

    @cached_property
    def due(self) -> list[DueLine]:
        """Readings and scores that are due, late or next; what was missed for good is history."""
        found = [_due_line("vital_signs", self.readings_due)]
        found += [_due_line(measure, times) for measure, times in self.scores_due.items()]
        return sorted((line for line in found if line), key=lambda line: line.due.at)

    @cached_property
    def unanswered(self) -> list[str]:
        return [name for name in self.asked if self._open(name)]

    @cached_property
    def next(self) -> NextAction:
        return next_action(
            self.state,
            alarms=self.alarms,
            due=self.readings_due,
            scores_due=[due for times in self.scores_due.values() for due in times],
            start=self.start,
            discharge=self.discharge,
            unanswered=self.unanswered,
            infusion=self.infusion,
            left_mg=left_mg(self.order, self.state),
            asks=_asked_by_gates(),
        )

    def _open(self, name: str) -> bool:
        return not any(
            name in entry.payload.get("answers", {}) for entry in self.state.of(Kind.checklist)
        )

    def _timetable(self, measure: Measure) -> Timetable:
        timetable = timetable_for(
            self.facts,
            monitoring.rules(),
            route=self.route,
            indication=self.indication,
            measure=measure,
        )
        return timetable if measure != "vital_signs" else hastened(timetable, self.alarms)


def _due_line(measure: Measure, times: Iterable[Due]) -> DueLine | None:
    open_ = [each for each in times if each.status != "missed"]
    waiting = sum(each.status != "next" for each in open_)
    return DueLine(measure, open_[0], waiting) if open_ else None


def care_of(session: Session, events: Iterable[Event], *, now: datetime) -> Care:
    """The session at `now`, server time. `session` comes with plan, decision, patient and site."""
    state = fold(events, now=now, figures=session_figures())
    return Care(session, replace(state, problems=(*state.problems, *unusual(state, plausible()))))


def ordered(plan: Plan, *, first_session: bool) -> Order:
    """What the plan orders for one session: the syringe as it was confirmed and signed."""
    weight_kg, given_mg = _number(plan, "weight_kg"), _number(plan, "given_mg")
    figures = protocol(plan.protocol).figures
    caps = [figures.cap_mg.value]
    if weight_kg is not None:
        caps.append(figures.cap_mg_per_kg.value * weight_kg)
    return Order(
        weight_kg=weight_kg,
        planned_dose_mg=given_mg,
        rate_mg_per_h=_rate(plan, given_mg),
        cap_mg=min(caps),
        first_session=first_session,
    )


def _rate(plan: Plan, given_mg: Decimal | None) -> Decimal | None:
    total_ml, rate_ml_per_h = _number(plan, "total_ml"), _number(plan, "rate_ml_per_h")
    if given_mg is None or total_ml is None or rate_ml_per_h is None:
        return None
    return (given_mg * rate_ml_per_h / total_ml).quantize(SHOWN, ROUND_UP)


def _number(plan: Plan, name: str) -> Decimal | None:
    text = plan.worksheet.get(name)
    return Decimal(text) if text is not None else None


def asked_before(route: str, indication: str, *, known: Facts | None = None) -> tuple[str, ...]:
    """The facts the checklist asks: those that neither log nor chart can tell.

    Of the gates first, then of the screening rules of the day. With `known`, a rule that can no
    longer hold whatever is answered asks nothing.
    """
    conditions = tuple(_conditions_of_the_day(route, indication))
    askable = {
        name: Unknown.of(name)
        for when in conditions
        for name in sorted(facts_used(when))
        if name in questions() and name not in OF_THE_SESSION
    }
    before = {**(known or {}), **askable}
    needed = frozenset().union(
        *(facts_used(when) for when in conditions if judge(when, before) is not False)
    )
    return tuple(name for name in askable if name in needed)


def _conditions_of_the_day(route: str, indication: str) -> Iterator[Condition]:
    everything: tuple[MonitoringRule | ScreeningRule, ...] = (
        *(rule for rule in monitoring.of_kind("gate") if rule.blocks == "start" and not rule.parts),
        *(rule for rule in screening.rules() if "session_day" in rule.asked_at),
    )
    for rule in everything:
        if rule.when is not None and rule.scope.covers(route=route, indication=indication):
            yield rule.when


def noted_in_the_chart(screened: Screened, today: Findings) -> frozenset[str]:
    """Conditions of today that were weighed or set aside in the chart, and rest on the chart alone:
    what is measured or asked today is weighed today."""
    everything: tuple[Finding | Unjudged, ...] = (*today.found, *today.unjudged)
    return frozenset(
        each.condition
        for each in everything
        if each.condition in (screened.overridden if each.level == Level.bar else screened.weighed)
        and not _facts_of(each) & (OF_THE_SESSION.keys() | _of_the_day())
    )


def _facts_of(each: Finding | Unjudged) -> frozenset[str]:
    by_id = {rule.id: rule for rule in screening.rules()}
    return frozenset().union(*(facts_used(by_id[rule_id].when) for rule_id, _v in each.rules))


@cache
def _asked_by_gates() -> dict[str, frozenset[str]]:
    return {rule.id: facts_used(rule.when) for rule in monitoring.of_kind("gate") if rule.when}


@cache
def _of_the_day() -> frozenset[str]:
    """What only the day itself can answer."""
    (section,) = sections("session_day")
    return frozenset(section.facts)


def number(value: Decimal) -> str:
    return plain_number(value)
