"""Every kind of page that links lead to, for each login: it opens, fits, and axe finds nothing."""

from __future__ import annotations

import re
from collections import Counter, deque

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
    "alder@vernal.example",
)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SECTION = re.compile(r"(?<=/history/)[a-z0-9_]+")
_NO_PAGE = ("/static/", "/accounts/logout/")
# Pages of one kind differ by the patient they are about; these many are opened. The prescriber sees
# every patient's, for width alone: what a page says there may be longer than elsewhere.
MOST_OF_A_KIND = 2
SEES_EVERY_PATIENT = "prescriber@vernal.example"


@pytest.mark.parametrize("email", ["", *LOGINS], ids=lambda email: email.split("@")[0] or "nobody")
def test_every_page_opens_fits_and_is_accessible(new_page: NewPage, email: str) -> None:
    page = new_page(width="phone")
    if email:
        log_in(page, email)

    assert len(walk(page, every_patient=email == SEES_EVERY_PATIENT)) > (2 if not email else 5)


def walk(page: Page, *, every_patient: bool) -> set[str]:
    """Follow links from the front door and from home; each page on a phone, then on a desk."""
    waiting, done, seen = deque(["/", "/home/"]), set[str](), Counter[str]()
    while waiting:
        path = waiting.popleft()
        kind = _SECTION.sub("<section>", _ID.sub("<id>", path))
        is_new = seen[kind] < (MOST_OF_A_KIND if "<" in kind else 1)
        if path in done or path.startswith(_NO_PAGE) or not (is_new or every_patient):
            continue
        done.add(path)
        seen[kind] += 1
        response = page.goto(path)
        assert response is not None and response.status < 400, f"{path} answered {response}"
        if "text/html" in response.headers.get("content-type", ""):
            if is_new:
                assert_accessible(page)
            assert _fits_both(page), f"{path} is wider than the screen"
            waiting.extend(_links(page))
    return set(seen)


def _fits_both(page: Page) -> bool:
    on_a_phone = _fits(page)
    page.set_viewport_size(WIDTHS["desktop"])
    on_a_desk = _fits(page)
    page.set_viewport_size(WIDTHS["phone"])
    return on_a_phone and on_a_desk


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
