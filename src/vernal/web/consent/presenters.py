"""What the two pages of the consent show: the patient's own, and the clinician's."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.urls import reverse
from django.utils.translation import gettext as _

from vernal.knowledge.outcomes import NO_COMPARISON, ExpectedBenefit, Statement
from vernal.rules.consent import ConsentElement
from vernal.web.consent.forms import (
    DiscussForm,
    LackForm,
    MyConsentForm,
    SignConsentForm,
    WithdrawForm,
)
from vernal.web.consent.planned import planned_rows, planned_words
from vernal.web.consent.words import consent_words, my_consent_words
from vernal.web.parts import Cell, Column, Link, SummaryRow, moment, who
from vernal.workflow.queries import ConsentView, FirstAnswer, MyConsent
from vernal.workflow.screening import INDICATIONS, ROUTES


@dataclass(frozen=True)
class Study:
    """One study: who got what beside what, and what was found; both arms in each sentence."""

    title: str
    comparison: str
    found: list[str]
    caveat: str


@dataclass(frozen=True)
class Part:
    """One element as it is read. `field` is empty where it is only read."""

    id: str
    title: str
    words: str
    lines: list[str]
    studies: list[Study]
    route_note: str
    field: BoundField | None
    state: str
    state_kind: str


@dataclass(frozen=True)
class Question:
    """A teach-back question; `again` is the explanation when the last answer was wrong."""

    field: BoundField
    again: str


@dataclass(frozen=True)
class MyConsentPage:
    title: str
    lead: str
    breadcrumbs: list[Link]
    words: str
    ask: str
    is_done: bool
    planned: list[SummaryRow]
    parts: list[Part]
    questions: list[Question]
    answered: int
    asked: int
    is_folded: bool
    sign_form: SignConsentForm | None
    statement: str
    name: str
    withdraw_form: WithdrawForm | None


@dataclass(frozen=True)
class ConsentPage:
    title: str
    over: str
    breadcrumbs: list[Link]
    words: str
    is_done: bool
    planned: list[SummaryRow]
    answered: str
    open: list[str]
    refused: list[str]
    answer_columns: list[Column]
    answer_rows: list[list[Cell]]
    to_explain: list[str]
    talk: str
    parts: list[Part]
    discuss_form: DiscussForm | None
    lack_form: LackForm | None
    waits: str
    withdraw_form: WithdrawForm | None
    patient_id: object


def my_consent_page(
    view: MyConsent, form: MyConsentForm, refused: forms.Form | None
) -> MyConsentPage:
    """The patient's own page; a form that was refused comes back in its place."""
    zone, step = view.site.time_zone, view.state.step
    count = len(view.form.elements) + len(view.form.teach_backs)
    return MyConsentPage(
        title=_("Your consent"),
        lead=_("%(treatment)s. %(route)s.") % _treatment(view.form.indication, view.form.route),
        breadcrumbs=[Link(_("My care"), reverse("my_care"))],
        words=my_consent_words(view.state, zone),
        ask=_("Nothing is signed by saving. Questions, or worried? Call %(clinic)s: %(phone)s.")
        % {"clinic": view.site.name, "phone": view.site.phone},
        is_done=step == "holds",
        planned=planned_rows(view.planned, view.form.route),
        parts=[_my_part(each, view, form[each.id]) for each in view.form.elements],
        questions=[_question(view, form, each.id) for each in view.form.teach_backs],
        answered=count - len(view.missing.elements) - len(view.missing.teach_backs),
        asked=count,
        is_folded=step in ("discuss", "sign", "holds", "lacks_capacity"),
        sign_form=_kind(refused, SignConsentForm)
        or (SignConsentForm(initial={"shows": view.planned.id}) if step == "sign" else None),
        statement=_(
            "I have read this, my questions were answered, and I agree to the treatment as "
            "planned: %(planned)s. I can stop at any time."
        )
        % {"planned": planned_words(view.planned, view.form.route)},
        name=view.name,
        withdraw_form=_withdraw_form(view.may_withdraw, refused),
    )


