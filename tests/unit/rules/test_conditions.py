from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vernal.rules.conditions import (
    All,
    Always,
    Any,
    Compare,
    Condition,
    Not,
    Truth,
    Unknown,
    UnknownValue,
    facts_used,
    judge,
)

YES = Compare("yes", "is", True)
NO = Compare("no", "is", True)
OPEN = Compare("open", "is", True)
FACTS = {"yes": True, "no": False}
NOT_KNOWN = Unknown.of("open")


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        (Always(), True),
        (YES, True),
        (NO, False),
        (OPEN, NOT_KNOWN),
        (Not(YES), False),
        (Not(NO), True),
        (Not(OPEN), NOT_KNOWN),
        (All((YES, YES)), True),
        (All((YES, NO)), False),
        (All((YES, OPEN)), NOT_KNOWN),
        (All((OPEN, NO)), False),
        (Any((NO, NO)), False),
        (Any((NO, YES)), True),
        (Any((NO, OPEN)), NOT_KNOWN),
        (Any((OPEN, YES)), True),
    ],
)
def test_unknown_settles_nothing_and_certainty_settles_it(
    condition: Condition, truth: Truth
) -> None:
    assert judge(condition, FACTS) == truth


@pytest.mark.parametrize(
    ("operator", "below", "equal", "over"),
    [
        ("above", False, False, True),
        ("at_least", False, True, True),
        ("below", True, False, False),
        ("at_most", True, True, False),
    ],
)
def test_limit_itself_belongs_to_at_least_and_at_most_only(
    operator: str, below: bool, equal: bool, over: bool
) -> None:
    condition = Compare("pressure", operator, Decimal(140))  # type: ignore[arg-type]

    truths = [judge(condition, {"pressure": Decimal(n)}) for n in ("139.9", "140.0", "140.1")]

    assert truths == [below, equal, over]


def test_doses_are_compared_as_decimals() -> None:
    above = Compare("dose", "above", Decimal("0.1"))

    assert judge(above, {"dose": Decimal("0.8") - Decimal("0.7")}) is False


def test_one_of_means_any_of_the_named_values() -> None:
    condition = Compare("class", "one_of", ("iii", "iv"))

    assert judge(condition, {"class": "iv"}) is True
    assert judge(condition, {"class": "ii"}) is False


def test_date_is_compared_with_a_date() -> None:
    condition = Compare("day", "is", date(2026, 3, 4))

    assert judge(condition, {"day": date(2026, 3, 4)}) is True


def test_unknown_names_every_fact_that_would_settle_it() -> None:
    condition = All((Compare("a", "is", True), Any((Compare("b", "is", True), NO))))

    assert judge(condition, {"no": False}) == Unknown.of("a", "b")


def test_derived_unknown_names_what_must_be_asked_instead() -> None:
    condition = Compare("age_years", "below", Decimal(18))

    assert judge(condition, {"age_years": Unknown.of("birth_date")}) == Unknown.of("birth_date")


@pytest.mark.parametrize("value", ["yes", Decimal(1)])
def test_value_of_another_kind_is_an_error_not_silence(value: str | Decimal) -> None:
    with pytest.raises(TypeError, match="allergy"):
        judge(Compare("allergy", "is", True), {"allergy": value})


def test_number_is_never_compared_with_a_word() -> None:
    with pytest.raises(TypeError, match="compares numbers"):
        judge(Compare("age", "below", Decimal(18)), {"age": "17"})


def test_unknown_without_a_fact_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one fact"):
        Unknown(frozenset())


def test_unknown_value_keeps_its_sentence_and_needs() -> None:
    error = UnknownValue("Weigh the patient first.", frozenset({"weight_kg"}))

    assert str(error) == "Weigh the patient first."
    assert error.needs == {"weight_kg"}


def test_facts_used_sees_through_every_form() -> None:
    condition = All((Always(), Not(YES), Any((NO, OPEN))))

    assert facts_used(condition) == {"yes", "no", "open"}


names = st.sampled_from("abcd")
conditions = st.recursive(
    st.builds(Compare, names, st.just("is"), st.booleans()) | st.builds(Always),
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Any, st.lists(inner, min_size=1, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


@pytest.mark.slow
@given(conditions, st.dictionaries(names, st.booleans()), names, st.booleans())
def test_what_is_certain_stays_certain_when_more_is_known(
    condition: Condition, known: dict[str, bool], name: str, value: bool
) -> None:
    before = judge(condition, known)

    after = judge(condition, {name: value, **known})

    assert isinstance(before, Unknown) or after is before


@pytest.mark.slow
@given(conditions, st.dictionaries(names, st.booleans()))
def test_unknown_asks_only_for_what_is_missing(
    condition: Condition, known: dict[str, bool]
) -> None:
    truth = judge(condition, known)

    if isinstance(truth, Unknown):
        assert truth.needs <= facts_used(condition) - known.keys()
