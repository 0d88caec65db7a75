"""Sentences below `workflow`, where nothing knows a language: marked as `_("…")`, or bare."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.source import python_files, tree

SPEAKING = ("rules", "units")
# A word of letters beside a space: part of a sentence, not a name, a code or a unit.
SPEECH = re.compile(r"[^\W\d_]{2,}[.,:;]?\s|\s[^\W\d_]{2,}")


def marks(node: ast.AST) -> Iterator[ast.Call]:
    """Every `_("…")` below a node."""
    for each in ast.walk(node):
        match each:
            case ast.Call(func=ast.Name(id="_")):
                yield each


def literal(call: ast.Call) -> str | None:
    """What a catalogue can gather of a marked sentence; None where it is no literal."""
    match call.args:
        case [ast.Constant(value=str(text))]:
            return text
    return None


@cache
def catalogue() -> frozenset[str]:
    """Every marked sentence of the layers that know no language, in English."""
    calls = (call for path in python_files(*SPEAKING) for call in marks(tree(path)))
    return frozenset(text for call in calls if (text := literal(call)) is not None)


def bare_sentences(path: Path) -> list[tuple[int, str]]:
    """(line, words) of what could reach a page and would stay English in every language.

    Left out are docstrings, and what a class says of itself when content makes it wrongly, which is
    read in a terminal.
    """
    module = tree(path)
    aside = {id(part) for call in marks(module) for part in ast.walk(call)}
    for each in ast.walk(module):
        match each:
            case ast.Expr(value=ast.Constant()):
                aside.add(id(each.value))
            case ast.FunctionDef(name="__post_init__"):
                aside |= {id(part) for part in ast.walk(each)}
    return [
        (each.lineno, each.value)
        for each in ast.walk(module)
        if isinstance(each, ast.Constant)
        and isinstance(each.value, str)
        and id(each) not in aside
        and SPEECH.search(each.value)
    ]
