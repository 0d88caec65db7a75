"""From what people type to what is kept: everything readable is read, the rest is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vernal.knowledge.facts import Fact, facts
from vernal.rules.conditions import Unknown
from vernal.workflow.answers import (
    LONGEST_TEXT,
    NotReadable,
    amount_typed,
    kept_answers,
    value_of,
)
from vernal.workflow.errors import InvalidInput

TODAY = date(2026, 3, 4)
ASKED = {name: fact for name, fact in facts().items() if not fact.derived}
a_fact = st.sampled_from(sorted(ASKED)).map(ASKED.get)
# Digits, signs and words people mix, besides any text at all.
typed_text = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"[-+]?[0-9]{0,6}[.,/' ]?[0-9]{0,6}( ?(kg|lb|cm|ft|in|mg|%))?", fullmatch=True),
    st.dates().map(str),
    st.sampled_from(["yes", "no", "unknown", "NaN", "Infinity", "1e5", "٣", "½", "\x00", "5'6\""]),
)


def kept(name: str, text: str) -> str | None:
    return kept_answers({name: text}, [ASKED[name]], on=TODAY).get(name)


def refusal(name: str, text: str) -> str:
    with pytest.raises(InvalidInput) as refused:
        kept(name, text)
    return refused.value.fields[name]


@pytest.mark.parametrize(
    ("name", "typed", "expected"),
    [
        ("stated_height_cm", " 168 ", "168"),
        ("stated_height_cm", "5'6\"", "168"),
        ("stated_height_cm", "5 ft 6 in", "168"),
        ("stated_height_cm", "5ft6", "168"),
        ("stated_height_cm", "6 feet", "183"),
        ("stated_height_cm", "5’11", "180"),
        ("weight_kg", "72,6", "72.6"),
        ("weight_kg", "72.6", "72.6"),
        ("weight_kg", "160 lb", "72.6"),
        ("weight_kg", "160lbs", "72.6"),
        ("clinician_suicidal_ideation_level", "-0", "0"),
        ("birth_date", "1984-03-28", "1984-03-28"),
        ("birth_date", "2026-03-04", "2026-03-04"),
        ("stated_height_cm", "unknown", "unknown"),
        ("has_hypertension", "yes", "yes"),
        ("other_allergies", " Nuts 🥜 ", "Nuts 🥜"),
        ("has_hypertension", "   ", None),
    ],
)
def test_what_people_type_is_kept_in_one_form(name, typed, expected) -> None:
    assert kept(name, typed) == expected


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("depression_onset_age_years", "twenty-four", "Write it in digits, like 56."),
        ("depression_onset_age_years", "NaN", "Write it in digits, like 56."),
        ("depression_onset_age_years", "1e1", "Write it in digits, like 56."),
        ("depression_onset_age_years", "200", "Write a number from 3 to 110 years."),
        ("depression_onset_age_years", "24.5", "Write a whole number."),
        ("weight_kg", "1,000", "“1,000” can be read in two ways. Write it without the comma."),
        ("weight_kg", "72.65", "Write it with at most one digit after the point."),
        ("weight_kg", "160 pounds and a bit", "Write it in digits, like 165."),
        ("stated_height_cm", "5.6", "Write a number from 100 to 230 cm."),
        ("birth_date", "2026-03-05", "This date is in the future; write a day that has been."),
        ("birth_date", "1899-12-31", "This date is too long ago; check the year."),
        ("birth_date", "28.3.84", "Write the date as year-month-day, like 1984-03-28."),
        ("has_hypertension", "perhaps", "Choose one of the answers in the list."),
        ("heart_attack_when", "yesterday", "Choose one of the answers in the list."),
        (
            "other_allergies",
            "x" * (LONGEST_TEXT + 1),
            "Write at most 4000 characters; there are 4001.",
        ),
        (
            "other_allergies",
            "a\x00b",
            "This text holds a character that cannot be kept; type it again.",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_do(name, typed, sentence) -> None:
    assert refusal(name, typed) == sentence


def test_every_wrong_field_is_named_at_once() -> None:
    typed = {"weight_kg": "heavy", "systolic_mmhg": "high", "diastolic_mmhg": "80"}

    with pytest.raises(InvalidInput) as refused:
        kept_answers(typed, [ASKED[name] for name in typed], on=TODAY)

    assert set(refused.value.fields) == {"weight_kg", "systolic_mmhg"}


@given(a_fact, typed_text)
def test_any_text_is_kept_or_refused_and_nothing_else(fact: Fact, text: str) -> None:
    try:
        answers = kept_answers({fact.id: text}, [fact], on=TODAY)
    except InvalidInput as refused:
        assert list(refused.fields) == [fact.id]
        assert all(refused.fields.values())
    else:
        value = value_of(fact, answers.get(fact.id))
        assert isinstance(value, (bool, Decimal, date, str, Unknown))
        if isinstance(value, Decimal):
            assert fact.least <= value <= fact.most


@given(a_fact, typed_text)
def test_what_was_kept_is_kept_again_unchanged(fact: Fact, text: str) -> None:
    try:
        once = kept_answers({fact.id: text}, [fact], on=TODAY)
    except InvalidInput:
        return

    assert kept_answers(once, [fact], on=TODAY) == once


@pytest.mark.parametrize("fact", ASKED.values(), ids=ASKED)
def test_not_knowing_is_a_value_and_never_an_answer(fact: Fact) -> None:
    assert value_of(fact, None) == Unknown.of(fact.id)
    for open_answer in fact.open_answers:
        assert value_of(fact, open_answer) == Unknown.of(fact.id)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("150", "150"),
        ("2.5", "2.5"),
        ("2,5", "2.5"),
        ("0,125", "0.125"),
        (".5", "0.5"),
        ("1/2", "0.5"),
        ("½", "0.5"),
        ("1½", "1.5"),
        ("1 1/2", "1.5"),
        ("3/4", "0.75"),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed, amount) -> None:
    assert amount_typed(typed) == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0", "Write an amount above zero."),
        ("-5", "Write an amount above zero."),
        ("0/2", "Write an amount above zero."),
        ("1/0", "Write an amount above zero."),
        ("1/3", "Write this amount with a decimal point, like 0.33."),
        ("half a tablet", "Write the amount in digits, like 150, 2.5 or 1/2."),
        ("150mg", "Write the amount in digits, like 150, 2.5 or 1/2."),
        ("1,500", "“1,500” can be read in two ways. Write it without the comma."),
        ("0.0001", "Write it with at most 6 digits before the point and 3 digits after it."),
        ("1000000", "Write it with at most 6 digits before the point and 3 digits after it."),
    ],
)
def test_an_amount_that_cannot_be_read_is_refused(typed, sentence) -> None:
    with pytest.raises(NotReadable) as refused:
        amount_typed(typed)

    assert str(refused.value) == sentence


@given(st.text(max_size=30))
def test_any_text_is_an_amount_above_zero_or_refused(text: str) -> None:
    try:
        assert amount_typed(text) > 0
    except NotReadable as refused:
        assert str(refused)
