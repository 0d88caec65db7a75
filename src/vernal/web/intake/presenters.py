"""What the pages of the history show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vernal.knowledge.facts import Fact
from vernal.knowledge.scales import scale
from vernal.units.conversions import inches_from_cm, lb_from_kg
from vernal.web.alerts.words import told_words
from vernal.web.intake.forms import STAFF_OPEN_ANSWERS, YES_NO
from vernal.web.intake.lines import FREQUENCIES, RESULTS, THIS_EPISODE, MedicineRow
from vernal.web.parts import Link, SummaryRow, Task, moment, who
from vernal.workflow.queries import (
    MyCare,
    NameQuestion,
    SectionHistory,
    SectionState,
    SectionView,
    SiteView,
    WaitingAlert,
    suggested_names,
)
from vernal.workflow.queries.intake import PHQ9, PHQ9_SCALE, MySafety, Question, Save

DECISIONS = {
    "eligible": gettext_lazy("The clinic has decided that treatment can be planned with you."),
    "not_eligible": gettext_lazy(
        "The clinic has decided that this treatment is not right for you. Ask to talk it over."
    ),
    "deferred": gettext_lazy("The clinic wants to wait before deciding. Ask to talk it over."),
}
FORM_WORDS = {
    "oral": gettext_lazy("by mouth"),
    "sublingual": gettext_lazy("in the mouth, not swallowed"),
    "depot": gettext_lazy("acts for weeks or longer"),
    "injection": gettext_lazy("injection"),
    "nasal": gettext_lazy("in the nose"),
    "inhaled": gettext_lazy("inhaled"),
    "patch": gettext_lazy("on the skin, patch"),
    "topical": gettext_lazy("on the skin"),
    "eye": gettext_lazy("in the eye"),
}


@dataclass(frozen=True)
class OpenSection:
    """A section with questions that are open, or answered “I don't know”."""

    title: str
    url: str
    questions: list[str]


@dataclass(frozen=True)
class MyCarePage:
    title: str
    lead: str
    tasks: list[Task]
    done: int
    total: int
    next: Link | None
    may_send: bool
    folded: str
    open: list[OpenSection]
    not_known: list[OpenSection]


@dataclass(frozen=True)
class NameAsked:
    """“Did you mean …?” in one row. A choice is what its button sends, and its words."""

    title: str
    choices: list[tuple[str, str]]
    keep: tuple[str, str] | None


@dataclass(frozen=True)
class SectionPage:
    title: str
    over: str
    lead: str
    breadcrumbs: list[Link]
    saved: str
    open: str
    earlier_url: str
    back_url: str
    may_leave: bool
    measured: list[SummaryRow] = field(default_factory=list)
    questions: Mapping[str, NameAsked] = field(default_factory=dict)


@dataclass(frozen=True)
class SafetyPage:
    """`told` is one sentence for each answer that was sent."""

    told: list[str]
    again: str
    others: str
    hours: str


@dataclass(frozen=True)
class HistoryPage:
    title: str
    over: str
    breadcrumbs: list[Link]
    saves: list[SavePart]


@dataclass(frozen=True)
class SavePart:
    title: str
    rows: list[SummaryRow]


def my_care_page(care: MyCare, *, has_plan: bool = False) -> MyCarePage:
    """The next thing to do, and how far the history is. A plan speaks for itself."""
    done = sum(state.is_saved for state in care.sections)
    following = care.next_section
    return MyCarePage(
        title=_("Hello, %(name)s") % {"name": care.name},
        lead="" if has_plan else str(DECISIONS.get(care.decision, "")) or _lead(care),
        tasks=[_task(state) for state in care.sections],
        done=done,
        total=len(care.sections),
        next=following
        and Link(_("Begin") if done == 0 else _("Go on"), _my_section_url(following.id)),
        may_send=following is None and care.sent_at is None,
        folded=_folded(care, done) if care.sent_at or has_plan else "",
        open=[_open(each, each.open) for each in care.sections if each.is_saved and each.open],
        not_known=[_open(each, each.not_known) for each in care.sections if each.not_known],
    )


def _open(state: SectionState, questions: tuple[Question, ...]) -> OpenSection:
    return OpenSection(state.title, _my_section_url(state.id), [each.ask for each in questions])


def _folded(care: MyCare, done: int) -> str:
    """The one line behind which a history stands that is not the next thing to do."""
    if care.sent_at is None:
        words = {"done": done, "total": len(care.sections)}
        return _("Your history: %(done)s of %(total)s pages. You can still change it.") % words
    at = moment(care.sent_at, care.site.time_zone)
    return _("You sent your history on %(at)s. You can still change it.") % {"at": at}


