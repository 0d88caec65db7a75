"""What somebody with the password of the database could do behind Vernal's back."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, models


def remove(model: type[models.Model], key: UUID | int | None = None) -> None:
    """Delete one row past its guard, or every row where `key` is None."""
    table, column = model._meta.db_table, model._meta.pk
    on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
    row = "" if key is None else f" WHERE {column.column} = %s"
    values = [] if key is None else [column.get_db_prep_value(key, connection)]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {table}_refuses_delete{on_table}")
        cursor.execute(f"DELETE FROM {table}{row}", values)  # noqa: S608  # names come from our own models
