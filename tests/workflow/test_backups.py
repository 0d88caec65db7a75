"""Backups, on real databases in processes of their own: what comes back is what was there."""

from __future__ import annotations

import json
import os
import signal
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machines import ON_POSTGRESQL, PATIENCE, Machine, machine
from vernal.workflow.backups import BackupError, back_up, read_manifest, restore

pytestmark = pytest.mark.slow

BACK_UP = """
from pathlib import Path
from vernal.workflow.backups import BackupError, back_up
try:
    print(back_up(Path({file!r})))
except BackupError as error:
    print("refused:", error)
"""
RESTORE = """
from pathlib import Path
from vernal.workflow.backups import BackupError, restore
try:
    print(restore(Path({file!r}), replace={replace}))
except BackupError as error:
    print("refused:", error)
"""
SEE = """
from vernal.accounts.models import Site
from vernal.audit.chain import verify
report = verify()
print(report.is_whole, report.entries, report.head, *Site.objects.values_list("name", flat=True))
"""
# A clinic with a few acts; the words need escaping in PostgreSQL's copy format.
LIVE = """
from datetime import UTC, datetime
from django.db import transaction
from vernal.accounts.models import Site
from vernal.audit.chain import record
site, _ = Site.objects.get_or_create(
    slug={slug!r}, name={slug!r}, time_zone="UTC", phone="1", opening_hours="-")
for number in range({acts}):
    with transaction.atomic():
        record("test.done", at=datetime(2026, 3, 4, 5, 6, 7, number, tzinfo=UTC), actor_id=None,
               site_id=site.pk, number=number, words=["tab\\t", "line\\n", "back\\\\slash", "ü"])
"""


def lived(on: Machine, *, slug: str = "laramie", acts: int = 20) -> Machine:
    on.run(LIVE.format(slug=slug, acts=acts))
    return on


def backed_up(on: Machine, file: Path) -> str:
    return on.run(BACK_UP.format(file=str(file)))


def restored(on: Machine, file: Path, *, replace: bool = False) -> str:
    return on.run(RESTORE.format(file=str(file), replace=replace))


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine(tmp_path_factory.mktemp("clinic"), migrated=True) as made:
        yield lived(made)


@pytest.fixture(scope="module")
def backup(clinic: Machine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("safe") / "monday.vernal"
    backed_up(clinic, file)
    return file


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Machine]:
    with machine(tmp_path / "fresh") as made:
        yield made


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Machine]:
    """Another clinic, with data of its own."""
    with machine(tmp_path / "elsewhere", migrated=True) as made:
        yield lived(made, slug="elsewhere", acts=3)


def tampered(backup: Path, to: Path, **changes: object) -> Path:
    """The same backup with another manifest."""
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(to, "w") as new:
        manifest = json.loads(old.read("manifest.json")) | changes
        new.writestr("manifest.json", json.dumps(manifest))
        new.writestr("database", old.read("database"))
    return to


def nothing_left(folder: Path) -> bool:
    return not [path for path in folder.iterdir() if path.name.startswith(".vernal-")]


def test_a_fresh_machine_gets_the_same_chain(clinic: Machine, backup: Path, fresh: Machine) -> None:
    head = restored(fresh, backup)

    assert head == read_manifest(backup).head
    assert fresh.run(SEE) == clinic.run(SEE) == f"True 20 {head} laramie"
    assert nothing_left(fresh.folder)


def test_a_restored_clinic_goes_on_and_its_tables_still_only_grow(
    backup: Path, fresh: Machine
) -> None:
    restored(fresh, backup)

    lived(fresh, acts=1)

    assert fresh.run(SEE).startswith("True 21 ")
    refused = fresh.run(
        "from django.db import DatabaseError\n"
        "from vernal.audit.models import Entry\n"
        "try:\n    Entry.objects.all().delete()\n"
        "except DatabaseError as error: print(error)"
    )
    assert "only grows" in refused


