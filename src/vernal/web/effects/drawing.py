"""Published rates as bars: the drug and what it was compared with, on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from vernal.rules.effects import Comparison

LEFT, WIDTH, ROW, ARM = 8, 544, 104, 46
"""Where bars begin, how wide a hundred of a hundred is, heights of a pair and of an arm."""
LONGEST = 58


def bars(found: Sequence[Comparison]) -> SafeString:
    """Pairs of bars out of a hundred people. Give rates of one axis alone, with both numbers."""
    rows = format_html_join(
        "", "{}", ((_pair(each, number * ROW),) for number, each in enumerate(found))
    )
    return format_html(
        '<svg viewBox="0 0 560 {}" aria-hidden="true" focusable="false">{}</svg>',
        len(found) * ROW,
        rows,
    )


def _pair(each: Comparison, top: int) -> SafeString:
    drug, other = each.drug.percent or Decimal(0), each.comparator.percent or Decimal(0)
    return format_html(
        "{}{}",
        _bar(drug, top, "mark-dose", each.rate.treatment),
        _bar(other, top + ARM, "mark-band", each.comparator_is),
    )


def _bar(percent: Decimal, top: int, mark: str, words: str) -> SafeString:
    width = (Decimal(WIDTH) * percent / 100).quantize(Decimal("0.1"))
    return format_html(
        '<text x="{}" y="{}">{} % {}</text><rect class="{}" x="{}" y="{}" width="{}" height="16"/>',
        LEFT,
        top + 18,
        format(percent.normalize(), "f"),
        _short(words),
        mark,
        LEFT,
        top + 24,
        max(width, Decimal("0.5")),
    )


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
