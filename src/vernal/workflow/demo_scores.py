"""Invented PHQ-9 scores for the demo, with means as in published trials.

Means are those of MADRS changes (`knowledge/data/outcomes/time_courses.yaml`) times 27/60, the
ratio of the two scales' ranges. That mapping, the straight lines between the measured days, the
flat line after the last one and the spread on day 1 are ours (house): demo scores show how pages
look and are evidence of nothing.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from vernal.knowledge.load import ContentError
from vernal.knowledge.outcomes import TimeCourseShape, time_courses
from vernal.knowledge.scales import scale

Arm = Literal["drug", "control"]

NOISE = 1.0
"""House: points by which one person's score wavers from copy to copy."""


def course_scores(rng: random.Random, times_d: Sequence[float], arm: Arm) -> tuple[int, ...]:
    """One person's PHQ-9 totals on days of a course; day 0 is before the first dose."""
    start = rng.gauss(0, _points(_sd(_start())))
    response = rng.gauss(0, _points(_sd(_rows(arm)[-1])))
    scores = []
    for time_d in times_d:
        mean = mean_score(time_d, arm)
        away = start + response * min(max(time_d, 0), 1) + rng.gauss(0, NOISE)
        # Cut on both sides alike, so that the ends of the scale leave the mean where it is.
        room = min(mean, float(scale("phq-9").most) - mean)
        scores.append(round(mean + max(-room, min(room, away))))
    return tuple(scores)


def mean_score(time_d: float, arm: Arm) -> float:
    """The mean PHQ-9 total that the demo aims at on a day."""
    points = [(0.0, 0.0), *((float(row.time_d), float(row.mean)) for row in _rows(arm))]
    change = points[-1][1]
    for (before_d, before), (after_d, after) in pairwise(points):
        if time_d < after_d:
            part = max(time_d - before_d, 0) / (after_d - before_d)
            change = before + part * (after - before)
            break
    return _points(float(_start().mean) + change)


def _points(madrs: float) -> float:
    return madrs * float(scale("phq-9").most) / float(scale("madrs").most)


def _start() -> TimeCourseShape:
    return time_courses()["TC-BASE"]


def _rows(arm: Arm) -> list[TimeCourseShape]:
    rows = (row for row in time_courses().values() if row.arm == arm)
    return sorted(rows, key=lambda row: row.time_d)


def _sd(row: TimeCourseShape) -> float:
    if row.sd is None:
        raise ContentError(f"time_courses, {row.id}: the demo needs its spread.")
    return float(row.sd)
