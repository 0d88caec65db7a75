"""What import-linter cannot see: calls to managers, and clocks or files inside pure code."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.source import (
    PACKAGE,
    assert_none,
    imported_modules,
    place,
    python_files,
    tree,
)

OUTER = ("web", "cli", "exchange")
PURE = ("units", "engine", "evidence", "rules", "eeg")

DATABASE_CALLS = {
    *("filter", "exclude", "annotate", "aggregate", "select_related", "prefetch_related"),
    *("select_for_update", "values_list", "order_by", "get_or_create", "update_or_create"),
    *("bulk_create", "bulk_update", "save", "delete", "refresh_from_db"),
}
DATABASE_MODULES = (
    *("django.db", "django.contrib.auth.models", "django.contrib.auth.get_user_model"),
    *("django.contrib.contenttypes.models", "django.apps.apps"),
    *("django.shortcuts.get_object_or_404", "django.shortcuts.get_list_or_404"),
)
# A command that starts a server closes connections before it forks, and says what failed.
OPERATING = {"django.db.connections", "django.db.DatabaseError"}
# Whatever would make the same call give another answer, or reach out of the process.
IMPURE_MODULES = (
    *("os", "io", "pathlib", "shutil", "tempfile", "glob", "random", "secrets", "time"),
    *(
        "uuid.uuid1",
        "uuid.uuid4",
        "socket",
        "subprocess",
        "sqlite3",
        "urllib",
        "http",
        "logging",
        "yaml",
        "django",
    ),
    *("numpy.random.seed", "numpy.random.rand", "numpy.random.randn", "numpy.random.normal"),
)
IMPURE_CALLS = {"open", "input", "print"}
IMPURE_METHODS = {"now", "today", "utcnow", "uuid1", "uuid4"}  # datetime.now(), date.today()


def test_only_workflow_asks_the_database():
    found = [
        place(path, node.lineno) + f" {word}"
        for path in python_files(*OUTER)
        for node, word in database_use(tree(path))
        if not (word in OPERATING and PACKAGE / "cli" in path.parents)
    ]

    assert_none(found)


def test_pure_code_knows_no_file_clock_or_chance():
    found = [
        place(path, node.lineno) + f" {word}"
        for path in python_files(*PURE)
        for node, word in impurity(tree(path))
    ]

    assert_none(found)


def test_the_search_finds_what_it_is_for():
    page = ast.parse(
        "from django.db import models\n"
        "Patient.objects.get(id=1)\n"
        "found.filter(a=1)\n"
        "row.save()\n"
        "register.filter(is_safe=True)\n"
        "filter(None, found)\n"
    )
    rule = ast.parse(
        "import os.path\nfrom time import sleep\nimport numpy as np\n"
        "today = date.today()\nfile = open('x')\nnp.random.normal()\n"
        "import random_things\ndate.fromisoformat('2026-01-01')\nrng.random()\n"
    )

    assert [node.lineno for node, _ in database_use(page)] == [1, 2, 3, 4]
    assert [node.lineno for node, _ in impurity(rule)] == [1, 2, 4, 5, 6]


def database_use(module: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    for node in _in_order(module):
        for name in imported_modules(node):
            if _is_one_of(name, DATABASE_MODULES):
                yield node, name
        match node:
            case ast.Attribute(attr="objects" | "_default_manager" | "_base_manager"):
                yield node, f".{node.attr}"
            case ast.Call(func=ast.Attribute(value=ast.Name(id="register"), attr="filter")):
                pass  # a template filter
            case ast.Call(func=ast.Attribute(attr=name)) if name in DATABASE_CALLS:
                yield node, f".{name}()"


def impurity(module: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    for node in _in_order(module):
        for name in imported_modules(node):
            if _is_one_of(name, IMPURE_MODULES):
                yield node, name
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in IMPURE_CALLS:
                yield node, f"{name}()"
            case ast.Call(func=ast.Attribute(attr=name)) if name in IMPURE_METHODS:
                yield node, f".{name}()"
            case ast.Call(func=ast.Attribute(value=ast.Attribute(ast.Name("np"), "random"))):
                if not isinstance(node.func, ast.Attribute) or not _makes_a_stream(node):
                    yield node, "np.random with hidden state"


def _makes_a_stream(node: ast.Call) -> bool:
    """np.random.Generator(…) and seeded default_rng(seed) carry their state as a value."""
    assert isinstance(node.func, ast.Attribute)
    return node.func.attr[0].isupper() or (node.func.attr == "default_rng" and bool(node.args))


def _in_order(module: ast.Module) -> list[ast.AST]:
    nodes = [node for node in ast.walk(module) if hasattr(node, "lineno")]
    return sorted(nodes, key=lambda node: (node.lineno, node.col_offset))


def _is_one_of(name: str, modules: tuple[str, ...]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def test_layers_named_here_exist_or_are_not_built_yet():
    """A layer that is renamed would silently escape these tests."""
    known = {*OUTER, *PURE, "config", "workflow", "records", "audit", "accounts", "knowledge"}

    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}

    assert rooms <= known
