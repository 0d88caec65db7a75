"""A PostgreSQL server of our own for one run: in a temporary folder, gone at the end.

    python tests/postgres.py pytest tests/workflow

runs that command with VERNAL_DATABASE_URL set.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# Nothing here outlives the run, so nothing waits for the disk.
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=50"]


def binaries() -> Path | None:
    """The folder with initdb and postgres: on PATH, or where Debian keeps them; the newest wins."""
    if (found := shutil.which("initdb")) and shutil.which("postgres"):
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    return newest.parent if newest else None


@contextlib.contextmanager
def private_server() -> Iterator[str]:
    """Start a server that listens on a socket in its own folder; give its database address."""
    folder = Path(tempfile.mkdtemp(prefix="vernal-pg-"))
    user = _unprivileged_user()
    server = None
    try:
        if user:
            shutil.chown(folder, user)
        data, log = folder / "data", folder / "log"
        programs = binaries()
        if programs is None:
            raise SystemExit("PostgreSQL is missing: initdb and postgres were not found.")
        initdb = [programs / "initdb", "-D", data, "-U", "vernal", "-A", "trust", "--no-sync"]
        initdb += ["-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run(
            initdb, check=True, stdout=subprocess.DEVNULL, cwd=folder, user=user, umask=0o077
        )
        postgres = [programs / "postgres", "-D", data, "-k", folder, "-h", ""]
        postgres += [part for setting in FAST for part in ("-c", setting)]
        with log.open("w") as output:
            # Its own session: Ctrl-C reaches us first, and we stop it below.
            server = subprocess.Popen(
                postgres,
                stdout=output,
                stderr=output,
                cwd=folder,
                user=user,
                start_new_session=True,
            )
        _wait_until_ready(server, programs, folder, log)
        yield f"postgresql://vernal@/postgres?host={folder}"
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
            server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _wait_until_ready(
    server: subprocess.Popen[bytes], programs: Path, folder: Path, log: Path
) -> None:
    for _ in range(300):
        ready = subprocess.run(
            [programs / "pg_isready", "-q", "-h", folder, "-U", "vernal"], check=False
        )
        if ready.returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"PostgreSQL did not start:\n{log.read_text()}")


def _stop(_signal: int, _frame: object) -> None:
    raise SystemExit("stopped")


def end_politely() -> None:
    """A terminated run leaves through the `finally` blocks, so that no server stays behind."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGHUP, _stop)


if __name__ == "__main__":
    end_politely()
    with private_server() as address:
        environment = os.environ | {"VERNAL_DATABASE_URL": address}
        sys.exit(subprocess.run(sys.argv[1:], env=environment, check=False).returncode)
