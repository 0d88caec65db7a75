"""The `vernal` command as an operator types it, in processes of its own."""

from __future__ import annotations

import errno
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from typer.testing import CliRunner

from tests.machines import PATIENCE, Machine, machine
from vernal.cli import main, server
from vernal.cli.main import app
from vernal.knowledge import load
from vernal.knowledge.check import check_all

pytestmark = pytest.mark.slow
BEGIN = (
    "begin", "--site-name", "Laramie clinic", "--time-zone", "America/Denver",
    "--phone", "+1 307 555 0100", "--name", "Ada Stone", "--email", "ada@vernal.example",
)  # fmt: skip
COMMANDS = [
    [],
    ["demo"],
    ["serve"],
    ["begin"],
    ["check"],
    ["worker"],
    ["audit"],
    ["audit", "verify"],
    ["backup"],
    ["restore"],
]


@pytest.fixture
def clinic(tmp_path: Path):
    with machine(tmp_path / "clinic", migrated=True) as made:
        yield made


def typed(on: Machine, *words: str) -> tuple[int, str]:
    process = on.start_command(sys.executable, "-m", "vernal.cli.main", *words)
    out, err = process.communicate(timeout=PATIENCE)
    said = out + err
    assert "Traceback" not in said, said
    return process.returncode, " ".join(said.split())


def typed_here(*words: str) -> tuple[int, str]:
    """In this process, on the tests' own database: Django and the knowledge are there already."""
    answer = CliRunner().invoke(app, list(words))
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    return answer.exit_code, " ".join(answer.output.split())


@pytest.fixture
def here(db, monkeypatch: pytest.MonkeyPatch) -> None:
    """What belongs to a process of its own is left alone in the tests' process."""
    monkeypatch.setattr(main, "_end_politely", lambda: None)
    monkeypatch.setattr(server, "prepare", lambda: None)


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return tried.getsockname()[1]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(words: list[str]) -> None:
    answer = CliRunner().invoke(app, [*words, "--help"])

    assert answer.exit_code == 0
    assert "Usage:" in answer.output


def test_the_first_help_says_where_to_begin() -> None:
    said = CliRunner().invoke(app, ["--help"]).output

    for step in ("vernal demo", "vernal begin", "vernal serve", "vernal worker", "vernal backup"):
        assert step in said
    assert "VERNAL_VAR" in said


def test_a_clinic_begins_once_and_prints_a_link(here) -> None:
    code, said = typed_here(*BEGIN)
    assert code == 0, said
    assert re.search(re.escape(settings.BASE_URL) + r"/join/\S+/", said)

    code, said = typed_here(*BEGIN)
    assert code == 1
    assert "has a site already" in said

    assert typed_here("audit", "verify")[1].startswith("2 entries fit. Head:")


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--time-zone", "Denver", "not a time zone"),
        ("--phone", "soon", "telephone number"),
        ("--email", "ada", "valid email address"),
    ],
)
def test_a_beginning_with_a_slip_says_so(option: str, value: str, says: str, here) -> None:
    code, said = typed_here(*BEGIN, option, value)

    assert code == 1
    assert says in said


def test_a_backup_comes_back_by_command(clinic: Machine, tmp_path: Path) -> None:
    assert typed(clinic, *BEGIN)[0] == 0
    file = str(tmp_path / "monday.vernal")

    code, said = typed(clinic, "backup", file)
    assert code == 0
    head = said.split()[-1]
    code, said = typed(clinic, "restore", file, "--replace")
    assert code == 0
    assert said.endswith(head)


def test_a_wrong_file_is_named(here, tmp_path: Path) -> None:
    assert typed_here("restore", str(tmp_path / "absent")) == (
        1,
        f"There is no file {tmp_path / 'absent'}.",
    )