def test_a_backup_is_readable_by_its_owner_alone(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert nothing_left(backup.parent)


def test_a_backup_never_overwrites_a_file(tmp_path: Path) -> None:
    file = tmp_path / "taken"
    file.write_text("mine")

    with pytest.raises(BackupError, match="already exists"):
        back_up(file)

    assert file.read_text() == "mine"


def test_a_backup_into_no_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="does not exist"):
        back_up(tmp_path / "nowhere" / "file")


def test_a_backup_while_acts_go_on_is_one_moment(tmp_path: Path) -> None:
    with machine(tmp_path / "busy", migrated=True) as busy:
        lived(busy, acts=5)
        writing = busy.start(LIVE.format(slug="laramie", acts=300))
        files = [tmp_path / f"{number}.vernal" for number in range(3)]

        heads = [backed_up(busy, file) for file in files]

        writing.communicate(timeout=PATIENCE)
        assert writing.returncode == 0
        assert not [head for head in heads if head.startswith("refused")]
        counts = [read_manifest(file).entries for file in files]
        assert counts == sorted(counts)
        assert busy.run(SEE).startswith("True 305 ")
        with machine(tmp_path / "other") as other:
            assert restored(other, files[-1]) == heads[-1]


def test_data_are_replaced_only_when_told(backup: Path, elsewhere: Machine) -> None:
    before = elsewhere.run(SEE)

    assert "already holds data" in restored(elsewhere, backup)
    assert elsewhere.run(SEE) == before

    assert restored(elsewhere, backup, replace=True) == read_manifest(backup).head
    assert elsewhere.run(SEE).endswith(" laramie")
    assert not list(elsewhere.folder.glob("*-wal"))


def test_a_changed_dump_is_refused_and_the_old_data_stay(
    backup: Path, elsewhere: Machine, tmp_path: Path
) -> None:
    before = elsewhere.run(SEE)
    broken = tmp_path / "broken.vernal"
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(broken, "w") as new:
        new.writestr("manifest.json", old.read("manifest.json"))
        content = bytearray(old.read("database"))
        content[len(content) // 2] ^= 1
        new.writestr("database", bytes(content))

    assert "not what its manifest names" in restored(elsewhere, broken, replace=True)

    assert elsewhere.run(SEE) == before
    assert nothing_left(elsewhere.folder)


def test_a_dump_whose_hash_was_forged_too_is_refused_by_its_chain(
    clinic: Machine, fresh: Machine, tmp_path: Path
) -> None:
    """Someone who can write the file changes one act and makes the hashes fit."""
    with machine(tmp_path / "forger", migrated=True) as forger:
        lived(forger)
        drop = (
            "DROP TRIGGER audit_entry_refuses_update ON audit_entry"
            if ON_POSTGRESQL
            else "DROP TRIGGER audit_entry_refuses_update"
        )
        forger.run(
            "from django.db import connection\n"
            "cursor = connection.cursor()\n"
            f"cursor.execute({drop!r})\n"
            "from vernal.audit.models import Entry\n"
            "Entry.objects.filter(sequence=7).update(act='test.undone')"
        )
        assert "broken at entry 7" in backed_up(forger, tmp_path / "forged.vernal")
        # Past the check of the writer, which the forger need not use:
        forger.run(
            "import vernal.workflow.backups as b\n"
            "from vernal.audit.chain import ChainReport\n"
            "b._prove = lambda dump: ChainReport(20, 'f' * 64, None)\n"
            + BACK_UP.format(file=str(tmp_path / "forged.vernal"))
        )

    assert "broken at entry 7" in restored(fresh, tmp_path / "forged.vernal")

    assert "refused" not in restored(fresh, _of(clinic, tmp_path))  # nothing was in the way


def _of(clinic: Machine, folder: Path) -> Path:
    backed_up(clinic, folder / "good.vernal")
    return folder / "good.vernal"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"head": "0" * 64}, "not the one its manifest names"),
        ({"entries": 19}, "not the one its manifest names"),
        ({"database": "oracle"}, "comes from oracle"),
        ({"vernal": "99.0"}, "made by Vernal 99.0"),
        ({"unknown": 1}, "damaged or not a backup"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    changes: dict[str, object], says: str, backup: Path, db, tmp_path: Path
) -> None:
    file = tampered(backup, tmp_path / "other.vernal", **changes)

    with pytest.raises(BackupError, match=says):
        restore(file)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nearly a zip", b"a letter"])
