"""Consent: which parts of the form are still open, whether it may be signed, whether it holds.

A form is made for one route and one indication from versioned elements; it ends after a year and
when route, indication or any element changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from vernal.rules.conditions import Truth, Unknown
from vernal.rules.findings import Standing
from vernal.rules.screening import Indication, Route, Scope

EndReason = Literal["expired", "changed", "other_route", "other_indication", "withdrawn"]


@dataclass(frozen=True)
class ConsentElement:
    """One thing a patient is told and ticks. `shows_benefit` asks the page for the figures of
    the patient's own condition beside the text."""

    id: str
    version: int
    title: str
    words: str
    scope: Scope
    sources: tuple[str, ...]
    standing: Standing
    shows_benefit: bool = False


@dataclass(frozen=True)
class Choice:
    id: str
    words: str


@dataclass(frozen=True)
class TeachBack:
    """A question the patient answers in the clinic; `right` is the id of the right choice.

    A wrong answer is talked about and asked again; `explain` says what to talk about.
    """

    id: str
    version: int
    question: str
    choices: tuple[Choice, ...]
    right: str
    explain: str
    scope: Scope
    sources: tuple[str, ...]
    standing: Standing

    def __post_init__(self) -> None:
        if [choice.id for choice in self.choices].count(self.right) != 1:
            raise ValueError(f"{self.id}: the right answer is exactly one of the choices.")


@dataclass(frozen=True)
class ConsentForm:
    route: Route
    indication: Indication
    elements: tuple[ConsentElement, ...]
    teach_backs: tuple[TeachBack, ...]

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """(id, version) of everything on the form; a stored consent keeps it."""
        elements = tuple((each.id, each.version) for each in self.elements)
        return elements + tuple((each.id, each.version) for each in self.teach_backs)

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits that change when route, indication or any part changes."""
        text = f"{self.route}|{self.indication}|{self.parts}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class ConsentDraft:
    """What was filled in so far. `ticks` hold True (understood) or False (not agreed);
    `has_capacity` is the clinician's judgement, Unknown until it is made."""

    ticks: Mapping[str, bool]
    answers: Mapping[str, str]
    has_capacity: Truth


@dataclass(frozen=True)
class Missing:
    """What stands between the patient and the signature."""

    elements: tuple[str, ...]
    refused: tuple[str, ...]
    teach_backs: tuple[str, ...]
    to_explain: tuple[str, ...]
    capacity_open: bool


@dataclass(frozen=True)
class SignedConsent:
    version: str
    route: Route
    indication: Indication
    signed_on: date
    withdrawn_on: date | None = None


def form_for(
    elements: Iterable[ConsentElement],
    teach_backs: Iterable[TeachBack],
    *,
    route: Route,
    indication: Indication,
) -> ConsentForm:
    """The parts of the form that cover this route and indication, in their order."""
    return ConsentForm(
        route,
        indication,
        tuple(e for e in elements if e.scope.covers(route=route, indication=indication)),
        tuple(t for t in teach_backs if t.scope.covers(route=route, indication=indication)),
    )


def missing(form: ConsentForm, draft: ConsentDraft) -> Missing:
    """What is still open, refused or answered wrongly, as ids of the form's parts."""
    return Missing(
        elements=tuple(each.id for each in form.elements if each.id not in draft.ticks),
        refused=tuple(each.id for each in form.elements if draft.ticks.get(each.id) is False),
        teach_backs=tuple(each.id for each in form.teach_backs if each.id not in draft.answers),
        to_explain=tuple(
            each.id
            for each in form.teach_backs
            if draft.answers.get(each.id, each.right) != each.right
        ),
        capacity_open=isinstance(draft.has_capacity, Unknown),
    )


def may_sign_consent(form: ConsentForm, draft: ConsentDraft) -> Truth:
    """No when something was refused, answered wrongly, or capacity is lacking; unknown while
    anything is open; yes when all is ticked, answered rightly and capacity is found."""
    open_ = missing(form, draft)
    if open_.refused or open_.to_explain or draft.has_capacity is False:
        return False
    needs = [f"consent.{name}" for name in (*open_.elements, *open_.teach_backs)]
    needs += ["consent.has_capacity"] if open_.capacity_open else []
    return Unknown(frozenset(needs)) if needs else True


def settles(form: ConsentForm, talked_about: ConsentDraft, now: ConsentDraft) -> bool:
    """Whether answers after a talk only settle what it was about: a wish to talk became a yes, a
    wrong answer another one. Whatever else changed is gone through anew."""
    open_ = missing(form, talked_about)
    about = {*open_.refused, *open_.to_explain}
    before, after = (
        {**{e.id: draft.ticks.get(e.id) for e in form.elements}, **draft.answers}
        for draft in (talked_about, now)
    )
    same = all(before.get(name) == after.get(name) for name in {*before, *after} - about)
    return bool(about) and same and not missing(form, now).refused


def why_consent_ended(
    form: ConsentForm, signed: SignedConsent, *, on: date
) -> tuple[EndReason, ...]:
    """Every reason why a signed consent no longer covers this form; none means that it holds."""
    reasons: list[tuple[EndReason, bool]] = [
        ("withdrawn", signed.withdrawn_on is not None and signed.withdrawn_on <= on),
        ("expired", on >= ends_on(signed)),
        ("other_route", signed.route != form.route),
        ("other_indication", signed.indication != form.indication),
    ]
    same_kind = signed.route == form.route and signed.indication == form.indication
    reasons.append(("changed", same_kind and signed.version != form.version))
    return tuple(reason for reason, holds in reasons if holds)


def consent_holds(form: ConsentForm, signed: SignedConsent | None, *, on: date) -> bool:
    """Whether a session may rest on this consent on a day. No consent is no."""
    if signed is None or signed.signed_on > on:
        return False
    return not why_consent_ended(form, signed, on=on)


def ends_on(signed: SignedConsent) -> date:
    """The first day without consent, a year after the signature (house).

    A signature of 29 February ends on the 28th.
    """
    day = signed.signed_on
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)
