"""Other machines for tests: each has a folder, a database and processes of its own.

The database is SQLite in the folder, or, where VERNAL_DATABASE_URL is set, a new database on that
PostgreSQL server.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ON_POSTGRESQL = bool(os.environ.get("VERNAL_DATABASE_URL"))
# Seconds for another process to answer: a busy machine is slow, which is no fault of the code.
PATIENCE = 120
BEGIN = "import django; django.setup()\n"


@dataclass
class Machine:
    """Runs Python in a process with its own VERNAL settings."""

    folder: Path
    database_url: str = ""
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VERNAL_")}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "vernal.config.settings",
            "PYTHONWARNINGS": "error",
            "VERNAL_VAR": str(self.folder),
            "VERNAL_DATABASE_URL": self.database_url,
            "VERNAL_HTTPS": "0",
            **self.settings,
        }

    def start(self, code: str) -> subprocess.Popen[str]:
        return self.start_command(sys.executable, "-c", BEGIN + code)

    def start_command(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str) -> str:
        """What the code prints; an error in it fails the test with its last lines."""
        process = self.start(code)
        out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err[-2000:]
        return out.strip()

    def migrate(self) -> None:
        self.run(
            "from django.core.management import call_command\ncall_command('migrate', verbosity=0)"
        )


@functools.cache
def _migrated_sqlite() -> Path:
    """An empty clinic, made once a run: migrating takes longer than most tests."""
    folder = Path(tempfile.mkdtemp(prefix="vernal-machines-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    Machine(folder).migrate()
    return folder / "vernal.sqlite3"


@contextlib.contextmanager
def machine(folder: Path, *, migrated: bool = False) -> Iterator[Machine]:
    """A machine with an empty database; on PostgreSQL it is dropped at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    if not ON_POSTGRESQL:
        if migrated:
            shutil.copy(_migrated_sqlite(), folder)
        yield Machine(folder)
        return
    import psycopg

    server = os.environ["VERNAL_DATABASE_URL"]
    name = f"machine_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            made = Machine(folder, re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", server, count=1))
            if migrated:
                made.migrate()
            yield made
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
