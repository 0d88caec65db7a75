"""Backups: the whole database in one file that proves itself, and the way back.

The file is a zip with `manifest.json` and one dump. The manifest holds the version of Vernal, the
kind of database, the number of audit entries, the head of their chain, and the hash of the dump.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.utils import DatabaseError
from django.utils import timezone

import vernal
from vernal.audit.chain import ChainReport, walk
from vernal.workflow.dumps import DUMPS, DumpFailed, holds_data

_DUMP = "database"
_MANIFEST = "manifest.json"
_PIECE = 1 << 20


class BackupError(Exception):
    """A backup was not written or not brought back; the message says why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself."""

    vernal: str
    database: str
    entries: int
    head: str
    made_at: str
    sha256: str


def back_up(file: Path) -> str:
    """Write everything to a new file, readable by its owner alone; returns the chain's head.

    The head is read from the copy, not from the running database: what is written is what was
    proven. The file appears under its name only when it is complete.
    """
    file = file.absolute()
    if file.exists():
        raise BackupError(f"{file} already exists, and a backup never overwrites one.")
    if not file.parent.is_dir():
        raise BackupError(f"The folder {file.parent} does not exist; make it first.")
    with _sentences(), _working_folder(file.parent) as folder:
        dump, complete = folder / _DUMP, folder / "complete"
        DUMPS[connection.vendor].dump(dump)
        report = _prove(dump)
        manifest = Manifest(
            vernal=vernal.__version__,
            database=connection.vendor,
            entries=report.entries,
            head=report.head,
            made_at=timezone.now().astimezone(UTC).isoformat(timespec="seconds"),
            sha256=_sha256(dump),
        )
        _zip(manifest, dump, complete)
        _give_name(complete, file)
    return manifest.head


def restore(file: Path, *, replace: bool = False) -> str:
    """Bring a backup back; returns the head of the chain, proven before anything was replaced."""
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    manifest = read_manifest(file)
    _check_fits(manifest)
    with _sentences():
        if holds_data() and not replace:
            raise BackupError(
                "The database already holds data. Restoring replaces all of it; "
                "if that is what you want, say --replace."
            )
    settings.VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _sentences(), _working_folder(settings.VAR) as folder:
        dump = folder / _DUMP
        _unzip(file, manifest, dump)
        report = _prove(dump)
        if (report.entries, report.head) != (manifest.entries, manifest.head):
            raise BackupError(
                f"The chain inside {file} is not the one its manifest names; nothing was restored."
            )
        DUMPS[connection.vendor].load(dump)
    return report.head


def read_manifest(file: Path) -> Manifest:
    """The manifest of a backup file; `BackupError` where the file is something else."""
    try:
        with zipfile.ZipFile(file) as archive:
            return Manifest(**json.loads(archive.read(_MANIFEST)))
    except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError) as error:
        raise BackupError(f"{file} is damaged or not a backup made by Vernal.") from error


def _check_fits(manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        raise BackupError(
            f"This backup comes from {manifest.database}, and the settings name "
            f"{connection.vendor}; set VERNAL_DATABASE_URL accordingly."
        )
    if _numbers(manifest.vernal) > _numbers(vernal.__version__):
        raise BackupError(
            f"This backup was made by Vernal {manifest.vernal}, and this is the older "
            f"{vernal.__version__}; install that version first."
        )


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]


def _prove(dump: Path) -> ChainReport:
    try:
        with DUMPS[connection.vendor].entries(dump) as entries:
            report = walk(entries)
    except (KeyError, ValueError) as error:
        raise BackupError("The audit entries in this copy cannot be read.") from error
    if not report.is_whole:
        raise BackupError(
            f"The audit chain in this copy is broken at entry {report.broken_at}; nothing was "
            "done. Keep the database and the file as they are and find out who could write to them."
        )
    return report


def _zip(manifest: Manifest, dump: Path, to: Path) -> None:
    with _owners_alone(to) as opened, zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=2))
        archive.write(dump, _DUMP)


def _unzip(file: Path, manifest: Manifest, to: Path) -> None:
    try:
        with (
            zipfile.ZipFile(file) as archive,
            archive.open(_DUMP) as inside,
            _owners_alone(to) as outside,
        ):
            shutil.copyfileobj(inside, outside, _PIECE)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise BackupError(f"{file} is damaged; nothing was restored.") from error
    if _sha256(to) != manifest.sha256:
        raise BackupError(
            f"What {file} holds is not what its manifest names; nothing was restored."
        )


@contextlib.contextmanager
def _owners_alone(path: Path) -> Iterator:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as opened:
        yield opened
        opened.flush()
        os.fsync(handle)


def _give_name(complete: Path, file: Path) -> None:
    """Rename, but never over a file that appeared meanwhile."""
    try:
        os.link(complete, file)
    except FileExistsError:
        raise BackupError(f"{file} already exists, and a backup never overwrites one.") from None
    except OSError:  # a file system without links; the check at the beginning must do
        complete.rename(file)


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


@contextlib.contextmanager
def _working_folder(beside: Path) -> Iterator[Path]:
    """A folder on the same disk, closed to others, gone at the end.

    A process that was killed cannot tidy up; the next one on the same machine does it.
    """
    ours = f".vernal-{socket.gethostname()}-"
    for left in beside.glob(f"{ours}*"):
        if not _is_running(left.name.removeprefix(ours)):
            shutil.rmtree(left, ignore_errors=True)
    folder = beside / f"{ours}{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_running(process_id: str) -> bool:
    try:
        os.kill(int(process_id), 0)
    except PermissionError:
        return True
    except (ValueError, ProcessLookupError):
        return False
    return True


@contextlib.contextmanager
def _sentences() -> Iterator[None]:
    """What disks and databases complain about, as the one error of this module."""
    try:
        yield
    except DumpFailed as error:
        raise BackupError(str(error)) from error
    except DatabaseError as error:
        raise BackupError(f"The database did not answer: {error}") from error
    except OSError as error:
        raise BackupError(f"The file could not be written or read: {error}") from error
