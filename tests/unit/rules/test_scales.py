from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vernal.knowledge import scales as knowledge
from vernal.rules.conditions import Unknown
from vernal.rules.scales import (
    Band,
    Part,
    SafetyAnswer,
    Scale,
    ScaleItem,
    Score,
    band,
    entered_total,
    problems,
    safety_answers,
    score,
)

D = Decimal
PHQ9 = knowledge.scale("phq-9")
BY_ITEMS = sorted(name for name, each in knowledge.scales().items() if each.parts)
BANDED = sorted(name for name, each in knowledge.scales().items() if each.bands)
TOTALS = sorted(name for name, each in knowledge.scales().items() if "total" in each.entry)


def phq9(*scores: int) -> dict[str, int]:
    return {str(number): value for number, value in enumerate(scores, start=1)}


@st.composite
def filled_in(draw: st.DrawFn) -> tuple[Scale, dict[str, Decimal]]:
    scale = knowledge.scale(draw(st.sampled_from(BY_ITEMS)))
    return scale, {
        item.id: D(draw(st.integers(int(item.least), int(item.most)))) for item in scale.items
    }


def make(**changes: object) -> Scale:
    given = {
        "id": "test",
        "version": 1,
        "title": "Test",
        "purpose": "Testing",
        "entry": ("items",),
        "least": D(0),
        "most": D(4),
        "step": D(1),
        "higher_is_worse": True,
        "items": (ScaleItem("a", "A", D(0), D(2)), ScaleItem("b", "B", D(0), D(2))),
        "parts": (Part(("a", "b"), "sum"),),
    }
    return Scale(**(given | changes))  # type: ignore[arg-type]


def test_answers_add_up():
    assert score(PHQ9, phq9(3, 2, 1, 0, 3, 2, 1, 0, 1)) == Score("phq-9", 1, D(13), "items")


def test_the_question_about_daily_life_is_not_counted():
    assert score(PHQ9, {**phq9(1, 1, 1, 1, 1, 1, 1, 1, 1), "function": 3}).value == 9


def test_missing_items_are_named():
    assert score(PHQ9, phq9(3, 2, 1)) == Unknown(
        frozenset({"phq-9.4", "phq-9.5", "phq-9.6", "phq-9.7", "phq-9.8", "phq-9.9"})
    )


def test_an_item_answered_with_i_do_not_know_is_missing():
    answers = {**phq9(1, 1, 1, 1, 1, 1, 1, 1), "9": Unknown.of("phq-9.9")}

    assert score(PHQ9, answers) == Unknown.of("phq-9.9")


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"1": 4}, {"1": "Choose a whole number from 0 to 3."}),
        ({"1": -1}, {"1": "Choose a whole number from 0 to 3."}),
        ({"1": D("1.5")}, {"1": "Choose a whole number from 0 to 3."}),
        ({"10": 1}, {"10": "PHQ-9 has no item 10."}),
        ({"1": Unknown.of("phq-9.1")}, {}),
        ({}, {}),
    ],
)
def test_problems_name_the_item_and_what_would_fit(answers, wrong):
    assert problems(PHQ9, answers) == wrong


def test_wrong_answers_are_never_scored():
    with pytest.raises(ValueError, match="whole number"):
        score(PHQ9, {"1": 7})


def test_a_scale_without_parts_is_not_scored_by_items():
    with pytest.raises(ValueError, match="entered as a total or category"):
        score(knowledge.scale("bdi-ii"), {})


def test_a_mean_may_stand_on_fewer_items_only_where_its_source_says_so():
    interference = knowledge.scale("bpi-sf-interference")
    four = {"1": 4, "2": 5, "3": 6, "4": 6}

    assert score(interference, four) == Score(
        "bpi-sf-interference", 1, D("5.25"), "items", ("5", "6", "7")
    )
    assert isinstance(score(interference, {"1": 4, "2": 5, "3": 6}), Unknown)
    assert isinstance(score(knowledge.scale("peg"), {"P": 4, "E": 5}), Unknown)


def test_a_mean_is_rounded_half_up_to_the_step():
    assert score(knowledge.scale("peg"), {"P": 7, "E": 7, "G": 6}).value == D("6.67")


@pytest.mark.parametrize(
    ("name", "value"), [("phq-9", D(28)), ("phq-9", D(-1)), ("phq-9", D("3.5")), ("who-5", D(50))]
)
def test_a_total_outside_the_scale_is_refused(name, value):
    with pytest.raises(ValueError, match="goes from"):
        entered_total(knowledge.scale(name), value)


