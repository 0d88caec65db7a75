"""A cited work as a line that can be followed."""

from __future__ import annotations

from dataclasses import dataclass

from vernal.knowledge.sources import sources


@dataclass(frozen=True)
class SourceLine:
    """`url` is the DOI where there is one, else where the text was read; it may be empty."""

    key: str
    title: str
    url: str


def source_line(key: str) -> SourceLine:
    source = sources()[key]
    url = f"https://doi.org/{source.doi}" if source.doi else next(iter(source.seen_at), "")
    return SourceLine(key, source.title, url)
