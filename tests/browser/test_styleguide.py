"""Every component, judged by axe at both widths and in both rooms."""

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import assert_accessible

ADDRESSES = [
    "/styleguide/",
    "/styleguide/?room=dark",
    "/styleguide/pages/patient/",
    "/styleguide/pages/session/?room=dark",
    "/styleguide/pages/course/",
    *(f"/styleguide/errors/{name}/" for name in ("400", "403", "404", "409", "500", "503")),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_page_is_accessible_and_fits(page: Page, address: str) -> None:
    page.goto(address)

    assert_accessible(page)


def test_everything_to_press_is_at_least_44_px_high(page: Page) -> None:
    """A link within a sentence is as high as its line; a task's whole row is its link."""
    page.goto("/styleguide/")

    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, select, input, textarea')]
            .filter(element => !element.closest('.tasks, p, .guide__contents, [type=hidden]'))
            .map(element => element.closest('label') ?? element)
            .filter(element => element.getBoundingClientRect().height < 44)
            .map(element => element.outerHTML)"""
    )

    assert small == []


def test_every_field_in_focus_has_an_outline(page: Page) -> None:
    page.goto("/styleguide/pages/patient/")
    page.get_by_label("Several days").focus()

    outline = page.evaluate(
        "() => getComputedStyle(document.activeElement.closest('label')).outlineWidth"
    )

    assert outline == "3px"
