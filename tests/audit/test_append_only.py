"""Every clinical table only grows, in the database itself. A new model without triggers fails."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from vernal.accounts.models import OnCall
from vernal.audit.models import Entry
from vernal.records.models import Message

pytestmark = pytest.mark.django_db

MAY_CHANGE = {Message}  # the outbox: a message is marked as sent
ONLY_GROW = sorted(
    {*apps.get_app_config("records").get_models(), Entry, OnCall} - MAY_CHANGE,
    key=lambda model: model._meta.db_table,
)
CHANGES = ["update", "delete"] + (["truncate"] if connection.vendor == "postgresql" else [])


def triggers() -> set[str]:
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.parametrize("model", ONLY_GROW, ids=lambda model: model.__name__)
def test_a_table_has_its_guards(model: type[models.Model]) -> None:
    wanted = {f"{model._meta.db_table}_refuses_{change}" for change in CHANGES}

    assert wanted <= triggers(), (
        f"{model._meta.db_table} may be changed: "
        "name it in a migration step append_only(…), as records/migrations/0002 does."
    )


@pytest.fixture
def no_checks(db):
    """Made-up rows may stand in any table: the guards are tried, not the constraints."""
    on_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if on_postgresql:  # undone with the test's transaction
            cursor.execute(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' "
                "AND connamespace = 'public'::regnamespace"
            )
            for table, name in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        yield
        if not on_postgresql:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    transaction.set_rollback(True)  # so that the made-up foreign keys are never looked at


def something(field: models.Field) -> object:
    """A value the column takes; foreign keys point nowhere, for they are looked at last."""
    if field.remote_field:
        return something(field.target_field)
    values = {
        models.UUIDField: uuid4(),
        models.DateTimeField: datetime(2026, 3, 4, tzinfo=UTC),
        models.DateField: date(2026, 3, 4),
        models.BooleanField: True,
        models.JSONField: {},
        models.DecimalField: 1,
        models.IntegerField: 1,
        models.FloatField: 1.0,
        models.CharField: "x",
        models.TextField: "x",
        models.BinaryField: b"x",
    }
    return next(value for kind, value in values.items() if isinstance(field, kind))


@pytest.mark.parametrize("model", ONLY_GROW, ids=lambda model: model.__name__)
@pytest.mark.usefixtures("no_checks")
def test_a_table_refuses_change(model: type[models.Model]) -> None:
    columns = {field.attname: something(field) for field in model._meta.concrete_fields}
    model(**columns).save(force_insert=True)
    _guard_again()
    table, key = model._meta.db_table, model._meta.pk.column
    statements = [f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"]  # noqa: S608  # names come from our own models
    statements += [f"TRUNCATE {table} CASCADE"] if "truncate" in CHANGES else []
    statements.append(_insert_over(table, key))

    for statement in statements:
        with (
            pytest.raises(DatabaseError, match="only grows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    assert model._base_manager.count() == 1


def _insert_over(table: str, key: str) -> str:
    """An INSERT that puts another row in the place of one that is there."""
    if connection.vendor == "sqlite":
        return f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"  # noqa: S608  # names come from our own models
    here = f"INSERT INTO {table} SELECT * FROM {table}"  # noqa: S608  # names come from our own models
    return f"{here} ON CONFLICT ({key}) DO UPDATE SET {key} = EXCLUDED.{key}"


def _guard_again() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = origin")
