"""Tables that only grow: the database itself refuses UPDATE, DELETE and TRUNCATE."""

from __future__ import annotations

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION vernal_refuse_change() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '% only grows: a row is never changed or deleted', TG_TABLE_NAME;
END $$ LANGUAGE plpgsql
"""


def append_only(*tables: str) -> migrations.RunPython:
    """A migration step that makes the named tables append-only on SQLite and PostgreSQL."""

    def guard(apps, schema_editor):
        for statement in _statements(schema_editor.connection.vendor, tables):
            schema_editor.execute(statement, params=None)  # else % is read as a placeholder

    def unguard(apps, schema_editor):
        on_table = schema_editor.connection.vendor == "postgresql"
        for table in tables:
            for change in ("update", "delete", "truncate") if on_table else ("update", "delete"):
                where = f" ON {table}" if on_table else ""
                schema_editor.execute(f"DROP TRIGGER {table}_refuses_{change}{where}")

    return migrations.RunPython(guard, unguard)


def _statements(vendor: str, tables: tuple[str, ...]) -> list[str]:
    if vendor == "postgresql":
        return [FUNCTION] + [
            f"CREATE TRIGGER {table}_refuses_{change} BEFORE {change.upper()} ON {table} "
            f"FOR EACH {'STATEMENT' if change == 'truncate' else 'ROW'} "
            "EXECUTE FUNCTION vernal_refuse_change()"
            for table in tables
            for change in ("update", "delete", "truncate")
        ]
    return [
        f"CREATE TRIGGER {table}_refuses_{change} BEFORE {change.upper()} ON {table} BEGIN "
        f"SELECT RAISE(ABORT, '{table} only grows: a row is never changed or deleted'); END"
        for table in tables
        for change in ("update", "delete")
    ]
