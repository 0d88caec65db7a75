"""What may stand in the repository: explained dependencies; no machine, no registry."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture.source import ROOT, assert_none, line_of, place, repository_files

# Written in parts, so that this file does not find itself.
REGISTRIES = [
    *("py" + "pi.org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com"),
    *("deb.debian" + ".org", "security.debian" + ".org", "proxy.golang" + ".org"),
]
REGISTRY = re.compile("|".join(map(re.escape, REGISTRIES)))
# A folder of one machine, at the start of a path.
MACHINE = re.compile(r"(?<![\w./~%>-])/(?:work|root|home/\w+|Users/\w+|opt/pypi)/")


def test_no_file_names_a_registry_or_a_folder_of_one_machine():
    found = [
        f"{place(path, line_of(text, match.start()))} {match.group()}"
        for path in repository_files()
        if (text := _text(path))
        for pattern in (REGISTRY, MACHINE)
        for match in pattern.finditer(text)
    ]

    assert_none(found)


def test_every_dependency_says_what_it_is_for():
    listed = _project_dependencies() + _required("*.in")

    assert listed
    assert_none([line for line in listed if not re.search(r"#\s*\S", line)])


def test_locks_hold_exact_versions_with_hashes():
    for lock in (ROOT / "requirements").glob("*.txt"):
        pins = re.split(
            r"^(?=\S)", re.sub(r"^\s*#.*\n", "", lock.read_text(), flags=re.M), flags=re.M
        )
        loose = [
            pin for pin in pins if pin.strip() and not re.match(r"\S+==\S+.*--hash=", pin, re.S)
        ]

        assert_none([f"{lock.name}: {pin}" for pin in loose])


def test_the_development_lock_repeats_the_runtime_lock():
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / name).read_text(), re.M))

    assert pins("runtime.txt") <= pins("development.txt")


def _project_dependencies() -> list[str]:
    text = (ROOT / "pyproject.toml").read_text()
    project = text.split("[project]")[1].split("[project.scripts]")[0]
    lists = re.findall(r"=\s*\[\n(.*?)^\]", project, re.M | re.S)
    return [line for lines in lists for line in lines.splitlines() if '"' in line]


def _required(glob: str) -> list[str]:
    return [
        line
        for path in sorted((ROOT / "requirements").glob(glob))
        for line in path.read_text().splitlines()
        if line.strip() and not line.startswith("#")
    ]


def _text(path: Path) -> str:
    """Empty for what is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
