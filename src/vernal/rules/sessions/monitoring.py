"""Monitoring rules as values, the alarms they raise, and how often readings are due.

The walk knows no single rule; rules are data (`knowledge/data/monitoring`). No forecast takes part:
a reading that a model expected is as much an alarm as one it did not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import Literal, TypeVar

from vernal.rules.conditions import Condition, Facts, Unknown, judge
from vernal.rules.findings import Level, Override, Standing
from vernal.rules.screening import Indication, Kind, Route, Scope
from vernal.rules.sessions.doing import Step

Each = TypeVar("Each")
Phase = Literal["pre", "during", "post", "discharge", "follow_up"]
Blocks = Literal["start", "discharge", "sign_off"]
Who = Literal["nurse", "prescriber", "clinician", "medical_director", "software", "driver"]
AT_THE_BEDSIDE: frozenset[Phase] = frozenset({"during", "post"})
Measure = Literal["vital_signs", "sedation", "dissociation", "distress", "nausea", "call", "form"]


class Urgency(IntEnum):
    """How fast somebody must act; a higher number is faster."""

    watch = 1
    call = 2
    emergency = 3


class DoseAction(IntEnum):
    """What happens to a dose that is running; a higher number is stricter."""

    go_on = 0
    slow = 1
    pause = 2
    stop = 3


@dataclass(frozen=True)
class Schedule:
    """How often something is measured. Minutes `at_min` count from the start of the dose."""

    measure: Measure
    during_every_min: int | None = None
    after_every_min: int | None = None
    at_min: tuple[int, ...] = ()
    at_end: bool = False
    continuous: bool = False
    in_words: str = ""


@dataclass(frozen=True)
class MonitoringRule:
    """One reviewed rule of a session. `row` is the reference row a part belongs to.

    `when` is what makes an alarm sound or a gate close; a rule without it only informs. `parts`
    names the rules a summary row is made of: gates are judged by their parts, so that a person
    reads what exactly is missing. `read_for` are the routes whose text was read, where the rule
    holds for more than those. `stands_for` are screening conditions of the session day that a gate
    asks as well: they are told in one line with it. `dose_step` is what an alarm does to a running
    dose, in words, and `read_again_min` how soon it wants the next reading: both stand apart from
    `steps`, because of several alarms only the strictest counts. `doing` are the steps of an alarm
    with their keys.
    """

    id: str
    version: int
    row: str
    title: str
    kind: Kind
    phase: Phase
    scope: Scope
    steps: tuple[str, ...]
    who: tuple[Who, ...]
    reason: str
    sources: tuple[str, ...]
    standing: Standing
    when: Condition | None = None
    hazard: str = ""
    urgency: Urgency = Urgency.watch
    dose: DoseAction = DoseAction.go_on
    blocks: Blocks | None = None
    level: Level = Level.bar
    override: Override = "none"
    question: str = ""
    schedule: Schedule | None = None
    read_for: frozenset[Route] | None = None
    parts: tuple[str, ...] = ()
    policy: str = ""
    stands_for: tuple[str, ...] = ()
    dose_step: str = ""
    read_again_min: int | None = None
    doing: tuple[Step, ...] = ()

    def standing_on(self, route: Route) -> Standing:
        """On a route nobody read it for, a rule is ours."""
        widened = self.read_for is not None and route not in self.read_for
        return "house" if widened else self.standing


@dataclass(frozen=True)
class Alarm:
    """One hazard that needs somebody now.

    Where a person has to answer it, it is `answered` once somebody has said what was done. One that
    is `over` is measured no more, but nobody has.
    """

    hazard: str
    title: str
    urgency: Urgency
    dose: DoseAction
    steps: tuple[Step, ...]
    who: tuple[Who, ...]
    reason: str
    rules: tuple[tuple[str, int], ...]
    sources: tuple[str, ...]
    standing: Standing
    dose_step: str = ""
    read_again_min: int | None = None
    over: bool = False
    answered: bool = True

    @property
    def stops_dose(self) -> bool:
        return self.dose == DoseAction.stop


@dataclass(frozen=True)
class UnjudgedAlarm:
    """A hazard nobody can rule out yet; `needs` are what would have to be entered to settle it, and
    `read_again_min` how long after one reading its rule wants the next."""

    hazard: str
    title: str
    urgency: Urgency
    dose: DoseAction
    rules: tuple[tuple[str, int], ...]
    needs: frozenset[str]
    read_again_min: int | None = None


@dataclass(frozen=True)
class Alarms:
    """Strictest first. `dose` is what the dose needs now: the strictest of all that sound.

    `last_pause_at` is when the newest alarm began that pauses or stops a dose, answered or not.
    """

    sounding: tuple[Alarm, ...]
    unjudged: tuple[UnjudgedAlarm, ...]
    last_pause_at: datetime | None = None

    @property
    def dose(self) -> DoseAction:
        return max((alarm.dose for alarm in self.sounding), default=DoseAction.go_on)

    @property
    def unanswered(self) -> tuple[Alarm, ...]:
        """What waits for the word of what was done, over or not."""
        return tuple(alarm for alarm in self.sounding if not alarm.answered)


@dataclass(frozen=True)
class Timetable:
    """How often one thing is due, and which rules say so."""

    during_every_min: int | None
    after_every_min: int | None
    at_min: tuple[int, ...]
    at_end: bool
    rules: tuple[tuple[str, int], ...]


def alarms(
    facts: Facts,
    rules: Iterable[MonitoringRule],
    *,
    route: Route,
    indication: Indication,
    phases: frozenset[Phase] = AT_THE_BEDSIDE,
    held: frozenset[str] = frozenset(),
    last_pause_at: datetime | None = None,
) -> Alarms:
    """One alarm a hazard, told by its strictest rule; an unknown never becomes silence.

    `held` are ids of rules that sounded before and were not answered: they sound on.
    """
    by_hazard: dict[str, list[MonitoringRule]] = defaultdict(list)
    for rule in alarm_rules(rules, route=route, indication=indication, phases=phases):
        by_hazard[rule.hazard or rule.id].append(rule)
    sounding: list[Alarm] = []
    unjudged: list[UnjudgedAlarm] = []
    for hazard, group in by_hazard.items():
        alarm, open_question = _judge_hazard(hazard, group, facts, route, held)
        sounding += [alarm] if alarm else []
        unjudged += [open_question] if open_question else []
    return Alarms(
        tuple(sorted(sounding, key=lambda each: (-each.urgency, -each.dose, each.hazard))),
        tuple(sorted(unjudged, key=lambda each: (-each.urgency, -each.dose, each.hazard))),
        last_pause_at,
    )


def alarm_rules(
    rules: Iterable[MonitoringRule],
    *,
    route: Route,
    indication: Indication,
    phases: frozenset[Phase] = AT_THE_BEDSIDE,
) -> tuple[MonitoringRule, ...]:
    """The alarms that can sound here."""
    return tuple(
        rule
        for rule in rules
        if rule.kind == "alarm"
        and rule.phase in phases
        and rule.scope.covers(route=route, indication=indication)
    )


def _judge_hazard(
    hazard: str,
    group: list[MonitoringRule],
    facts: Facts,
    route: Route,
    held: frozenset[str],
) -> tuple[Alarm | None, UnjudgedAlarm | None]:
    group = sorted(group, key=lambda rule: (*_strictness(rule), rule.id), reverse=True)
    truths = [(rule, judge(rule.when, facts)) for rule in group if rule.when is not None]
    holding = [rule for rule, truth in truths if truth is True or rule.id in held]
    over = frozenset(rule.id for rule, truth in truths if truth is not True) & held
    answered = held.isdisjoint(rule.id for rule in holding)
    open_ = [
        (rule, truth)
        for rule, truth in truths
        if isinstance(truth, Unknown) and not _told_by(rule, holding)
    ]
    return (
        replace(_alarm(hazard, holding, route, over), answered=answered) if holding else None,
        _unjudged(hazard, open_) if open_ else None,
    )


def _told_by(rule: MonitoringRule, holding: list[MonitoringRule]) -> bool:
    """Whether what already sounds asks for at least as much, both of people and of the dose."""
    return bool(holding) and (
        rule.urgency <= max(each.urgency for each in holding)
        and rule.dose <= max(each.dose for each in holding)
    )


def _strictness(rule: MonitoringRule) -> tuple[int, int]:
    return rule.urgency, rule.dose


def _alarm(hazard: str, rules: list[MonitoringRule], route: Route, over: frozenset[str]) -> Alarm:
    first = rules[0]
    as_urgent = [rule for rule in rules if rule.urgency == first.urgency]
    return Alarm(
        hazard=hazard,
        title=first.title,
        urgency=first.urgency,
        dose=max(rule.dose for rule in rules),
        steps=_once(step for rule in as_urgent for step in rule.doing),
        who=_once(who for rule in as_urgent for who in rule.who),
        reason=first.reason,
        rules=tuple((rule.id, rule.version) for rule in rules),
        sources=_once(source for rule in rules for source in rule.sources),
        standing=first.standing_on(route),
        dose_step=next(
            (each.dose_step for each in sorted(rules, key=_dose, reverse=True) if each.dose_step),
            "",
        ),
        read_again_min=_shortest(rule.read_again_min for rule in rules),
        over=first.id in over,
    )


def _dose(rule: MonitoringRule) -> DoseAction:
    return rule.dose


def _unjudged(hazard: str, rules: list[tuple[MonitoringRule, Unknown]]) -> UnjudgedAlarm:
    first = rules[0][0]
    return UnjudgedAlarm(
        hazard=hazard,
        title=first.title,
        urgency=first.urgency,
        dose=max(rule.dose for rule, _ in rules),
        rules=tuple((rule.id, rule.version) for rule, _ in rules),
        needs=frozenset().union(*(truth.needs for _, truth in rules)),
        read_again_min=_shortest(rule.read_again_min for rule, _ in rules),
    )


def timetable_for(
    facts: Facts,
    rules: Iterable[MonitoringRule],
    *,
    route: Route,
    indication: Indication,
    measure: Measure = "vital_signs",
) -> Timetable:
    """The strictest of all schedules that apply; one that cannot be judged yet applies too."""
    chosen = [
        (rule, rule.schedule)
        for rule in rules
        if rule.schedule is not None
        and rule.schedule.measure == measure
        and rule.scope.covers(route=route, indication=indication)
        and (rule.kind != "schedule" or rule.when is None or judge(rule.when, facts) is not False)
    ]
    schedules = [schedule for _, schedule in chosen]
    return Timetable(
        during_every_min=_shortest(each.during_every_min for each in schedules),
        after_every_min=_shortest(each.after_every_min for each in schedules),
        at_min=tuple(sorted({minute for each in schedules for minute in each.at_min})),
        at_end=any(each.at_end for each in schedules),
        rules=tuple((rule.id, rule.version) for rule, _ in chosen),
    )


def _shortest(intervals: Iterable[int | None]) -> int | None:
    return min((each for each in intervals if each is not None), default=None)


def _once(items: Iterable[Each]) -> tuple[Each, ...]:
    return tuple(dict.fromkeys(items))
