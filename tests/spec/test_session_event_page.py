"""The page of events says what the rules check."""

from __future__ import annotations

from tests.spec.session_event_page import PAGE, page


def test_the_page_of_events_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page()