@cache
def name_options() -> SafeString:
    """The list that completes names while typing; made once, for it is long."""
    return format_html_join("", '<option value="{}">', ((name,) for name in suggested_names()))


def _my_section_url(section_id: str) -> str:
    return reverse("my_section", kwargs={"section_id": section_id})


def _lead(care: MyCare) -> str:
    if care.sent_at:
        return _("Thank you. %(clinic)s reads your history and will call you.") % {
            "clinic": care.site.name
        }
    return _(
        "First we need your medical history. Take your time; every page is kept when you save."
    )


def _task(state: SectionState) -> Task:
    url = _my_section_url(state.id)
    if not state.is_saved:
        return Task(state.title, _("To do"), url)
    hint = _not_known_words(len(state.not_known)) if state.not_known else ""
    if state.open:
        return Task(state.title, open_words(len(state.open)), url, hint)
    return Task(state.title, _("Done"), url, hint, kind="done")


def open_words(count: int) -> str:
    """“2 questions open”."""
    return ngettext("%(count)s question open", "%(count)s questions open", count) % {"count": count}


def _not_known_words(count: int) -> str:
    words = ngettext("%(count)s answer “I don't know”", "%(count)s answers “I don't know”", count)
    return words % {"count": count}


def section_page(view: SectionView, *, for_staff: bool) -> SectionPage:
    """One section, worded for the patient or for staff who ask."""
    zone, state = view.head.site.time_zone, view.state
    ids = {"patient_id": view.patient_id, "section_id": view.section.id}
    place = {"number": view.number, "of": view.of}
    return SectionPage(
        title=view.section.title,
        over=" · ".join(who(view.head)) if for_staff else _("Page %(number)s of %(of)s") % place,
        lead="" if for_staff else view.section.introduction,
        breadcrumbs=[_chart_link(view.head.name, view.patient_id)]
        if for_staff
        else [Link(_("My care"), reverse("my_care"))],
        saved=_("Last saved on %(at)s by %(name)s.")
        % {"at": moment(state.saved_at, zone), "name": state.saved_by}
        if state.saved_at
        else "",
        open=open_words(len(state.open)) if state.saved_at and state.open else "",
        earlier_url=reverse("section_history", kwargs=ids) if for_staff and state.saved_at else "",
        back_url=_my_section_url(view.last_id) if view.last_id and not for_staff else "",
        may_leave=not for_staff,
        measured=_measured(view) if for_staff else [],
        questions={each.typed_as: _name_asked(each) for each in view.name_questions},
    )


def _chart_link(name: str, patient_id: UUID) -> Link:
    return Link(name, reverse("chart", kwargs={"patient_id": patient_id}))


def _measured(view: SectionView) -> list[SummaryRow]:
    """What was measured, in the units people think in, and the BMI that follows."""
    if "weight_kg" not in view.section.facts:
        return []
    weight, height, bmi = (
        view.measured.get(fact) for fact in ("weight_kg", "height_cm", "bmi_kg_per_m2")
    )
    rows = []
    if isinstance(weight, Decimal):
        pounds = _("%(kg)s kg = %(lb)s lb") % {"kg": weight, "lb": round(lb_from_kg(weight), 1)}
        rows.append(SummaryRow(_("Weight"), pounds))
    if isinstance(height, Decimal):
        feet, inches = divmod(round(inches_from_cm(height)), 12)
        words = {"cm": height, "feet": feet, "inches": inches}
        rows.append(SummaryRow(_("Height"), _("%(cm)s cm = %(feet)s ft %(inches)s in") % words))
    if isinstance(bmi, Decimal):
        rows.append(SummaryRow(_("Body mass index"), str(round(bmi, 1)), "kg/m²"))
    return rows


def _name_asked(question: NameQuestion) -> NameAsked:
    name = {"name": question.typed_as}
    choices = [
        (f"{question.number}:{each.id}", f"{each.name} ({FORM_WORDS[each.form]})")
        for each in question.choices
    ]
    keep = f"{question.number}:"
    if question.is_listed:
        title = _("“%(name)s” comes in several forms. Which one is it?") % name
        return NameAsked(title, choices, (keep, _("I don't know which")))
    if not choices:
        return NameAsked(
            _("“%(name)s” is not on our list. It is kept; a clinician will look it up.") % name,
            [],
            None,
        )
    title = _("“%(name)s” is not on our list. Did you mean one of these?") % name
    return NameAsked(title, choices, (keep, _("No, keep “%(name)s”") % name))


def way_on(care: MyCare) -> Link:
    """From the page of help to the next page of the history that is still open."""
    following = care.next_section
    if following is None:
        return Link(_("Go on to My care"), reverse("my_care"))
    return Link(_("Go on to: %(page)s") % {"page": following.title}, _my_section_url(following.id))


