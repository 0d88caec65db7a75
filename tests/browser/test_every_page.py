"""Every kind of page that links lead to, for each login: it opens, fits, and axe finds nothing."""

from __future__ import annotations

import re
from collections import deque

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import WIDTHS, NewPage
from tests.browser.people import log_in

LOGINS = (
    "front.desk@vernal.example",
    "nurse@vernal.example",
    "prescriber@vernal.example",
    "medical.director@vernal.example",
    "administrator@vernal.example",
    "wren@vernal.example",
)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SECTION = re.compile(r"(?<=/history/)[a-z0-9_]+")
_NO_PAGE = ("/static/", "/accounts/logout/")
# Pages of one kind differ by the patient they are about; these many are opened.
MOST_OF_A_KIND = 2


@pytest.mark.parametrize("email", ["", *LOGINS], ids=lambda email: email.split("@")[0] or "nobody")
def test_every_page_opens_fits_and_is_accessible(new_page: NewPage, email: str) -> None:
    page = new_page(width="phone")
    if email:
        log_in(page, email)

    assert len(walk(page)) > (2 if not email else 5)


def walk(page: Page) -> set[str]:
    """Follow links from the front door and from home; each page on a phone, then on a desk."""
    waiting, seen = deque(["/", "/home/"]), dict[str, int]()
    while waiting:
        path = waiting.popleft()
        kind = _SECTION.sub("<section>", _ID.sub("<id>", path))
        if path.startswith(_NO_PAGE) or seen.get(kind, 0) >= (MOST_OF_A_KIND if "<" in kind else 1):
            continue
        seen[kind] = seen.get(kind, 0) + 1
        response = page.goto(path)
        assert response is not None and response.status < 400, f"{path} answered {response}"
        if "text/html" in response.headers.get("content-type", ""):
            assert_accessible(page)
            page.set_viewport_size(WIDTHS["desktop"])
            assert _fits(page), f"{path} is wider than the screen"
            page.set_viewport_size(WIDTHS["phone"])
            waiting.extend(_links(page))
    return set(seen)


def _links(page: Page) -> list[str]:
    """Paths of this server that the page links to, without query and fragment."""
    return page.eval_on_selector_all(
        "a[href]",
        """links => links.map(link => new URL(link.href))
                 .filter(url => url.origin === location.origin)
                 .map(url => url.pathname)""",
    )


def _fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
