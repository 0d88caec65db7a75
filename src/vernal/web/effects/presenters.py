"""What the pages of side effects show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.knowledge.effects import asked
from vernal.rules.effects import (
    BEGAN,
    ENDED,
    MOMENTS,
    SEVERITY,
    Comparison,
    Moment,
    NoComparator,
    ObservedEffect,
)
from vernal.web.effects.forms import TellForm
from vernal.web.effects.published import PublishedPart, published_part
from vernal.web.intake.presenters import SafetyPage, safety_page
from vernal.web.parts import Cell, Column, Link, moment, who
from vernal.workflow.queries import (
    EffectsQuestion,
    EffectsView,
    Report,
    SessionEffects,
)
from vernal.workflow.queries.cited import SourceLine
from vernal.workflow.queries.intake import MySafety
from vernal.workflow.spoken import spoken

LABELS: Mapping[str, str] = {each.id: each.label for each in asked()}
QUESTIONS: Mapping[Moment, str] = {
    "four_hours": gettext_lazy("How have you been since your treatment?"),
    "next_day": gettext_lazy("How have you been since yesterday?"),
}


@dataclass(frozen=True)
class PublishedLine:
    """What one study found, drug and comparison together, and where that stands."""

    words: str
    standing: str
    sources: list[SourceLine]


@dataclass(frozen=True)
class ToldLine:
    """One effect as it was told, and what studies found."""

    label: str
    words: str
    published: list[PublishedLine]


@dataclass(frozen=True)
class ToldBox:
    title: str
    lines: list[ToldLine]
    nothing: str
    words: str


@dataclass(frozen=True)
class QuestionPage:
    """`step` is wait, list or strength; `told` what was told before, the newest first."""

    title: str
    over: str
    lead: str
    breadcrumbs: list[Link]
    step: str
    examples: str
    told: list[ToldBox]
    again_url: str
    safety: SafetyPage | None
    phone: str
    for_staff: bool


@dataclass(frozen=True)
class SessionPart:
    title: str
    columns: list[Column]
    rows: list[list[Cell]]
    moments: list[str]
    words: list[str]
    ask: Link | None


@dataclass(frozen=True)
class EffectsPage:
    title: str
    over: str
    breadcrumbs: list[Link]
    sessions: list[SessionPart]
    published: list[PublishedPart]


def question_page(
    view: EffectsQuestion,
    form: forms.Form | None,
    *,
    safety: MySafety | None,
    for_staff: bool,
) -> QuestionPage:
    zone = view.site.time_zone
    asked_at = view.window.moment if view.window else None
    title = str(QUESTIONS[asked_at]) if form and asked_at else _("How you felt afterwards")
    step = "wait" if form is None else "strength" if isinstance(form, TellForm) else "list"
    held_at = moment(view.dose_at, zone) if view.dose_at else _("no dose was given")
    return QuestionPage(
        title=title,
        over=_("Session %(number)s, %(at)s") % {"number": view.number, "at": held_at},
        lead=_lead(view, step, for_staff=for_staff),
        breadcrumbs=_breadcrumbs(view, for_staff=for_staff),
        step=step,
        examples=_("%(first)s, or thoughts of dying")
        % {"first": ", ".join(each.label.lower() for each in view.asked[:6])},
        told=[
            _told(report, view, for_staff=for_staff)
            for report in sorted(view.reports.values(), key=lambda each: each.at, reverse=True)
        ],
        again_url="?again" if form is None and view.window else "",
        safety=safety_page(safety) if safety else None,
        phone=view.site.phone,
        for_staff=for_staff,
    )


def effects_page(view: EffectsView) -> EffectsPage:
    head = view.head
    return EffectsPage(
        title=_("Side effects"),
        over=" · ".join(who(head)),
        breadcrumbs=[Link(head.name, reverse("chart", kwargs={"patient_id": head.patient_id}))],
        sessions=[_session(each, view) for each in view.sessions],
        published=[published_part(each, view.sources) for each in view.published.values()],
    )


def _breadcrumbs(view: EffectsQuestion, *, for_staff: bool) -> list[Link]:
    if for_staff:
        url = reverse("effects", kwargs={"patient_id": view.patient_id})
        return [Link(_("Side effects"), url)]
    return [Link(_("How I am doing"), reverse("my_outcomes"))]


def _lead(view: EffectsQuestion, step: str, *, for_staff: bool) -> str:
    if step == "strength":
        return _("Thank you. A few taps about each, then you are done.")
    if step == "list":
        return _(
            "We ask everyone the same list after every treatment. It helps us to treat you safely."
        )
    if view.dose_at is None:
        return _("No dose was given in this session, so there is nothing to ask.")
    if view.next_due and not view.reports:
        at = moment(view.next_due.since, view.site.time_zone)
        return _("We ask you from %(at)s on. If something worries you before, call us.") % {
            "at": at
        }
    if view.next_due:
        at = moment(view.next_due.since, view.site.time_zone)
        return _("Thank you. We ask you once more from %(at)s on.") % {"at": at}
    return _("Thank you. Nothing more is asked about this session.")


def _told(report: Report, view: EffectsQuestion, *, for_staff: bool) -> ToldBox:
    felt = sorted((each for each in report.felt if each.severity), key=lambda each: -each.severity)
    return ToldBox(
        title=_("%(moment)s, told on %(at)s")
        % {
            "moment": spoken(MOMENTS[report.moment]),
            "at": moment(report.at, view.site.time_zone),
        },
        lines=[_told_line(each, view) for each in felt],
        nothing="" if felt else _("Nothing from the list was felt."),
        words=report.words,
    )


def _told_line(felt: ObservedEffect, view: EffectsQuestion) -> ToldLine:
    published = view.published.get(felt.effect)
    found = published.by_axis.values() if published else ()
    return ToldLine(
        label=LABELS[felt.effect],
        words=_felt_words(felt),
        published=[
            PublishedLine(
                _both_arms(each),
                each.rate.standing,
                [view.sources[key] for key in each.rate.sources],
            )
            for group in found
            for each in group
        ],
    )


def _felt_words(felt: ObservedEffect) -> str:
    parts = [spoken(SEVERITY[felt.severity])]
    if felt.began:
        parts.append(_("began: %(words)s") % {"words": spoken(BEGAN[felt.began]).lower()})
    if felt.ended:
        parts.append(_("over: %(words)s") % {"words": spoken(ENDED[felt.ended]).lower()})
    return "; ".join(parts)


def _both_arms(each: Comparison | NoComparator) -> str:
    start = f"{each.rate.treatment[0].upper()}{each.rate.treatment[1:]}: {each.drug.words}"
    if isinstance(each, NoComparator):
        return f"{start}. {each.reason}"
    return f"{start}; {each.comparator_is}: {each.comparator.words}."


def _session(session: SessionEffects, view: EffectsView) -> SessionPart:
    zone = view.head.site.time_zone
    ids = {"patient_id": view.head.patient_id, "session_id": session.session_id}
    asked_moments = {each.asked_at for each in session.felt}
    return SessionPart(
        title=_("Session %(number)s, %(at)s")
        % {"number": session.number, "at": moment(session.dose_at, zone)},
        columns=[
            Column(label)
            for label in (_("Effect"), *map(spoken, MOMENTS.values()), _("Began"), _("Over"))
        ],
        rows=_session_rows(session, asked_moments, zone),
        moments=[
            _("%(moment)s: nobody has answered yet") % {"moment": spoken(words)}
            for name, words in MOMENTS.items()
            if name not in asked_moments
        ],
        words=[
            _("“%(words)s” (%(moment)s, %(name)s)")
            % {"words": each.words, "moment": spoken(MOMENTS[each.moment]), "name": each.by_name}
            for each in session.reports.values()
            if each.words
        ],
        ask=Link(
            _("Ask by telephone: %(moment)s")
            % {"moment": spoken(MOMENTS[session.due.moment]).lower()},
            reverse("ask_effects", kwargs=ids),
        )
        if session.due and view.may_ask
        else None,
    )


def _session_rows(
    session: SessionEffects, asked_moments: Iterable[Moment], zone: str
) -> list[list[Cell]]:
    """One row for each effect felt at any moment, the strongest first."""
    by_effect: dict[str, dict[Moment, ObservedEffect]] = {}
    for each in session.felt:
        by_effect.setdefault(each.effect, {})[each.asked_at] = each
    felt = {
        name: found
        for name, found in by_effect.items()
        if any(each.severity for each in found.values())
    }
    strongest = sorted(felt, key=lambda name: -max(each.severity for each in felt[name].values()))
    calling = {(each.effect, each.asked_at) for each in session.calling}
    return [
        [
            Cell(LABELS.get(name, name)),
            *(_severity(felt[name].get(each), (name, each) in calling) for each in MOMENTS),
            Cell(_began(felt[name].values(), zone)),
            Cell(_over(felt[name].values(), zone)),
        ]
        for name in strongest
    ]


def _severity(felt: ObservedEffect | None, is_calling: bool) -> Cell:
    if felt is None:
        return Cell(_("Not asked"))
    words = spoken(SEVERITY[felt.severity])
    if is_calling:
        call = _("%(words)s: speak with the patient today") % {"words": words}
        return Cell(call, tag_kind="danger")
    return Cell(words)


def _began(found: Iterable[ObservedEffect], zone: str) -> str:
    """Times that staff noted, else the words told from home."""
    for each in found:
        if each.began_at:
            return moment(each.began_at, zone)
    return next((spoken(BEGAN[each.began]) for each in found if each.began), _("Not told"))


def _over(found: Iterable[ObservedEffect], zone: str) -> str:
    """The last that is known."""
    words = _("Not told")
    for each in sorted(found, key=lambda one: list(MOMENTS).index(one.asked_at)):
        if each.ended_at:
            words = moment(each.ended_at, zone)
        elif each.ended:
            words = spoken(ENDED[each.ended])
        elif each.severity == 0:
            asked = spoken(MOMENTS[each.asked_at]).lower()
            words = _("Not there any more: %(moment)s") % {"moment": asked}
    return words
