"""Cited works, by key."""

from __future__ import annotations

from functools import cache

from vernal.knowledge.load import ContentError, read_items
from vernal.knowledge.schema import Source


@cache
def sources() -> dict[str, Source]:
    """Every source, by key. Raises `ContentError` when a key stands twice."""
    index: dict[str, Source] = {}
    for source in read_items("sources", Source):
        if source.key in index:
            raise ContentError(f"sources: the key {source.key!r} stands twice; keys are unique.")
        index[source.key] = source
    return index
