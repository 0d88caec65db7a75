"""A cited work as a line that can be followed."""

from __future__ import annotations

from dataclasses import dataclass

from vernal.knowledge.sources import read_second_hand, sources


@dataclass(frozen=True)
class SourceLine:
    """`url` is the DOI where there is one, else where the text was read; it may be empty.

    `read_at` names the site when the text was read second-hand, not in the work itself.
    """

    key: str
    title: str
    url: str
    read_at: str = ""


def source_line(key: str) -> SourceLine:
    """The cited work of that key."""
    source = sources()[key]
    url = f"https://doi.org/{source.doi}" if source.doi else next(iter(source.seen_at), "")
    return SourceLine(key, source.title, url, read_second_hand(source))
