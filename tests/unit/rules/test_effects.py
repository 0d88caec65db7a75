"""Both arms together, and nothing on one axis that was found in different ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.unit.rules.session_log import at, infusion
from vernal.rules.effects import (
    SEVERITY,
    Arm,
    AskedEffect,
    Axis,
    Comparison,
    EffectRate,
    NoComparator,
    ObservedEffect,
    asked_now,
    calls_now,
    comparison,
    may_share_axis,
    observed_effects,
    rates_beside,
)
from vernal.rules.sessions import Kind

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PASSIVE = Axis("percent", "course", "passive")
NAUSEA = EffectRate(
    id="AE-1",
    version=1,
    effect="nausea",
    term="nausea",
    category="acute",
    treatment="esketamine",
    group="esketamine",
    axis=PASSIVE,
    drug=Arm("28%", Decimal(28), count=98, n=346),
    comparator=Arm("9%", Decimal(9), n=222),
    comparator_is="placebo spray",
    no_comparator="",
    people="346 vs 222",
    onset="",
    resolution="",
    notes="",
    repeats="",
    sources=("label",),
    standing="verified",
)
ALONE = replace(
    NAUSEA, id="AE-2", comparator=None, comparator_is="", no_comparator="There was none."
)


def asked(id_: str = "nausea", **changes: object) -> AskedEffect:
    whole = {
        "id": id_,
        "version": 1,
        "label": id_,
        "question": "?",
        "terms": frozenset({id_}),
        "routes": None,
        "call_now_from": None,
        "standing": "house",
    }
    return AskedEffect(**(whole | changes))


def test_comparison_gives_both_arms_or_says_why_not() -> None:
    assert comparison(NAUSEA) == Comparison(NAUSEA, NAUSEA.drug, NAUSEA.comparator, "placebo spray")
    assert comparison(ALONE) == NoComparator(ALONE, ALONE.drug, "There was none.")


def test_rate_without_comparator_and_without_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="give a comparator or say why"):
        replace(NAUSEA, comparator=None)


@pytest.mark.parametrize(
    ("arm", "reason"),
    [
        ({"percent": Decimal(101)}, "no share"),
        ({"percent_to": Decimal(-1)}, "no share"),
        ({"count": 5, "n": 4}, "more than all"),
    ],
)
def test_impossible_arm_is_refused(arm: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Arm("x", **arm)


@pytest.mark.parametrize(
    ("axis", "shared"),
    [
        (PASSIVE, True),
        (Axis("percent", "course", "elicited"), False),
        (Axis("percent", "session", "passive"), False),
        (Axis("kg", "course", "passive"), False),
    ],
)
def test_only_rates_found_and_counted_alike_share_an_axis(axis: Axis, shared: bool) -> None:
    assert may_share_axis(NAUSEA, replace(NAUSEA, axis=axis)) is shared


@pytest.mark.parametrize(
    "axis",
    [
        Axis("percent", "not_stated", "passive"),
        Axis("percent", "course", "not_stated"),
        Axis("words", "course", "passive"),
    ],
)
def test_rate_that_does_not_say_how_shares_an_axis_with_nothing(axis: Axis) -> None:
    vague = replace(NAUSEA, axis=axis)

    assert not may_share_axis(vague, vague)


def test_rates_stand_beside_an_asked_effect_axis_by_axis_and_once() -> None:
    counts = replace(NAUSEA, id="AEA-1", repeats="AE-1")
    elicited = replace(ALONE, axis=Axis("percent", "session", "elicited"))
    other = replace(NAUSEA, id="AE-9", term="headache")
    pill = replace(NAUSEA, id="AE-8", group="antidepressant")

    beside = rates_beside(asked(), [NAUSEA, counts, elicited, other, pill], group=["esketamine"])

    assert {axis: [each.rate.id for each in found] for axis, found in beside.items()} == {
        PASSIVE: ["AEA-1"],
        elicited.axis: ["AE-2"],
    }


def test_severity_has_words_from_nought_to_three() -> None:
    assert sorted(SEVERITY) == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="from 0 to 3"):
        ObservedEffect("nausea", 4, "session_end")


def test_effect_has_a_beginning_and_an_end() -> None:
    open_ = ObservedEffect("nausea", 1, "session_end", NOON)

    with pytest.raises(ValueError, match="before it began"):
        replace(open_, ended_at=NOON - timedelta(minutes=1))


def test_route_decides_what_is_asked() -> None:
    nose = asked("nose", routes=frozenset({"nasal"}))

    assert asked_now([asked(), nose], route="iv") == (asked(),)
    assert asked_now([asked(), nose], route="nasal") == (asked(), nose)


def test_thoughts_of_dying_are_told_today_worst_first() -> None:
    index = {
        "suicidal": asked("suicidal", call_now_from=1),
        "vomiting": asked("vomiting", call_now_from=3),
        "nausea": asked(),
    }
    said = [
        ObservedEffect("suicidal", 1, "next_day"),
        ObservedEffect("vomiting", 3, "next_day"),
        ObservedEffect("vomiting", 2, "four_hours"),
        ObservedEffect("nausea", 3, "next_day"),
    ]

    assert [each.effect for each in calls_now(said, index)] == ["vomiting", "suicidal"]


def test_last_answer_in_the_log_counts_at_each_moment() -> None:
    device = infusion()
    device.add(Kind.effect, 100, effect="nausea", severity="2", asked_at="session_end")
    device.add(
        Kind.effect,
        101,
        effect="nausea",
        severity="1",
        asked_at="session_end",
        began_at=at(20).isoformat(),
        ended_at=at(80).isoformat(),
    )
    device.add(Kind.effect, 280, effect="nausea", severity="0", asked_at="four_hours")
    device.add(Kind.effect, 281, effect="headache", asked_at="four_hours")

    found = observed_effects(device.state(300))

    assert found == (
        ObservedEffect("nausea", 1, "session_end", at(20), at(80)),
        ObservedEffect("nausea", 0, "four_hours"),
    )


def test_effect_that_ends_before_it_begins_shows_and_does_no_harm() -> None:
    device = infusion()
    device.add(
        Kind.effect,
        100,
        effect="nausea",
        severity="1",
        asked_at="session_end",
        began_at=at(20).isoformat(),
        ended_at=at(10).isoformat(),
    )

    state = device.state(120)

    assert "before it began" in state.problems[0].sentence
    assert observed_effects(state)[0].ended_at is None
