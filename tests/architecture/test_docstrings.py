"""A public function says what it takes and gives, where the name is not enough to know."""

from __future__ import annotations

import ast

from tests.architecture.source import assert_none, place, python_files, tree

# Below the acts everything is called from far away; what a page's view does stands in its address.
SAYING = ("units", "engine", "audit", "accounts", "records", "cli", "config")


def silent(module: ast.Module) -> list[ast.FunctionDef]:
    return [
        node
        for node in module.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]


def test_every_public_function_below_the_acts_has_a_docstring() -> None:
    found = [
        f"{place(path, node.lineno)} {node.name}"
        for path in python_files(*SAYING)
        if "migrations" not in path.parts
        for node in silent(tree(path))
    ]

    assert_none(found)


def test_the_search_finds_what_it_is_for() -> None:
    module = ast.parse("def told():\n    'Says it.'\ndef mute(): ...\ndef _own(): ...\n")

    assert [node.name for node in silent(module)] == ["mute"]
