"""The little arithmetic that components need; templates hold none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from django import template

register = template.Library()


@dataclass(frozen=True)
class LittlePerson:
    x: int
    y: int
    counted: bool


@dataclass(frozen=True)
class Hundred:
    """One arm: a hundred people in ten rows of ten, the counted ones first."""

    label: str
    counted: int

    def __post_init__(self) -> None:
        if not 0 <= self.counted <= 100:
            raise ValueError(f"{self.counted} of 100 people cannot be drawn")

    @property
    def people(self) -> Iterator[LittlePerson]:
        for place in range(100):
            row, column = divmod(place, 10)
            yield LittlePerson(4 + 20 * column, 1 + 22 * row + row // 5 * 4, place < self.counted)


@register.filter
def beside(columns: Iterable[object], row: Iterable[object]) -> Iterator[tuple[object, object]]:
    """Each column with its cell, which has `.text`; a missing cell is empty."""
    for column, cell in zip_longest(columns, row, fillvalue=""):
        if column == "":
            raise ValueError("a table row has more cells than the table has columns")
        has_text = hasattr(cell, "text") or isinstance(cell, Mapping)
        yield column, cell if has_text else {"text": cell}


@register.inclusion_tag("components/natural_frequency.html")
def natural_frequency(
    *,
    what: str,
    by: str,
    drug_label: str,
    drug: int,
    control_label: str,
    control: int,
    harm: bool = False,
    uncertainty: str = "",
) -> dict[str, object]:
    """Parameters are explained at the top of `components/natural_frequency.html`."""
    return {
        "what": what,
        "by": by,
        "drug": drug,
        "drug_label": drug_label,
        "control": control,
        "control_label": control_label,
        "arms": (Hundred(drug_label, drug), Hundred(control_label, control)),
        "harm": harm,
        "uncertainty": uncertainty,
    }
