"""The clock of tests that show pages of today: late morning at the clinic.

What a module makes is looked at minutes later: were it midnight in between, a session of tomorrow
would be one of today.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

ELEVEN = 17  # by UTC, at the sites of `factories.make_site`; in winter it is ten there


def ahead(real: datetime) -> timedelta:
    """How far the tests' clock is ahead of the real one, or behind it, on the same day by UTC."""
    return real.astimezone(UTC).replace(hour=ELEVEN, minute=0, second=0, microsecond=0) - real
