"""Error pages stand without request, user or database: they may be all that still works."""

import re

import pytest
from django.template.loader import render_to_string

NAMES = ["400", "403", "403_form_expired", "404", "409", "500", "503"]


@pytest.mark.parametrize("name", NAMES)
def test_error_page_needs_no_context(name: str) -> None:
    html = render_to_string(f"errors/{name}.html")

    assert html.count("<h1") == 1
    assert re.search(r"<title>\s*\S+", html)


def test_django_finds_our_page_for_a_broken_view() -> None:
    assert "Something broke on our side" in render_to_string("500.html")


@pytest.mark.parametrize("name", ["400", "403", "409"])
def test_reason_is_printed_and_escaped(name: str) -> None:
    html = render_to_string(f"errors/{name}.html", {"reason": "Weight < 25 kg is missing."})

    assert "Weight &lt; 25 kg is missing." in html
