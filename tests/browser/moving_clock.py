"""`vernal` with a clock that a story can move: a course takes weeks, a test does not.

Every page and act takes its time from `django.utils.timezone.now`; here it is ahead by as many
seconds as the file `clock` under VERNAL_VAR says. Run as `python -m tests.browser.moving_clock`.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils import timezone

from vernal.cli.main import app

CLOCK = Path(os.environ["VERNAL_VAR"]) / "clock"


def now() -> datetime:
    ahead = float(CLOCK.read_text()) if CLOCK.exists() else 0.0
    return datetime.now(UTC) + timedelta(seconds=ahead)


if __name__ == "__main__":
    timezone.now = now
    app()
