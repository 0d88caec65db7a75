"""Two pictures of a session, drawn on the server: pressure on its own axis, the level apart.

No band stands behind the pressure: a rise that was expected is still a rise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, count

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from vernal.rules.protocols import lowest_standing
from vernal.rules.sessions import Kind
from vernal.web.parts import Cell, Column
from vernal.web.sessions.words import DOSE_ACTIONS
from vernal.workflow.queries import SessionView

CONC = "conc_ng_per_ml"
LEFT, RIGHT, TOP, BOTTOM = 48, 552, 24, 270
LEVEL_STEPS = (10, 25, 50, 100, 250, 500, 1000)  # ng/mL
MINUTE_STEPS = (10, 20, 30, 60, 120, 240, 480, 1440)
STANDINGS = {
    "verified": "verified",
    "unverified": "unverified",
    "house": "unsigned default",
}


@dataclass(frozen=True)
class Chart:
    title: str
    says: str
    svg: SafeString
    columns: list[Column]
    rows: list[list[Cell]]
    standing: str = ""


@dataclass(frozen=True)
class Axes:
    """From minutes and values to the picture."""

    first_min: float
    last_min: float
    low: float
    high: float

    def x(self, minute: float) -> float:
        part = (minute - self.first_min) / (self.last_min - self.first_min)
        return round(LEFT + part * (RIGHT - LEFT), 1)

    def y(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low)
        return round(BOTTOM - part * (BOTTOM - TOP), 1)

    def line(self, points: Iterable[tuple[float, float]]) -> str:
        return " ".join(f"{self.x(minute)},{self.y(value)}" for minute, value in points)


def pressure_chart(view: SessionView) -> Chart | None:
    """Systolic and diastolic pressure with the lines at which the dose is slowed or stopped."""
    readings = [each for each in view.state.readings if "systolic_mmhg" in each.values]
    if not readings:
        return None
    zero = view.state.dose.first_at or readings[0].at
    minutes = [(each.at - zero).total_seconds() / 60 for each in readings]
    systolic = [float(each.values["systolic_mmhg"]) for each in readings]
    diastolic = [float(each.values["diastolic_mmhg"]) for each in readings]
    tops = [*systolic, *(float(limit.value) for limit in view.limits)]
    axes = Axes(
        min(minutes[0], 0),
        max(minutes[-1], 60),
        min(40.0, *diastolic),
        max(200.0, *tops) + 5,
    )
    parts = [
        _grid(axes, range(60, int(axes.high), 30)),
        _dose(view, axes, zero),
        *(_limit(axes, limit, infusion=view.infusion) for limit in view.limits),
        _curve(axes, minutes, systolic, ""),
        _curve(axes, minutes, diastolic, " mark-line--other"),
        _minutes(axes, _("Minutes since the dose began; the green bar is drug going in")),
    ]
    return Chart(
        title=_("Blood pressure"),
        says=_("Solid: systolic. Dashed: diastolic. Lines are alarms; nothing softens them."),
        svg=_svg(parts),
        columns=[
            Column(_("Minute")),
            Column(_("Pressure, mmHg")),
            Column(_("Pulse per minute"), is_number=True),
            Column(_("Oxygen, %"), is_number=True),
            Column(_("Breaths per minute"), is_number=True),
        ],
        rows=[
            [
                Cell(f"{minute:.0f}"),
                Cell(f"{top:.0f}/{bottom:.0f}"),
                *(
                    Cell(_shown(each.values.get(name)))
                    for name in ("heart_rate_per_min", "spo2_percent", "respiratory_rate_per_min")
                ),
            ]
            for each, minute, top, bottom in zip(
                readings, minutes, systolic, diastolic, strict=True
            )
        ],
        standing=lowest_standing(limit.standing for limit in view.limits) if view.limits else "",
    )


def level_chart(view: SessionView) -> Chart | None:
    """What models expect in the blood, and what was measured of the drug itself. No guide for the
    dose."""
    expected = view.expected
    if expected is None:
        return None
    points = _measured(view)
    high = max(*expected.high, *(value for _minute, value in points), 1.0) * 1.1
    last = max(expected.minutes[-1], *(minute for minute, _value in points), 0.0)
    axes = Axes(min(0.0, *(minute for minute, _value in points), 0.0), last, 0.0, high)
    upper = list(zip(expected.minutes, expected.high, strict=True))
    lower = list(zip(expected.minutes, expected.low, strict=True))
    step = _step(high, LEVEL_STEPS, most=6)
    parts = [
        _grid(axes, range(0, int(high) + 1, step)),
        format_html(
            '<polygon class="mark-band" points="{} {}"/>',
            axes.line(upper),
            axes.line(reversed(lower)),
        ),
        _dots(axes, points),
        _minutes(axes, _("Minutes since the dose began")),
    ]
    every = max(len(expected.minutes) // 6, 1)
    return Chart(
        title=_("Expected level in the blood, ng/mL"),
        says=f"{_measured_words(view, points)} {expected.label}. {expected.caveat}",
        svg=_svg(parts),
        columns=[
            Column(_("Minute")),
            Column(_("Lowest"), is_number=True),
            Column(_("Highest"), is_number=True),
        ],
        rows=[
            [Cell(f"{minute:.0f}"), Cell(f"{low:.0f}"), Cell(f"{top:.0f}")]
            for minute, low, top in list(
                zip(expected.minutes, expected.low, expected.high, strict=True)
            )[::every]
        ],
        standing=expected.standing,
    )


def _measured(view: SessionView) -> list[tuple[float, float]]:
    """Minute and ng/mL of each sample of the drug that was given, where a number was found."""
    zero = view.state.dose.first_at
    return [
        ((entry.payload["taken_at"] - zero).total_seconds() / 60, float(entry.payload[CONC]))
        for entry in view.state.of(Kind.concentration)
        if zero is not None
        and {"taken_at", CONC} <= entry.payload.keys()
        and entry.payload.get("analyte") == view.molecule
        and not entry.payload.get("is_below_limit")
    ]


def _measured_words(view: SessionView, points: Sequence[tuple[float, float]]) -> str:
    if not points:
        return _("Not measured in this patient.")
    told = ", ".join(
        _("%(value)s ng/mL at minute %(minute)s")
        % {"value": f"{value:g}", "minute": f"{minute:.0f}"}
        for minute, value in points
    )
    return _("Measured (dots): %(told)s.") % {"told": told}


def _shown(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:f}"


def _grid(axes: Axes, values: Iterable[int]) -> SafeString:
    return format_html_join(
        "",
        '<path class="mark-grid" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (LEFT, axes.y(value), RIGHT, LEFT - 8, round(axes.y(value) + 5, 1), value)
            for value in values
        ),
    )


def _dose(view: SessionView, axes: Axes, zero: object) -> SafeString:
    """A bar for each stretch of an infusion, a mark for each single dose."""
    dose = view.state.dose
    stretches = [(each.start, each.end or view.now) for each in dose.intervals]
    stretches += [(each.at, each.at) for each in dose.singles]
    spans = [
        (axes.x((start - zero).total_seconds() / 60), axes.x((end - zero).total_seconds() / 60))
        for start, end in stretches
    ]
    return format_html_join(
        "",
        '<rect class="mark-dose" x="{}" y="{}" width="{}" height="10"/>',
        ((start, BOTTOM + 6, max(round(min(end, RIGHT) - start, 1), 4)) for start, end in spans),
    )


def _limit(axes: Axes, limit: object, *, infusion: bool) -> SafeString:
    """A line with its word; a dose that is in the mouth is neither slowed down nor paused."""
    kind = " mark-limit--stop" if limit.dose.name in ("stop", "pause") else ""
    rise = _(" (%(rise)s above baseline)") % {"rise": f"{limit.rise:f}"} if limit.rise else ""
    label = _("%(what)s from %(value)s%(rise)s, %(standing)s") % {
        "what": DOSE_ACTIONS[limit.dose] if infusion else _("Alarm"),
        "value": f"{limit.value.normalize():f}",
        "rise": rise,
        "standing": STANDINGS[limit.standing],
    }
    y = axes.y(float(limit.value))
    return format_html(
        '<path class="mark-limit{}" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
        kind,
        LEFT,
        y,
        RIGHT,
        RIGHT,
        round(y - 7, 1),
        label,
    )


def _curve(axes: Axes, minutes: Sequence[float], values: Sequence[float], kind: str) -> SafeString:
    points = list(zip(minutes, values, strict=True))
    return format_html(
        '<polyline class="mark-line{}" points="{}"/>{}',
        kind,
        axes.line(points),
        _dots(axes, points),
    )


def _dots(axes: Axes, points: Iterable[tuple[float, float]]) -> SafeString:
    return format_html_join(
        "",
        '<circle class="mark-dot" cx="{}" cy="{}" r="4"/>',
        ((axes.x(minute), axes.y(value)) for minute, value in points),
    )


def _minutes(axes: Axes, label: str) -> SafeString:
    span = axes.last_min - axes.first_min
    step = _step(span, MINUTE_STEPS, most=8)
    first = int(-(-axes.first_min // step) * step)
    ticks = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (
                axes.x(minute),
                BOTTOM + 38,
                "end" if axes.x(minute) > RIGHT - 12 else "middle",
                minute,
            )
            for minute in range(first, int(axes.last_min) + 1, step)
        ),
    )
    return format_html(
        '{}<text x="{}" y="{}">{}</text><path class="mark-axis" d="M{} {}V{}H{}"/>',
        ticks,
        LEFT,
        BOTTOM + 64,
        label,
        LEFT,
        TOP,
        BOTTOM,
        RIGHT,
    )


def _step(span: float, steps: Sequence[int], *, most: int) -> int:
    """The first step that divides a span into at most so many parts; beyond the last, its doubles:
    a value that nobody expects is drawn like any other."""
    longer = (steps[-1] * 2**power for power in count(1))
    return next(each for each in chain(steps, longer) if span / each <= most)


def _svg(parts: Iterable[SafeString]) -> SafeString:
    inner = format_html_join("", "{}", ((part,) for part in parts))
    return format_html(
        '<svg viewBox="0 0 560 344" aria-hidden="true" focusable="false">{}</svg>', inner
    )
