"""One picture of a course: scores over time, sessions as leaves, bands and levels named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from vernal.rules.outcomes import DatedScore
from vernal.workflow.queries import ScoreChart

TOP, BOTTOM, HEIGHT = 24, 296, 366
MOST_NUMBERS = 9
LABEL_HEIGHT = 19


@dataclass(frozen=True)
class Frame:
    """How wide the picture is, and between which edges scores are drawn."""

    width: int
    left: int
    right: int
    mark: str
    dates: str


WIDE = Frame(560, 36, 428, "", "M j, Y")
NARROW = Frame(320, 34, 230, "chart--narrow", "M j")
"""For a phone held upright: nothing to push sideways, and text no smaller."""


@dataclass(frozen=True)
class Plot:
    """Where a day and a score lie on the picture."""

    frame: Frame
    first_on: date
    last_on: date
    least: Decimal
    most: Decimal

    def x(self, on: date) -> float:
        days = max((self.last_on - self.first_on).days, 1)
        left, right = self.frame.left + 12, self.frame.right - 12
        return round(left + (right - left) * (on - self.first_on).days / days, 1)

    def y(self, value: Decimal) -> float:
        part = (value - self.least) / (self.most - self.least)
        return round(BOTTOM - (BOTTOM - TOP) * float(part), 1)


def draw(
    chart: ScoreChart, levels: Iterable[tuple[Decimal, str]], frame: Frame = WIDE
) -> SafeString:
    """The picture; `levels` are scores with the words beside their line."""
    plot = _plot(chart, frame)
    parts = [
        *_bands(chart, plot),
        *_levels(levels, plot),
        _axis(plot),
        *(_leaf(plot.x(on)) for on in chart.sessions_on),
        *_scores(chart.scores, plot),
    ]
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>',
        *(frame.mark, frame.width, HEIGHT),
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _plot(chart: ScoreChart, frame: Frame) -> Plot:
    days = [each.on for each in chart.scores] + list(chart.sessions_on)
    return Plot(
        frame=frame,
        first_on=min(days, default=chart.on),
        last_on=max(days, default=chart.on),
        least=chart.scale.least,
        most=chart.scale.most,
    )


def _bands(chart: ScoreChart, plot: Plot) -> Iterator[SafeString]:
    """Every second band is shaded; each is named on the side where fewer scores lie in it."""
    ends = [*(each.start for each in chart.bands[1:]), chart.scale.most]
    for number, (band, end) in enumerate(zip(chart.bands, ends, strict=False)):
        top, bottom = plot.y(end), plot.y(band.start)
        if number % 2:
            yield format_html(
                '<rect class="mark-band" x="{}" y="{}" width="{}" height="{}"/>',
                plot.frame.left,
                top,
                plot.frame.right - plot.frame.left,
                round(bottom - top, 1),
            )
        yield _number(band.start, plot)
        if bottom - top >= LABEL_HEIGHT:
            busy = _is_busy(chart, plot, band.start, end)
            yield _name(band.label, (top + bottom) / 2 + 5, plot.frame, on_the_right=busy)
    yield _number(chart.scale.most, plot)


def _is_busy(chart: ScoreChart, plot: Plot, start: Decimal, end: Decimal) -> bool:
    """Whether scores of the band lie on the left, where its name would stand."""
    middle = (plot.frame.left + plot.frame.right) / 2
    inside = [each for each in chart.scores if start <= each.value <= end]
    left = sum(plot.x(each.on) < middle for each in inside)
    return left > len(inside) - left


def _name(label: str, y: float, frame: Frame, *, on_the_right: bool) -> SafeString:
    x, anchor = (frame.right - 8, "end") if on_the_right else (frame.left + 8, "start")
    text = '<text x="{}" y="{}" text-anchor="{}">{}</text>'
    return format_html(text, x, round(y, 1), anchor, label)


def _number(value: Decimal, plot: Plot) -> SafeString:
    y = plot.y(value)
    return format_html(
        '<path class="mark-grid" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
        *(plot.frame.left, y, plot.frame.right),
        *(plot.frame.left - 6, y + 5),
        _plain(value),
    )


def _levels(levels: Iterable[tuple[Decimal, str]], plot: Plot) -> Iterator[SafeString]:
    """Lines with their words in the gutter, moved apart where two would touch."""
    last = float("-inf")
    for value, words in sorted(levels, reverse=True):
        y = plot.y(value)
        text_y = max(y + 5, last + LABEL_HEIGHT)
        last = text_y
        yield format_html(
            '<path class="mark-axis" d="M{} {}H{}"/><text x="{}" y="{}">{}</text>',
            *(plot.frame.left, y, plot.frame.right),
            *(plot.frame.right + 8, round(text_y, 1)),
            words,
        )


def _axis(plot: Plot) -> SafeString:
    left, right = plot.frame.left, plot.frame.right
    first, last = (date_format(on, plot.frame.dates) for on in (plot.first_on, plot.last_on))
    end = (
        format_html('<text x="{}" y="{}" text-anchor="end">{}</text>', right, BOTTOM + 42, last)
        if plot.first_on != plot.last_on
        else ""
    )
    return format_html(
        '<path class="mark-axis" d="M{} {}V{}H{}"/><text x="{}" y="{}">{}</text>{}'
        '<text x="{}" y="{}">{}</text>',
        *(left, TOP, BOTTOM, right),
        *(left, BOTTOM + 42, first, end),
        *(left, BOTTOM + 66, _("Each leaf is a session.")),
    )


def _leaf(x: float) -> SafeString:
    return format_html(
        '<path class="mark-dose" d="M{} {}q-8 -9 0 -20q8 11 0 20z"/>', x, BOTTOM + 21
    )


def _scores(scores: tuple[DatedScore, ...], plot: Plot) -> Iterator[SafeString]:
    if len(scores) > 1:
        points = " ".join(f"{plot.x(each.on)},{plot.y(each.value)}" for each in scores)
        yield format_html('<polyline class="mark-line" points="{}"/>', points)
    numbered = scores if len(scores) <= MOST_NUMBERS else (scores[0], scores[-1])
    below = {after for before, after in pairwise(scores) if after.value < before.value}
    for each in scores:
        x, y = plot.x(each.on), plot.y(each.value)
        yield format_html('<circle class="mark-dot" cx="{}" cy="{}" r="5"/>', x, y)
        if each in numbered:
            text_y = y + 22 if each in below and y < BOTTOM - 26 else y - 10
            text = '<text x="{}" y="{}" text-anchor="middle">{}</text>'
            yield format_html(text, x, text_y, _plain(each.value))


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
