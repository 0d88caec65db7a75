"""A rule that is asked at a moment is walked at that moment: no moment is without a caller."""

from __future__ import annotations

import ast
from typing import get_args

from tests.architecture.source import python_files, tree
from vernal.rules.screening import Moment


def walked() -> set[str]:
    """The moments for which an act or query judges the screening rules."""
    return {
        keyword.value.value
        for path in python_files("workflow")
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "findings_for"
        for keyword in call.keywords
        if keyword.arg == "moment" and isinstance(keyword.value, ast.Constant)
    }


def test_every_moment_of_a_screening_rule_is_walked() -> None:
    assert walked() == set(get_args(Moment))
