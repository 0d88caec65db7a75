"""What changed on a page of the history between opening and saving it, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from vernal.knowledge.facts import Fact
from vernal.web.intake.presenters import answer_words, line_words
from vernal.web.parts import moment
from vernal.workflow.meanwhile import SavedMeanwhile
from vernal.workflow.queries import SectionView


def meanwhile_words(view: SectionView, saved: SavedMeanwhile, *, for_staff: bool) -> str:
    """Who saved what meanwhile, and what to do; everything typed stays in the form."""
    changed = (
        _facts(view.facts, saved.before, saved.after, for_staff=for_staff)
        if view.section.form == "facts"
        else _lines(saved.before, saved.after)
    )
    return _(
        "%(name)s saved this page on %(at)s, after you opened it: %(changed)s. Your answers stand "
        "below as you typed them. Add what is missing, then save again."
    ) % {
        "name": saved.by_name,
        "at": moment(saved.at, view.head.site.time_zone),
        "changed": "; ".join(changed),
    }


def _facts(
    facts: tuple[Fact, ...], before: Mapping[str, Any], after: Mapping[str, Any], *, for_staff: bool
) -> list[str]:
    return [
        _("“%(question)s” %(answer)s")
        % {
            "question": fact.label if for_staff else fact.ask,
            "answer": answer_words(fact, after.get(fact.id)),
        }
        for fact in facts
        if before.get(fact.id) != after.get(fact.id)
    ]


def _lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    old, new = before.get("lines", []), after["lines"]
    added = [_("added %(line)s") % {"line": _line(each)} for each in new if each not in old]
    return added + [
        _("taken out %(line)s") % {"line": _line(each)} for each in old if each not in new
    ]


def _line(line: Mapping[str, str]) -> str:
    return " ".join(part for part in (line["name"], line_words(line)) if part)
