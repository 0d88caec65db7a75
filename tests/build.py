"""What `make check` and `make test` run, step by step; each step is a command to run by hand too.

Every step runs, the failed ones are named at the end, and nothing is skipped: what a step needs
and cannot get makes it fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.postgres import binaries, end_politely, private_server

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
TESTS = ROOT / "tests"
# Without a database: the same on SQLite and PostgreSQL.
PURE = {"unit", "spec", "validation", "architecture"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

PYTEST = [BIN / "python", "-m", "pytest", "-q"]
IN_PARALLEL = ["-n", "2", "--dist", "worksteal"]
IN_A_BROWSER = ["-n", "2", "--dist", "loadfile"]  # stories of a file share one demo clinic

Step = tuple[str, list[Path | str]]


def main(what: str) -> int:
    end_politely()
    started = time.monotonic()
    failed = {"check": check, "test": test}[what]()
    seconds = time.monotonic() - started
    if failed:
        print(f"\nmake {what}: FAILED after {seconds:.0f} s: {', '.join(failed)}")
        return 1
    print(f"\nmake {what}: all passed in {seconds:.0f} s")
    return 0


def check() -> list[str]:
    """Quick enough to run before every commit."""
    migrations = ["django", "makemigrations", "--check", "--dry-run", "--settings=tests.settings"]
    steps: list[Step] = [
        ("lint", [BIN / "ruff", "check", "--quiet"]),
        ("format", [BIN / "ruff", "format", "--check", "--quiet"]),
        ("layers", [BIN / "lint-imports", "--no-logo"]),
        ("types", [BIN / "mypy", "--no-error-summary"]),
        ("knowledge", [BIN / "vernal", "check"]),
        ("migrations", [BIN / "python", "-m", *migrations]),
        ("architecture", [*PYTEST, "tests/architecture"]),
    ]
    return [name for name, command in steps if not passed(name, command)]


def test() -> list[str]:
    """Every test there is, on both databases and in a browser."""
    if missing := get_programs():
        print(f"Missing, and not installed here: {', '.join(missing)}.")
        return missing
    pure, with_database = folders_of_tests()
    measured = [BIN / "coverage", "run", "-m", "pytest", "-q", *IN_PARALLEL]
    parallel = [*PYTEST, *IN_PARALLEL]
    verdicts = {
        "tests without a database": passed("tests without a database", [*measured, *pure]),
        "every branch of the rules": passed("coverage data", [BIN / "coverage", "combine", "-q"])
        and passed("every branch of the rules", [BIN / "coverage", "report"]),
        "tests on SQLite": passed("tests on SQLite", [*parallel, *with_database]),
        "tests on PostgreSQL": passed_on_postgresql([*parallel, *with_database]),
        "tests in Chromium": passed("tests in Chromium", [*PYTEST, *IN_A_BROWSER, "tests/browser"]),
    }
    return [name for name, verdict in verdicts.items() if not verdict]


def passed_on_postgresql(command: list[Path | str]) -> bool:
    with private_server() as address:
        return passed("tests on PostgreSQL", command, VERNAL_DATABASE_URL=address)


def folders_of_tests() -> tuple[list[str], list[str]]:
    """Those known to need no database, and all others: a new folder is never forgotten."""
    folders = {path.parent.relative_to(TESTS).parts[0] for path in TESTS.glob("*/**/test_*.py")}
    pure, others = folders & PURE, folders - PURE - {"browser"}
    return [f"tests/{name}" for name in sorted(pure)], [f"tests/{name}" for name in sorted(others)]


def passed(name: str, command: list[Path | str], **environment: str) -> bool:
    print(f"\n── {name}: {' '.join(_short(part) for part in command)}", flush=True)
    started = time.monotonic()
    result = subprocess.run(command, cwd=ROOT, env=_plain() | environment, check=False)
    verdict = "passed" if result.returncode == 0 else f"FAILED (exit {result.returncode})"
    print(f"   {name} {verdict} in {time.monotonic() - started:.1f} s", flush=True)
    return result.returncode == 0


def _plain() -> dict[str, str]:
    """The environment without anyone's clinic in it."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("VERNAL_") or name == "VERNAL_SCREENSHOTS"
    }


def _short(part: Path | str) -> str:
    return part.name if isinstance(part, Path) else part


def get_programs() -> list[str]:
    """From Debian, where we may install: Chromium and PostgreSQL. Names what is still missing."""
    if (missing := missing_programs()) and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {', '.join(missing)} …", flush=True)
        _apt_get("update")
        _apt_get("install", "--yes", "--no-install-recommends", *missing)
        missing = missing_programs()
    return missing


def _apt_get(*arguments: str) -> None:
    result = subprocess.run(
        ["apt-get", "--quiet=2", *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if result.returncode != 0:
        print(result.stdout)


def missing_programs() -> list[str]:
    missing = []
    if not any(shutil.which(name) for name in BROWSERS):
        missing += ["chromium", "fonts-liberation"]
    if binaries() is None:
        missing.append("postgresql")
    return missing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
