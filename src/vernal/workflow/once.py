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
        raise NotPossibleNow(
            _("This form was sent before with other answers. Look it through and send it again.")
        )
    return is_new
