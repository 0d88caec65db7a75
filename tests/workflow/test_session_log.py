"""The log keeps an entry once, in one chain, and shows when anything in it was changed."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator
from copy import deepcopy
from uuid import uuid4

import pytest
from django.db import connection

from tests.bedside import Bedside, make_bedside
from tests.factories import make_site
from tests.machines import PATIENCE, Machine, machine
from vernal.audit.chain import BEGINNING, verify
from vernal.audit.models import Entry
from vernal.records.models import EventConflict, SessionEvent
from vernal.rules.sessions import Kind
from vernal.workflow.errors import InvalidInput, NotFound, NotPossibleNow
from vernal.workflow.session_log import verify_log, verify_logs


@pytest.fixture(scope="module")
def made(lasting) -> Bedside:
    return make_bedside(make_site())


@pytest.fixture
def bed(made, db) -> Bedside:
    return deepcopy(made)


def test_each_entry_follows_on_the_one_before(bed) -> None:
    bed.prepare()

    rows = list(SessionEvent.objects.order_by("received_at"))
    assert rows[0].previous_hash == BEGINNING
    assert [row.previous_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]
    report = verify_log(bed.session_id)
    assert (report.is_whole, report.events, report.head) == (True, 4, rows[-1].hash)


def test_the_audit_holds_ids_and_no_value(bed) -> None:
    bed.prepare()
    bed.enter(Kind.note, 0, {"words": "Cried a little"})

    entry = Entry.objects.filter(act="session.note").get()
    assert entry.details == {"session": str(bed.session_id)}
    assert verify().is_whole


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("payload", '{"words": "Changed"}'),
        ("device_offset_min", 60),
        ("sequence", 77),
        ("kind", "note"),
    ],
)
def test_a_changed_row_breaks_the_chain(bed, column, value) -> None:
    bed.prepare()
    changed = SessionEvent.objects.order_by("received_at")[1]

    statement = f"UPDATE records_sessionevent SET {column} = %s WHERE hash = %s"  # noqa: S608  # a name of the list above
    _without_triggers(statement, value, changed)

    report = verify_log(bed.session_id)
    assert (report.is_whole, report.broken_after) == (False, 1)
    assert [each.is_whole for each in verify_logs()] == [False]


def test_a_missing_row_breaks_the_chain(bed) -> None:
    bed.prepare()
    gone = SessionEvent.objects.order_by("received_at")[1]

    _without_triggers(
        "DELETE FROM records_sessionevent WHERE id IS NOT NULL AND %s AND hash = %s", True, gone
    )

    assert verify_log(bed.session_id).broken_after == 1


def test_an_empty_log_is_whole(bed) -> None:
    report = verify_log(bed.session_id)

    assert (report.is_whole, report.events, report.head) == (True, 0, BEGINNING)
    assert verify_logs() == []


def test_an_id_of_another_session_is_a_conflict(bed) -> None:
    other = make_bedside(make_site("cheyenne"))
    id = uuid4()
    bed.enter(Kind.note, -30, {"words": "x"}, id=id)

    with pytest.raises(NotPossibleNow):
        other.enter(Kind.note, -30, {"words": "x"}, id=id)


def test_what_is_corrected_must_be_there_and_no_correction(bed) -> None:
    note = bed.enter(Kind.note, -30, {"words": "x"}).event_id
    fix = bed.enter(Kind.correction, -29, {"reason": "y"}, corrects=note).event_id

    with pytest.raises(NotPossibleNow):
        bed.enter(Kind.correction, -28, {"reason": "z"}, corrects=fix)
    with pytest.raises(NotFound):
        bed.enter(Kind.correction, -28, {"reason": "z"}, corrects=uuid4())


def _without_triggers(statement: str, value: object, row: SessionEvent) -> None:
    """As someone with the database's own password could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master"
                " WHERE type = 'trigger' AND tbl_name = 'records_sessionevent'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(statement, [value, row.hash])


