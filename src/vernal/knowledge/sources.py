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
    places = [place for address in source.seen_at if (place := _place(address))]
    if any(_is_first_hand(place) for place in places):
        return ""
    return next(iter(places), "")


def where_to_read(source: Source) -> str:
    """The address of the work itself: its DOI, PubMed's page, or the page of a site that holds it.

    Empty where the text was only seen elsewhere: a copy on some other site is named, never linked.
    """
    if source.doi:
        return f"https://doi.org/{source.doi}"
    if source.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"
    addresses = (each for each in source.seen_at if _is_first_hand(_place(each)))
    return next(addresses, "")


def _place(address: str) -> str:
    return (urlparse(address).hostname or "").removeprefix("www.")


def _is_first_hand(place: str) -> bool:
    return any(place == site or place.endswith(f".{site}") for site in first_hand_sites())
