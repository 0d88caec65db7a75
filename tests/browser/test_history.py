"""The history and the chart in a real browser: on a phone, on a desk, and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible

PASSWORD = "winter-into-spring"  # of the demo clinic


def log_in(page: Page, who: str) -> None:
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(f"{who}@vernal.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(re.compile("my-care|patients"))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "help/",
        "history/about_you/",
        "history/suicidal_thoughts/",
        "history/medicines/",
        "history/stopped_medicines/",
        "history/antidepressant_trials/",
        "history/phq9/",
    ],
)
def test_a_patients_pages_are_accessible_and_fit(page: Page, path: str) -> None:
    log_in(page, "wren")
    page.goto(f"/my-care/{path}")

    assert_accessible(page)


def test_charts_and_their_pages_are_accessible_and_fit(page: Page) -> None:
    log_in(page, "prescriber")
    assert_accessible(page)

    page.get_by_role("link", name="Rowan Castellanos").click()
    chart = page.url
    assert_accessible(page)
    for path in ("examination/", "examination/earlier/", "medicines/", "phq9/earlier/"):
        page.goto(f"{chart}history/{path}")
        assert_accessible(page)


def test_alerts_are_accessible_and_fit(page: Page) -> None:
    log_in(page, "nurse")
    page.goto("/alerts/")
    assert_accessible(page)

    page.get_by_role("link", name="Aster Nakai").click()
    assert_accessible(page)


def test_what_belongs_to_one_answer_appears_with_it(page: Page) -> None:
    log_in(page, "wren")
    page.goto("/my-care/history/medicines/")
    first = page.locator("fieldset.line").first
    often, most = first.get_by_label("How often"), first.get_by_label("How many times a day")

    often.select_option("once_a_day")
    expect(most).to_be_hidden()
    often.select_option("as_needed")
    expect(most).to_be_visible()
    expect(first.get_by_label("How do you take it?")).to_be_hidden()
    often.select_option("something_else")
    expect(first.get_by_label("How do you take it?")).to_be_visible()


def test_a_medicine_is_corrected_without_script_and_enter_never_chooses_a_suggestion(
    no_javascript: Page,
) -> None:
    page = no_javascript
    log_in(page, "aster")
    page.goto("/my-care/history/medicines/")
    names = page.get_by_label("Name")
    last = names.count() - 1

    names.nth(last).fill("sertralin")
    names.nth(last).press("Enter")
    expect(page.get_by_text("Did you mean one of these?").last).to_be_visible()
    expect(page.get_by_label("Name").nth(last)).to_have_value("sertralin")
    assert_fits(page)

    page.get_by_role("button", name="sertraline (by mouth)").click()
    page.goto("/my-care/history/medicines/")
    expect(page.get_by_label("Name").nth(last)).to_have_value("sertraline")


def test_a_refused_page_keeps_what_was_typed_and_is_accessible(page: Page) -> None:
    log_in(page, "aster")
    page.goto("/my-care/history/medicines/")
    last = page.get_by_label("Amount each time").last

    page.get_by_label("Name").last.fill("lorazepam")
    last.fill("half")
    page.get_by_role("button", name="Save and go on").click()

    wrong = page.locator("[aria-invalid=true]")
    expect(wrong).to_have_value("half")
    assert_accessible(page)


def assert_fits(page: Page) -> None:
    width = page.viewport_size["width"]
    assert page.locator("main").bounding_box()["width"] <= width