@pytest.mark.parametrize("words", [["check"], ["worker", "--once"]], ids=" ".join)
def test_a_broken_knowledge_file_is_named_and_nothing_starts(
    words: list[str], here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "data"
    shutil.copytree(load.DATA, broken)
    (broken / "sources.yaml").write_text("nonsense: [1\n")
    monkeypatch.setattr(check_all, "__defaults__", (broken,))

    code, said = typed_here(*words)

    assert code == 1
    assert "sources.yaml" in said


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "not-a-folder"
    file.write_text("")

    code, said = typed(Machine(file), "audit", "verify")

    assert code == 1
    assert str(file) in said
    assert "VERNAL_VAR" in said


def test_a_database_that_is_not_one_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "vernal.sqlite3").write_text("a letter, not a database, and long enough to be read")

    code, said = typed(Machine(tmp_path), "audit", "verify")

    assert code == 1
    assert "The database did not answer" in said


# As a careless umask leaves it. `migrate` is left out: it opens the database that is there.
PREPARE = """
import os
os.umask(0o022)
from vernal.cli import server
server.call_command = lambda *words, **options: None
server.prepare()
"""


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


@pytest.mark.parametrize("stood_open", [False, True])
def test_database_and_letters_are_closed_to_other_accounts(
    stood_open: bool, tmp_path: Path
) -> None:
    var = tmp_path / "var"
    if stood_open:
        (var / "mail").mkdir(parents=True, mode=0o755)
        for name in ("vernal.sqlite3", "vernal.sqlite3-wal"):
            (var / name).touch(mode=0o644)

    Machine(var).run(PREPARE)

    assert mode(var / "vernal.sqlite3") == "0o600"
    assert mode(var / "mail") == "0o700"
    assert stood_open or mode(var) == "0o700"
    assert not stood_open or mode(var / "vernal.sqlite3-wal") == "0o600"


SAFE = {
    "HTTPS": True,
    "ALLOWED_HOSTS": ["clinic.example"],
    "BASE_URL": "https://clinic.example",
    "SECRET_KEY": "k" * 50,
}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ALLOWED_HOSTS": ["*"]}, "VERNAL_HOSTS holds “\\*”"),
        ({"ALLOWED_HOSTS": ["https://clinic.example"]}, "write host names alone"),
        ({"ALLOWED_HOSTS": ["clinic.example", ""]}, "VERNAL_HOSTS holds “”"),
        ({"HTTPS": False}, "VERNAL_HTTPS is 0"),
        ({"BASE_URL": "http://clinic.example"}, "VERNAL_BASE_URL is “http://clinic.example”"),
        ({"BASE_URL": "https://other.example"}, "VERNAL_BASE_URL is “https://other.example”"),
        ({"SECRET_KEY": "short"}, "VERNAL_SECRET_KEY is shorter"),
    ],
)
def test_settings_that_would_let_others_in_are_named(
    changes: dict[str, object], says: str, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERNAL_HOSTS", "given")
    for name, value in {**SAFE, **changes}.items():
        setattr(settings, name, value)

    with pytest.raises(ImproperlyConfigured, match=says):
        server.refuse_unsafe_settings()


def test_safe_settings_are_let_pass(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERNAL_HOSTS", "given")
    for name, value in SAFE.items():
        setattr(settings, name, value)

    server.refuse_unsafe_settings()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "VERNAL_HOSTS is not set"),
        ({"VERNAL_DATABASE_URL": "nonsense"}, "VERNAL_DATABASE_URL is not a database address"),
    ],
)
def test_the_server_does_not_start_with_them(
    settings: dict[str, str], says: str, tmp_path: Path
) -> None:
    code, said = typed(Machine(tmp_path, settings={"VERNAL_HTTPS": "1", **settings}), "serve")

    assert code == 1
    assert says in said


def local(on: Machine, port: int) -> Machine:
    own = {"VERNAL_HOSTS": "127.0.0.1", "VERNAL_BASE_URL": f"http://127.0.0.1:{port}"}
    own["PYTHONWARNINGS"] = "ignore"  # the threads' database connections end with the process
    return Machine(on.folder, on.database_url, own)


