"""What was read second-hand is called so."""

from __future__ import annotations

import pytest

from vernal.knowledge.schema import Source
from vernal.knowledge.sources import read_second_hand, sources, where_to_read


@pytest.mark.parametrize(
    ("seen_at", "second_hand"),
    [
        (["https://pmc.ncbi.nlm.nih.gov/articles/PMC5098773"], ""),
        (["https://www.nature.com/articles/s41386-022-01266-9"], ""),
        (["https://focus.psychiatryonline.org/x"], ""),
        (["https://www.flipster.com/blogs/x"], "flipster.com"),
        (["https://notnature.com/x"], "notnature.com"),
        (["https://www.flipster.com/x", "https://doi.org/10.1/x"], ""),
        (["a printed page"], ""),
        ([], ""),
    ],
)
def test_a_page_that_is_not_the_work_itself_is_named(seen_at, second_hand) -> None:
    source = Source(key="x", title="A trial", seen_at=tuple(seen_at))

    assert read_second_hand(source) == second_hand


@pytest.mark.parametrize(
    ("cited", "address"),
    [
        ({"doi": "10.1/x", "pmid": "7"}, "https://doi.org/10.1/x"),
        ({"pmid": "7"}, "https://pubmed.ncbi.nlm.nih.gov/7/"),
        (
            {"seen_at": ("https://www.flipster.com/x", "https://www.nature.com/articles/y")},
            "https://www.nature.com/articles/y",
        ),
        ({"seen_at": ("https://www.flipster.com/x",)}, ""),
        ({}, ""),
    ],
)
def test_a_link_leads_to_the_work_itself_or_there_is_none(cited, address) -> None:
    assert where_to_read(Source(key="x", title="A trial", **cited)) == address


def test_some_shipped_sources_were_read_second_hand() -> None:
    assert read_second_hand(sources()["abbar-2022-bmj-suicidal-ideation-rct"]) == ""
    assert (
        read_second_hand(sources()["abbar-2022-bmj-suicidal-ideation-rct-subgroups"])
        == "flipster.com"
    )
