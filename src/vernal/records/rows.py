"""What every clinical row has: an id of its own, when it was made, and by whom."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Row(models.Model):
    """A row that is written once. `id` may come from the form: sending twice does no harm."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class PublicRow(Row):
    """A row that someone without an account may make; then `by` is empty."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