def test_a_file_that_is_no_backup_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "letter"
    file.write_bytes(content)

    with pytest.raises(BackupError, match="damaged or not a backup"):
        restore(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"no file .*absent"):
        restore(tmp_path / "absent")


def test_a_cut_off_file_is_refused(backup: Path, db, tmp_path: Path) -> None:
    file = tmp_path / "half.vernal"
    file.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])

    with pytest.raises(BackupError, match="damaged"):
        restore(file)


# The backup stands still before the last step, so that a test can end it there.
SLOW = """
import time
import vernal.workflow.backups as b
def stand_still(*_):
    print("here", flush=True)
    time.sleep(60)
b._give_name = stand_still
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_backup_that_is_ended_half_way_leaves_no_file(
    how: signal.Signals, clinic: Machine, tmp_path: Path
) -> None:
    file = tmp_path / "never.vernal"
    process = clinic.start(SLOW + BACK_UP.format(file=str(file)))
    assert process.stdout.readline() == "here\n"

    process.send_signal(how)
    process.communicate(timeout=PATIENCE)

    assert not file.exists()
    if how is signal.SIGKILL:  # a killed process cannot tidy up: the next backup does
        assert stat.S_IMODE(next(tmp_path.iterdir()).stat().st_mode) == 0o700
        assert "refused" not in backed_up(clinic, tmp_path / "next.vernal")
    assert nothing_left(tmp_path)


def test_a_restore_that_is_killed_half_way_leaves_the_old_data(
    backup: Path, elsewhere: Machine
) -> None:
    before = elsewhere.run(SEE)
    process = elsewhere.start(
        "import time, vernal.workflow.backups as b\n"
        "from django.db import connection\n"
        "def load(dump):\n    print('here', flush=True)\n    time.sleep(60)\n"
        "b.DUMPS[connection.vendor].load = load\n" + RESTORE.format(file=str(backup), replace=True)
    )
    assert process.stdout.readline() == "here\n"

    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=PATIENCE)

    assert elsewhere.run(SEE) == before
    assert "refused" not in restored(elsewhere, backup, replace=True)
    assert nothing_left(elsewhere.folder)


if ON_POSTGRESQL:

    def test_postgresql_programs_get_the_password_in_their_environment_and_are_missed_by_name(
        clinic: Machine, tmp_path: Path
    ) -> None:
        spy = tmp_path / "bin" / "pg_dump"
        spy.parent.mkdir()
        spy.write_text(
            f'#!/bin/sh\necho "$@" > {tmp_path}/argv; echo "$PGPASSWORD" > {tmp_path}/env\n'
        )
        spy.chmod(0o755)
        secret = clinic.database_url.replace("vernal@", "vernal:hunter2@")
        watched = Machine(clinic.folder, secret, {"PATH": str(spy.parent)})

        said = backed_up(watched, tmp_path / "watched.vernal")

        assert "pg_restore was not found" in said
        assert "postgresql-client" in said
        assert (tmp_path / "env").read_text() == "hunter2\n"
        assert "hunter2" not in (tmp_path / "argv").read_text()

else:

    def test_an_sqlite_database_in_use_is_not_replaced(backup: Path, elsewhere: Machine) -> None:
        writing = elsewhere.start(
            "import time\nfrom django.db import transaction\n"
            "from vernal.accounts.models import Site\n"
            "with transaction.atomic():\n"
            "    Site.objects.exists()\n    print('here', flush=True)\n    time.sleep(60)"
        )
        assert writing.stdout.readline() == "here\n"

        said = restored(elsewhere, backup, replace=True)

        writing.kill()
        writing.communicate()
        assert "Stop the server and the worker" in said
        assert "elsewhere" in elsewhere.run(SEE)