def consent_page(view: ConsentView, refused: forms.Form | None) -> ConsentPage:
    """The clinician's page; a form that was refused comes back in its place."""
    zone, step = view.head.site.time_zone, view.state.step
    titles = {each.id: each.title for each in view.form.elements}
    questions = {each.id: each.question for each in view.form.teach_backs}
    ids = {"patient_id": view.head.patient_id}
    return ConsentPage(
        title=_("Consent"),
        over=" · ".join(
            [
                *who(view.head),
                _("%(treatment)s · %(route)s") % _treatment(view.form.indication, view.form.route),
            ]
        ),
        breadcrumbs=[
            Link(view.head.name, reverse("chart", kwargs=ids)),
            Link(_("Plan"), reverse("plan", kwargs=ids)),
        ],
        words=consent_words(view.state, zone),
        is_done=step == "holds",
        planned=planned_rows(view.planned, view.form.route),
        answered=_("Last answered on %(at)s.") % {"at": moment(view.answered_at, zone)}
        if view.answered_at
        else _("The patient has not answered yet. The page is under My care, Consent."),
        open=[titles[each] for each in view.missing.elements]
        + [questions[each] for each in view.missing.teach_backs],
        refused=[titles[each] for each in view.missing.refused],
        answer_columns=[Column(_("Question")), Column(_("At first")), Column(_("Now"))],
        answer_rows=[_answer(each) for each in view.first_answers],
        to_explain=[
            each.explain for each in view.first_answers if each.times and not each.first_was_right
        ],
        talk=_talk(view, zone),
        parts=[_read_part(each, view) for each in view.form.elements],
        discuss_form=_kind(refused, DiscussForm)
        or (DiscussForm() if step in ("discuss", "talk") else None),
        lack_form=_lack_form(step, view, refused),
        waits=_waits(view) if step in ("read", "answer_again") else "",
        withdraw_form=_withdraw_form(view.may_withdraw, refused),
        patient_id=view.head.patient_id,
    )


def _withdraw_form(may_withdraw: bool, refused: forms.Form | None) -> WithdrawForm | None:
    """Offered while a signature stands; one that was refused comes back with what was typed."""
    fresh = WithdrawForm(auto_id="id_withdraw_%s") if may_withdraw else None
    return _kind(refused, WithdrawForm) or fresh


def _lack_form(step: str, view: ConsentView, refused: forms.Form | None) -> LackForm | None:
    """Who cannot decide may be unable to answer: this is kept while parts are still open."""
    is_open = view.answered_at is not None and step in ("read", "answer_again")
    return LackForm(auto_id="id_lack_%s") if is_open and refused is None else None


def _waits(view: ConsentView) -> str:
    """Why the talk is not offered yet; the lists below name what is missing."""
    if view.answered_at is None:
        return _(
            "The talk comes after the patient has read and answered everything at home, or as soon "
            "as the patient asks for it there."
        )
    if view.discussed_at is not None:
        return _("You talked about it. The patient now says on their own page what is clear.")
    return _("The talk comes once nothing is open; below stands what the patient still answers.")


def _treatment(indication: str, route: str) -> dict[str, str]:
    return {"treatment": str(INDICATIONS[indication]), "route": str(ROUTES[route])}


def _part(element: ConsentElement, benefit: ExpectedBenefit, field: BoundField | None) -> Part:
    shows = element.shows_benefit
    return Part(
        id=element.id,
        title=element.title,
        words=element.words,
        lines=[each.words for each in benefit.lines if each.same_route] if shows else [],
        studies=[_study(each) for each in benefit.statements if each.figures] if shows else [],
        route_note=benefit.route_note if shows else "",
        field=field,
        state="",
        state_kind="",
    )


def _my_part(element: ConsentElement, view: MyConsent, field: BoundField) -> Part:
    part = _part(element, view.benefit, field)
    if view.ticks.get(element.id) is not False:
        return part
    mark = (
        _("We talked about this. If it is clear now, choose “Yes”.")
        if view.was_talked_about
        else _("You want to talk about this.")
    )
    return Part(**{**vars(part), "state": mark, "state_kind": "caution"})


def _read_part(element: ConsentElement, view: ConsentView) -> Part:
    part = _part(element, view.benefit.for_patients(), None)
    states = {
        True: (_("Understood"), "done"),
        False: (_("Wants to talk"), "caution"),
        None: (_("Open"), ""),
    }
    state, kind = states[view.ticks.get(element.id)]
    return Part(**{**vars(part), "state": state, "state_kind": kind})


def _study(statement: Statement) -> Study:
    return Study(
        title=f"{statement.population}: {statement.treatment}",
        comparison=statement.comparison,
        found=[each.sentence.removesuffix(NO_COMPARISON).strip() for each in statement.figures],
        caveat=statement.caveat,
    )


def _question(view: MyConsent, form: MyConsentForm, id_: str) -> Question:
    asked = next(each for each in view.form.teach_backs if each.id == id_)
    return Question(form[id_], asked.explain if id_ in view.missing.to_explain else "")


def _answer(line: FirstAnswer) -> list[Cell]:
    if not line.times:
        return [Cell(line.question), Cell(_("Not answered")), Cell("")]
    first = line.first if line.first_was_right else _("Wrong: %s") % line.first
    now = line.now if line.is_right else _("Still wrong: %s") % line.now
    return [Cell(line.question), Cell(first), Cell(now)]


def _talk(view: ConsentView, zone: str) -> str:
    if view.discussed_at is None:
        return ""
    capacity = (
        _("has the capacity to decide") if view.has_capacity else _("no capacity to decide now")
    )
    return _("%(name)s, %(at)s, %(capacity)s: %(note)s") % {
        "name": view.discussed_by,
        "at": moment(view.discussed_at, zone),
        "capacity": capacity,
        "note": view.note,
    }


def _kind(form: forms.Form | None, kind: type[forms.Form]) -> forms.Form | None:
    return form if isinstance(form, kind) else None
