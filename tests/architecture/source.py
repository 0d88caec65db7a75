"""The repository as these tests read it: files git knows or would take, and their syntax trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "vernal"


@cache
def repository_files() -> tuple[Path, ...]:
    """Committed or about to be; what .gitignore names is left out."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    paths = (ROOT / name for name in names.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def python_files(*layers: str) -> Iterator[Path]:
    for layer in layers:
        yield from sorted((PACKAGE / layer).rglob("*.py"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def imported_modules(node: ast.AST) -> list[str]:
    """`from a.b import c` is named a.b.c, for c may be a module."""
    match node:
        case ast.Import():
            return [alias.name for alias in node.names]
        case ast.ImportFrom(module=str(module), level=0):
            return [f"{module}.{alias.name}" for alias in node.names]
    return []


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def assert_none(found: list[str]) -> None:
    """Fail with all of them, one a line: pytest would shorten the list."""
    assert not found, "\n".join(["", *found])
