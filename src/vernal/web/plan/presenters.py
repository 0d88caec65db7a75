"""What the page of the plan shows."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.rules.sessions import State
from vernal.web.consent.words import consent_words
from vernal.web.parts import Cell, Column, Link, Stat, Step, SummaryRow, moment
from vernal.web.plan.drawing import draw, short_names
from vernal.web.plan.words import (
    dose_rows,
    dose_words,
    over,
    rounding_words,
    stats_of,
    treatment,
    worksheet_table,
)
from vernal.web.sessions.words import STATE_TAGS
from vernal.web.sessions.words import STATES as SESSION_STATES
from vernal.workflow.queries import BookedLine, Expected, FindingLine, PlanLine, PlanView

STATES = {
    "planned": (gettext_lazy("Booked"), ""),
    "missed": (gettext_lazy("Time has passed"), "caution"),
    "held": (gettext_lazy("On hold by the signed review"), "caution"),
    "begun": (gettext_lazy("Begun"), "done"),
    "cancelled": (gettext_lazy("Cancelled"), ""),
}
SHOWN_EVERY_MIN = 20


@dataclass(frozen=True)
class FindingCard:
    """A finding of the plan, and where to answer what it still needs."""

    line: FindingLine
    needs: list[Link]
    reason: str


@dataclass(frozen=True)
class ChartOfLevels:
    title: str
    says: str
    svg: SafeString
    columns: list[Column]
    rows: list[list[Cell]]
    standing: str
    caveat: str
    models: list[str]
    observed: list[str]
    notes: tuple[str, ...]
    extrapolation: str


@dataclass(frozen=True)
class PlanPage:
    title: str
    over: str
    breadcrumbs: list[Link]
    steps: list[Step]
    next: Link | None
    waits: str
    trouble: list[str]
    in_force: str
    stats: list[Stat]
    rounding: str
    rows: list[SummaryRow]
    line_columns: list[Column]
    line_rows: list[list[Cell]]
    stricter_cards: list[FindingCard]
    screening_url: str
    open_cards: list[FindingCard]
    other_cards: list[FindingCard]
    checks_url: str
    consent: str
    consent_url: str
    levels: ChartOfLevels | None
    session_columns: list[Column]
    session_rows: list[list[Cell]]
    earlier: list[str]
    new_url: str
    cannot_plan: str
    caveats: tuple[str, ...]
    prompts: list[str]


def plan_page(view: PlanView) -> PlanPage:
    """The whole plan on one screen: what comes next stands first."""
    ids = {"patient_id": view.head.patient_id}
    zone, plan = view.head.site.time_zone, view.plan
    stricter = {line.condition for line in view.stricter}
    cards = [_card(line, view) for line in view.findings if line.condition not in stricter]
    columns, lines = worksheet_table(plan.lines if plan else [])
    may_draw_up = view.may_prescribe and not view.cannot_plan
    return PlanPage(
        title=_("Plan"),
        over=over(view.head, treatment(view.route, view.indication)),
        breadcrumbs=[Link(view.head.name, reverse("chart", kwargs=ids))],
        steps=_steps(view),
        next=_next(view, ids),
        waits=_waits(view),
        trouble=view.trouble,
        in_force=_in_force(view, zone),
        stats=stats_of(plan.numbers, f"{plan.dose}, {plan.weight}") if plan else [],
        rounding=rounding_words(plan.numbers) if plan else "",
        rows=dose_rows(plan, zone) if plan else [],
        line_columns=columns,
        line_rows=lines,
        stricter_cards=[_card(line, view) for line in view.stricter],
        screening_url=reverse("screening", kwargs=ids),
        open_cards=[
            card
            for card in cards
            if card.line.condition in view.open_conditions - view.lacks_only_consent
        ],
        other_cards=[card for card in cards if card.line.condition not in view.open_conditions],
        checks_url="" if view.cannot_plan else reverse("plan_checks", kwargs=ids),
        consent=consent_words(view.consent, zone) if view.consent else "",
        consent_url=reverse("consent", kwargs=ids),
        levels=chart_of_levels(view.expected) if view.expected else None,
        session_columns=[Column(each) for each in _session_headings(view)],
        session_rows=[_session(line, view) for line in view.sessions],
        earlier=[_earlier(each, zone) for each in view.earlier],
        new_url=reverse("new_plan", kwargs=ids) if may_draw_up else "",
        cannot_plan=view.cannot_plan,
        caveats=plan.protocol.caveats if plan else (),
        prompts=_prompts(plan) if plan else [],
    )


def _prompts(plan: PlanLine) -> list[str]:
    """The questions the protocol asks after some sessions; none of them stops a course."""
    return [
        _("After %(count)s sessions with less than %(percent)s %% gone: %(words)s")
        % {
            "count": each.after_sessions.value,
            "percent": each.improvement_below.value,
            "words": each.words,
        }
        for each in plan.protocol.prompts
    ]


def chart_of_levels(expected: Expected) -> ChartOfLevels:
    """Picture, table and everything that must stand beside them."""
    names = short_names(expected.curves)
    last = int(expected.minutes[-1])
    wanted = {*range(0, last + 1, SHOWN_EVERY_MIN), expected.dose_min}
    shown = [index for index, minute in enumerate(expected.minutes) if minute in wanted]
    peak = max(range(len(expected.hi)), key=lambda index: expected.hi[index])
    return ChartOfLevels(
        title=expected.label,
        says=_(
            "Grey: lowest to highest across the models. The widest is %(least)s to %(most)s ng/mL "
            "at %(minute)s minutes. Solid lines are arterial, dashed ones venous, dotted where "
            "the site is not said."
        )
        % {
            "least": round(expected.lo[peak]),
            "most": round(expected.hi[peak]),
            "minute": round(expected.minutes[peak]),
        },
        svg=draw(expected),
        columns=[
            Column(label, is_number=True)
            for label in (_("Minute"), _("Lowest, ng/mL"), _("Highest, ng/mL"), *names)
        ],
        rows=[
            [
                Cell(f"{expected.minutes[index]:g}"),
                Cell(f"{expected.lo[index]:.0f}"),
                Cell(f"{expected.hi[index]:.0f}"),
                *(Cell(f"{curve.ng_per_ml[index]:.0f}") for curve in expected.curves),
            ]
            for index in shown
        ],
        standing=expected.standing,
        caveat=expected.caveat,
        models=[
            curve.title if curve.status == "published" else f"{curve.title} ({_('extrapolated')})"
            for curve in expected.curves
        ],
        observed=[_observed(each) for each in expected.observed],
        notes=expected.notes,
        extrapolation=_(
            "Extrapolation: no study of this product's blood levels was found. Not for dosing."
        )
        if expected.is_extrapolation
        else "",
    )


def _observed(level: object) -> str:
    least, most = level.least, level.most
    amount = least if least == most else f"{least}–{most}"
    return _("%(amount)s ng/mL after %(dose)s (%(note)s; %(source)s)") % {
        "amount": amount,
        "dose": level.dose,
        "note": level.note,
        "source": level.source,
    }


def _steps(view: PlanView) -> list[Step]:
    plan = view.plan
    consented = bool(view.consent and view.consent.step == "holds")
    stages = [
        (_("Drawn up"), plan is not None),
        (_("Arithmetic confirmed"), bool(plan and plan.confirmed)),
        (_("Checks made"), bool(plan) and not _open_checks(view)),
        (_("Consent signed"), consented),
        (_("Plan signed, sessions booked"), bool(plan and plan.signed)),
    ]
    now = next((number for number, (_label, done) in enumerate(stages) if not done), len(stages))
    return [
        Step(label, "done" if done else "now" if number == now else "later")
        for number, (label, done) in enumerate(stages)
    ]


def _open_checks(view: PlanView) -> bool:
    """Obstacles but consent, which is a step of its own."""
    return bool(view.open_conditions - view.lacks_only_consent)


def _next(view: PlanView, ids: dict[str, object]) -> Link | None:
    """The one thing this person can do now."""
    plan = view.plan
    if view.cannot_plan:
        return None
    if view.stricter:
        return Link(_("Open the screening"), reverse("screening", kwargs=ids))
    if (plan is None or view.trouble) and view.may_prescribe:
        return Link(_("Draw up a plan"), reverse("new_plan", kwargs=ids))
    if plan is None or view.trouble or plan.signed:
        return None
    if not plan.confirmed:
        if not view.may_confirm or plan.drawn_up_by_me:
            return None
        return Link(_("Confirm the arithmetic"), reverse("confirm_plan", kwargs=ids))
    if _open_checks(view):
        return Link(_("Make the checks"), reverse("plan_checks", kwargs=ids))
    if view.open_conditions:
        return Link(_("Open the consent"), reverse("consent", kwargs=ids))
    if view.may_prescribe and not view.set_aside_by_me:
        return Link(_("Sign and book the sessions"), reverse("sign_plan", kwargs=ids))
    return None


def _waits(view: PlanView) -> str:
    """Whom it waits for, where this person has nothing to do."""
    plan = view.plan
    if view.cannot_plan:
        return view.cannot_plan
    if view.stricter:
        return ""
    if plan is None or view.trouble:
        return "" if view.may_prescribe else _("A prescriber draws the plan up.")
    if not plan.confirmed and plan.drawn_up_by_me:
        return _("You drew it up. Another clinician now confirms the arithmetic.")
    if plan.confirmed and not plan.signed and view.set_aside_by_me:
        return _("You set a bar aside for this patient, so another clinician signs the plan.")
    if plan.confirmed and not plan.signed and not view.open_conditions and not view.may_prescribe:
        return _("A prescriber or the medical director signs it.")
    return ""


def _in_force(view: PlanView, zone: str) -> str:
    """An older signed plan counts until the new one is signed."""
    old = view.in_force
    if old is None or view.plan is None or old.id == view.plan.id or old.signed is None:
        return ""
    return _("Until this plan is signed, the one signed on %(at)s counts: %(dose)s.") % {
        "at": moment(old.signed.at, zone),
        "dose": dose_words(old),
    }


def _card(line: FindingLine, view: PlanView) -> FindingCard:
    ids = {"patient_id": view.head.patient_id}
    needs = [
        Link(
            need.label,
            reverse("plan_checks", kwargs=ids)
            if need.section_id == "plan_checks"
            else reverse("section", kwargs={**ids, "section_id": need.section_id}),
        )
        for need in line.needs
    ]
    return FindingCard(line, needs, line.reason)


def _session_headings(view: PlanView) -> list[str]:
    headings = [_("Session"), _("When"), _("State")]
    return [*headings, _("Move"), _("Cancel")] if view.may_book else headings


def _session(line: BookedLine, view: PlanView) -> list[Cell]:
    words, kind = _state(line)
    cells = [
        Cell(
            _("Session %(number)s") % {"number": line.number},
            url=reverse("session", kwargs={"session_id": line.id}),
        ),
        Cell(moment(line.planned_at, view.head.site.time_zone)),
        Cell(words, tag_kind=kind),
    ]
    if not view.may_book:
        return cells
    if not line.may_change:
        return [*cells, Cell(""), Cell("")]
    ids = {"patient_id": view.head.patient_id, "session_id": line.id}
    number = {"number": line.number}
    return [
        *cells,
        Cell(_("Move session %(number)s") % number, url=reverse("move_session", kwargs=ids)),
        Cell(_("Cancel session %(number)s") % number, url=reverse("cancel_session", kwargs=ids)),
    ]


def _state(line: BookedLine) -> tuple[str, str]:
    """Once somebody has arrived, the word that the session itself uses."""
    if line.state == "begun" and line.by_the_log not in (None, State.planned):
        return str(SESSION_STATES[line.by_the_log]), STATE_TAGS.get(line.by_the_log, "")
    words, kind = STATES[line.state]
    return str(words), kind


def _earlier(plan: PlanLine, zone: str) -> str:
    state = _("signed on %s") % moment(plan.signed.at, zone) if plan.signed else _("never signed")
    return _("%(dose)s, drawn up by %(name)s on %(at)s, %(state)s") % {
        "dose": dose_words(plan),
        "name": plan.drawn_up.by_name,
        "at": moment(plan.drawn_up.at, zone),
        "state": state,
    }
