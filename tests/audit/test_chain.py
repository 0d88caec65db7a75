"""The audit chain: one byte form, one lock, and no way to change it unseen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from vernal.audit import chain
from vernal.audit.chain import BEGINNING, canonical, hash_of, record, verify
from vernal.audit.models import Entry

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
ACTOR = UUID("11111111-1111-4111-8111-111111111111")
PATIENT = UUID("22222222-2222-4222-8222-222222222222")


def lived(acts: int = 5) -> list[Entry]:
    return [
        record("test.done", at=AT + timedelta(minutes=number), actor_id=ACTOR, number=number)
        for number in range(acts)
    ]


def unguarded() -> None:
    """What someone with the database's own password could do: take the triggers away."""
    on_table = " ON audit_entry" if connection.vendor == "postgresql" else ""
    changes = ["update", "delete"] + (["truncate"] if on_table else [])
    with connection.cursor() as cursor:
        for change in changes:
            cursor.execute(f"DROP TRIGGER audit_entry_refuses_{change}{on_table}")


def test_the_byte_form_is_this_one_for_ever() -> None:
    """A change here makes every stored hash worthless."""
    denver = timezone(timedelta(hours=-7))
    entry = Entry(
        sequence=7,
        at=datetime(2026, 3, 4, 10, 0, 0, 5, tzinfo=denver),
        act="chart.read",
        actor_id=ACTOR,
        site_id=None,
        patient_id=PATIENT,
        subject="screening:7",
        details={"b": "grün", "a": ["x", "y"], "c": 3},
        previous_hash=BEGINNING,
    )

    assert canonical(entry).decode() == (
        '{"act":"chart.read","actor_id":"11111111-1111-4111-8111-111111111111",'
        '"at":"2026-03-04T17:00:00.000005+00:00",'
        '"details":{"a":["x","y"],"b":"grün","c":3},'
        '"patient_id":"22222222-2222-4222-8222-222222222222",'
        '"sequence":7,"site_id":null,"subject":"screening:7"}'
    )
    assert hash_of(entry) == "92beb4dc0256c8ecde7d57f7a0d8df3c1a48c8a4f4fb25f46f5f48a6a40607ad"


def test_entries_follow_each_other() -> None:
    first, second, *_ = lived()

    assert (first.sequence, first.previous_hash) == (1, BEGINNING)
    assert (second.sequence, second.previous_hash) == (2, first.hash)
    report = verify()
    assert report.is_whole
    assert report.entries == 5


def test_an_empty_chain_is_whole() -> None:
    report = verify()

    assert (report.is_whole, report.entries, report.head) == (True, 0, BEGINNING)


def test_a_stored_entry_has_the_hash_it_was_given() -> None:
    """Time zones, microseconds, numbers and letters survive the database."""
    kept = record(
        "test.done",
        at=datetime(2026, 7, 1, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        actor_id=ACTOR,
        site_id=PATIENT,
        patient_id=PATIENT,
        subject="test:1",
        words=["ü", "\\", '"', "\n"],
        number=2**53 + 1,
    )

    assert hash_of(Entry.objects.get(pk=kept.pk)) == kept.hash


def test_an_act_outside_a_transaction_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "connection", SimpleNamespace(in_atomic_block=False))

    with pytest.raises(RuntimeError, match="own transaction"):
        record("test.done", at=AT, actor_id=ACTOR)


def test_an_act_that_fails_leaves_no_entry() -> None:
    lived(2)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("test.done", at=AT, actor_id=ACTOR)
        raise ZeroDivisionError

    assert verify().entries == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("act", "test.undone"),
        ("at", AT),
        ("actor_id", None),
        ("site_id", PATIENT),
        ("patient_id", PATIENT),
        ("subject", "other:1"),
        ("details", {"number": 99}),
        ("previous_hash", "a" * 64),
        ("hash", "b" * 64),
    ],
)
def test_a_changed_column_shows(column: str, value: object) -> None:
    lived()
    unguarded()

    Entry.objects.filter(sequence=3).update(**{column: value})

    assert verify().broken_at == 3


def test_a_removed_row_shows() -> None:
    lived()
    unguarded()

    Entry.objects.filter(sequence=3).delete()

    assert verify().broken_at == 4


def test_a_removed_last_row_shows_in_number_and_head() -> None:
    """The chain itself cannot know; the head that every backup and `verify` prints does."""
    head_before = lived()[-1].hash
    unguarded()

    Entry.objects.filter(sequence=5).delete()

    report = verify()
    assert report.is_whole
    assert (report.entries, report.head != head_before) == (4, True)


def test_an_inserted_row_shows() -> None:
    entries = lived()
    unguarded()
    Entry.objects.filter(sequence=5).delete()
    slipped_in = Entry(
        sequence=5, at=AT, act="test.invented", actor_id=ACTOR, previous_hash=entries[3].hash
    )
    slipped_in.hash = hash_of(slipped_in)
    slipped_in.save(force_insert=True)
    entries[4].sequence, entries[4].previous_hash = 6, slipped_in.hash
    entries[4].save(force_insert=True)

    assert verify().broken_at == 6


def test_reordered_rows_show() -> None:
    lived()
    unguarded()
    Entry.objects.filter(sequence=3).update(sequence=30)
    Entry.objects.filter(sequence=4).update(sequence=3)

    Entry.objects.filter(sequence=30).update(sequence=4)

    assert verify().broken_at == 3


@pytest.mark.parametrize("column", ["sequence", "previous_hash", "hash"])
def test_two_entries_cannot_claim_the_same_place(column: str) -> None:
    first = lived(1)[0]
    twin = Entry(sequence=2, at=AT, act="x", previous_hash="c" * 64, hash="d" * 64)
    setattr(twin, column, getattr(first, column))

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_the_database_refuses_to_change_the_chain() -> None:
    lived()

    for change in ("UPDATE audit_entry SET act = 'x'", "DELETE FROM audit_entry"):
        with (
            pytest.raises(DatabaseError, match="only grows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)

    assert verify().entries == 5
