"""Cited works, by key."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlparse

from pydantic import Field

from vernal.knowledge.load import ContentError, read_items
from vernal.knowledge.schema import Item, Source


class ReadingPlaces(Item):
    """Sites that hold the works themselves; an address below one counts with it."""

    sites: tuple[str, ...] = Field(min_length=1)


@cache
def sources() -> dict[str, Source]:
    """Every source, by key. Raises `ContentError` when a key stands twice."""
    index: dict[str, Source] = {}
    for source in read_items("sources", Source):
        if source.key in index:
            raise ContentError(f"sources: the key {source.key!r} stands twice; keys are unique.")
        index[source.key] = source
    return index


@cache
def first_hand_sites() -> frozenset[str]:
    """Every site on which a work itself stands."""
    places = read_items("reading_places", ReadingPlaces)
    return frozenset(site for place in places for site in place.sites)


def read_second_hand(source: Source) -> str:
    """The site on which a source was read when none of them holds the work itself; else empty."""
    hosts = [urlparse(address).hostname for address in source.seen_at]
    places = [host.removeprefix("www.") for host in hosts if host]
    if any(_is_first_hand(place) for place in places):
        return ""
    return next(iter(places), "")


def _is_first_hand(place: str) -> bool:
    return any(place == site or place.endswith(f".{site}") for site in first_hand_sites())
