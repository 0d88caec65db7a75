"""Sending a form twice does no harm: the form's id is the row's id, and the database keeps one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from vernal.workflow.errors import NotPossibleNow


def make_once(model: type[models.Model], *, id: UUID, at: object, **fields: Any) -> bool:
    """Make the row unless its id is there already; True when this call made it.

    The same id with other content is refused: something else was sent under it before.
    """
    row, is_new = model.objects.get_or_create(id=id, defaults={"at": at, **fields})
    if not is_new and any(getattr(row, name) != value for name, value in fields.items()):
        raise _sent_otherwise()
    return is_new


def sent_before(model: type[models.Model], *, id: UUID, **fields: Any) -> bool:
    """Whether the row is there with this content; for an act that cannot be done a second time.

    `fields` are look-ups: content, and the patient or session it is about. The same id with other
    content, or about another, is refused as in `make_once`.
    """
    known = model.objects.filter(pk=id)
    if not known.exists():
        return False
    if not known.filter(**fields).exists():
        raise _sent_otherwise()
    return True


def _sent_otherwise() -> NotPossibleNow:
    return NotPossibleNow(
        _("This form was sent before with other answers. Look it through and send it again.")
    )
