"""Alarms as one block: what to do, said once; why, rule by rule, folded below it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from vernal.rules.sessions import Alarm, Kind
from vernal.rules.sessions.monitoring import DoseAction, Urgency
from vernal.rules.sessions.together import Together
from vernal.web.sessions.cards import entry_url
from vernal.web.sessions.times import clock
from vernal.web.sessions.words import DOSE_NOW, NO_MORE_DRUG, URGENCIES
from vernal.workflow.queries import SessionView
from vernal.workflow.queries.cited import SourceLine, source_line


@dataclass(frozen=True)
class AlarmCard:
    """One alarm: why it sounds, and by which rules and sources."""

    title: str
    reason: str
    over: bool
    standing: str
    rules: str
    sources: list[SourceLine]


@dataclass(frozen=True)
class AlarmBlock:
    """Everything that sounds. `stop` is the one press that stops or pauses a running dose, `slow`
    leads to a lower rate; both are empty where the dose needs neither. `answered` says when and
    how somebody answered it all; `asks` whether nobody has yet."""

    word: str
    headline: str
    titles: str
    kind: str
    steps: tuple[str, ...]
    read_again: str
    stop: str
    stop_reason: str
    stop_words: str
    slow_url: str
    asks: bool
    answered: str
    answer_url: str
    reading_url: str
    why: tuple[AlarmCard, ...]


def alarm_block(view: SessionView) -> AlarmBlock | None:
    asked = view.together
    if asked is None or view.state.ended_at is not None:
        return None
    sounding = view.alarms.sounding
    running = asked.dose_running
    asks = bool(view.alarms.unanswered)
    answered = "" if asks else _answered(view)
    again = _read_again(view, asked)
    now = _headline(asked) if asks or not answered else _after_the_answer(asked, again)
    is_slow = running and asked.dose == DoseAction.slow
    return AlarmBlock(
        word=str(URGENCIES[asked.urgency]),
        headline=now or (_("Say what was done") if asks else sounding[0].title),
        titles="; ".join(each.title for each in sounding),
        kind="danger" if _is_danger(asked) else "caution",
        steps=_steps(asked, headline=now),
        read_again="" if again.rstrip(".") == now else again,
        stop=now if running and asked.dose >= DoseAction.pause else "",
        stop_reason="paused" if asked.dose == DoseAction.pause else "alarm",
        stop_words=sounding[0].title,
        slow_url=entry_url(view, Kind.rate_changed) if is_slow else "",
        asks=asks,
        answered=answered,
        answer_url=entry_url(view, Kind.alarm_acknowledged),
        reading_url=entry_url(view, Kind.reading) if answered and again else "",
        why=tuple(_card(each) for each in sounding),
    )


def _headline(asked: Together) -> str:
    """The strictest thing in large words; what is over asks for the word of what was done alone."""
    if asked.dose_running and asked.dose > DoseAction.go_on:
        return str(DOSE_NOW[asked.dose])
    if asked.dose >= DoseAction.pause:
        return str(NO_MORE_DRUG)
    return asked.steps[0] if asked.steps else asked.dose_step


def _after_the_answer(asked: Together, again: str) -> str:
    """A dose that still needs something first; else when the next reading shows whether it is
    over."""
    if asked.dose_running and asked.dose > DoseAction.go_on:
        return _headline(asked)
    return again.rstrip(".") or _headline(asked)


def _answered(view: SessionView) -> str:
    """When, and in whose words, what sounds was answered last; empty where nobody had to."""
    sounding = {rule for each in view.alarms.sounding for rule, _version in each.rules}
    told = [
        entry
        for entry in view.state.of(Kind.alarm_acknowledged)
        if not sounding.isdisjoint(entry.payload.get("rules", ()))
    ]
    if not told:
        return ""
    return _("Answered at %(at)s: %(words)s") % {
        "at": clock(told[-1].at, view.head.site.time_zone),
        "words": told[-1].payload.get("words", ""),
    }


def _steps(asked: Together, *, headline: str) -> tuple[str, ...]:
    """What the headline and its button say already is not said again; look at the patient first."""
    first, *rest = asked.steps or ("",)
    is_said = asked.dose_running and asked.dose > DoseAction.go_on
    no_more = asked.dose >= DoseAction.pause and not asked.dose_running
    dose = "" if is_said else f"{NO_MORE_DRUG}." if no_more else asked.dose_step
    lines = (first, "" if headline == NO_MORE_DRUG else dose, *rest)
    return tuple(line for line in lines if line and line != headline)


def _is_danger(asked: Together) -> bool:
    return asked.urgency == Urgency.emergency or asked.dose >= DoseAction.pause


def _read_again(view: SessionView, asked: Together) -> str:
    """The moment is the one that stands under "due", so that both say the same."""
    if asked.read_again_min is None:
        return ""
    due = next((line.due for line in view.due if line.measure == "vital_signs"), None)
    if due is None:
        return _("Measure again within %(n)s minutes.") % {"n": asked.read_again_min}
    if due.status != "next":
        return _("Measure again now.")
    return _("Measure again at %(at)s.") % {"at": clock(due.at, view.head.site.time_zone)}


def _card(alarm: Alarm) -> AlarmCard:
    return AlarmCard(
        title=alarm.title,
        reason=alarm.reason,
        over=alarm.over,
        standing=alarm.standing,
        rules=", ".join(rule for rule, _version in alarm.rules),
        sources=[source_line(key) for key in alarm.sources],
    )
