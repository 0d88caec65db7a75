"""A past session in one line: the dose, each alarm with what was done, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vernal.rules.conditions import Unknown
from vernal.rules.sessions.afterwards import Afterwards, PastAlarm
from vernal.web.parts import Task, moment
from vernal.web.sessions.words import CHOICES, STATE_TAGS, STATES
from vernal.workflow.care import number
from vernal.workflow.past_sessions import PastSession

SHOWN_MG = Decimal("0.1")


@dataclass(frozen=True)
class LastSession:
    """What the session before says to this one; `kind` is caution where it gives a reason."""

    title: str
    text: str
    kind: str
    url: str


def past_task(past: PastSession, zone: str) -> Task:
    """A row of the review: the session, what happened, and one word for it."""
    word, kind = _tag(past.told)
    title = _title(_("Session %(n)s, %(at)s"), past, zone)
    return Task(title, word, _url(past), _what_happened(past.told), kind)


def last_sessions(past: tuple[PastSession, ...], zone: str) -> list[LastSession]:
    """The same for the page of the next session, until its first dose."""
    return [
        LastSession(
            _title(_("Last time, session %(n)s, %(at)s"), each, zone),
            _in_short(each.told),
            "caution" if _gives_pause(each.told) else "info",
            _url(each),
        )
        for each in past
    ]


def _title(which: str, past: PastSession, zone: str) -> str:
    session = which % {"n": past.number, "at": moment(past.began_at, zone)}
    words = {"session": session, "planned": number(past.planned_mg)}
    if past.told.dose_at is None:
        return _("%(session)s: none of %(planned)s mg given") % words
    given = past.told.given_mg.quantize(SHOWN_MG)
    return _("%(session)s: %(given)s of %(planned)s mg given") % {**words, "given": str(given)}


def _url(past: PastSession) -> str:
    return reverse("session", kwargs={"session_id": past.id})


def _what_happened(told: Afterwards) -> str:
    return " ".join([*_answered(told.alarms), *_no_alarm(told), *_ending(told), *_hopes(told)])


def _in_short(told: Afterwards) -> str:
    """Without what was done: that is one tap away, and the session now open comes first."""
    alarms = [_alarms([each.title for each in told.alarms])] if told.alarms else []
    return " ".join([*alarms, *_no_alarm(told), *_ending(told, in_words=False), *_hopes(told)])


def _answered(alarms: tuple[PastAlarm, ...]) -> list[str]:
    """Alarms that one answer was about stand together, so that it is said once."""
    by_answer: dict[tuple[str, ...], list[str]] = {}
    for each in alarms:
        by_answer.setdefault(each.done, []).append(each.title)
    return [f"{_alarms(titles)} {_done(done)}" for done, titles in by_answer.items()]


def _alarms(titles: list[str]) -> str:
    words = ngettext("Alarm: %(titles)s.", "Alarms: %(titles)s.", len(titles))
    return words % {"titles": "; ".join(titles)}


def _done(done: tuple[str, ...]) -> str:
    if not done:
        return _("Nobody wrote down what was done.")
    return _("Done: %(done)s.") % {"done": "; ".join(words.rstrip(".") for words in done)}


def _no_alarm(told: Afterwards) -> list[str]:
    if told.alarms:
        return []
    if isinstance(told.held_dose, Unknown):
        return [_("No alarm on file, but not everything an alarm asks for was measured and asked.")]
    return [_("No alarm.")] if told.dose_at else []


def _ending(told: Afterwards, *, in_words: bool = True) -> list[str]:
    ending, found = told.ending, []
    if ending.stopped_because:
        why = [str(CHOICES[ending.stopped_because])]
        if in_words and ending.stop_words not in {"", *(each.title for each in told.alarms)}:
            why.append(ending.stop_words.rstrip("."))
        found.append(_("Dose stopped early: %(why)s.") % {"why": ", ".join(why)})
    state, reason = str(STATES[ending.state]), ending.reason.rstrip(".")
    found.append(f"{state}: {reason}." if reason else f"{state}.")
    return found


def _hopes(told: Afterwards) -> list[str]:
    return [_("Hoped for: “%(hopes)s”.") % {"hopes": told.hopes}] if told.hopes else []


def _gives_pause(told: Afterwards) -> bool:
    """Whether the one who begins the next session has to know of it first."""
    early = bool(told.ending.stopped_because) or STATE_TAGS.get(told.ending.state) == "danger"
    return told.held_dose is True or early


def _tag(told: Afterwards) -> tuple[str, str]:
    """An alarm that pauses or stops a dose first, then a dose that was cut short, then the end."""
    if told.held_dose is True:
        return _("Alarm"), "danger"
    if told.ending.stopped_because:
        return _("Stopped early"), "caution"
    return str(STATES[told.ending.state]), STATE_TAGS.get(told.ending.state, "")
