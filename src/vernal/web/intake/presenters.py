"""What the pages of the history show."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.web.parts import Link, Task, moment
from vernal.workflow.queries import MyCare, SectionState, SectionView

DECISIONS = {
    "eligible": gettext_lazy("The clinic has decided that treatment can be planned with you."),
    "not_eligible": gettext_lazy(
        "The clinic has decided that this treatment is not right for you. Ask to talk it over."
    ),
    "deferred": gettext_lazy("The clinic wants to wait before deciding. Ask to talk it over."),
}


@dataclass(frozen=True)
class MyCarePage:
    title: str
    lead: str
    tasks: list[Task]
    done: int
    total: int
    next: Link | None
    may_send: bool
    sent: str


@dataclass(frozen=True)
class SectionPage:
    title: str
    over: str
    lead: str
    breadcrumbs: list[Link]
    saved: str
    unlisted: list[str]


def my_care_page(care: MyCare) -> MyCarePage:
    done = sum(state.is_saved for state in care.sections)
    following = care.next_section
    return MyCarePage(
        title=_("Hello, %(name)s") % {"name": care.name},
        lead=str(DECISIONS.get(care.decision, "")) or _lead(care),
        tasks=[_task(state) for state in care.sections],
        done=done,
        total=len(care.sections),
        next=following
        and Link(
            _("Begin") if done == 0 else _("Go on"),
            reverse("my_section", kwargs={"section_id": following.id}),
        ),
        may_send=following is None and care.sent_at is None,
        sent=_("You sent your history on %(at)s. You can still change it.")
        % {"at": moment(care.sent_at, care.site.time_zone)}
        if care.sent_at
        else "",
    )


def _lead(care: MyCare) -> str:
    if care.sent_at:
        return _("Thank you. %(clinic)s reads your history and will call you.") % {
            "clinic": care.site.name
        }
    return _(
        "First we need your medical history. Take your time; every page is kept when you save."
    )


def _task(state: SectionState) -> Task:
    url = reverse("my_section", kwargs={"section_id": state.id})
    if not state.is_saved:
        return Task(state.title, _("To do"), url)
    if state.asked and state.answered < state.asked:
        some = _("%(answered)s of %(asked)s answered") % vars(state)
        return Task(state.title, some, url)
    return Task(state.title, _("Done"), url, kind="done")


def section_page(view: SectionView, *, for_staff: bool) -> SectionPage:
    zone = view.head.site.time_zone
    return SectionPage(
        title=view.section.title,
        over=view.head.name
        if for_staff
        else _("Page %(number)s of %(of)s") % {"number": view.number, "of": view.of},
        lead="" if for_staff else view.section.introduction,
        breadcrumbs=[
            Link(view.head.name, reverse("chart", kwargs={"patient_id": view.patient_id}))
            if for_staff
            else Link(_("My care"), reverse("my_care"))
        ],
        saved=_("Last saved on %(at)s by %(name)s.")
        % {"at": moment(view.saved_at, zone), "name": view.saved_by}
        if view.saved_at
        else "",
        unlisted=[_unlisted(each.typed_as, each.suggestions) for each in view.unlisted],
    )


def _unlisted(typed_as: str, suggestions: list[str]) -> str:
    if not suggestions:
        return _("“%(name)s” is not on our list; a clinician will look it up.") % {"name": typed_as}
    return _("“%(name)s” is not on our list. Did you mean %(names)s?") % {
        "name": typed_as,
        "names": ", ".join(suggestions),
    }
