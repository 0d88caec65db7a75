"""What the documents name is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import PACKAGE, ROOT, assert_none, line_of, place, repository_files
from vernal.config import settings

DOCUMENTS = [path for path in repository_files() if path.suffix == ".md"]
# `tests/web/plan`, `src/…`, or a layer's own `rules/sessions/events.py`; nothing with a blank.
LAYERS = "|".join(sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py")))
NAMED = re.compile(rf"`((?:tests|src|docs|requirements|{LAYERS})/[\w./-]+)`")
LINKED = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)")
SETTING = re.compile(r"\bVERNAL_[A-Z_]*[A-Z]\b")
# They belong to the tests and to other programs' start, not to the settings.
OTHERS = {"VERNAL_SCREENSHOTS"}


def missing_paths(path: Path) -> Iterator[str]:
    text = path.read_text()
    for found in NAMED.finditer(text):
        module = re.sub(r"\.\w+$", ".py", found[1])  # a name in a module stands for the module
        names = (found[1], module)
        if not any((root / name).exists() for root in (ROOT, PACKAGE) for name in names):
            yield f"{place(path, line_of(text, found.start()))} {found[1]}"
    for found in LINKED.finditer(text):
        if not (path.parent / found[1]).exists():
            yield f"{place(path, line_of(text, found.start()))} {found[1]}"


def test_every_path_named_in_a_document_exists() -> None:
    assert DOCUMENTS
    assert_none([missing for path in DOCUMENTS for missing in missing_paths(path)])


def test_every_command_named_in_a_document_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    found = [
        f"{place(path, line_of(text, each.start()))} {each.group()}"
        for path in DOCUMENTS
        for text in [path.read_text()]
        for each in re.finditer(r"(?:`|^ {4})make ([a-z-]+)", text, re.M)
        if not re.search(rf"^{each[1]}:", makefile, re.M)
    ]

    assert_none(found)


def test_every_setting_is_explained_and_none_is_made_up() -> None:
    read = set(SETTING.findall((PACKAGE / "config" / "settings.py").read_text()))
    explained = set(SETTING.findall((ROOT / "docs" / "reference" / "settings.md").read_text()))
    everywhere = {name for path in DOCUMENTS for name in SETTING.findall(path.read_text())}

    assert_none(sorted(read - explained))
    assert_none(sorted(everywhere - read - OTHERS))


def test_the_limit_of_attempts_is_the_one_explained() -> None:
    attempts = settings.ACCOUNT_RATE_LIMITS["login"].split("/")[0]

    assert f"{attempts} attempts a minute" in (ROOT / "docs/reference/settings.md").read_text()