def safety_page(safety: MySafety) -> SafetyPage:
    """Only what is true: which answer was sent when and to whom, and what if nobody answers."""
    site = safety.site
    words = {
        "clinic": site.name,
        "minutes": safety.others_told_after_min,
        "later": safety.others_told_later_every_min,
        "hours": site.hours,
    }
    if not safety.anyone_told:
        told = _(
            "At the moment nobody at %(clinic)s can be told by this page. Please call someone now."
        )
        return SafetyPage([told % words], "", "", "")
    return SafetyPage(
        told=[_sent_words(each, site) for each in safety.sent],
        again=_(
            "If you answer again, a worse answer is sent on at once. Any other is kept in your "
            "chart and not sent on."
        ),
        others=_(
            "If nobody has taken it on after %(minutes)s minutes, everyone on the clinical team "
            "is told, and told again every %(minutes)s minutes, later every %(later)s minutes, "
            "until someone takes it on."
        )
        % words,
        hours=_(
            "The clinic is open %(hours)s. At other times it may take longer, so please do not "
            "wait for us if you need someone now."
        )
        % words,
    )


def _sent_words(sent: WaitingAlert, site: SiteView) -> str:
    words = {
        "at": moment(sent.at, site.time_zone),
        "name": sent.on_call,
        "clinic": site.name,
    }
    told = (
        _("On %(at)s a message was put on its way to %(name)s, who is on call at %(clinic)s.")
        if sent.on_call
        else _("On %(at)s a message was put on its way to all clinicians at %(clinic)s.")
    )
    return f"{told % words} {told_words(sent.reported)}".strip()


def history_page(found: SectionHistory) -> HistoryPage:
    """Every save of one section, the newest first."""
    zone = found.head.site.time_zone
    ids = {"patient_id": found.head.patient_id, "section_id": found.section.id}
    return HistoryPage(
        title=_("Every save of “%(section)s”") % {"section": found.section.title},
        over=" · ".join(who(found.head)),
        breadcrumbs=[
            _chart_link(found.head.name, found.head.patient_id),
            Link(found.section.title, reverse("section", kwargs=ids)),
        ],
        saves=[
            SavePart(
                title=_("%(at)s by %(name)s") % {"at": moment(save.at, zone), "name": save.by_name},
                rows=[SummaryRow(label, answer) for label, answer in _rows(found, save)],
            )
            for save in found.saves
        ],
    )


def _rows(found: SectionHistory, save: Save) -> list[tuple[str, str]]:
    if found.section.id == PHQ9:
        return [
            (item.label, _option_words(item.options, save.answers.get(item.id)))
            for item in scale(PHQ9_SCALE).items
        ]
    if found.section.form == "facts":
        return [(fact.label, answer_words(fact, save.answers.get(fact.id))) for fact in found.facts]
    return [(line["name"], line_words(line)) for line in save.answers["lines"]] or [
        (_("Nothing to list"), "")
    ]


def _option_words(options: Any, value: int | None) -> str:
    return next((each.label for each in options if each.value == value), _("Open"))


def answer_words(fact: Fact, kept: str | None) -> str:
    """A kept answer as staff read it."""
    if kept is None:
        return _("Open")
    if kept in fact.open_answers:
        return str(STAFF_OPEN_ANSWERS[kept])
    words = dict(YES_NO) | {option.value: option.label for option in fact.options}
    return str(words.get(kept, f"{kept} {fact.unit}".strip()))


def line_words(line: Mapping[str, str]) -> str:
    """A kept line in one sentence: 150 mg, once a day."""
    typed = MedicineRow.as_typed(line)
    often = str(FREQUENCIES.get(typed["frequency"], "")) if typed["frequency"] else ""
    at_most = typed["most_per_day"] and _("at most %(times)s a day") % {
        "times": typed["most_per_day"]
    }
    weeks = line.get("weeks") and _("%(weeks)s weeks") % {"weeks": line["weeks"]}
    stopped = line.get("stopped_on") and _("last on %(day)s") % {"day": line["stopped_on"]}
    helped = line.get("result") and _("helped: %(answer)s") % {"answer": RESULTS[line["result"]]}
    spell = line.get("this_episode") and _("this spell: %(answer)s") % {
        "answer": THIS_EPISODE[line["this_episode"]]
    }
    dose = line.get("dose") or line.get("daily_dose") or ""
    amount = f"{dose} {line.get('unit') or ''}".strip()
    parts = (amount, often, line.get("how_often"), at_most, weeks, stopped, helped, spell)
    return ", ".join(str(part) for part in parts if part)