PREPARE = """
from tests.bedside import make_bedside
from tests.factories import make_site
from vernal.rules.sessions import Kind
bed = make_bedside(make_site())
bed.enter(Kind.checked_in, -20)
print(bed.session_id, bed.nurse.pk)
"""
# Each writer says an id only when the act has come back: committed.
WRITE = """
import sys
from datetime import timedelta
from uuid import UUID, uuid5
from django.utils import timezone
from vernal.accounts.models import User
from vernal.rules.sessions import Kind
from vernal.workflow.session_log import Entered
from vernal.workflow.sessions import receive
nurse = User.objects.get(pk="{nurse}")
session_id = UUID("{session}")
print("ready", flush=True)
sys.stdin.readline()
for number in range({first}, {acts}):
    now = timezone.now()
    entered = Entered(
        id=uuid5(session_id, "{writer}-" + str(number)), kind=Kind.note,
        payload={{"words": str(number)}}, device_id="{writer}", sequence=number,
        device_at=now, monotonic_ms=number * 1000)
    print(receive(by=nurse, session_id=session_id, entered=entered, at=now).event_id, flush=True)
"""
SEE = """
from uuid import UUID
from vernal.audit.chain import verify
from vernal.records.models import EventConflict, SessionEvent
from vernal.workflow.session_log import verify_log
report = verify_log(UUID("{session}"))
print(report.is_whole, verify().is_whole, report.events)
print(*SessionEvent.objects.filter(kind="note").values_list("pk", flat=True))
"""


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Machine, str, str]]:
    """A machine, and on it a session and its nurse."""
    with machine(tmp_path_factory.mktemp("clinic"), migrated=True) as made:
        session, nurse = made.run(PREPARE).split()
        yield made, session, nurse


@pytest.mark.slow
def test_two_writers_of_one_session_never_fork(clinic) -> None:
    made, session, nurse = clinic
    given = {"session": session, "nurse": nurse, "first": 1, "acts": 20}
    # Both send the same entries as each other, at the same time, under the same ids.
    writers = [made.start(WRITE.format(writer=name, **given)) for name in ("a", "a", "b")]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _out, err = writer.communicate(timeout=PATIENCE)
        assert writer.returncode == 0, err

    first, _ids = made.run(SEE.format(session=session)).splitlines()
    assert first.startswith("True True")


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_that_was_acknowledged(clinic) -> None:
    chance = random.Random(7)
    made, session, nurse = clinic
    acknowledged: set[str] = set()
    for round in range(3):
        writer = made.start(
            WRITE.format(
                writer="k", session=session, nurse=nurse, first=round * 1000 + 1, acts=10**9
            )
        )
        assert writer.stdout.readline() == "ready\n"
        writer.stdin.write("go\n")
        writer.stdin.flush()
        acknowledged.add(writer.stdout.readline().strip())
        time.sleep(chance.uniform(0.1, 0.5))
        writer.send_signal(signal.SIGKILL)
        out, _err = writer.communicate(timeout=PATIENCE)
        acknowledged |= {line for line in out.splitlines() if len(line) == 36}

    first, ids = made.run(SEE.format(session=session)).splitlines()

    assert first.startswith("True True")
    assert acknowledged <= set(ids.split())
    assert len(ids.split()) == len(set(ids.split()))


def test_an_id_of_another_session_is_refused_and_its_content_stays_there(bed) -> None:
    bed.enter(Kind.checked_in, -20)
    id_ = uuid4()
    bed.enter(Kind.note, 0, {"words": "Of the first"}, id=id_)
    other = make_bedside(make_site("other"))
    other.enter(Kind.checked_in, -20)

    with pytest.raises(NotPossibleNow, match="belongs to another session") as refusal:
        other.enter(Kind.note, 0, {"words": "Of the second"}, id=id_)

    assert "first" not in str(refusal.value).lower()
    assert not EventConflict.objects.exists()


def test_a_concentration_comes_after_the_visit_and_not_from_the_future(bed) -> None:
    bed.recover()
    bed.enter(Kind.discharged, 165, {"to": "Ash", "advice_given": True})
    level = {"analyte": "ketamine", "conc_ng_per_ml": "160", "matrix": "venous_plasma"}

    with pytest.raises(InvalidInput) as refusal:
        ahead = {**level, "taken_at": bed.at(3000).isoformat()}
        bed.enter(Kind.concentration, 2000, ahead)
    bed.enter(Kind.concentration, 2000, {**level, "taken_at": bed.at(40).isoformat()})

    assert list(refusal.value.fields) == ["taken_at"]
    (entry,) = bed.view(2001).state.of(Kind.concentration)
    assert (entry.payload["conc_ng_per_ml"], entry.payload["taken_at"]) == (160, bed.at(40))
