"""What stands between a screening and the word “eligible”."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vernal.rules.eligibility import may_be_overridden, obstacles_to_eligible
from vernal.rules.findings import Finding, Findings, Level, Override, Unjudged


def finding(level: Level, *, override: Override = "second_clinician", key: str = "x") -> Finding:
    return Finding(
        condition=key,
        title=f"Title of {key}",
        level=level,
        rules=(("R-1", 1),),
        reason="",
        action="",
        sources=(),
        standing="house",
        override=override,
    )


def unjudged(level: Level, key: str = "x") -> Unjudged:
    return Unjudged(key, f"Title of {key}", level, (("R-1", 1),), frozenset({"a_fact"}))


def why(findings: Findings, *, overridden=(), weighed=()) -> list[str]:
    found = obstacles_to_eligible(findings, overridden=overridden, weighed=weighed)
    return [obstacle.why for obstacle in found]


@pytest.mark.parametrize(
    ("item", "overridden", "weighed", "expected"),
    [
        (finding(Level.bar), (), (), ["bar"]),
        (finding(Level.bar), ("x",), (), []),
        (finding(Level.bar), (), ("x",), ["bar"]),
        (finding(Level.bar, override="none"), ("x",), (), ["bar_for_good"]),
        (finding(Level.weigh), (), (), ["not_weighed"]),
        (finding(Level.weigh), (), ("x",), []),
        (finding(Level.weigh), ("x",), (), ["not_weighed"]),
        (finding(Level.caution), (), (), []),
        (finding(Level.note), (), (), []),
    ],
)
def test_each_level_asks_for_its_own_words(item, overridden, weighed, expected) -> None:
    assert why(Findings((item,), ()), overridden=overridden, weighed=weighed) == expected


@pytest.mark.parametrize(
    ("level", "weighed", "expected"),
    [
        (Level.bar, (), ["unjudged_bar"]),
        (Level.bar, ("x",), ["unjudged_bar"]),
        (Level.weigh, (), ["unjudged_not_weighed"]),
        (Level.weigh, ("x",), []),
        (Level.caution, (), []),
    ],
)
def test_what_is_not_known_stands_in_the_way_like_what_is(level, weighed, expected) -> None:
    assert why(Findings((), (unjudged(level),)), weighed=weighed) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (finding(Level.bar), True),
        (finding(Level.bar, override="none"), False),
        (finding(Level.weigh), False),
    ],
)
def test_only_a_bar_that_allows_it_may_be_overridden(item, expected) -> None:
    assert may_be_overridden(item) is expected


@given(
    st.lists(st.sampled_from(Level), max_size=6),
    st.sets(st.integers(0, 5)),
    st.sets(st.integers(0, 5)),
)
def test_an_unjudged_bar_is_never_signed_away(levels, overridden, weighed) -> None:
    items = tuple(unjudged(level, key=str(number)) for number, level in enumerate(levels))
    bars = sum(level == Level.bar for level in levels)

    found = why(
        Findings((), items),
        overridden={str(each) for each in overridden},
        weighed={str(each) for each in weighed},
    )

    assert found.count("unjudged_bar") == bars
