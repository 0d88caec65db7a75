"""What the pages of a session show, as plain attributes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vernal.rules.sessions import ENDED, Entry, Kind, State
from vernal.rules.sessions.afterwards import hopes
from vernal.rules.sessions.monitoring import Urgency
from vernal.rules.sessions.room import left_mg
from vernal.web.parts import Cell, Column, Link, day, moment
from vernal.web.sessions.alarming import AlarmBlock, alarm_block
from vernal.web.sessions.blocking import filled_in_elsewhere, rooms, what_blocks
from vernal.web.sessions.buttons import before_more, kinds
from vernal.web.sessions.cards import (
    Criterion,
    DueRow,
    Figure,
    due_row,
    entry_url,
    figures,
    vial_columns,
    vial_rows,
)
from vernal.web.sessions.charts import Chart, level_chart, pressure_chart
from vernal.web.sessions.entries import EntryLine, entry_line, hopes_words
from vernal.web.sessions.going_home import contacts, criteria_cards, earliest
from vernal.web.sessions.past import LastSession, last_sessions
from vernal.web.sessions.preparing import SHOWN_MG, Row, prepared, prepared_in_short
from vernal.web.sessions.submitting import missing_words
from vernal.web.sessions.times import clock, span
from vernal.web.sessions.words import (
    ABBREVIATIONS,
    CLOCKS,
    EARLIER_STOP,
    MEASURES,
    NEXT,
    ON_THE_DEVICE,
    PAUSED,
    STATE_TAGS,
    STATES,
    TITLES,
)
from vernal.workflow.care import number
from vernal.workflow.queries import SessionView
from vernal.workflow.spoken import spoken

DANGER = frozenset({Kind.left_against_advice, Kind.transferred, Kind.session_stopped})
TO_THE_MG = Decimal(1)  # the log counts rate times time, and a pump stops on the second
NEWEST = 20  # entries on the page at once; the whole log is one tap away
# What the alarm's own block says and offers, so that "next" does not say it again.
SAID_BY_THE_ALARM = frozenset({"alarm", "pause", "slow", "answer", "measure_again"})
STOPS_AT_ONCE = frozenset({"alarm", "pause"})  # one press; the form of a stop stays in the list
FIRST = 2  # of them before the fold: on a telephone the next thing to do comes first


@dataclass(frozen=True)
class LivePage:
    """One session. `since` and `due` carry moments, so that a device can count by its own clock."""

    session_id: UUID
    title: str
    over: str
    breadcrumbs: list[Link]
    url: str
    state: str
    state_tag: str
    now: datetime
    as_of: str
    since: datetime | None
    elapsed: str
    next_title: str
    next_text: str
    next_link: Link | None
    next_other: Link | None
    next_is_danger: bool
    last: list[LastSession]
    hopes: str
    stop_id: UUID | None
    stop_url: str
    alarm: AlarmBlock | None
    alarm_says_next: bool
    sounding: int
    open_alarms: list[str]
    due: list[DueRow]
    figures: list[Figure]
    has_ended: bool
    may_read: bool
    reading_url: str
    buttons: list[Link]
    ways_out: list[Link]
    before_more: list[str]
    prepared: list[Row]
    prepared_in_short: str
    has_had_drug: bool
    blocking: list[Criterion]
    rooms: list[Link]
    filled_in_elsewhere: list[Link]
    criteria: list[Criterion]
    still_open: int
    earliest: str
    contacts: list[Row]
    abbreviations: list[str]
    charts: list[Chart]
    log: list[EntryLine]
    earlier: list[EntryLine]
    older: int
    whole_log_url: str
    poll_url: str
    vials: list[list[Cell]]
    vial_columns: list[Column]
    discrepancies: list[str]
    problems: list[str]
    author: str
    locked: bool
    silent: bool
    cancelled: bool
    medicines: list[str]
    device_words: dict[str, str]
    pin_url: str = field(default_factory=lambda: reverse("pin"))


def live_page(view: SessionView, *, author: str, locked: bool, whole_log: bool = False) -> LivePage:
    state, zone, head = view.state, view.head.site.time_zone, view.head
    chart = reverse("chart", kwargs={"patient_id": head.patient_id})
    running, ended = state.dose.running, state.state in ENDED
    alarm = alarm_block(view)
    above = _above(view, alarm)
    links = [_button(view, kind) for kind in kinds(view) if kind not in above]
    born = _("born %(day)s") % {"day": day(head.birth_date)} if head.birth_date else ""
    url = reverse("session", kwargs={"session_id": view.session_id})
    criteria = criteria_cards(view)
    lines = [entry_line(entry, view) for entry in _shown(view, whole_log)]
    return LivePage(
        session_id=view.session_id,
        title=head.name,
        over=" · ".join(
            each
            for each in (born, _("session %(n)s") % {"n": view.number}, view.protocol_title)
            if each
        ),
        breadcrumbs=[Link(_("Sessions today"), reverse("sessions_today")), Link(head.name, chart)],
        url=url,
        poll_url=f"{url}?log=all" if whole_log else url,
        state=str(PAUSED if state.dose.is_paused else STATES[state.state]),
        state_tag=STATE_TAGS.get(state.state, ""),
        now=view.now,
        as_of=clock(view.now, zone),
        since=state.dose.first_at if not ended else None,
        elapsed=_elapsed(view),
        next_title=str(NEXT[view.next.why]),
        next_text=_next_text(view),
        next_link=_next_link(view),
        next_other=_button(view, Kind.dose_resumed) if Kind.dose_resumed in above else None,
        next_is_danger=view.next.kind == Kind.dose_stopped,
        last=last_sessions(view.last, zone),
        hopes=_hopes(view),
        stop_id=uuid4() if running else None,
        stop_url=entry_url(view, Kind.dose_stopped),
        alarm=alarm,
        alarm_says_next=alarm is not None and view.next.why in SAID_BY_THE_ALARM,
        sounding=len(view.alarms.sounding),
        open_alarms=_open_alarms(view),
        due=[due_row(line, view) for line in view.due] if not ended else [],
        figures=figures(view),
        has_ended=ended,
        may_read=state.state not in (State.planned, *ENDED),
        reading_url=entry_url(view, Kind.reading),
        buttons=[link for link in links if link.kind != "danger"],
        ways_out=[link for link in links if link.kind == "danger"],
        before_more=before_more(view),
        prepared=prepared(view),
        prepared_in_short=prepared_in_short(view),
        has_had_drug=state.dose.first_at is not None,
        blocking=what_blocks(view),
        rooms=rooms(view),
        filled_in_elsewhere=filled_in_elsewhere(view),
        criteria=criteria,
        still_open=sum(each.kind != "done" for each in criteria),
        earliest=earliest(view),
        contacts=contacts(view),
        abbreviations=_explained([each.title for each in criteria]),
        charts=[each for each in (pressure_chart(view), level_chart(view)) if each],
        log=lines if whole_log else lines[:FIRST],
        earlier=[] if whole_log else lines[FIRST:],
        older=0 if whole_log else max(len(state.entries) - NEWEST, 0),
        whole_log_url=f"{url}?log=all",
        vial_columns=vial_columns(),
        vials=vial_rows(view),
        discrepancies=[
            *_vials_and_log(view),
            *(spoken(each.sentence) for each in view.discrepancies),
        ],
        problems=_problems(view),
        author=author,
        locked=locked,
        silent=view.is_silent,
        cancelled=view.is_cancelled,
        medicines=_medicines(view),
        device_words={name: str(words) for name, words in ON_THE_DEVICE.items()},
    )


def _hopes(view: SessionView) -> str:
    """While the session lasts: what the patient wants from it."""
    told = hopes(view.state)
    return hopes_words(told) if told and view.state.state not in ENDED else ""


def _shown(view: SessionView, whole_log: bool) -> list[Entry]:
    newest_first = list(reversed(view.state.entries))
    return newest_first if whole_log else newest_first[:NEWEST]


def _above(view: SessionView, alarm: AlarmBlock | None) -> set[Kind | None]:
    """What has a button of its own further up: each stands once."""
    goes_on = view.next.why == "paused" and Kind.dose_resumed in kinds(view)
    return {
        view.next.kind if view.next.why not in STOPS_AT_ONCE else None,
        Kind.alarm_acknowledged if alarm else None,
        Kind.dose_resumed if goes_on else None,
    }


def _button(view: SessionView, kind: Kind) -> Link:
    label = EARLIER_STOP if kind == Kind.dose_stopped else TITLES[kind]
    return Link(str(label), entry_url(view, kind), "danger" if kind in DANGER else "secondary")


def _elapsed(view: SessionView) -> str:
    first = view.state.dose.first_at
    if first is None:
        return ""
    return span((view.state.ended_at or view.now) - first)


def _next_text(view: SessionView) -> str:
    zone = view.head.site.time_zone
    if view.is_cancelled:
        return _("This session was cancelled.")
    match view.next.why:
        case "wait" | "measure_again":
            ahead = [line for line in view.due if line.due.status == "next"]
            if not ahead:
                return view.next.about
            return _("%(what)s at %(at)s.") % {
                "what": MEASURES[ahead[0].measure],
                "at": clock(ahead[0].due.at, zone),
            }
        case "arrived":
            return _("Planned for %(at)s.") % {"at": moment(view.planned_at, zone)}
        case "checklist":
            return ngettext(
                "%(n)s question is open.", "%(n)s questions are open.", len(view.asked)
            ) % {"n": len([name for name in view.asked if name not in view.answers])}
        case "hold":
            return _hold_words(view)
        case "all_in":
            return _("Nothing is left to give today. Readings go on.")
        case "more_or_finished":
            more = number(left_mg(view.order, view.state))
            return _("The plan allows %(mg)s mg more.") % {"mg": more}
        case "may_start":
            return _("Every check is met. %(dose)s") % {"dose": _ordered(view)}
        case "baseline" if view.baseline_from is not None:
            at = clock(view.baseline_from, zone)
            return _("From %(at)s. %(what)s.") % {"at": at, "what": view.next.about}
        case "paused":
            left = number(left_mg(view.order, view.state).quantize(SHOWN_MG))
            return _("%(mg)s mg of the plan are left.") % {"mg": left}
        case "overdue" | "due":
            late = next(line for line in view.due if line.measure == "vital_signs")
            return _("It was due at %(at)s.") % {"at": clock(late.due.at, zone)}
        case "score":
            late = [line for line in view.due if line.due.status == "overdue"]
            return _("%(what)s: overdue.") % {
                "what": ", ".join(str(MEASURES[line.measure]) for line in late)
            }
        case "ended":
            return str(STATES[view.state.state])
    return view.next.about


def _hold_words(view: SessionView) -> str:
    """Until when the drug is held in the mouth, by the newest dose."""
    given = view.state.of(Kind.dose_given)[-1]
    minutes = given.payload.get("hold_min")
    if minutes is None:
        return ""
    until = given.at + timedelta(minutes=float(minutes))
    return _("Hold until %(at)s, then enter whether it was swallowed or spat out.") % {
        "at": clock(until, view.head.site.time_zone)
    }


def _ordered(view: SessionView) -> str:
    if view.order.planned_dose_mg is None:
        return ""
    return f"{prepared_in_short(view)}."


def _explained(texts: list[str]) -> list[str]:
    return [str(words) for short, words in ABBREVIATIONS.items() if short in " ".join(texts)]


def _next_link(view: SessionView) -> Link | None:
    if view.next.kind is None or view.is_cancelled:
        return None
    return Link(str(TITLES[view.next.kind]), entry_url(view, view.next.kind))


def _open_alarms(view: SessionView) -> list[str]:
    """What nobody can rule out while drug acts, and what would settle it."""
    if view.state.dose.first_at is None or view.state.state in ENDED:
        return []
    return [
        _("%(title)s: %(needs)s") % {"title": each.title, "needs": missing_words(each.needs)}
        for each in view.alarms.unjudged
        if each.urgency > Urgency.watch
    ]


def _medicines(view: SessionView) -> list[str]:
    """Each medicine with advice for the day of a session, and the advice."""
    return [
        _("%(name)s: %(advice)s")
        % {"name": each.name, "advice": " ".join(advice.advice for advice in each.advice)}
        for each in view.medicines_today
    ]


def _vials_and_log(view: SessionView) -> list[str]:
    """Whether vials were counted once the dose is in, and say the same as the log."""
    given = view.state.dose.given_mg
    if view.state.state not in (State.recovering, *ENDED) or not given:
        return []
    if not view.vials:
        return [_("No vial has been counted: drawn is given, wasted and returned.")]
    counted = sum((vial.given_mg for vial in view.vials), Decimal(0))
    if counted.quantize(TO_THE_MG) == given.quantize(TO_THE_MG):
        return []
    return [
        _("By the vials %(vials)s mg were given, by the log %(log)s mg.")
        % {"vials": number(counted), "log": number(given)}
    ]


def _problems(view: SessionView) -> list[str]:
    clocks = [
        CLOCKS[note.kind] % {"seconds": int(abs(note.by.total_seconds()))}
        for note in view.state.clocks
    ]
    return [*(spoken(each.sentence) for each in view.state.problems), *map(str, clocks)]
