"""What the page of the review shows: the course, then every option with both sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vernal.rules.conditions import Always, Truth, Unknown
from vernal.rules.retreatment import OpenReason, Reason
from vernal.web.outcomes.presenters import (
    Picture,
    PromptCard,
    answer_words,
    needed_words,
    number,
    picture,
    plain,
    prompt_card,
)
from vernal.web.parts import STANDINGS, Cell, Column, Link, SummaryRow, Task, day, moment, who
from vernal.web.sessions.past import past_task
from vernal.workflow.queries import OptionView, ReviewLine, ReviewView
from vernal.workflow.queries.cited import SourceLine
from vernal.workflow.queries.reviews import Offer

TRUTHS = {
    "response": gettext_lazy("Response"),
    "remission": gettext_lazy("Remission"),
    "worse": gettext_lazy("Worse than at the start"),
    "relapse": gettext_lazy("Relapse"),
    "suicidal_thoughts": gettext_lazy("Thoughts of death or self-harm"),
}
PHASES = {
    "induction": gettext_lazy("Induction"),
    "continuation": gettext_lazy("Continuation"),
    "maintenance": gettext_lazy("Maintenance"),
    "finished": gettext_lazy("Finished"),
}


@dataclass(frozen=True)
class ReasonLine:
    words: str
    standing: str
    rows: str
    sources: list[SourceLine]
    tag: str = ""
    tag_kind: str = ""


@dataclass(frozen=True)
class OptionCard:
    id: str
    title: str
    words: str
    offered: str
    offered_kind: str
    speaks_for: list[ReasonLine]
    speaks_against: list[ReasonLine]
    open: list[str]
    protocol: list[ReasonLine]
    columns: list[Column]
    published: list[list[Cell]]
    plan: Link | None


@dataclass(frozen=True)
class ReviewPage:
    title: str
    over: str
    breadcrumbs: list[Link]
    rows: list[SummaryRow]
    past: list[Task]
    picture: Picture | None
    prompts: list[PromptCard]
    open_prompts: list[str]
    cards: list[OptionCard]
    signed: list[str]
    sign_url: str
    outcomes_url: str
    statement: str
    may_sign: bool
    has_course: bool
    signer: str


def review_page(view: ReviewView, *, signer: str) -> ReviewPage:
    head = view.head
    ids = {"patient_id": head.patient_id}
    protocol = [view.protocol_title] if view.protocol_title else []
    return ReviewPage(
        title=_("Review: what happens next"),
        over=" · ".join([*who(head), *protocol]),
        breadcrumbs=[Link(head.name, reverse("chart", kwargs=ids))],
        rows=_course_rows(view),
        past=[past_task(each, head.site.time_zone) for each in reversed(view.past)],
        picture=picture(view.chart) if view.chart.scores else None,
        prompts=[prompt_card(each, view.sources) for each in view.prompts],
        open_prompts=[
            _("%(title)s Not yet known: needs %(needs)s.")
            % {"title": each.prompt.title, "needs": needed_words(each.needs)}
            for each in view.open_prompts
        ],
        cards=[_card(each, view) for each in view.options],
        signed=[_signed(each, view, head.site.time_zone) for each in view.signed],
        sign_url=reverse("sign_review", kwargs=ids),
        outcomes_url=reverse("outcomes", kwargs=ids),
        statement=_(
            "I have looked at the course, the options and what was published, and have talked "
            "with the patient. The course, the options and the version of the knowledge are kept "
            "with my decision."
        ),
        may_sign=view.may_sign,
        has_course=view.plan_id is not None and view.state.sessions_given > 0,
        signer=signer,
    )


def _course_rows(view: ReviewView) -> list[SummaryRow]:
    state, chart = view.state, view.chart
    left = state.sessions_left
    rows = [
        SummaryRow(_("Phase"), str(PHASES[state.phase])),
        SummaryRow(_("Sessions given"), str(state.sessions_given)),
        SummaryRow(
            _("Sessions still booked"),
            _("none were ever booked") if isinstance(left, Unknown) else str(left),
        ),
        SummaryRow(_("Last session"), _last_session(view)),
        SummaryRow(
            _("%(scale)s at the start") % {"scale": chart.scale.title},
            f"{plain(chart.start)}, {day(chart.start.on)}" if chart.start else _("not known"),
        ),
        SummaryRow(_("%(scale)s now") % {"scale": chart.scale.title}, _now(view)),
    ]
    rows += [SummaryRow(str(words), _truth(state, name)) for name, words in TRUTHS.items()]
    return rows


def _last_session(view: ReviewView) -> str:
    days = view.state.days_since_last_session
    if isinstance(days, Unknown) or not view.chart.sessions_on:
        return _("none yet")
    words = {"day": day(view.chart.sessions_on[-1]), "days": days}
    if days == 0:
        return _("%(day)s, today") % words
    return ngettext("%(day)s, %(days)s day ago", "%(day)s, %(days)s days ago", days) % words


def _now(view: ReviewView) -> str:
    if view.newest is None:
        return _("no score since the first session")
    words = f"{plain(view.newest)}, {day(view.newest.on)}"
    percent = view.improved_percent
    if percent is None or isinstance(percent, Unknown):
        return words
    if percent < 0:
        return _("%(words)s: %(percent)s %% higher than at the start") % {
            "words": words,
            "percent": number(-percent),
        }
    return _("%(words)s: %(percent)s %% lower than at the start") % {
        "words": words,
        "percent": number(percent),
    }


def _truth(state: object, name: str) -> str:
    return answer_words(getattr(state, name))


def _card(each: OptionView, view: ReviewView) -> OptionCard:
    judged = each.judged
    words, kind = _offered(each)
    return OptionCard(
        id=judged.option.id,
        title=judged.option.title,
        words=judged.option.words,
        offered=words,
        offered_kind=kind,
        speaks_for=[_reason(one, view.sources) for one in judged.speaks_for],
        speaks_against=[_reason(one, view.sources) for one in judged.speaks_against],
        open=[_open(one) for one in judged.open],
        protocol=[_offer(one, view.sources) for one in each.protocol],
        columns=[
            Column(_("What was found")),
            Column(_("People")),
            Column(_("Standing")),
            Column(_("Source")),
        ],
        published=[
            [
                Cell(row.sentence),
                Cell(row.n or _("not said")),
                Cell(str(STANDINGS[row.standing])),
                Cell(sources=[view.sources[key] for key in row.sources]),
            ]
            for row in each.published
        ],
        plan=_plan(judged.option.id, view),
    )


def _plan(option: str, view: ReviewView) -> Link | None:
    """Where the option is carried out: booked sessions, or a new plan by who may draw one up."""
    ids = {"patient_id": view.head.patient_id}
    if option == "next_dose":
        return Link(_("The planned sessions"), reverse("plan", kwargs=ids))
    if option in ("continue", "change") and view.may_plan:
        return Link(_("Draw up a new plan"), reverse("new_plan", kwargs=ids))
    return None


def _offered(each: OptionView) -> tuple[str, str]:
    offered = each.judged.offered
    if isinstance(offered, Unknown):
        words = _("Not yet known whether it is offered: needs %(needs)s")
        return words % {"needs": needed_words(offered.needs)}, ""
    if not offered:
        return _("Not offered at this point"), ""
    if _is_for_another_case(each):
        return _("The protocol offers it, but not as things are now"), "caution"
    return _("Offered now"), "done"


def _is_for_another_case(each: OptionView) -> bool:
    """Whether nothing the protocol says of it holds now. What may be chosen at any time, like
    stopping, waits for no case."""
    is_free = each.judged.option.offered == Always()
    return not is_free and bool(each.protocol) and all(one.holds is False for one in each.protocol)


def _offer(offer: Offer, sources: Mapping[str, SourceLine]) -> ReasonLine:
    option = offer.option
    words, kind = _so_now(offer.holds)
    return ReasonLine(
        f"{option.title}: {option.when}",
        option.standing,
        ", ".join(option.rows),
        [sources[key] for key in option.sources],
        words,
        kind,
    )


def _so_now(holds: Truth | None) -> tuple[str, str]:
    if holds is None:
        return "", ""
    if isinstance(holds, Unknown):
        return _("Not yet known whether it is so"), ""
    return (_("So now"), "done") if holds else (_("Not so now"), "caution")


def _reason(reason: Reason, sources: Mapping[str, SourceLine]) -> ReasonLine:
    return ReasonLine(
        reason.words,
        reason.standing,
        ", ".join(reason.rows),
        [sources[key] for key in reason.sources],
    )


def _open(one: OpenReason) -> str:
    side = _("for") if one.reason.side == "for" else _("against")
    return _("%(words)s (would speak %(side)s it; needs %(needs)s)") % {
        "words": one.reason.words,
        "side": side,
        "needs": needed_words(one.needs),
    }


def _signed(line: ReviewLine, view: ReviewView, zone: str) -> str:
    titles = {each.judged.option.id: each.judged.option.title for each in view.options}
    words = _("%(option)s, signed by %(name)s on %(at)s: %(note)s") % {
        "option": titles.get(line.option, line.option),
        "name": line.by_name,
        "at": moment(line.at, zone),
        "note": line.note,
    }
    if line.despite:
        words += _(" Not offered at that point, signed because: %(why)s") % {"why": line.despite}
    if line.look_again_on is None:
        return words
    return words + _(" Look again on %(day)s.") % {"day": day(line.look_again_on)}
