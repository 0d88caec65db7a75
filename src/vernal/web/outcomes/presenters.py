"""What the pages of scores and outcomes show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vernal.knowledge.figures import value
from vernal.rules.conditions import Truth, Unknown
from vernal.rules.outcomes import DatedScore, Judged
from vernal.rules.retreatment import Prompt
from vernal.web.outcomes.drawing import NARROW, WIDE, Frame, draw
from vernal.web.outcomes.waiting import waiting_for_patient, waiting_for_staff
from vernal.web.parts import Cell, Column, Link, Task, day, moment, who
from vernal.workflow.queries import CopyLine, MyOutcomes, MyScale, OutcomesView, ScoreChart
from vernal.workflow.queries.cited import SourceLine
from vernal.workflow.queries.outcomes import DoneLine, Line

OUTCOMES = {
    "response": gettext_lazy("Response"),
    "remission": gettext_lazy("Remission"),
    "relapse": gettext_lazy("Relapse"),
    "worse": gettext_lazy("Worse"),
    "reliable_change": gettext_lazy("A change that matters"),
}
NEEDED = {
    "first_session_on": gettext_lazy("the first session"),
    "baseline": gettext_lazy("a score in the %(before)s days before the first dose"),
    "induction_ended_on": gettext_lazy("the end of the induction"),
    "end_of_induction": gettext_lazy("a score in the %(after)s days after the induction"),
    "score": gettext_lazy("a score after the one it is compared with"),
    "baseline_above_zero": gettext_lazy("a score above zero at the start"),
    "suicidal_thoughts": gettext_lazy("a PHQ-9 of the last %(item_9)s days with item 9 answered"),
    "stop_alarm_last_session": gettext_lazy(
        "every reading, score and symptom that an alarm asks for, after the last dose began"
    ),
    "sessions_left": gettext_lazy("booked sessions"),
    "days_since_last_session": gettext_lazy("a session"),
    "weeks_since_induction": gettext_lazy("the end of the induction"),
}


@dataclass(frozen=True)
class Picture:
    """The chart, its sentence, and the same as a table."""

    title: str
    says: str
    svg: SafeString
    columns: list[Column]
    rows: list[list[Cell]]


@dataclass(frozen=True)
class PromptCard:
    title: str
    words: str
    action: str
    standing: str
    sources: list[SourceLine]


@dataclass(frozen=True)
class Verdict:
    """One definition and whether it holds, in words."""

    title: str
    answer: str
    kind: str
    definition: str
    seen: str
    standing: str
    sources: list[SourceLine]


@dataclass(frozen=True)
class OutcomesPage:
    title: str
    over: str
    breadcrumbs: list[Link]
    tabs: list[Tab]
    picture: Picture | None
    prompts: list[PromptCard]
    suicidal: str
    verdicts: list[Verdict]
    waiting: list[Task]
    copy_columns: list[Column]
    copy_rows: list[list[Cell]]
    has_measures: bool
    done_columns: list[Column]
    done_rows: list[list[Cell]]
    measure_url: str
    total_url: str
    phq9_url: str
    review_url: str
    may_enter: bool


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class MyOutcomesPage:
    title: str
    lead: str
    waiting: list[Task]
    at_any_time: list[Link]
    picture: Picture | None
    levels: list[str]


@dataclass(frozen=True)
class MyScalePage:
    title: str
    over: str
    breadcrumbs: list[Link]


def outcomes_page(view: OutcomesView) -> OutcomesPage:
    head = view.head
    ids = {"patient_id": head.patient_id}
    here = reverse("outcomes", kwargs=ids)
    return OutcomesPage(
        title=_("Outcomes"),
        over=" · ".join(who(head)),
        breadcrumbs=[Link(head.name, reverse("chart", kwargs=ids))],
        tabs=[
            Tab(each.title, f"{here}?scale={each.id}", each.id == view.chart.scale.id)
            for each in view.charted
        ],
        picture=picture(view.chart) if view.chart.scores else None,
        prompts=[*_gate(view), *(prompt_card(each, view.sources) for each in view.prompts)],
        suicidal=suicidal_words(view.suicidal),
        verdicts=[_verdict(each, view) for each in view.judged],
        waiting=waiting_for_staff(view),
        copy_columns=[
            Column(_("Day")),
            Column(_("Scale")),
            Column(_("Score"), is_number=True),
            Column(_("Meaning")),
            Column(_("Filled in by")),
        ],
        copy_rows=[_copy_row(each) for each in view.copies],
        has_measures=bool(view.measures_offered),
        done_columns=[
            Column(_("Day")),
            Column(_("Test or call")),
            Column(_("What came of it")),
            Column(_("Written down by")),
        ],
        done_rows=[_done_row(each) for each in view.measures_done],
        measure_url=reverse("record_measure", kwargs=ids),
        total_url=reverse("enter_total", kwargs=ids),
        phq9_url=reverse("section", kwargs={**ids, "section_id": "phq9"}),
        review_url=reverse("review", kwargs=ids),
        may_enter=view.may_enter,
    )


def my_outcomes_page(view: MyOutcomes) -> MyOutcomesPage:
    waiting = waiting_for_patient(view)
    return MyOutcomesPage(
        title=_("How I am doing"),
        lead=_my_lead(view, len(waiting)),
        waiting=waiting,
        at_any_time=[
            Link(each.title, reverse("my_scale", kwargs={"scale_id": each.id}))
            for each in view.at_any_time
        ],
        picture=picture(view.chart, NARROW) if view.chart.scores else None,
        levels=[
            f"{OUTCOMES[line.definition.outcome]} ({_reached_at(line)}): {line.definition.words}"
            for line in view.chart.lines
        ],
    )


def my_scale_page(view: MyScale) -> MyScalePage:
    return MyScalePage(
        title=view.scale.title,
        over=_("Last filled in on %(day)s") % {"day": day(view.last_on)} if view.last_on else "",
        breadcrumbs=[Link(_("How I am doing"), reverse("my_outcomes"))],
    )


def picture(chart: ScoreChart, frame: Frame = WIDE) -> Picture:
    levels = [(line.value, _level_words(line, frame)) for line in chart.lines]
    if chart.start:
        start = _("Start") if frame is NARROW else _("Start %(score)s")
        levels.append((chart.start.value, start % {"score": plain(chart.start)}))
    return Picture(
        title=_("%(scale)s over the sessions") % {"scale": chart.scale.title},
        says=_says(chart),
        svg=draw(chart, levels, frame),
        columns=[
            Column(_("Day")),
            Column(_("Score"), is_number=True),
            Column(_("Meaning")),
            Column(_("Sessions given by then"), is_number=True),
        ],
        rows=[
            [
                Cell(day(each.on)),
                Cell(plain(each)),
                Cell(_band(chart, each.value)),
                Cell(str(sum(on <= each.on for on in chart.sessions_on))),
            ]
            for each in chart.scores
        ],
    )


def prompt_card(prompt: Prompt, sources: Mapping[str, SourceLine]) -> PromptCard:
    return PromptCard(
        title=prompt.title,
        words=prompt.words,
        action=prompt.action,
        standing=prompt.standing,
        sources=[sources[key] for key in prompt.sources],
    )


def _gate(view: OutcomesView) -> list[PromptCard]:
    """What holds the next dose back until somebody has seen the patient."""
    if view.gate is None:
        return []
    title, action = _("Before the next dose"), " ".join(view.gate.steps)
    sources = [view.sources[key] for key in view.gate.sources]
    return [PromptCard(title, view.gate.reason, action, view.gate.standing, sources)]


def needed_words(needs: Iterable[str]) -> str:
    """What is missing, in words; each thing once."""
    days = {
        "before": value("baseline_days_old"),
        "after": value("end_of_induction_days"),
        "item_9": value("suicidal_answer_days_old"),
    }
    words = (NEEDED.get(need.rpartition(".")[2], need) for need in sorted(needs))
    return ", ".join(dict.fromkeys(str(each) % days for each in words))


def answer_words(truth: Truth) -> str:
    if isinstance(truth, Unknown):
        return _("Not yet known: needs %(needs)s") % {"needs": needed_words(truth.needs)}
    return _("Yes") if truth else _("No")


def suicidal_words(truth: Truth) -> str:
    if truth is False:
        return ""
    if truth is True:
        return _("The newest PHQ-9 tells of thoughts of death or self-harm.")
    return _("Thoughts of death or self-harm: not known. Needed: %(needs)s.") % {
        "needs": needed_words(truth.needs)
    }


def plain(score: DatedScore) -> str:
    return number(score.value)


def number(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _level_words(line: Line, frame: Frame) -> str:
    title = str(OUTCOMES[line.definition.outcome])
    return title if frame is NARROW else f"{title} {_reached_at(line)}"


def _reached_at(line: Line) -> str:
    definition = line.definition
    falls = definition.higher_is_worse and definition.rule != "at_least"
    sign = "<" if definition.rule == "below" else "≤" if falls else "≥"
    return f"{sign} {number(line.value)}"


def _says(chart: ScoreChart) -> str:
    first, last = chart.start or chart.scores[0], chart.scores[-1]
    given = len(chart.sessions_on)
    sessions = ngettext("%(count)s session", "%(count)s sessions", given) % {"count": given}
    words = {
        "first": plain(first),
        "first_day": day(first.on),
        "last": plain(last),
        "last_day": day(last.on),
        "sessions": sessions,
    }
    if first == last:
        return _("One score so far: %(first)s on %(first_day)s; %(sessions)s.") % words
    if chart.start is None:
        return (
            _("First %(first)s on %(first_day)s, newest %(last)s on %(last_day)s; %(sessions)s.")
            % words
        )
    return (
        _("At the start %(first)s on %(first_day)s, newest %(last)s on %(last_day)s; %(sessions)s.")
        % words
    )


def _band(chart: ScoreChart, value: Decimal) -> str:
    reached = [each.label for each in chart.bands if each.start <= value]
    return reached[-1] if reached else ""


def _verdict(judged: Judged, view: OutcomesView) -> Verdict:
    definition = judged.definition
    concerns = definition.outcome in ("worse", "relapse")
    holds = judged.holds
    kind = "" if holds is not True else "caution" if concerns else "done"
    return Verdict(
        title=str(OUTCOMES[definition.outcome]),
        answer=answer_words(holds),
        kind=kind,
        definition=definition.words,
        seen=_seen(judged),
        standing=definition.standing,
        sources=[view.sources[key] for key in definition.sources],
    )


def _seen(judged: Judged) -> str:
    scores = [_on(each) for each in judged.scores]
    if isinstance(judged.reference, DatedScore):
        scores.insert(0, _("compared with %(score)s") % {"score": _on(judged.reference)})
    return "; ".join(scores)


def _on(score: DatedScore) -> str:
    return _("%(score)s on %(day)s") % {"score": plain(score), "day": day(score.on)}


def _copy_row(line: CopyLine) -> list[Cell]:
    return [
        Cell(day(line.on)),
        Cell(line.scale.title),
        Cell(_("answers missing") if line.value is None else number(line.value)),
        Cell(line.band),
        Cell(line.by_name),
    ]


def _done_row(line: DoneLine) -> list[Cell]:
    result = line.done.result or _("In the history")
    return [Cell(day(line.done.on)), Cell(line.title), Cell(result), Cell(line.done.by_name)]


def _my_lead(view: MyOutcomes, waiting: int) -> str:
    if waiting:
        return ngettext("One thing waits for you.", "%(count)s things wait for you.", waiting) % {
            "count": waiting
        }
    if view.next_session_at:
        at = moment(view.next_session_at, view.site.time_zone)
        return _("Nothing waits for you now. Your next session is on %(at)s.") % {"at": at}
    return _("Nothing waits for you now.")
