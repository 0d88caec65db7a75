"""No test of a page runs across midnight at its clinic, whenever it runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.daytime import ahead


@pytest.mark.parametrize("day", ["2026-01-15", "2026-07-15", "2026-03-08", "2026-11-01"])
@pytest.mark.parametrize("hour", range(24))
def test_a_module_begins_in_the_morning_of_its_clinic(day, hour, standing) -> None:
    real = datetime.fromisoformat(f"{day}T{hour:02}:59:59").replace(tzinfo=UTC)

    begins = (real + ahead(real)).astimezone(standing.site.zone)

    assert begins.hour in (10, 11)


def test_the_clock_of_pages_begins_there_and_goes_on(standing) -> None:
    now = timezone.now()
    noon = now.astimezone(standing.site.zone).replace(hour=12, minute=0)

    assert abs(now - noon) < timedelta(hours=4)
    assert timezone.now() > now
