"""The whole database as one file, and back: SQLite by itself, PostgreSQL by its programs."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.db import connection

from vernal.audit.models import Entry


class DumpFailed(Exception):
    """The database could not be copied or brought back; the message says what to do."""


class Dumps(Protocol):
    """What a kind of database must be able to do to be backed up."""

    def dump(self, to: Path) -> None:
        """Copy everything, as of one moment, while others go on writing."""

    def entries(self, dump: Path) -> contextlib.AbstractContextManager[Iterable[Entry]]:
        """The audit entries inside a dump, in order, read from the dump itself."""

    def load(self, dump: Path) -> None:
        """Make the database what the dump holds; all of it or nothing."""


class SqliteDumps:
    def dump(self, to: Path) -> None:
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(to)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it

    @contextlib.contextmanager
    def entries(self, dump: Path) -> Iterator[Iterable[Entry]]:
        try:
            with contextlib.closing(sqlite3.connect(f"file:{dump}?mode=ro", uri=True)) as copy:
                copy.row_factory = sqlite3.Row
                if copy.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                    raise DumpFailed("The copy of the database is damaged.")
                yield (
                    _entry(dict(row))
                    for row in copy.execute("SELECT * FROM audit_entry ORDER BY sequence")
                )
        except sqlite3.DatabaseError as error:
            raise DumpFailed(f"The copy of the database cannot be read: {error}.") from error

    def load(self, dump: Path) -> None:
        target = Path(connection.settings_dict["NAME"])
        connection.close()
        _write_through(dump)
        with _held_alone(target):
            os.replace(dump, target)  # noqa: PTH105  # the one step that is all or nothing
        _write_through(target.parent)


class PostgresqlDumps:
    def dump(self, to: Path) -> None:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={to}")

    @contextlib.contextmanager
    def entries(self, dump: Path) -> Iterator[Iterable[Entry]]:
        command = [_program("pg_restore"), "--data-only", "--table=audit_entry", "--file=-", dump]
        with subprocess.Popen(  # noqa: S603  # our own arguments
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        ) as reading:
            try:
                yield _in_order(_copied_entries(reading.stdout))
                complaint = reading.communicate()[1]
            finally:
                reading.kill()
        if reading.returncode:
            raise DumpFailed(f"The copy of the database cannot be read: {_last_line(complaint)}")

    def load(self, dump: Path) -> None:
        name = connection.settings_dict["NAME"]
        connection.close()
        options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--exit-on-error"]
        _run("pg_restore", "--single-transaction", *options, f"--dbname={name}", str(dump))


DUMPS: dict[str, Dumps] = {"sqlite": SqliteDumps(), "postgresql": PostgresqlDumps()}


def holds_data() -> bool:
    """Whether the database that the settings name already has a site, an account or an entry."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in {"accounts_site", "accounts_user", "audit_entry"} & present:
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608  # one of three names
            if cursor.fetchone():
                return True
    return False


@contextlib.contextmanager
def _held_alone(target: Path) -> Iterator[None]:
    """Fold the write-ahead log into the old file and keep everyone out while it is replaced.

    A crash at any point leaves the old file whole, and no log of its own beside the new one.
    """
    try:
        with contextlib.closing(sqlite3.connect(target, timeout=2, isolation_level=None)) as old:
            old.execute("PRAGMA journal_mode=DELETE")
            old.execute("BEGIN EXCLUSIVE")
            yield
    except sqlite3.OperationalError as error:
        raise DumpFailed(
            "The database is in use. Stop the server and the worker, then restore again."
        ) from error
    except sqlite3.DatabaseError as error:
        raise DumpFailed(
            f"{target} is not a readable database. Move it away, together with the files "
            f"{target.name}-wal and {target.name}-shm if they exist, then restore again."
        ) from error


def _write_through(path: Path) -> None:
    """What was written stays after a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _entry(row: dict[str, str | int | None]) -> Entry:
    """An entry from the plain text of either database."""
    at = datetime.fromisoformat(str(row["at"]))
    ids = {name: row[name] for name in ("actor_id", "site_id", "patient_id")}
    return Entry(
        sequence=int(str(row["sequence"])),
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
        details=json.loads(str(row["details"])),
        **{name: row[name] for name in ("act", "subject", "previous_hash", "hash")},
        **{name: UUID(str(value)) if value else None for name, value in ids.items()},
    )


_COPY = re.compile(r"COPY \S*audit_entry \((?P<columns>.+)\) FROM stdin;")
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def _copied_entries(lines: Iterable[str]) -> Iterator[Entry]:
    """Read the rows that `pg_restore` writes between COPY and a line with a backslash and a dot."""
    columns: list[str] = []
    for line in lines:
        line = line.rstrip("\n")
        if found := _COPY.fullmatch(line):
            columns = found["columns"].replace('"', "").split(", ")
        elif line == r"\.":
            columns = []
        elif columns:
            yield _entry(dict(zip(columns, map(_plain, line.split("\t")), strict=True)))


def _plain(field: str) -> str | None:
    if field == r"\N":
        return None
    return re.sub(r"\\(.)", lambda found: _ESCAPED.get(found[1], found[1]), field)


def _in_order(entries: Iterable[Entry]) -> Iterator[Entry]:
    """By number. PostgreSQL writes rows as they lie on the disk, which is nearly that order."""
    waiting: dict[int, Entry] = {}
    following = 1
    for entry in entries:
        waiting[entry.sequence] = entry
        while following in waiting:
            yield waiting.pop(following)
            following += 1
    for number in sorted(waiting):  # after a gap: the walk will find it
        yield waiting[number]


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; password and address travel in its environment alone."""
    done = subprocess.run(  # noqa: S603  # our own arguments
        [_program(program), "--no-password", *arguments],
        env=os.environ | _address(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DumpFailed(f"{program} did not finish: {_last_line(done.stderr)}")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise DumpFailed(
            f"The program {name} was not found. It comes with PostgreSQL's client programs "
            "(on Debian: apt-get install postgresql-client)."
        )
    return found


def _address() -> dict[str, str]:
    from psycopg.pq import Conninfo  # here: SQLite clinics need no PostgreSQL library loaded

    given = connection.get_connection_params()
    variables = {
        option.keyword.decode(): option.envvar.decode()
        for option in Conninfo.get_defaults()
        if option.envvar
    }
    return {
        variable: str(given[keyword])
        for keyword, variable in variables.items()
        if given.get(keyword) not in (None, "")
    }


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it gave no reason."
