"""The expected blood level as one picture: the band, and each model's line named at its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.workflow.queries import Expected, ExpectedCurve

WIDTH, HEIGHT = 560, 372
LEFT, RIGHT, TOP, BOTTOM = 48, 316, 34, 296
NAMES_AT = RIGHT + 26
BETWEEN_NAMES = 22
NICE = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500)
MOST_GRID_LINES = 6
SITES = {
    "arterial": gettext_lazy("arterial"),
    "venous": gettext_lazy("venous"),
    "not stated": gettext_lazy("site not said"),
}
LINES = {"arterial": "", "venous": " mark-line--other", "not stated": " mark-line--unstated"}


@dataclass(frozen=True)
class Scale:
    """Minutes and ng/mL to the picture's own units."""

    last_min: float
    most: float

    def x(self, minute: float) -> float:
        return LEFT + (RIGHT - LEFT) * minute / self.last_min

    def y(self, ng_per_ml: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * ng_per_ml / self.most

    def point(self, minute: float, ng_per_ml: float) -> str:
        return f"{self.x(minute):.1f},{self.y(ng_per_ml):.1f}"


def draw(expected: Expected) -> SafeString:
    """The whole picture; the same numbers always make the same bytes."""
    step = grid_step(max(expected.hi))
    most = step * (int(max(expected.hi) // step) + 1)
    scale = Scale(expected.minutes[-1], most)
    return format_html(
        '<svg viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}{}{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        _grid(scale, step),
        _times(scale, expected.dose_min),
        _band(expected, scale),
        _lines(expected, scale),
        _names(expected.curves, scale),
    )


def grid_step(most: float) -> int:
    """The finest round step that needs few lines."""
    return next((step for step in NICE if most / step < MOST_GRID_LINES), NICE[-1])


def short_names(curves: Sequence[ExpectedCurve]) -> list[str]:
    """“Kamp 2020, arterial”."""
    return [f"{curve.name}, {SITES[curve.site]}" for curve in curves]


def apart(wanted: Sequence[float], *, least: float, lowest: float) -> list[float]:
    """Places near those wanted, none nearer than `least`, none below `lowest` (y grows down)."""
    places = [0.0] * len(wanted)
    free = lowest
    for index in sorted(range(len(wanted)), key=lambda each: -wanted[each]):
        places[index] = min(wanted[index], free)
        free = places[index] - least
    return places


def _grid(scale: Scale, step: int) -> SafeString:
    values = range(0, int(scale.most) + 1, step)
    lines = format_html_join(
        "",
        '<path class="mark-grid" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (LEFT, f"{scale.y(value):.1f}", RIGHT, LEFT - 8, f"{scale.y(value) + 5:.1f}", value)
            for value in values
        ),
    )
    return format_html('{}<text x="0" y="16">{}</text>', lines, _("ng/mL of ketamine base"))


def _times(scale: Scale, dose_min: float) -> SafeString:
    step = 20 if scale.last_min <= 120 else 30
    dose = format_html(
        '<rect class="mark-dose" x="{}" y="{}" width="{}" height="10"/>',
        LEFT,
        BOTTOM + 4,
        f"{scale.x(dose_min) - LEFT:.1f}",
    )
    ticks = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (f"{scale.x(minute):.1f}", BOTTOM + 34, minute)
            for minute in range(0, int(scale.last_min) + 1, step)
        ),
    )
    words = _("Minutes since the dose began; the green bar is the dose")
    return format_html(
        '{}{}<text x="0" y="{}">{}</text><path class="mark-axis" d="M{} {}V{}"/>',
        dose,
        ticks,
        HEIGHT - 8,
        words,
        LEFT,
        TOP,
        BOTTOM,
    )


def _band(expected: Expected, scale: Scale) -> SafeString:
    there = _points(expected.minutes, expected.hi, scale)
    back = _points(reversed(expected.minutes), reversed(expected.lo), scale)
    return format_html('<polygon class="mark-band" points="{} {}"/>', there, back)


def _lines(expected: Expected, scale: Scale) -> SafeString:
    return format_html_join(
        "",
        '<polyline class="mark-line mark-line--thin{}" points="{}"/>',
        (
            (LINES[curve.site], _points(expected.minutes, curve.ng_per_ml, scale))
            for curve in expected.curves
        ),
    )


def _names(curves: Sequence[ExpectedCurve], scale: Scale) -> SafeString:
    ends = [scale.y(curve.ng_per_ml[-1]) for curve in curves]
    places = apart(ends, least=BETWEEN_NAMES, lowest=BOTTOM - 4)
    return format_html_join(
        "",
        '<path class="mark-axis" d="M{} {}L{} {}"/><text x="{}" y="{}">{}</text>',
        (
            (RIGHT, f"{end:.1f}", NAMES_AT - 4, f"{place:.1f}", NAMES_AT, f"{place + 5:.1f}", name)
            for end, place, name in zip(ends, places, short_names(curves), strict=True)
        ),
    )


def _points(minutes: Iterable[float], values: Iterable[float], scale: Scale) -> str:
    return " ".join(
        scale.point(minute, value) for minute, value in zip(minutes, values, strict=True)
    )
