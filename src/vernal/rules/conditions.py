"""Conditions over facts, judged in three-valued logic.

A condition is yes (`True`), no (`False`) or `Unknown`, which names the facts it would need.
Missing is not no: a fact that is absent, pending, declined or "I do not know" is unknown.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, assert_never

Value = bool | Decimal | str | date


@dataclass(frozen=True)
class Unknown:
    """Not knowing, as a value. `needs` holds the ids of the facts that would settle it."""

    needs: frozenset[str]

    def __post_init__(self) -> None:
        if not self.needs:
            raise ValueError("Unknown must name at least one fact that would settle it.")

    @classmethod
    def of(cls, *facts: str) -> Unknown:
        return cls(frozenset(facts))


Truth = bool | Unknown
Facts = Mapping[str, Value | Unknown]


_ORDER: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "above": operator.gt,
    "at_least": operator.ge,
    "below": operator.lt,
    "at_most": operator.le,
}


class UnknownValue(Exception):
    """An act met a value nobody knows. The message is the sentence a person reads."""

    def __init__(self, sentence: str, needs: frozenset[str] = frozenset()) -> None:
        super().__init__(sentence)
        self.needs = needs


@dataclass(frozen=True)
class Always:
    """True for everyone: information that is shown whatever the facts."""


@dataclass(frozen=True)
class Compare:
    """One fact beside one value (for `one_of`, beside a tuple of values)."""

    fact: str
    operator: Literal["is", "one_of", "above", "at_least", "below", "at_most"]
    value: Value | tuple[Value, ...]


@dataclass(frozen=True)
class Not:
    of: Condition


@dataclass(frozen=True)
class All:
    of: tuple[Condition, ...]


@dataclass(frozen=True)
class Any:
    of: tuple[Condition, ...]


Condition = Always | Compare | Not | All | Any


def judge(condition: Condition, facts: Facts) -> Truth:
    """Kleene logic: one certain `False` settles `All`, one certain `True` settles `Any`."""
    match condition:
        case Always():
            return True
        case Compare():
            return _compare(condition, facts)
        case Not(of):
            truth = judge(of, facts)
            return truth if isinstance(truth, Unknown) else not truth
        case All(of):
            return _settle((judge(part, facts) for part in of), settled_by=False)
        case Any(of):
            return _settle((judge(part, facts) for part in of), settled_by=True)
        case _:
            assert_never(condition)


def facts_used(condition: Condition) -> frozenset[str]:
    """Ids of every fact the condition could ask for."""
    match condition:
        case Always():
            return frozenset()
        case Compare(fact):
            return frozenset({fact})
        case Not(of):
            return facts_used(of)
        case All(of) | Any(of):
            return frozenset().union(*(facts_used(part) for part in of))
        case _:
            assert_never(condition)


def _settle(truths: Iterator[Truth], *, settled_by: bool) -> Truth:
    needs: frozenset[str] = frozenset()
    for truth in truths:
        if isinstance(truth, Unknown):
            needs |= truth.needs
        elif truth is settled_by:
            return settled_by
    return Unknown(needs) if needs else not settled_by


def _compare(condition: Compare, facts: Facts) -> Truth:
    value = facts.get(condition.fact, Unknown.of(condition.fact))
    if isinstance(value, Unknown):
        return value
    expected = condition.value
    options = expected if isinstance(expected, tuple) else (expected,)
    if condition.operator in ("is", "one_of"):
        _check_comparable(condition, value, options)
        return value in options
    if not isinstance(value, Decimal) or not isinstance(expected, Decimal):
        raise TypeError(
            f"{condition.fact}: '{condition.operator}' compares numbers, got {value!r}; "
            "give a Decimal."
        )
    return _ORDER[condition.operator](value, expected)


def _check_comparable(condition: Compare, value: Value, options: tuple[Value, ...]) -> None:
    """A word beside yes or no would never match, and a bar would fall silent."""
    if not any(type(value) is type(option) for option in options):
        raise TypeError(
            f"{condition.fact}: {value!r} cannot be compared with {condition.value!r}; "
            "give the fact in the kind it is defined with."
        )
