"""What keeps the first dose waiting, each line with the way to where it is mended."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vernal.knowledge import monitoring, screening
from vernal.rules.conditions import facts_used
from vernal.rules.findings import Finding, Unjudged
from vernal.rules.sessions import Kind, State
from vernal.rules.sessions.fold import MEASURES
from vernal.rules.sessions.next_action import entry_for
from vernal.rules.sessions.readings import OF_THE_SESSION
from vernal.web.parts import Link
from vernal.web.sessions.cards import Criterion, entry_url
from vernal.web.sessions.entries import reading_words
from vernal.web.sessions.submitting import missing_words
from vernal.web.sessions.times import clock
from vernal.web.sessions.words import CRITERIA, HAZARDS, TITLES
from vernal.workflow.queries import SessionView
from vernal.workflow.session_words import is_hazard
from vernal.workflow.spoken import spoken

BEFORE_A_DOSE = frozenset({State.planned, State.checked_in})


def what_blocks(view: SessionView) -> list[Criterion]:
    """Plan, review, weight, screening and consent first, then the gates of the day.

    Before the patient is here, what only the visit can tell is left out: it is asked then.
    """
    if view.state.state not in BEFORE_A_DOSE or view.is_cancelled:
        return []
    gates = [each for each in view.start.blocking if _shows(each, view)]
    chart = [_from_the_chart(sentence) for sentence in view.not_yet]
    asked = [each for each in gates if _is_only_asked(each, view)]
    told = [_gate(each, view) for each in gates if each not in asked]
    return [*chart, *_open_answers(asked, view), *told]


def rooms(view: SessionView) -> list[Link]:
    """Where plan, screening and consent are mended, while one of them stands in the way."""
    if view.state.state not in BEFORE_A_DOSE or not view.not_yet:
        return []
    ids = {"patient_id": view.head.patient_id}
    return [
        Link(label, reverse(name, kwargs=ids))
        for name, label in (
            ("plan", _("Plan")),
            ("screening", _("Screening")),
            ("consent", _("Consent")),
            ("review", _("Review of the course")),
        )
    ]


def filled_in_elsewhere(view: SessionView) -> list[Link]:
    """What the checklist only ticks, and where it is written down: weight and questionnaires."""
    ids = {"patient_id": view.head.patient_id}
    examination = reverse("section", kwargs={**ids, "section_id": "examination"})
    return [
        Link(_("Enter today's weight"), examination),
        Link(_("Fill in a questionnaire"), reverse("outcomes", kwargs=ids)),
    ]


def _shows(each: Finding | Unjudged, view: SessionView) -> bool:
    if view.state.state != State.planned:
        return True
    return not _facts_of(each) & ({*view.asked} | OF_THE_SESSION.keys())


def _from_the_chart(sentence: str) -> Criterion:
    status, kind = CRITERIA["not_met"]
    return Criterion(sentence, str(status), kind, "", (), "", "")


def _is_only_asked(each: Finding | Unjudged, view: SessionView) -> bool:
    """Whether nothing but an answer of the preparation is missing."""
    return isinstance(each, Unjudged) and each.needs <= _unanswered(view)


def _unanswered(view: SessionView) -> frozenset[str]:
    return frozenset(view.asked) - view.answers.keys()


def _open_answers(asked: list[Finding | Unjudged], view: SessionView) -> list[Criterion]:
    """What one form asks is one line, however many gates wait for it."""
    if not asked:
        return []
    status, kind = CRITERIA["unknown"]
    n = len(_unanswered(view))
    title = ngettext(
        "%(n)s answer is open in the preparation", "%(n)s answers are open in the preparation", n
    ) % {"n": n}
    url, link = entry_url(view, Kind.checklist), str(TITLES[Kind.checklist])
    return [Criterion(title, str(status), kind, "", (), "", "", "", url, link)]


def _gate(each: Finding | Unjudged, view: SessionView) -> Criterion:
    words = HAZARDS if is_hazard(each) else CRITERIA
    status, kind = words["unknown" if isinstance(each, Unjudged) else "not_met"]
    link = _mended_in(_facts_of(each), view)
    found = each if isinstance(each, Finding) else None
    told = found.reason if found else ""
    return Criterion(
        title=spoken(each.title),
        status=str(status),
        kind=kind,
        reason=" ".join(part for part in (measured(each, view), told * is_hazard(each)) if part),
        why="" if is_hazard(each) else told,
        steps=(found.action,) if found else (),
        needs=missing_words(each.needs) if isinstance(each, Unjudged) else "",
        standing=found.standing if found else "",
        url=link.url,
        link=link.label,
    )


def measured(each: Finding | Unjudged, view: SessionView) -> str:
    """The newest values of what it is about, as a sentence; empty where it is about none."""
    last = view.state.last_reading
    about = _facts_of(each) & set(MEASURES)
    if last is None or not about & last.values.keys():
        return ""
    at = clock(last.at, view.head.site.time_zone)
    pair = {"systolic_mmhg", "diastolic_mmhg"}
    shown = about | (pair if about & pair else set())
    values = reading_words({name: last.values[name] for name in last.values if name in shown})
    return _("Measured at %(at)s: %(values)s.") % {"at": at, "values": values}


def _facts_of(each: Finding | Unjudged) -> frozenset[str]:
    if isinstance(each, Unjudged):
        return each.needs
    ids = {rule_id for rule_id, _version in each.rules}
    everything = (*monitoring.rules(), *screening.rules())
    conditions = [rule.when for rule in everything if rule.id in ids and rule.when is not None]
    return frozenset().union(*(facts_used(when) for when in conditions))


def _mended_in(facts: Collection[str], view: SessionView) -> Link:
    """An entry of this session, a questionnaire, or a page of the chart."""
    ids = {"patient_id": view.head.patient_id}
    if any(name.startswith("phq9") for name in facts):
        return Link(_("Questionnaires"), reverse("outcomes", kwargs=ids))
    if "consent_signed" in facts and not set(facts) & set(view.asked):
        return Link(_("Consent"), reverse("consent", kwargs=ids))
    kind = entry_for(facts)
    if kind is None and set(facts) & set(view.asked):
        kind = Kind.checklist
    if kind is not None and view.state.state == State.checked_in:
        return Link(str(TITLES[kind]), entry_url(view, kind))
    return Link(_("Screening"), reverse("screening", kwargs=ids))
