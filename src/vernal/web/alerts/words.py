"""What an alert is about, in words: for staff, and to the patient who answered."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.knowledge.effects import asked
from vernal.knowledge.facts import facts
from vernal.knowledge.scales import scale
from vernal.rules.alerts import IDEATION, INTENT, Answer
from vernal.rules.effects import SEVERITY
from vernal.rules.facts import SUICIDAL_STEPS
from vernal.rules.suicidality import ATTEMPT, RECENT_ATTEMPT
from vernal.workflow.queries import Reported
from vernal.workflow.spoken import spoken

KINDS = {
    "suicidal_thoughts": gettext_lazy("Reports thoughts of not wanting to live"),
    "severe_effect": gettext_lazy("Reports a severe effect after a session"),
}


def what_words(kind: str, reported: Reported) -> str:
    """What was answered, as staff read it: “Plan, or steps taken (past month): level 5 of 5”."""
    return "; ".join(_staff_words(each) for each in reported.answers) or str(KINDS[kind])


def told_words(reported: Reported) -> str:
    """What the patient answered, question and answer, or that a clinician noted it."""
    if not reported.answers:
        return ""
    if reported.by_staff:
        return _("It is about what a clinician noted after speaking with you.")
    answers = "; ".join(_patient_words(each) for each in reported.answers)
    return _("It leads them to your answer: %(answers)s.") % {"answers": answers}


def _staff_words(answer: Answer) -> str:
    question, said = _asked(answer, for_staff=True)
    return _("%(question)s: %(answer)s") % {"question": question, "answer": said}


def _patient_words(answer: Answer) -> str:
    question, said = _asked(answer, for_staff=False)
    return _("“%(question)s” %(answer)s") % {"question": question, "answer": said}


def _asked(answer: Answer, *, for_staff: bool) -> tuple[str, str]:
    """Question and answer, by label for staff and as it was asked for the patient."""
    kind, _colon, rest = answer.scale.partition(":")
    match kind:
        case "scale":
            return _on_scale(rest, answer, for_staff=for_staff)
        case "effect":
            effect = next(each for each in asked() if each.id == rest)
            severity = spoken(SEVERITY[int(answer.level)])
            return effect.label if for_staff else effect.question, severity
        case _ if kind == INTENT:
            said = facts()[rest]
            return said.label if for_staff else said.ask, _("Yes")
        case _ if kind == IDEATION:
            step = facts()[SUICIDAL_STEPS[int(answer.level) - 1]]
            words = {"level": answer.level, "most": len(SUICIDAL_STEPS)}
            level = _("level %(level)s of %(most)s") % words
            return (step.label, level) if for_staff else (step.ask, _("Yes"))
        case _:
            return _attempt(for_staff=for_staff)


def _on_scale(name: str, answer: Answer, *, for_staff: bool) -> tuple[str, str]:
    scale_id, _colon, item_id = name.partition(":")
    found = scale(scale_id)
    item = next(each for each in found.items if each.id == item_id)
    options = (each.label for each in item.options if item.points(each.value) == answer.level)
    said = next(options, str(answer.level))
    return f"{found.title}, {item.label}" if for_staff else item.text or item.label, said


def _attempt(*, for_staff: bool) -> tuple[str, str]:
    fact = facts()[ATTEMPT]
    said = next(each.label for each in fact.options if each.value == RECENT_ATTEMPT)
    return fact.label if for_staff else fact.ask, said
