"""What keeps a dose away or a patient here is said so that nobody reads it the other way round."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vernal.rules.findings import Finding, Level, Unjudged
from vernal.rules.sessions import Criterion
from vernal.workflow.session_words import still_open, why_no_dose

OXYGEN = Criterion(
    id="MON-040-oxygen",
    version=1,
    title="Oxygen 94 % or more on air",
    status="not_met",
    reason="There is no oxygen at home.",
    steps=(),
    needs=frozenset(),
    sources=(),
    standing="house",
)


def found(title: str) -> Finding:
    return Finding("x", title, Level.bar, (("MON-003", 1),), "", "", (), "house")


def open_(title: str) -> Unjudged:
    return Unjudged("x", title, Level.bar, (("MON-003", 1),), frozenset())


@pytest.mark.parametrize(
    ("each", "sentence"),
    [
        (found("Weight measured"), "Weight measured: not so."),
        (open_("Weight measured"), "Weight measured: not known yet."),
        (found("Pregnancy"), "Pregnancy."),
        (
            open_("Emergency airway equipment not at hand"),
            "Emergency airway equipment not at hand: not ruled out yet.",
        ),
    ],
)
def test_what_must_hold_is_not_so_and_what_must_not_be_is_there(each, sentence) -> None:
    assert why_no_dose(each) == sentence


def test_why_something_is_asked_is_no_word_about_this_patient() -> None:
    assert still_open(OXYGEN) == "Oxygen 94 % or more on air (why: There is no oxygen at home)."


def test_how_it_stands_with_this_session_is_said_plainly() -> None:
    told = replace(OXYGEN, title="The last dose is in", reason="The dose is paused.", is_told=True)

    assert still_open(told) == "The last dose is in: The dose is paused."
