"""A day in the words of a sentence, as the pages write it."""

from __future__ import annotations

from datetime import date


def in_words(on: date) -> str:
    """“Mar 4, 2026”; like every sentence of the rules in English."""
    return f"{on:%b} {on.day}, {on.year}"
