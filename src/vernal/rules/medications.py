"""The medication check: which of a patient's medicines matter for ketamine, and how much.

The walk knows nothing of any single rule; rules are data (`knowledge/data/medications`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from vernal.rules.conditions import Always, Condition, Facts, Truth, Unknown, Value, judge
from vernal.rules.findings import Finding, Findings, Level, Standing, Unjudged
from vernal.rules.medicines import (
    DiazepamEquivalent,
    DoseFrom,
    DoseRange,
    Form,
    Ingredient,
    Medicine,
    MedicineIndex,
    MedicineTaken,
    Search,
    dose_is_adequate,
    facts_about,
    facts_from,
    find_medicine,
)
from vernal.rules.screening import Indication, Route
from vernal.words import Sentence as _

__all__ = [
    "DiazepamEquivalent", "DoseFrom", "DoseRange", "Drug", "Form", "Ingredient", "Matches",
    "MedicationFindings", "MedicationRule", "Medicine", "MedicineIndex", "MedicineJudged",
    "MedicineTaken", "Search", "SessionDay", "Subject", "Verdict", "advice_today",
    "dose_is_adequate", "facts_from", "find_medicine", "medication_findings",
]  # fmt: skip

Drug = Literal["ketamine", "esketamine"]
Subject = Literal["taken", "stopped", "unlisted", "list"]
Verdict = Literal["may_continue", "with_care", "weigh", "cannot_be_judged", "nothing_found"]
Grade = Literal["A", "B", "C", "D"]

Item = TypeVar("Item", Finding, Unjudged)


@dataclass(frozen=True)
class Matches:
    """Which medicines a rule speaks of: any ingredient named or of a class, exceptions aside.

    `together` asks for one product that holds all of these ingredients.
    """

    everything: bool = False
    ingredients: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    together: frozenset[str] = frozenset()
    except_ingredients: frozenset[str] = frozenset()
    except_classes: frozenset[str] = frozenset()
    forms: frozenset[Form] | None = None

    def found_in(self, medicine: Medicine) -> tuple[Ingredient, ...]:
        """The ingredients the rule means; a second ingredient counts as much as the first."""
        if self.forms is not None and medicine.form not in self.forms:
            return ()
        named = {ingredient.id for ingredient in medicine.ingredients}
        if self.together and not self.together <= named:
            return ()
        return tuple(each for each in medicine.ingredients if self._means(each))

    def _means(self, ingredient: Ingredient) -> bool:
        if ingredient.id in self.except_ingredients or ingredient.classes & self.except_classes:
            return False
        return (
            self.everything
            or ingredient.id in self.ingredients | self.together
            or bool(ingredient.classes & self.classes)
        )


@dataclass(frozen=True)
class SessionDay:
    """What to do with the medicine around a session."""

    do: Literal["take", "hold", "not_within"]
    advice: str
    standing: Standing
    hours_before: int | None = None
    hours_after: int | None = None


@dataclass(frozen=True)
class MedicationRule:
    """One reviewed interaction. `condition` is shared by rules that say the same (`same_as`).

    `levels` is by route: what changes metabolism bites when ketamine is swallowed and hardly
    matters in a vein. `about` an entry means the way it was written down, not the medicine.
    """

    id: str
    version: int
    condition: str
    title: str
    subject: Subject
    about: Literal["medicine", "entry"]
    matches: Matches
    drugs: frozenset[Drug]
    levels: Mapping[Route, Level]
    reason: str
    action: str
    sources: tuple[str, ...]
    standing: Standing
    action_standing: Standing = "house"
    evidence_grade: Grade = "D"
    when: Condition = Always()  # noqa: RUF009  # frozen, no state
    indications: frozenset[Indication] | None = None
    may_continue: bool = False
    session_day: SessionDay | None = None
    policy: str = ""

    def covers(self, *, drug: Drug, indication: Indication) -> bool:
        return drug in self.drugs and (self.indications is None or indication in self.indications)


@dataclass(frozen=True)
class MedicineJudged:
    """One medicine of the list with all that was found about it. `rules` are those that hold."""

    name: str
    subject: Subject
    entries: tuple[MedicineTaken, ...]
    verdict: Verdict
    found: tuple[Finding, ...]
    unjudged: tuple[Unjudged, ...]
    rules: tuple[MedicationRule, ...]

    @property
    def may_continue(self) -> bool:
        """A rule says plainly that it may be taken on, and nothing weighs against it."""
        return self.verdict in ("may_continue", "with_care") and any(
            rule.may_continue for rule in self.rules
        )

    @property
    def session_day(self) -> tuple[SessionDay, ...]:
        return tuple(dict.fromkeys(rule.session_day for rule in self.rules if rule.session_day))


@dataclass(frozen=True)
class MedicationFindings:
    """Everything the check found, and the same by medicine, in the order of the list."""

    findings: Findings
    medicines: tuple[MedicineJudged, ...]


@dataclass(frozen=True)
class _Judgement:
    rule: MedicationRule
    level: Level
    truth: Truth
    ingredients: tuple[Ingredient, ...]


def medication_findings(
    taken: Sequence[MedicineTaken] | Unknown,
    facts: Facts,
    rules: Iterable[MedicationRule],
    *,
    drug: Drug,
    route: Route,
    indication: Indication,
    on: date,
) -> MedicationFindings:
    """One finding or open question for each condition and medicine.

    A list nobody has saved, a medicine nobody has identified and a dose that a rule needs are
    open questions, never silence.
    """
    in_scope = [rule for rule in rules if rule.covers(drug=drug, indication=indication)]
    known = {**facts, **facts_from(taken, on)}
    groups: dict[tuple[Subject, str], list[MedicineTaken]] = defaultdict(list)
    if isinstance(taken, Unknown):
        groups["list", "medicines"] = []
    else:
        for entry in taken:
            groups[_subject(entry, on), _key(entry)].append(entry)
    judged = tuple(
        _judged(subject, key, tuple(entries), in_scope, known, route, on)
        for (subject, key), entries in groups.items()
    )
    return MedicationFindings(
        findings=Findings(
            found=_strictest_first(item for each in judged for item in each.found),
            unjudged=_strictest_first(item for each in judged for item in each.unjudged),
        ),
        medicines=judged,
    )


def advice_today(medicines: Iterable[MedicineJudged]) -> dict[str, Value | Unknown]:
    """The fact that asks on the day of a session whether advice about medicines was followed.

    A list that nobody has saved may hold a medicine with advice, so it is not known.
    """
    judged = tuple(medicines)
    if any(each.subject == "list" for each in judged):
        return {"medicines_with_advice_today": Unknown.of("medicines")}
    return {"medicines_with_advice_today": any(each.session_day for each in judged)}


def _subject(entry: MedicineTaken, on: date) -> Subject:
    if entry.medicine is None:
        return "unlisted"
    return "stopped" if entry.stopped(on) else "taken"


def _key(entry: MedicineTaken) -> str:
    return entry.medicine.id if entry.medicine else " ".join(entry.typed_as.casefold().split())


def _judged(
    subject: Subject,
    key: str,
    entries: tuple[MedicineTaken, ...],
    rules: Iterable[MedicationRule],
    facts: Facts,
    route: Route,
    on: date,
) -> MedicineJudged:
    name = entries[0].name if entries else _("the list of medicines")
    by_condition: dict[str, list[_Judgement]] = defaultdict(list)
    for rule in rules:
        if rule.subject == subject:
            by_condition[rule.condition] += _judgements(rule, entries, facts, route, on)
    holding: list[_Judgement] = []
    found: list[Finding] = []
    unjudged: list[Unjudged] = []
    open_about_medicine: list[Level] = []
    for group in by_condition.values():
        hold, open_ = _split(group)
        if hold:
            found.append(_finding(hold, name, key))
            holding += hold
        if open_:
            unjudged.append(_unjudged(open_, name, key))
            open_about_medicine += [j.level for j in open_ if j.rule.about == "medicine"]
    if subject in ("unlisted", "list") and not unjudged:
        raise ValueError(f"no rule says what follows when {name} cannot be judged")
    return MedicineJudged(
        name=name,
        subject=subject,
        entries=entries,
        verdict=_verdict(subject, found, open_about_medicine),
        found=_strictest_first(found),
        unjudged=_strictest_first(unjudged),
        rules=tuple({each.rule.id: each.rule for each in holding}.values()),
    )


def _judgements(
    rule: MedicationRule,
    entries: tuple[MedicineTaken, ...],
    facts: Facts,
    route: Route,
    on: date,
) -> list[_Judgement]:
    level = rule.levels[route]
    if not entries:
        return [_Judgement(rule, level, judge(rule.when, facts), ())]
    judgements = []
    for entry in entries:
        ingredients = rule.matches.found_in(entry.medicine) if entry.medicine else ()
        if ingredients or entry.medicine is None:
            truth = judge(rule.when, {**facts, **facts_about(entry, on)})
            judgements.append(_Judgement(rule, level, truth, ingredients))
    return judgements


def _split(group: Iterable[_Judgement]) -> tuple[list[_Judgement], list[_Judgement]]:
    """What holds, strictest first, and what is open and would be stricter than that."""
    ordered = sorted(group, key=lambda each: -each.level)
    holding = [each for each in ordered if each.truth is True]
    least = holding[0].level if holding else 0
    return holding, [
        each for each in ordered if isinstance(each.truth, Unknown) and each.level > least
    ]


def _finding(holding: Sequence[_Judgement], name: str, key: str) -> Finding:
    first = holding[0].rule
    return Finding(
        condition=f"{first.condition}/{key}",
        title=_title(holding[0], name),
        level=holding[0].level,
        rules=_rule_ids(holding),
        reason=first.reason,
        action=first.action,
        sources=tuple(dict.fromkeys(s for each in holding for s in each.rule.sources)),
        standing=first.standing,
    )


def _unjudged(open_: Sequence[_Judgement], name: str, key: str) -> Unjudged:
    first = open_[0]
    return Unjudged(
        condition=f"{first.rule.condition}/{key}",
        title=_title(first, name),
        level=first.level,
        rules=_rule_ids(open_),
        needs=frozenset().union(
            *(each.truth.needs for each in open_ if isinstance(each.truth, Unknown))
        ),
    )


def _rule_ids(judgements: Iterable[_Judgement]) -> tuple[tuple[str, int], ...]:
    return tuple(dict.fromkeys((each.rule.id, each.rule.version) for each in judgements))


def _title(judgement: _Judgement, name: str) -> str:
    hidden = [each.name for each in judgement.ingredients if each.name.lower() not in name.lower()]
    if not hidden:
        return _("%(title)s: %(name)s", title=judgement.rule.title, name=name)
    return _(
        "%(title)s: %(name)s (contains %(hidden)s)",
        title=judgement.rule.title,
        name=name,
        hidden=", ".join(hidden),
    )


def _verdict(subject: Subject, found: Iterable[Finding], open_: Iterable[Level]) -> Verdict:
    strictest = max((finding.level for finding in found), default=None)
    if max(open_, default=0) > (strictest or 0):
        return "cannot_be_judged"
    if strictest is None:
        return "nothing_found"
    if strictest >= Level.weigh:
        return "weigh"
    if strictest == Level.caution:
        return "with_care"
    return "may_continue" if subject == "taken" else "nothing_found"


def _strictest_first(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: (-item.level, item.condition)))
