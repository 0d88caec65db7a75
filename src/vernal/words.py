"""Sentences that pages show, marked where they are written: `import Sentence as _`.

What lies below `workflow` knows no language. It writes English under the name by which catalogues
gather it, with template and values apart; `workflow.spoken` says it in the language of the reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Self


class Sentence(str):
    """English text that remembers its template and what was put into it.

    A value is said as it says itself: text, an amount, a day, another sentence. Without values the
    template is the text, and a `%` in it stands for itself.
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """`template` as gettext has it: "%(dose)s mg are given."."""
        shown = {name: _in_english(value) for name, value in values.items()}
        text = super().__new__(cls, template % shown if values else template)
        text.template, text.values = template, values
        return text

    def __str__(self) -> Self:
        """Itself, so that `str(error)` can still be translated."""
        return self


def together(*sentences: str) -> Sentence:
    """Several sentences as one, each after a space."""
    parts = {f"part_{number}": sentence for number, sentence in enumerate(sentences)}
    return Sentence(" ".join(f"%({name})s" for name in parts), **parts)


def _in_english(value: object) -> str:
    """A day as “Mar 4, 2026”, as the pages write it."""
    return f"{value:%b} {value.day}, {value.year}" if isinstance(value, date) else str(value)
