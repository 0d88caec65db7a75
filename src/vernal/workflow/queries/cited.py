"""A cited work as a line that can be followed."""

from __future__ import annotations

from dataclasses import dataclass

from vernal.knowledge.sources import read_second_hand, sources, where_to_read


@dataclass(frozen=True)
class SourceLine:
    """`url` leads to the work itself; empty where only a copy elsewhere was seen.

    `read_at` names the site when the text was read second-hand, not in the work itself.
    """

    key: str
    title: str
    url: str
    read_at: str = ""


def source_line(key: str) -> SourceLine:
    """The cited work of that key."""
    source = sources()[key]
    return SourceLine(key, source.title, where_to_read(source), read_second_hand(source))