def test_a_total_on_the_scale_is_taken():
    assert entered_total(knowledge.scale("who-5"), D(52)) == Score("who-5", 1, D(52), "total")


def test_a_category_is_not_entered_as_a_total():
    with pytest.raises(ValueError, match="not entered as a total"):
        entered_total(knowledge.scale("asq"), D(0))


def test_a_band_is_asked_within_the_range_alone():
    with pytest.raises(ValueError, match="not 28"):
        band(PHQ9, D(28))


def test_a_scale_without_bands_has_none():
    assert band(knowledge.scale("cadss"), D(50)) is None


@pytest.mark.parametrize("answer", [1, 2, 3])
def test_item_9_above_zero_is_flagged_whatever_the_total(answer):
    found = safety_answers(PHQ9, {"9": answer})

    assert isinstance(found, tuple)
    assert [(each.item, each.answer) for each in found] == [("9", answer)]


def test_item_9_at_zero_is_quiet():
    assert safety_answers(PHQ9, phq9(3, 3, 3, 3, 3, 3, 3, 3, 0)) == ()


def test_item_9_left_open_is_unknown_not_quiet():
    assert safety_answers(PHQ9, phq9(0, 0, 0)) == Unknown.of("phq-9.9")


def test_a_scale_without_safety_items_is_quiet():
    assert safety_answers(knowledge.scale("gad-7"), {}) == ()


def test_a_safety_answer_says_what_to_do():
    (found,) = safety_answers(knowledge.scale("epds"), {"10": 1})  # type: ignore[misc]

    assert isinstance(found, SafetyAnswer)
    assert "today" in found.action


def test_bands_start_at_the_lowest_score_and_rise():
    late = (Band(D(1), "late", (), "house"),)
    twice = (Band(D(0), "a", (), "house"), Band(D(0), "b", (), "house"))
    beyond = (Band(D(0), "a", (), "house"), Band(D(5), "b", (), "house"))
    for bands in (late, twice, beyond):
        with pytest.raises(ValueError, match="band"):
            make(bands=bands)


@pytest.mark.parametrize("parts", [(Part(("a",), "sum"),), (Part(("a", "c"), "sum"),)])
def test_every_scored_item_stands_in_a_part(parts):
    with pytest.raises(ValueError, match="item"):
        make(parts=parts)


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": (), "combine": "sum"},
        {"items": ("a",), "combine": "sum", "divide_by": 0},
        {"items": ("a",), "combine": "sum", "least_answered": 1},
    ],
)
def test_a_part_checks_itself(wrong):
    with pytest.raises(ValueError, match=r"part|mean"):
        Part(**wrong)


@settings(deadline=None)
@given(filled_in())
def test_a_score_stays_in_its_range_and_may_be_entered_as_a_total(case):
    scale, answers = case

    result = score(scale, answers)

    assert isinstance(result, Score)
    assert scale.least <= result.value <= scale.most
    if "total" in scale.entry:
        assert entered_total(scale, result.value).value == result.value


@settings(deadline=None)
@given(filled_in(), st.data())
def test_a_higher_answer_never_lowers_the_score_unless_the_item_is_reversed(case, data):
    scale, answers = case
    item = data.draw(st.sampled_from(scale.items))
    higher = {**answers, item.id: D(data.draw(st.integers(int(answers[item.id]), int(item.most))))}

    before, after = score(scale, answers), score(scale, higher)

    assert isinstance(before, Score)
    assert isinstance(after, Score)
    assert after.value <= before.value if item.reversed else after.value >= before.value


@settings(deadline=None)
@given(filled_in(), st.data())
def test_leaving_one_item_open_gives_unknown_or_says_what_was_left_out(case, data):
    scale, answers = case
    counted = [item.id for item in scale.items if item.counts]
    left = data.draw(st.sampled_from(counted))

    result = score(scale, {name: value for name, value in answers.items() if name != left})

    if isinstance(result, Unknown):
        assert result == Unknown.of(f"{scale.id}.{left}")
    else:
        assert result.left_out == (left,)


@settings(deadline=None)
@given(st.sampled_from(BANDED), st.data())
def test_every_score_lies_in_exactly_one_band(name, data):
    scale = knowledge.scale(name)
    value = scale.least + scale.step * data.draw(
        st.integers(0, int((scale.most - scale.least) / scale.step))
    )
    ends = [*(each.start for each in scale.bands[1:]), scale.most + 1]

    holding = [
        each for each, end in zip(scale.bands, ends, strict=True) if each.start <= value < end
    ]

    assert holding == [band(scale, value)]