def asked(address: str) -> int:
    """The status of the answer, as soon as there is one."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310
                return answer.status
        except urllib.error.HTTPError as answer:
            answer.close()
            return answer.code
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer")


def test_a_port_in_use_is_said_plainly(here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "refuse_unsafe_settings", lambda: None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        code, said = typed_here("serve", "--port", str(port))

    assert code == 1
    assert "in use" in said
    assert "--port" in said


@pytest.mark.parametrize(
    ("error", "says", "never"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "db"), "disk is full", "--port"),
        (OSError(errno.EROFS, "Read-only file system", "/var/v"), "/var/v cannot be", "--port"),
        (PermissionError(errno.EACCES, "Permission denied", "/var/v"), "VERNAL_VAR", "--port"),
        (OSError(errno.EADDRINUSE, "Address already in use"), "--port", "VERNAL_VAR"),
        (PermissionError(errno.EACCES, "Permission denied"), "--port", "VERNAL_VAR"),
    ],
)
def test_a_disk_and_a_port_are_not_taken_for_each_other(
    error: OSError, says: str, never: str, here, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise error

    monkeypatch.setattr(server, "prepare", refuse)

    code, said = typed_here(*BEGIN)

    assert code == 1
    assert says in said
    assert never not in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["demo", "--port", "0"], "--port"),
        (["serve", "--port", "eighty"], "--port"),
        (["begin"], "--site-name"),
        ([*BEGIN, "--also", "nurse"], "--also"),
        (["restore"], "{file}"),
        (["frobnicate"], "frobnicate"),
    ],
    ids=lambda given: " ".join(given[:3]) if isinstance(given, list) else given,
)
def test_what_was_typed_wrongly_is_named(words: list[str], says: str) -> None:
    answer = CliRunner().invoke(app, words, env={"COLUMNS": "200", "NO_COLOR": "1"})

    assert answer.exit_code == 2
    assert says in answer.output


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_server_answers_logs_no_secret_and_ends_when_told(
    how: signal.Signals, clinic: Machine
) -> None:
    port = free_port()
    served = local(clinic, port)
    process = served.start_command(
        sys.executable, "-m", "vernal.cli.main", "serve", "--port", str(port)
    )
    try:
        base = f"http://127.0.0.1:{port}"
        assert asked(f"{base}/healthz?name=Wren") == 200
        for secret in ("invitation/abc123", "join/abc123", "accounts/password/reset/key/1-abc123"):
            assert asked(f"{base}/{secret}/?x=abc123") in {200, 302, 404}
    finally:
        process.send_signal(how)
        out, err = process.communicate(timeout=PATIENCE)

    log = out + err
    assert process.returncode == 0, log
    assert "path=/healthz" in log
    assert "path=/join/…" in log
    assert "Traceback" not in log
    requests = [line for line in log.splitlines() if "event=request" in line]
    assert not [line for line in requests if re.search(r"Wren|abc123|127\.0\.0\.1", line)]


def test_the_worker_ends_when_told(clinic: Machine) -> None:
    worker = clinic.start_command(sys.executable, "-m", "vernal.cli.main", "worker")
    _wait_until_it_listens_for_the_end(worker.pid)

    worker.send_signal(signal.SIGTERM)

    _out, err = worker.communicate(timeout=PATIENCE)
    assert worker.returncode == 0, err


def _wait_until_it_listens_for_the_end(pid: int) -> None:
    """Its own handler of SIGTERM stands in the kernel's list of caught signals."""
    for _ in range(600):
        status = Path(f"/proc/{pid}/status").read_text()
        caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
        if int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.1)
    raise AssertionError("the worker never listened for its end")


def test_a_worker_round_by_hand_says_what_was_sent(here) -> None:
    assert typed_here("worker", "--once") == (0, "0 sent.")


def test_production_settings_pass_django_s_own_check(tmp_path: Path) -> None:
    production = {
        "VERNAL_HTTPS": "1",
        "VERNAL_HOSTS": "clinic.example",
        "VERNAL_BASE_URL": "https://clinic.example",
    }
    process = Machine(tmp_path, settings=production).start_command(
        sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"
    )

    _out, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 0, err


def test_the_command_is_installed() -> None:
    program = Path(sys.executable).with_name("vernal")

    said = subprocess.run([program, "--help"], capture_output=True, text=True, check=True)

    assert "ketamine" in said.stdout
