"""What people do in front of a page, in the words of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.sync_api import Page, expect

PASSWORD = "winter-into-spring"  # the demo clinic's own, printed by `vernal demo`


def log_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def answer(page: Page, answers: Mapping[str, str]) -> None:
    """Fill in a page of questions: field names to what is chosen or typed."""
    for name, value in answers.items():
        field = page.locator(f"main [name='{name}']")
        # The page before may still stand while the next one is on its way.
        more = page.get_by_role("button", name="More rows", exact=True)
        expect(field.or_(more).first).to_be_attached()
        if not field.count():
            press(page, "More rows")
        kind = field.first.get_attribute("type")
        if kind == "checkbox":
            field.check()
        elif kind == "radio":
            page.locator(f"main [name='{name}'][value='{value}']").check()
        elif field.first.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def link_in(letter: str) -> str:
    """The path of the one link in a letter."""
    found = re.search(r"https?://[^/\s]+(/\S+)", letter)
    assert found, letter
    return found.group(1)


def go_to(page: Page, name: str) -> None:
    """By the main navigation, which a phone folds away."""
    link = page.get_by_role("link", name=name, exact=True)
    if not link.is_visible():
        page.locator("summary").filter(has_text="Menu").click()
    link.click()
