"""The figures by which a log is read. None has a default: they are knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class SessionFigures:
    """How near, how fresh, how long: each as a span of time.

    `late_after` a due moment a reading is overdue; one this `near` a fixed minute counts for it;
    due moments are counted for `due_for` after the last reading. Two values within
    `sustained_within` show that it lasts. Only answers as young as `fresh_for_discharge` send
    anybody home. `forty_from` to `forty_to` is the form's "about 40 minutes", `end_from` the
    earliest of its last pressure.
    """

    late_after: timedelta
    near: timedelta
    due_for: timedelta
    sustained_within: timedelta
    fresh_for_discharge: timedelta
    forty_from: timedelta
    forty_to: timedelta
    end_from: timedelta
