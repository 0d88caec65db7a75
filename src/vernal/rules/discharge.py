"""Going home: every criterion with its status. Unknown blocks like not met."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from vernal.rules.conditions import Facts
from vernal.rules.screening import Indication, Route
from vernal.rules.sessions.fold import SessionState
from vernal.rules.sessions.gates import Criterion, all_met, criteria
from vernal.rules.sessions.monitoring import MonitoringRule
from vernal.rules.sessions.readings import session_facts
from vernal.rules.sessions.states import SAID, State
from vernal.words import Sentence as _

SIGNED = frozenset({"nurse_signed", "clinician_signed"})


@dataclass(frozen=True)
class Minimums:
    """How long a protocol keeps a patient, beside what the rules ask; the longer one holds."""

    protocol: str
    since_start_min: Decimal
    since_end_min: Decimal

    def __post_init__(self) -> None:
        if self.since_start_min < 0 or self.since_end_min < 0:
            raise ValueError("a minimum is not below zero.")


@dataclass(frozen=True)
class DischargeCheck:
    criteria: tuple[Criterion, ...]

    @property
    def may_discharge(self) -> bool:
        return all_met(self.criteria)

    @property
    def open(self) -> tuple[Criterion, ...]:
        """What still stands in the way."""
        return tuple(each for each in self.criteria if each.status != "met")

    def open_before_signing(self, asks: Mapping[str, frozenset[str]]) -> tuple[Criterion, ...]:
        """What is open beside the signatures, which come last. `asks` are the facts that each
        criterion is judged by."""
        return tuple(each for each in self.open if not asks.get(each.id, frozenset()) & SIGNED)


def may_discharge(
    state: SessionState,
    facts: Facts,
    rules: Iterable[MonitoringRule],
    *,
    minimums: Minimums,
    route: Route,
    indication: Indication,
    unanswered: Collection[str] = (),
) -> DischargeCheck:
    """Judge every criterion at `state.now`. `facts` are about the patient (age, first session...).

    What the session's log says wins over `facts`, and only what was seen lately
    counts: a score from before the dose must not send anybody home. `unanswered` are titles of
    alarms about which nobody has said what was done.
    """
    known = {**facts, **session_facts(state, fresh_for=state.figures.fresh_for_discharge)}
    return DischargeCheck(
        (
            _in_recovery(state),
            _answered(unanswered),
            *_watched(known, minimums),
            *criteria(known, rules, blocks="discharge", route=route, indication=indication),
        )
    )


def _in_recovery(state: SessionState) -> Criterion:
    """Over by a person's word: what was paused may go on any minute."""
    recovering = state.state == State.recovering and not state.dose.running
    told = _("The session is %(state)s.", state=SAID[state.state])
    if state.dose.running:
        told = _("The session is %(state)s and an infusion is running.", state=SAID[state.state])
    if state.dose.is_paused:
        told = _("The dose is paused and part of it is left: go on, or finish the dosing.")
    return _own_criterion(
        "session.recovering",
        _("The last dose is in"),
        met=recovering and not state.dose.is_paused,
        reason=told,
        is_told=True,
    )


def _answered(unanswered: Collection[str]) -> Criterion:
    return _own_criterion(
        "session.answered",
        _("What was done about each alarm is written down"),
        met=not unanswered,
        reason=_("Not answered: %(alarms)s.", alarms=", ".join(unanswered))
        if unanswered
        else _("What was done is known before the patient goes."),
        is_told=True,
    )


def _watched(facts: Facts, minimums: Minimums) -> Iterator[Criterion]:
    """The protocol's own clocks; one that asks for no minute is no criterion."""
    least = {"since_start": minimums.since_start_min, "since_end": minimums.since_end_min}
    for clock, least_min in least.items():
        if least_min:
            yield _long_enough(clock, least_min, facts, minimums)


def _long_enough(clock: str, least_min: Decimal, facts: Facts, minimums: Minimums) -> Criterion:
    titles = {
        "since_start": _("At least %(n)s minutes after the start (protocol)", n=least_min),
        "since_end": _("At least %(n)s minutes after the last drug (protocol)", n=least_min),
    }
    fact = f"minutes_{clock}"
    passed = facts[fact]
    return _own_criterion(
        f"protocol.{clock}",
        titles[clock],
        met=passed >= least_min if isinstance(passed, Decimal) else None,
        reason=_(
            "The protocol %(protocol)s keeps the patient this long.", protocol=minimums.protocol
        ),
        needs=frozenset({fact}),
    )


def _own_criterion(
    key: str,
    title: str,
    *,
    met: bool | None,
    reason: str,
    needs: frozenset[str] = frozenset(),
    is_told: bool = False,
) -> Criterion:
    return Criterion(
        id=key,
        version=1,
        title=title,
        status="unknown" if met is None else "met" if met else "not_met",
        reason=reason,
        steps=(),
        needs=needs if met is None else frozenset(),
        sources=(),
        standing="house",
        is_told=is_told,
    )
