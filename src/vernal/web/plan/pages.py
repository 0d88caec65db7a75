"""What the pages with a form show: one act each."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.forms import BoundField
from django.urls import reverse
from django.utils.translation import gettext as _

from vernal.units.exact import plain
from vernal.web.parts import Cell, Column, Link, Stat, SummaryRow, moment
from vernal.web.plan.forms import PlanForm
from vernal.web.plan.words import (
    dose_rows,
    over,
    rounding_words,
    stats_of,
    treatment,
    worksheet_table,
)
from vernal.workflow.plans import WorkedOut
from vernal.workflow.queries import (
    BookingView,
    ChecksView,
    NewPlanView,
    PlanToAct,
    WorksheetLine,
)


@dataclass(frozen=True)
class NewPlanPage:
    title: str
    over: str
    breadcrumbs: list[Link]
    protocol: str
    summary: str
    caveats: tuple[str, ...]
    weight_rows: list[SummaryRow]
    weight_missing: str
    question: str
    examination_url: str
    fields: list[BoundField]
    closed: str
    back: str


@dataclass(frozen=True)
class PreviewPage:
    title: str
    over: str
    breadcrumbs: list[Link]
    stats: list[Stat]
    rounding: str
    line_columns: list[Column]
    line_rows: list[list[Cell]]
    seal: str


@dataclass(frozen=True)
class ActPage:
    title: str
    over: str
    breadcrumbs: list[Link]
    rows: list[SummaryRow]
    closed: str
    signer: str
    back: str


@dataclass(frozen=True)
class ChecksPage:
    title: str
    over: str
    breadcrumbs: list[Link]
    saved: str
    closed: str
    back: str


@dataclass(frozen=True)
class BookingPage:
    title: str
    over: str
    breadcrumbs: list[Link]
    now: str
    rule: str
    label: str
    closed: str
    back: str


def new_plan_page(view: NewPlanView, form: PlanForm) -> NewPlanPage:
    """The form of a new plan, with the weight it would rest on."""
    chosen = view.protocols[0]
    ids = {"patient_id": view.head.patient_id}
    return NewPlanPage(
        title=_("Draw up a plan"),
        over=over(view.head, treatment(view.route, view.indication)),
        breadcrumbs=plan_crumbs(view.head.name, view.head.patient_id),
        protocol=chosen.title,
        summary=chosen.summary,
        caveats=chosen.caveats,
        weight_rows=_weight_rows(view),
        weight_missing=""
        if view.weight
        else _("The weight is not known. Weigh the patient; no dose is worked out before."),
        question=view.weight.question if view.weight else "",
        examination_url=reverse("section", kwargs={**ids, "section_id": "examination"}),
        fields=_shown(form, view),
        closed="" if form.is_bound else view.closed,
        back=reverse("plan", kwargs=ids),
    )


def preview_page(view: NewPlanView, form: PlanForm, sheet: WorkedOut) -> PreviewPage:
    """The whole worksheet before anything is kept."""
    numbers = sheet.worksheet
    order = form.order()
    columns, rows = worksheet_table(WorksheetLine(**line) for line in numbers["lines"])
    unit = "mg/kg" if order.protocol.by_weight else "mg"
    return PreviewPage(
        title=_("Look at the arithmetic"),
        over=over(view.head, order.protocol.title),
        breadcrumbs=plan_crumbs(view.head.name, view.head.patient_id),
        stats=stats_of(numbers, f"{plain(order.dose)} {unit}, {numbers['weight_kg']} kg"),
        rounding=rounding_words(numbers),
        line_columns=columns,
        line_rows=rows,
        seal=sheet.seal,
    )


def act_page(view: PlanToAct, *, title: str, signer: str) -> ActPage:
    """One act on the newest plan: its lines, or why it is closed."""
    return ActPage(
        title=title,
        over=over(view.head, view.plan.protocol.title),
        breadcrumbs=plan_crumbs(view.head.name, view.head.patient_id),
        rows=dose_rows(view.plan, view.head.site.time_zone),
        closed=view.closed,
        signer=signer,
        back=reverse("plan", kwargs={"patient_id": view.head.patient_id}),
    )


def checks_page(view: ChecksView) -> ChecksPage:
    """The checks before a plan is signed, and when they were saved last."""
    saved = view.saved
    return ChecksPage(
        title=_("Before the plan is signed"),
        over=over(view.head),
        breadcrumbs=plan_crumbs(view.head.name, view.head.patient_id),
        saved=_("Last saved on %(at)s by %(name)s.")
        % {"at": moment(saved.at, view.head.site.time_zone), "name": saved.by_name}
        if saved
        else "",
        closed=view.closed,
        back=reverse("plan", kwargs={"patient_id": view.head.patient_id}),
    )


def booking_page(view: BookingView, *, title: str, label: str) -> BookingPage:
    """One session that is moved or cancelled, or why it stays."""
    session = view.session
    return BookingPage(
        title=title,
        over=over(view.head),
        breadcrumbs=plan_crumbs(view.head.name, view.head.patient_id),
        now=_("Session %(number)s, now booked for %(at)s.")
        % {
            "number": session.number,
            "at": moment(session.planned_at, view.head.site.time_zone),
        },
        rule=_("At least %(hours)s hours lie between two sessions.")
        % {"hours": view.hours_between},
        label=label,
        closed=""
        if session.may_change
        else _("This session has begun or was cancelled; it stays as it is."),
        back=reverse("plan", kwargs={"patient_id": view.head.patient_id}),
    )


def plan_crumbs(name: str, patient_id: UUID) -> list[Link]:
    """From the chart over the plan to here."""
    ids = {"patient_id": patient_id}
    return [Link(name, reverse("chart", kwargs=ids)), Link(_("Plan"), reverse("plan", kwargs=ids))]


def _weight_rows(view: NewPlanView) -> list[SummaryRow]:
    weight = view.weight
    if weight is None:
        return []
    at = moment(weight.at, view.head.site.time_zone)
    rows = [
        SummaryRow(_("Weight"), weight.words),
        SummaryRow(_("Measured"), f"{at}, {weight.by_name}"),
    ]
    if weight.bmi is not None:
        rows.append(SummaryRow(_("BMI"), f"{weight.bmi:.1f}", unit="kg/m²"))
    return rows


def _shown(form: PlanForm, view: NewPlanView) -> list[BoundField]:
    """Basis and the second look at the weight stand there only when they are asked for."""
    asked = {
        "basis": form.asks_basis,
        "weight_is_right": bool(view.weight and view.weight.question),
    }
    return [
        field
        for field in form.visible_fields()
        if asked.get(field.name, True) or field.name in form.errors
    ]
