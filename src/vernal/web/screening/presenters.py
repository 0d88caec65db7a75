"""What the screening page shows: the strictest first, and what each finding still needs."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vernal.knowledge.outcomes import ExpectedBenefit, HonestLine
from vernal.web.parts import Cell, Column, Link, Stat, Task, day, moment, who
from vernal.web.screening.forms import ConsiderForm, OverrideForm, SignForm, WeighForm, WordsForm
from vernal.workflow.queries import (
    DecisionLine,
    FindingLine,
    MedicineLine,
    ScreeningView,
)
from vernal.workflow.queries.screening import Need
from vernal.workflow.screening import INDICATIONS, ROUTES
from vernal.workflow.spoken import spoken

VERDICTS = {
    "may_continue": (gettext_lazy("May continue"), "done"),
    "with_care": (gettext_lazy("May continue with care"), "caution"),
    "weigh": (gettext_lazy("Weigh first"), "caution"),
    "cannot_be_judged": (gettext_lazy("Cannot be judged yet"), "danger"),
    "nothing_found": (gettext_lazy("Nothing found"), ""),
}
OUTCOMES = {
    "eligible": gettext_lazy("Eligible"),
    "not_eligible": gettext_lazy("Not eligible"),
    "deferred": gettext_lazy("Deferred"),
}
WOULD_BE = {
    "bar": gettext_lazy("It could be a bar."),
    "weigh": gettext_lazy("It could need a benefit–risk note."),
    "caution": gettext_lazy("It could be a caution."),
    "note": gettext_lazy("It could be worth a note."),
}


@dataclass(frozen=True)
class FindingCard:
    """One finding with the words said about it and the form in which to say them."""

    line: FindingLine
    reason: str
    needs: list[Link]
    said: str
    form: forms.Form | None
    act_url: str
    act_label: str
    override_hint: str
    rules: str


@dataclass(frozen=True)
class BenefitLine:
    """An honest line with where it comes from and how far it is known."""

    words: str
    standing: str
    sources: list[Link]


@dataclass(frozen=True)
class BenefitPicture:
    """One trial as people of 100, the drug beside its control."""

    what: str
    by: str
    drug_label: str
    drug: int
    control_label: str
    control: int


@dataclass(frozen=True)
class ScreeningPage:
    patient_id: UUID
    title: str
    over: str
    breadcrumbs: list[Link]
    needed_today: list[FindingCard]
    stats: list[Stat]
    to_ask: list[Task]
    standing_in_the_way: list[FindingCard]
    without_knowing: list[FindingCard]
    settled: list[FindingCard]
    cautions: list[FindingCard]
    notes: list[FindingCard]
    medicine_columns: list[Column]
    medicine_rows: list[list[Cell]]
    medicines_not_asked: list[Link]
    benefit_lines: list[BenefitLine]
    benefit_picture: BenefitPicture | None
    benefit_note: str
    benefit_rows: list[list[Cell]]
    benefit_columns: list[Column]
    obstacles: list[str]
    decisions: list[str]
    consider_form: ConsiderForm
    considered: str
    sign_form: SignForm | None
    signer: str
    not_the_signer: str
    unplaced: str


def screening_page(
    view: ScreeningView, *, refused: forms.Form | None, signer: str
) -> ScreeningPage:
    """The whole screening; a form that was refused comes back in its card."""
    all_cards = [_card(line, view, refused) for line in view.findings]
    cards = [card for card in all_cards if not _is_needed_today(card)]
    is_open = {obstacle.condition for obstacle in view.obstacles}
    head = view.head
    considered = f"{INDICATIONS[view.considered.indication]}, {ROUTES[view.considered.route]}"
    return ScreeningPage(
        patient_id=head.patient_id,
        title=_("Screening"),
        over=" · ".join([*who(head), considered]),
        breadcrumbs=[Link(head.name, reverse("chart", kwargs={"patient_id": head.patient_id}))],
        needed_today=[card for card in all_cards if _is_needed_today(card)],
        stats=_stats(view),
        to_ask=_to_ask(view),
        standing_in_the_way=[
            card for card in cards if card.line.condition in is_open and not card.line.needs
        ],
        without_knowing=[card for card in cards if card.line.needs and card.form],
        settled=[card for card in cards if card.said],
        cautions=[card for card in cards if card.line.level == "caution"],
        notes=[card for card in cards if card.line.level == "note"],
        medicine_columns=[
            Column(label) for label in (_("Medicine"), _("Verdict"), _("On the day of a session"))
        ],
        medicine_rows=[_medicine(line) for line in view.medicines],
        medicines_not_asked=_need_links(view.medicines_not_asked, view),
        benefit_lines=[_benefit_line(line, view) for line in view.benefit.lines],
        benefit_picture=_picture(view.benefit),
        benefit_note=view.benefit.route_note,
        benefit_columns=[
            Column(label) for label in (_("Study"), _("What was found"), _("Standing"))
        ],
        benefit_rows=_benefit_rows(view.benefit),
        obstacles=[spoken(obstacle.title) for obstacle in view.obstacles],
        decisions=[decision_words(line, head.site.time_zone) for line in view.decisions],
        consider_form=_chosen(refused, ConsiderForm) or ConsiderForm(initial=vars(view.considered)),
        considered=considered,
        sign_form=(_chosen(refused, SignForm) or SignForm()) if view.may_sign else None,
        signer=signer,
        not_the_signer=_(
            "You set a bar aside for this patient, so another clinician signs “eligible” "
            "and the plan."
        )
        if view.signer_overrode
        else "",
        unplaced=_unplaced(all_cards, refused),
    )


def _is_needed_today(card: FindingCard) -> bool:
    return card.line.is_alarm and not card.said


def _unplaced(cards: list[FindingCard], refused: forms.Form | None) -> str:
    """Words that were refused and stand in no card any more; nothing typed is lost."""
    if not isinstance(refused, WordsForm) or any(card.form is refused for card in cards):
        return ""
    return refused["reason"].value() or ""


def _to_ask(view: ScreeningView) -> list[Task]:
    """What is missing, by the section in which it is asked; what could be a bar comes first."""
    labels: dict[str, set[str]] = defaultdict(set)
    could_be: dict[str, Counter[str]] = defaultdict(Counter)
    for line in view.findings:
        for section_id in {need.section_id for need in line.needs}:
            could_be[section_id][line.would_be] += 1
        for need in line.needs:
            labels[need.section_id].add(need.label)
    ids = {"patient_id": view.head.patient_id}
    most_first = sorted(labels, key=lambda each: -could_be[each]["bar"])
    return [
        Task(
            label=view.section_titles[section_id],
            state=_could_be(could_be[section_id]),
            url=reverse("section", kwargs={**ids, "section_id": section_id}),
            hint=", ".join(sorted(labels[section_id])),
            kind="danger" if could_be[section_id]["bar"] else "",
        )
        for section_id in most_first
    ]


def _could_be(count: Counter[str]) -> str:
    if bars := count["bar"]:
        return ngettext("Could be a bar", "Could be %(bars)s bars", bars) % {"bars": bars}
    if count["weigh"]:
        return _("Could need weighing")
    return _("Could be a caution")


def _benefit_rows(benefit: ExpectedBenefit) -> list[list[Cell]]:
    return [
        [Cell(f"{each.population}, {each.treatment}"), Cell(figure.sentence), Cell(each.standing)]
        for each in benefit.statements
        for figure in each.figures
    ]


def _benefit_line(line: HonestLine, view: ScreeningView) -> BenefitLine:
    cited = [view.benefit_sources[key] for key in line.sources]
    return BenefitLine(line.words, line.standing, [Link(each.title, each.url) for each in cited])


def _picture(benefit: ExpectedBenefit) -> BenefitPicture | None:
    """The first verified figure of this route that was measured in both arms."""
    for statement in benefit.statements:
        for figure in statement.figures:
            if (
                statement.same_route
                and statement.for_patients
                and figure.drug_percent is not None
                and figure.control_percent is not None
            ):
                return BenefitPicture(
                    what=_("had a %(measure)s") % {"measure": figure.measure},
                    by=figure.time,
                    drug_label=statement.treatment,
                    drug=round(figure.drug_percent),
                    control_label=statement.comparator,
                    control=round(figure.control_percent),
                )
    return None


def _stats(view: ScreeningView) -> list[Stat]:
    count = dict.fromkeys(("bar", "weigh", "caution", "note"), 0)
    for line in view.findings:
        if line.level != "unjudged":
            count[line.level] += 1
    open_bars = sum(line.level == "unjudged" and line.would_be == "bar" for line in view.findings)
    return [
        _stat(_("Bars"), count["bar"], "danger", _("Treatment is not to be given")),
        _stat(_("Bars that cannot be judged"), open_bars, "danger", _("Ask what is missing")),
        _stat(_("To weigh"), count["weigh"], "caution", _("A signed note first")),
        _stat(_("Cautions"), count["caution"], "", ""),
    ]


def _stat(label: str, count: int, level: str, note: str) -> Stat:
    return Stat(label, str(count), level=level, note=note) if count else Stat(label, "0")


def _card(line: FindingLine, view: ScreeningView, refused: forms.Form | None) -> FindingCard:
    zone, ids = view.head.site.time_zone, {"patient_id": view.head.patient_id}
    words = line.note or line.override
    form, url, label = None, "", ""
    if view.may_sign and not words and line.may_be_weighed:
        form, url, label = _words_form(WeighForm, line, refused), "weigh", _("Sign this note")
    elif view.may_sign and not words and line.may_be_overridden:
        form = _words_form(OverrideForm, line, refused)
        url, label = "override", _("Set this bar aside")
    return FindingCard(
        line=line,
        reason=line.reason or str(WOULD_BE[line.would_be]),
        needs=_need_links(line.needs, view),
        said=_("%(name)s, %(at)s: %(reason)s")
        % {"name": words.by_name, "at": moment(words.at, zone), "reason": words.reason}
        if words
        else "",
        form=form,
        act_url=reverse(url, kwargs=ids) if url else "",
        act_label=label,
        override_hint=_override_hint(line),
        rules=", ".join(line.rules),
    )


def _need_links(needs: list[Need], view: ScreeningView) -> list[Link]:
    """What is missing, each leading to the section that asks it."""
    ids = {"patient_id": view.head.patient_id}
    return [
        Link(need.label, reverse("section", kwargs={**ids, "section_id": need.section_id}))
        for need in needs
    ]


def _override_hint(line: FindingLine) -> str:
    if line.level != "bar":
        return ""
    if line.may_be_overridden:
        return _(
            "A second clinician may set it aside; that person signs neither the decision nor "
            "the plan."
        )
    return _("Nobody may set this bar aside.")


def _words_form(
    kind: type[forms.Form], line: FindingLine, refused: forms.Form | None
) -> forms.Form:
    if isinstance(refused, kind) and refused.data.get("condition") == line.condition:
        return refused
    return kind(initial={"condition": line.condition}, auto_id=f"id_{line.condition}_%s")


def _chosen(refused: forms.Form | None, kind: type[forms.Form]) -> forms.Form | None:
    return refused if isinstance(refused, kind) else None


def _medicine(line: MedicineLine) -> list[Cell]:
    words, kind = VERDICTS[line.verdict]
    return [
        Cell(line.name),
        Cell(str(words), tag_kind=kind),
        Cell(" ".join(each.advice for each in line.session_day)),
    ]


def decision_words(line: DecisionLine, zone: str) -> str:
    """A signed decision in one sentence."""
    until = f" ({day(line.defer_until)})" if line.defer_until else ""
    return _("%(outcome)s%(until)s, signed by %(name)s on %(at)s: %(note)s") % {
        "outcome": OUTCOMES[line.outcome],
        "until": until,
        "name": line.by_name,
        "at": moment(line.at, zone),
        "note": line.note,
    }
