"""Published rates of effects on the page: bars where both arms have a number, a table always."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.rules.effects import Axis, Comparison, NoComparator, may_share_axis
from vernal.web.effects.drawing import bars
from vernal.web.parts import STANDINGS, Cell, Column
from vernal.workflow.queries import Published
from vernal.workflow.queries.cited import SourceLine

FOUND_BY = {
    "elicited": gettext_lazy("asked for, one by one"),
    "passive": gettext_lazy("only when somebody spoke of it"),
    "measured": gettext_lazy("measured"),
    "not_stated": gettext_lazy("how it was found is not said"),
}
COUNTED_PER = {
    "session": gettext_lazy("counted per session"),
    "course": gettext_lazy("counted over a whole course"),
    "long_term": gettext_lazy("counted over a long time"),
    "not_stated": gettext_lazy("over what it was counted is not said"),
}


@dataclass(frozen=True)
class PublishedBox:
    """The rates of one effect on one axis."""

    title: str
    svg: SafeString | None
    says: str
    columns: list[Column]
    rows: list[list[Cell]]


@dataclass(frozen=True)
class PublishedPart:
    label: str
    boxes: list[PublishedBox]


def published_part(published: Published, sources: Mapping[str, SourceLine]) -> PublishedPart:
    return PublishedPart(
        label=published.effect.label,
        boxes=[
            _box(published.effect.label, axis, found, sources)
            for axis, found in published.by_axis.items()
        ],
    )


def _box(
    label: str,
    axis: Axis,
    found: Iterable[Comparison | NoComparator],
    sources: Mapping[str, SourceLine],
) -> PublishedBox:
    """Bars only where both arms have a number and the rates may share an axis."""
    numbers = [
        each
        for each in found
        if isinstance(each, Comparison)
        and each.drug.percent is not None
        and each.comparator.percent is not None
        and may_share_axis(each.rate, each.rate)
    ]
    words = f"{FOUND_BY[axis.ascertained]}, {COUNTED_PER[axis.counted_per]}"
    return PublishedBox(
        title=f"{label}: {words}",
        svg=bars(numbers) if numbers else None,
        says=_("Of 100 people, with the drug and with what it was compared with."),
        columns=[
            Column(label)
            for label in (
                *(_("Treatment and people"), _("With it"), _("Compared with")),
                *(_("Standing"), _("Source")),
            )
        ],
        rows=[_rate_row(each, sources) for each in found],
    )


def _rate_row(each: Comparison | NoComparator, sources: Mapping[str, SourceLine]) -> list[Cell]:
    other = (
        f"{each.comparator_is}: {each.comparator.words}"
        if isinstance(each, Comparison)
        else each.reason
    )
    people = f" ({each.rate.people})" if each.rate.people else ""
    return [
        Cell(f"{each.rate.treatment}{people}"),
        Cell(each.drug.words),
        Cell(other),
        Cell(str(STANDINGS[each.rate.standing])),
        Cell(sources=[sources[key] for key in each.rate.sources]),
    ]
