"""How to reach a patient, and whom the patient would call: what nobody gave is said as such."""

from __future__ import annotations

import re
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from vernal.knowledge.facts import facts
from vernal.web.intake.presenters import answer_words
from vernal.web.parts import SummaryRow
from vernal.workflow.queries.reach import SUPPORT

PERSON = "person_to_call"
NO_BREAK = "\u00a0"
# A number somebody could dial, in the middle of words: “My sister, (307) 555-0147”.
NUMBER = re.compile(r"\+?\(?\d[\d ().\-/]{5,}\d")


def telephone_row(number: str, *, patient_id: UUID) -> SummaryRow:
    """The patient's own number, to be dialled with one press; where nobody gave one, the way to
    the question."""
    if number:
        return _row(_("Patient's telephone"), number_words(number), number)
    ids = {"patient_id": patient_id, "section_id": SUPPORT}
    return SummaryRow(
        _("Patient's telephone"),
        _("Not given"),
        url=reverse("section", kwargs=ids),
        change=_("Ask and enter it"),
    )


def person_row(told: str | None) -> SummaryRow:
    """Whom the patient would call, in the patient's words; one number in them can be dialled."""
    numbers = NUMBER.findall(told or "")
    return _row(person_label(), person_words(told), numbers[0] if len(numbers) == 1 else "")


def person_label() -> str:
    return facts()[PERSON].label


def person_words(told: str | None) -> str:
    """The answer of the history: words, that it was declined, or that nobody gave one."""
    words = answer_words(facts()[PERSON], told) if told else _("Not given")
    return NUMBER.sub(lambda found: number_words(found.group()), words)


def number_words(number: str) -> str:
    """A telephone number that stays on one line."""
    return number.replace(" ", NO_BREAK)


def dial(number: str) -> str:
    """The address that dials a number; empty for none."""
    digits = re.sub(r"[^\d+]", "", number)
    return f"tel:{digits}" if digits else ""


def _row(label: str, value: str, number: str) -> SummaryRow:
    return SummaryRow(label, value, url=dial(number), change=_("Call"))
