"""Published rates as bars: the drug and what it was compared with, on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from vernal.rules.effects import Comparison

LEFT, WIDTH, ROW = 8, 420, 92
"""Where bars begin, how wide a hundred of a hundred is, and the height of one comparison."""


def bars(found: Sequence[Comparison]) -> SafeString:
    """Pairs of bars out of a hundred people. Give rates of one axis alone, with both numbers."""
    rows = format_html_join(
        "", "{}", ((_pair(each, number * ROW),) for number, each in enumerate(found))
    )
    return format_html(
        '<svg viewBox="0 0 560 {}" aria-hidden="true" focusable="false">{}</svg>',
        len(found) * ROW + 4,
        rows,
    )


def _pair(each: Comparison, top: int) -> SafeString:
    return format_html(
        "{}{}{}",
        format_html('<text x="{}" y="{}">{}</text>', LEFT, top + 18, _short(each.rate.treatment)),
        _bar(each.drug.percent or Decimal(0), top + 26, "mark-dose", _("with it")),
        _bar(each.comparator.percent or Decimal(0), top + 54, "mark-band", each.comparator_is),
    )


def _bar(percent: Decimal, y: int, mark: str, words: str) -> SafeString:
    width = (Decimal(WIDTH) * percent / 100).quantize(Decimal("0.1"))
    inside = width > WIDTH / 2
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="24"/><text x="{}" y="{}">{} % {}</text>',
        mark,
        LEFT,
        y,
        max(width, Decimal("0.5")),
        LEFT + 8 if inside else LEFT + width + 8,
        y + 18,
        format(percent.normalize(), "f"),
        _short(words),
    )


def _short(words: str) -> str:
    return words if len(words) <= 48 else f"{words[:47]}…"
