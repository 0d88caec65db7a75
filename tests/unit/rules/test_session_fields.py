"""What a value of an entry may be, so that every later look at the log can read it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from tests.unit.rules.session_log import at
from vernal.rules.sessions import Kind, check_payload
from vernal.rules.sessions.fields import (
    LONGEST_NAME,
    LONGEST_NUMBER,
    MOST_NAMES,
    Field,
    Question,
    read_number,
)

HALF, NUL = chr(0xD800), chr(0)
ASKED = {
    "chest_pain": Question(frozenset({"unknown"})),
    "minutes": Question(frozenset({"unknown", "declined"}), (Decimal(0), Decimal(720))),
}


def answered(**answers: object) -> dict[str, str]:
    payload = {"answers": answers}
    return dict(check_payload(Kind.symptom, payload, questions=ASKED).errors)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        *(("chest_pain", answer) for answer in (True, False, "unknown")),
        *(("minutes", answer) for answer in (0, "720", Decimal("5.5"), "declined")),
    ],
)
def test_an_answer_of_its_kind_is_taken(name: str, answer: object) -> None:
    assert answered(**{name: answer}) == {}


@pytest.mark.parametrize(
    ("name", "answer", "sentence"),
    [
        ("chest_pain", "perhaps", "chest_pain is answered by yes or no, or unknown"),
        ("chest_pain", "declined", "yes or no, or unknown"),
        ("chest_pain", 1, "yes or no, or unknown"),
        ("minutes", True, "a number from 0 to 720, or declined, or unknown"),
        ("minutes", 721, "a number from 0 to 720"),
        ("minutes", "-1", "a number from 0 to 720"),
        ("minutes", "9" * (LONGEST_NUMBER + 1), "a number from 0 to 720"),
        ("suicide_alert_open", False, "suicide_alert_open is not asked in a session"),
        ("x" * 5000, True, "is not asked in a session"),
    ],
)
def test_an_answer_that_no_rule_could_read_is_asked_back(
    name: str, answer: object, sentence: str
) -> None:
    told = answered(**{name: answer})["answers"]

    assert sentence in told
    assert len(told) < 200


def test_a_correction_brings_in_no_answer_that_an_entry_would_not() -> None:
    raw = {"reason": "typing error", "replacement": {"answers": {"chest_pain": "perhaps"}}}

    found = check_payload(Kind.correction, raw, corrects_kind=Kind.symptom, questions=ASKED)

    assert list(found.errors) == ["replacement.answers"]


def test_what_was_kept_is_read_back_though_it_is_asked_no_more() -> None:
    kept = {"answers": {"asked_in_2026": True, "minutes": "5"}}

    assert check_payload(Kind.symptom, kept).payload == {
        "answers": {"asked_in_2026": True, "minutes": Decimal(5)}
    }


@pytest.mark.parametrize(
    "told",
    [
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1999-12-31T23:59:00+00:00"),
        # The same moment in UTC, as the log keeps it, lies in another year.
        *("2000-01-01T00:00:00+14:00", "2300-12-31T23:59:00-14:00"),
    ],
)
def test_a_year_in_which_no_session_was_is_asked_back(told: str) -> None:
    for moment in (told, datetime.fromisoformat(told)):
        errors = check_payload(Kind.note, {"words": "calm", "happened_at": moment}).errors

        assert "no time at which a session could be" in errors["happened_at"]


@pytest.mark.parametrize("bad", [HALF, NUL])
def test_a_character_that_cannot_be_kept_is_asked_back(bad: str) -> None:
    note = check_payload(Kind.note, {"words": f"calm{bad}"}).errors
    alarm = check_payload(Kind.alarm_acknowledged, {"rules": [bad], "words": "slowed"}).errors

    assert "cannot be kept" in note["words"]
    assert "choose from the list" in alarm["rules"]


@pytest.mark.parametrize(
    "rules", [[5], [""], ["x" * (LONGEST_NAME + 1)], ["MON-012"] * (MOST_NAMES + 1)]
)
def test_names_are_those_of_a_list(rules: list[object]) -> None:
    payload = {"rules": rules, "words": "slowed"}

    assert "choose from the list" in check_payload(Kind.alarm_acknowledged, payload).errors["rules"]


def test_a_long_value_is_not_said_again_at_length() -> None:
    errors = check_payload(Kind.reading, {"spo2_percent": "x" * 5000}).errors

    assert len(errors["spo2_percent"]) < 120


def test_a_number_without_a_range_still_says_how_to_write_it() -> None:
    pump = Field("pump_ml_per_h", "Pump rate", "number")

    with pytest.raises(ValueError, match="write a number in digits, with a point before decimals"):
        read_number(pump, "fast")
    assert check_payload(Kind.note, {"words": "calm", "happened_at": at(5)}).errors == {}
