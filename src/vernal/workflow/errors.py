"""Why an act did not happen, in words a person can act on."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.utils import InternalError, OperationalError

from vernal.workflow.spoken import spoken

# What the database raises when it cannot be read or written (SQLite and PostgreSQL).
DATABASE_REFUSED = (OperationalError, InternalError)


class NotAllowed(Exception):
    """The actor's role does not allow this; the message says which role does."""


class NotFound(Exception):
    """There is nothing here that this actor may know of."""


class NotPossibleNow(Exception):
    """Allowed in principle, but something must happen first; the message says what."""

    def __init__(self, sentence: str) -> None:
        super().__init__(spoken(sentence))


class InvalidInput(Exception):
    """Fields that cannot be accepted: field name to the sentence shown beside it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = {name: spoken(sentence) for name, sentence in fields.items()}
        super().__init__("; ".join(f"{name}: {said}" for name, said in self.fields.items()))
