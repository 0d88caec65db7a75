"""One patient's whole course, told from the interface alone, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import NewPage
from tests.browser.people import answer, go_to, link_in, log_in, press
from vernal.knowledge.facts import sections
from vernal.workflow.demo.answers import answers_to

FRONT_DESK = "front.desk@vernal.example"
NURSE = "nurse@vernal.example"
PRESCRIBER = "prescriber@vernal.example"
OWN_PASSWORD = "a quiet river in may"

Screenshot = Callable[[Page, str], None]


@pytest.fixture
def open_page(new_page: NewPage, width: str, screenshot: Screenshot) -> Callable[..., Page]:
    """Another person at another device, at the width of this story."""

    def open_for(email: str = "", password: str = "") -> Page:
        page = new_page(width=width)
        if email:
            log_in(page, email, *([password] if password else []))
        return page

    return open_for


def test_a_patient_goes_from_first_contact_to_the_decision(
    open_page: Callable[..., Page],
    letter_to: Callable[[str], str],
    screenshot: Screenshot,
    width: str,
) -> None:
    email = f"{uuid4().hex[:10]}@vernal.example"
    name = f"Linden {uuid4().hex[:6]}"

    ask(open_page(), name, email, screenshot)
    invite(open_page(FRONT_DESK), name, screenshot)
    patient = open_page()
    begin_account(patient, link_in(letter_to(email)), email)
    write_history(patient, screenshot)
    staff = open_page(NURSE)
    examine(staff, name, screenshot)
    decide(open_page(PRESCRIBER), name, screenshot)


def ask(page: Page, name: str, email: str, screenshot: Screenshot) -> None:
    page.goto("/")
    page.get_by_role("link", name="Ask us").click()
    page.get_by_label("For me").check()
    page.get_by_label("Your first name").fill(name.split()[0])
    page.get_by_label("Your last name").fill(name.split()[1])
    page.get_by_label("By e-mail").check()
    page.get_by_label("E-mail", exact=False).last.fill(email)
    assert_accessible(page)
    press(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    assert_accessible(page)
    screenshot(page, "1-asked")


def invite(page: Page, name: str, screenshot: Screenshot) -> None:
    go_to(page, "Inbox")
    assert_accessible(page)
    page.get_by_role("link", name=name).click()
    assert_accessible(page)
    screenshot(page, "1-inquiry")
    press(page, "Send the invitation")
    expect(page.get_by_text("The invitation is on its way.")).to_be_visible()


def begin_account(page: Page, link: str, email: str) -> None:
    page.goto(link)
    assert_accessible(page)
    page.get_by_label("Choose a password").fill(OWN_PASSWORD)
    page.get_by_label("The same password again").fill(OWN_PASSWORD)
    press(page, "Make my account")
    log_in(page, email, OWN_PASSWORD)


def write_history(page: Page, screenshot: Screenshot) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
    page.get_by_role("link", name="Begin").click()
    for section in sections():
        if section.asked_of != "patient":
            continue
        expect(page.get_by_role("heading", level=1)).to_have_text(section.title)
        assert_accessible(page)
        answer(page, _answers(section.id))
        screenshot(page, f"2-{section.id}")
        press(page, "Save and go on")
    assert_accessible(page)
    press(page, "Send my history to the clinic")
    expect(page.get_by_text("The clinic has your history")).to_be_visible()
    screenshot(page, "2-sent")


def examine(page: Page, name: str, screenshot: Screenshot) -> None:
    for section in sections():
        if section.asked_of != "staff":
            continue
        page.goto("/patients/")
        page.get_by_role("link", name=name).click()
        page.get_by_role("link", name=section.title, exact=True).click()
        answer(page, answers_to(section.id, {}))
        assert_accessible(page)
        press(page, "Save")
    screenshot(page, "3-chart")
    assert_accessible(page)


def decide(page: Page, name: str, screenshot: Screenshot) -> None:
    page.goto("/patients/")
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="All findings of the screening").click()
    expect(page.get_by_text("Nothing stands in the way of “eligible”")).to_be_visible()
    assert_accessible(page)
    screenshot(page, "3-screening")
    page.get_by_label("Eligible", exact=True).check()
    page.get_by_label("Why", exact=True).fill("Two adequate trials failed; nothing speaks against.")
    press(page, "Sign the decision")
    expect(page.get_by_text("The decision is signed.")).to_be_visible()


def _answers(section_id: str) -> dict[str, str]:
    """What the patient of this story says."""
    match section_id:
        case "medicines":
            return {
                "line-0-name": "sertraline",
                "line-0-dose": "150",
                "line-0-unit": "mg",
                "line-0-frequency": "once_a_day",
            }
        case "stopped_medicines":
            return {"nothing": "on"}
        case "antidepressant_trials":
            return {
                **_trial(0, "sertraline", "150", "no_response"),
                **_trial(1, "venlafaxine", "225", "partial_response"),
            }
        case "phq9":
            return {str(item): answer for item, answer in enumerate("322312210", start=1)}
    return answers_to(section_id, {})


def _trial(row: int, name: str, dose: str, result: str) -> dict[str, str]:
    given = {
        "name": name,
        "daily_dose": dose,
        "unit": "mg",
        "weeks": "12",
        "result": result,
        "this_episode": "yes",
    }
    return {f"line-{row}-{field}": value for field, value in given.items()}
