"""Words of the rules come out in the language of the reader: here each in a pair of marks."""

from __future__ import annotations

from uuid import uuid4

import pytest

from vernal.rules.sessions import Kind
from vernal.workflow.errors import InvalidInput, NotPossibleNow

pytestmark = pytest.mark.django_db


def seen(response) -> str:
    return response.content.decode()


def test_every_label_of_a_form_is_translated(bedside, log_in, address, made_up) -> None:
    page = seen(log_in(bedside.nurse).get(address("session_event", bedside, kind="reading")))

    for label in ("Systolic pressure", "Oxygen saturation", "per minute"):
        assert page.count(label) == page.count(f"«{label}»") > 0


def test_what_a_field_refuses_is_translated_with_the_label_in_it(
    bedside, log_in, address, made_up
) -> None:
    bedside.enter(Kind.checked_in, 1, {})
    typed = {"id": str(uuid4()), "spo2_percent": "970"}
    url = address("session_event", bedside, kind="reading")

    page = seen(log_in(bedside.nurse).post(url, typed))

    assert "««Oxygen saturation» must lie between 0 and 100 %: check the value.»" in page


def test_what_is_not_possible_now_is_translated(bedside, made_up) -> None:
    with pytest.raises(NotPossibleNow, match=r"^«The patient has not been checked in yet\.»$"):
        bedside.enter(Kind.symptom, 1, {"answers": {"chest_pain": False}})


def test_the_log_tells_an_entry_in_the_words_of_the_reader(
    bedside, log_in, address, made_up
) -> None:
    bedside.enter(Kind.checked_in, 1, {"words": "By bus"})

    page = seen(log_in(bedside.nurse).get(address("session", bedside)))

    assert "«Remarks»: By bus" in page


def test_every_own_criterion_of_going_home_is_translated(running, log_in, address, made_up) -> None:
    running.enter(Kind.dose_stopped, 11, {"reason": "patient_asked"})

    page = seen(log_in(running.nurse).get(address("session", running)))

    for title in (
        "The last dose is in",
        "What was done about each alarm is written down",
        "At least 120 minutes after the start (protocol)",
    ):
        assert page.count(title) == page.count(f"«{title}»") > 0, title


def test_why_nobody_goes_home_yet_is_translated_inside_the_sentence(running, made_up) -> None:
    running.enter(Kind.dose_stopped, 11, {"reason": "patient_asked"})

    with pytest.raises(
        NotPossibleNow, match=r"«At least 120 minutes after the start \(protocol\)»"
    ):
        running.enter(Kind.discharged, 12, {"to": "A. Roe", "advice_given": True})


def test_a_wrong_payload_is_translated(running, made_up) -> None:
    with pytest.raises(InvalidInput) as refusal:
        running.enter(Kind.dose_stopped, 11, {})

    assert refusal.value.fields == {"reason": "««Why it stopped» is missing.»"}
