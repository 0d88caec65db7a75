"""The day of a nurse: who comes, who is treated, who waits for a reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from vernal.rules.sessions import State
from vernal.web.parts import day, moment
from vernal.web.sessions.times import clock, span
from vernal.web.sessions.words import NEXT, PAUSED, STATE_TAGS, STATES
from vernal.workflow.queries import SessionLine

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class TodayRow:
    url: str
    patient: str
    when: str
    state: str
    state_tag: str
    alarm: str
    note: str
    note_tag: str
    waits: str


@dataclass(frozen=True)
class TodayPage:
    as_of: str
    rows: list[TodayRow]
    ahead: list[TodayRow]


def today_page(lines: list[SessionLine], ahead: list[SessionLine], now: datetime) -> TodayPage:
    zone = next((line.site.time_zone for line in (*lines, *ahead)), "UTC")
    return TodayPage(
        clock(now, zone),
        [_today_row(line, now) for line in lines],
        [_today_row(line, now) for line in ahead],
    )


def _today_row(line: SessionLine, now: datetime) -> TodayRow:
    zone = line.site.time_zone
    note, tag = "", ""
    if line.overdue_min is not None:
        late = span(timedelta(minutes=line.overdue_min))
        note, tag = _("Reading overdue by %(late)s") % {"late": late}, "danger"
    elif line.next_due_at is not None:
        note = _("Next reading %(at)s") % {"at": clock(line.next_due_at, zone)}
    elif line.state == State.planned and now - line.planned_at >= A_MINUTE:
        note, tag = _("Late by %(late)s") % {"late": span(now - line.planned_at)}, "caution"
    return TodayRow(
        url=reverse("session", kwargs={"session_id": line.session_id}),
        patient=line.patient_name,
        when=_("%(at)s, session %(n)s, %(site)s")
        % {"at": moment(line.planned_at, zone), "n": line.number, "site": line.site.name},
        state=_state(line),
        state_tag="caution" if line.held_until else STATE_TAGS.get(line.state, ""),
        alarm=line.alarm,
        note=note,
        note_tag=tag,
        waits=_waits(line),
    )


def _state(line: SessionLine) -> str:
    if line.held_until:
        return _("Held until %(day)s") % {"day": day(line.held_until)}
    if line.is_paused:
        return str(PAUSED)
    return str(STATES[line.state])


def _waits(line: SessionLine) -> str:
    """What this patient waits for: a mended chart, the next step, or a clock."""
    if line.waits:
        return _("Waits for the chart: %(what)s") % {"what": " ".join(line.waits)}
    if line.state == State.planned or line.next.why in ("ended", "wait"):
        return ""
    about = f": {line.next.about}" if line.next.about else ""
    step = f"{NEXT[line.next.why]}{about}."
    if line.state != State.recovering or line.home_from is None:
        return step
    at = clock(line.home_from, line.site.time_zone)
    return _("%(step)s May go at %(at)s at the earliest.") % {"step": step, "at": at}
