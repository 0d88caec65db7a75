"""Step 4 from the interface alone: the plan, its second person, consent, signature, calendar."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import NewPage
from tests.browser.people import log_in, press
from vernal.knowledge.consent import form_for

NURSE = "nurse@vernal.example"
PRESCRIBER = "prescriber@vernal.example"
# Each width has a patient of its own, because all stories share one demo clinic.
PATIENTS = {
    "desktop": ("Rowan Castellanos", "rowan@vernal.example"),
    "phone": ("Linden Marsh", "linden@vernal.example"),
}

Screenshot = Callable[[Page, str], None]


@pytest.fixture
def open_page(new_page: NewPage, width: str) -> Callable[[str], Page]:
    """Another person at another device, at the width of this story."""

    def open_for(email: str) -> Page:
        page = new_page(width=width)
        log_in(page, email)
        return page

    return open_for


def test_a_plan_is_drawn_up_confirmed_consented_to_signed_and_booked(
    open_page: Callable[[str], Page], screenshot: Screenshot, width: str
) -> None:
    name, email = PATIENTS[width]
    prescriber, nurse, patient = open_page(PRESCRIBER), open_page(NURSE), open_page(email)

    draw_up(prescriber, name, screenshot)
    confirm_and_check(nurse, name, screenshot)
    read_and_answer(patient, screenshot)
    go_through(nurse, name, screenshot)
    sign_consent(patient, name, screenshot)
    sign_and_book(prescriber, name, screenshot)
    move(nurse, name, screenshot)


def open_plan(page: Page, name: str) -> None:
    page.goto("/patients/")
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="Plan and consent", exact=True).click()


def draw_up(page: Page, name: str, screenshot: Screenshot) -> None:
    open_plan(page, name)
    assert_accessible(page)
    page.goto(page.url + "new/")
    page.get_by_label("Dose", exact=False).first.fill("1.2")
    page.get_by_label("Strength of the vial").fill("50")
    press(page, "Work it out")
    expect(page.get_by_text("is above the cap of 1 mg/kg").first).to_be_visible()
    assert_accessible(page)
    screenshot(page, "4-plan-refused")
    page.get_by_label("Dose", exact=False).first.fill("0.5")
    press(page, "Work it out")
    expect(page.get_by_text("Nothing is kept yet")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "4-plan-worked-out")
    press(page, "Draw up this plan")
    expect(page.get_by_text("Another clinician now confirms the arithmetic.")).to_be_visible()
    expect(page.get_by_text("Clements 1981, venous").first).to_be_visible()
    assert_accessible(page)
    screenshot(page, "4-plan-drawn-up")


def confirm_and_check(page: Page, name: str, screenshot: Screenshot) -> None:
    open_plan(page, name)
    page.get_by_role("link", name="Confirm the arithmetic").click()
    assert_accessible(page)
    for box in page.get_by_role("checkbox").all():
        box.check()
    screenshot(page, "4-confirm")
    press(page, "Confirm the arithmetic")
    page.get_by_role("link", name="Make the checks").click()
    assert_accessible(page)
    for yes in page.get_by_label("Yes", exact=True).all():
        yes.check()
    today = page.evaluate("new Date(Date.now() - 864e5).toISOString().slice(0, 10)")
    page.get_by_label("Date of the newest query").fill(today)
    press(page, "Save")
    expect(page.get_by_role("link", name="Open the consent").first).to_be_visible()


def read_and_answer(page: Page, screenshot: Screenshot) -> None:
    page.goto("/my-care/")
    page.get_by_role("link", name="Open your consent").click()
    assert_accessible(page)
    for yes in page.get_by_label("Yes, I understand it").all():
        yes.check()
    for asked in form_for("iv", "trd").teach_backs:
        is_missed = asked.id == "teach-back.driving"
        chosen = next(each.id for each in asked.choices if (each.id == asked.right) != is_missed)
        page.locator(f"[name='{asked.id}'][value='{chosen}']").check()
    screenshot(page, "4-consent")
    press(page, "Save")
    expect(page.get_by_text("Not quite")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("The next day, after a full night of sleep").check()
    press(page, "Save")
    expect(page.get_by_text("Someone at the clinic goes through it")).to_be_visible()
    assert_accessible(page)


def go_through(page: Page, name: str, screenshot: Screenshot) -> None:
    open_plan(page, name)
    page.get_by_role("link", name="Open the consent").first.click()
    expect(page.get_by_text("Wrong: The same evening, if I feel well")).to_be_visible()
    page.get_by_label("Yes, has the capacity to decide").check()
    page.get_by_label("How the talk went").fill("Driving explained again; understood.")
    assert_accessible(page)
    screenshot(page, "4-talk")
    press(page, "Keep it with my name")
    assert_accessible(page)


def sign_consent(page: Page, name: str, screenshot: Screenshot) -> None:
    page.goto("/my-care/consent/")
    page.get_by_label("Type your first and last name").fill("Somebody Else")
    press(page, "Sign my consent")
    expect(page.get_by_text(f"as the clinic has it: {name}").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Type your first and last name").fill(name.lower())
    press(page, "Sign my consent")
    expect(page.get_by_text("It holds until")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "4-consent-signed")


def sign_and_book(page: Page, name: str, screenshot: Screenshot) -> None:
    open_plan(page, name)
    page.get_by_role("link", name="Sign and book the sessions").click()
    assert_accessible(page)
    screenshot(page, "4-sign")
    press(page, "Sign the plan")
    expect(page.get_by_role("heading", name="Calendar")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "4-plan-signed")


def move(page: Page, name: str, screenshot: Screenshot) -> None:
    open_plan(page, name)
    page.get_by_role("link", name="Move session 1").click()
    page.get_by_label("Begins at").fill("13:30")
    page.get_by_label("Why is it moved?").fill("The escort comes at noon.")
    assert_accessible(page)
    press(page, "Move it")
    expect(page.get_by_text("13:30").first).to_be_visible()
    screenshot(page, "4-moved")
