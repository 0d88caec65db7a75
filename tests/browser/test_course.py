"""One patient's whole course, told from the interface alone, on a desk and on a phone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import choices
from string import ascii_lowercase
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.bedside import NO_SYMPTOMS, PREPARED, READING, RECOVERED
from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import NewPage, serve_demo
from tests.browser.people import PASSWORD, answer, go_to, link_in, log_in, press
from tests.browser.test_plan import (
    confirm_and_check,
    draw_up,
    go_through,
    open_plan,
    read_and_answer,
    sign_consent,
)
from vernal.knowledge.facts import sections
from vernal.workflow.demo.answers import answers_to

FRONT_DESK = "front.desk@vernal.example"
NURSE = "nurse@vernal.example"
PRESCRIBER = "prescriber@vernal.example"
OWN_PASSWORD = "a quiet river in may"
PIN = "4711"

Screenshot = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("course")


@pytest.fixture(scope="module")
def demo_server(demo_folder: Path) -> Iterator[str]:
    """A clinic of this story's own, because the story moves its clock; so does its worker."""
    vernal = [sys.executable, "-m", "tests.browser.moving_clock"]
    environment = {**os.environ, "VERNAL_VAR": str(demo_folder / "var"), "VERNAL_DEMO": "1"}
    environment["DJANGO_SETTINGS_MODULE"] = "vernal.config.settings"
    for address in serve_demo(demo_folder, vernal):
        with subprocess.Popen([*vernal, "worker"], env=environment) as worker:
            yield address
            worker.terminate()


@pytest.fixture
def go_on_to(demo_folder: Path) -> Callable[[datetime], None]:
    """Move the server's clock to this moment."""

    def move(moment: datetime) -> None:
        ahead = (moment - datetime.now(UTC)).total_seconds()
        new = demo_folder / "var" / "clock.new"
        new.write_text(str(ahead))
        new.replace(demo_folder / "var" / "clock")

    return move


@pytest.fixture
def open_page(new_page: NewPage, width: str) -> Callable[..., Page]:
    """Another person at another device, at the width of this story."""

    def open_for(email: str = "", password: str = "", **options: bool) -> Page:
        page = new_page(width=width, **options)
        if email:
            log_in(page, email, *([password] if password else []))
        return page

    return open_for


def test_a_patient_goes_through_all_eight_steps(
    open_page: Callable[..., Page],
    letter_to: Callable[[str], str],
    go_on_to: Callable[[datetime], None],
    screenshot: Screenshot,
) -> None:
    monday = _a_monday_at_nine()
    email = f"{uuid4().hex[:10]}@vernal.example"
    name = f"Linden {''.join(choices(ascii_lowercase, k=8)).title()}"

    go_on_to(monday)
    ask(open_page(), name, email, screenshot)
    invite(open_page(FRONT_DESK), name, screenshot)
    patient = open_page()
    begin_account(patient, link_in(letter_to(email)), email)
    write_history(patient, screenshot)
    nurse, prescriber = open_page(NURSE), open_page(PRESCRIBER)
    examine(nurse, name, screenshot)
    decide(prescriber, name, screenshot)
    draw_up(prescriber, name, screenshot)
    confirm_and_check(nurse, name, screenshot)
    read_and_answer(patient, screenshot)
    go_through(nurse, name, screenshot)
    sign_consent(patient, name, screenshot)
    sign_for_today(prescriber, name, monday)
    # Without a script the server's clock times each entry, and that is the clock of this story.
    bedside = open_page(NURSE, java_script_enabled=False)
    treat(bedside, prescriber, name, monday.replace(hour=monday.hour + 1), go_on_to, screenshot)
    tell_effects(patient, monday + timedelta(hours=6), go_on_to, screenshot)
    go_on_to(monday + timedelta(days=2))
    score(open_page(email, OWN_PASSWORD), screenshot)
    review(open_page(PRESCRIBER), name, screenshot)


def _a_monday_at_nine() -> datetime:
    """The next Monday, nine in the morning at the demo clinic."""
    here = datetime.now(ZoneInfo("America/Denver"))
    monday = here + timedelta(days=7 - here.weekday())
    return monday.replace(hour=9, minute=0, second=0, microsecond=0)


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
        with page.expect_response(lambda answered: answered.request.method == "POST"):
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


def sign_for_today(page: Page, name: str, monday: datetime) -> None:
    open_plan(page, name)
    page.get_by_role("link", name="Sign and book the sessions").click()
    page.get_by_label("First session on").fill(monday.date().isoformat())
    page.get_by_label("Each session begins at").fill("10:00")
    press(page, "Sign the plan")
    expect(page.get_by_role("heading", name="Calendar")).to_be_visible()


def treat(
    page: Page,
    prescriber: Page,
    name: str,
    ten: datetime,
    go_on_to: Callable[[datetime], None],
    screenshot: Screenshot,
) -> None:
    """A whole session, from check-in to the way home, at the times of the protocol."""

    def enter(minute: int, kind: str, fields: dict[str, str], button: str, by: Page = page) -> None:
        go_on_to(ten + timedelta(minutes=minute))
        by.goto(f"{url}event/{kind}/")
        answer(by, fields)
        if by.locator("[name=pin]").count():  # the device stood idle while the dose runs
            by.locator("[name=pin]").fill(PIN)
        press(by, button)
        expect(by.get_by_text("Kept.").first).to_be_visible()

    def read(minute: int, **changes: str) -> None:
        enter(minute, "reading", {**READING, **changes}, "Keep this entry")

    go_on_to(ten - timedelta(minutes=20))
    choose_pin(page)
    page.goto("/sessions/today/")
    page.locator("#today").get_by_role("link", name=name).click()
    url = page.url
    enter(-20, "checked_in", {}, "Check the patient in")
    read(-15)
    read(-8)
    enter(-2, "checklist", prepared(page, url), "Keep this entry")
    assert_accessible(prescriber)
    enter(0, "dose_started", {}, "Start the infusion")
    for minute in (10, 20, 30, 39):
        read(minute, systolic_mmhg="132", diastolic_mmhg="84")
    screenshot(page, "5-running")
    enter(40, "dose_stopped", {"reason": "finished"}, "Stop the dose")
    for minute in range(55, 161, 15):
        read(minute)
    escort = {"name": "Ash Hollis", "telephone": "307 555 0147", "is_here": "yes"}
    enter(161, "escort", escort, "Keep this entry")
    scores = {"moaas": "5", "dissociation_0_10": "0", "aldrete": "10"}
    enter(162, "score", scores, "Keep this entry")
    enter(163, "symptom", _recovered(), "Keep this entry")
    sign = {"meaning": "discharge"}
    enter(164, "signature", {**sign, "role": "nurse"}, "Sign")
    enter(165, "signature", {**sign, "role": "clinician"}, "Sign", by=prescriber)
    screenshot(page, "5-ready")
    home = {"to": "Ash Hollis", "advice_given": "yes"}
    enter(166, "discharged", home, "Send home")
    expect(page.get_by_text("Went home").first).to_be_visible()
    screenshot(page, "5-home")


def choose_pin(page: Page) -> None:
    page.goto("/pin/")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("New PIN", exact=True).fill(PIN)
    page.get_by_label("New PIN again").fill(PIN)
    press(page, "Set the PIN")


def tell_effects(
    page: Page,
    later: datetime,
    go_on_to: Callable[[datetime], None],
    screenshot: Screenshot,
) -> None:
    go_on_to(later)
    page.goto("/my-care/")
    screenshot(page, "6-my-care")
    page.get_by_role("link", name="felt", exact=False).first.click()
    assert_accessible(page)
    press(page, "Nothing from this list")
    assert_accessible(page)
    screenshot(page, "6-effects")


def score(page: Page, screenshot: Screenshot) -> None:
    page.goto("/my-care/scales/")
    assert_accessible(page)
    page.get_by_role("link", name="PHQ-9", exact=False).first.click()
    answer(page, {str(item): value for item, value in enumerate("211111110", start=1)})
    press(page, "Save")
    screenshot(page, "7-scales")


def review(page: Page, name: str, screenshot: Screenshot) -> None:
    page.goto("/patients/")
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="Review", exact=False).first.click()
    assert_accessible(page)
    screenshot(page, "8-review")
    page.get_by_role("radio", name="Give the next planned session").check()
    page.get_by_label("Why", exact=True).fill("Better after one session; the series goes on.")
    press(page, "Sign the decision")
    expect(page.get_by_text("Better after one session").first).to_be_visible()


def prepared(page: Page, url: str) -> dict[str, str]:
    """The answer that lets the dose start, to each question of the preparation."""
    page.goto(f"{url}event/checklist/")
    asked = page.eval_on_selector_all("main [name^=answer_]", "each => each.map(one => one.name)")
    return {
        name: "yes" if PREPARED.get(name.removeprefix("answer_"), False) else "no"
        for name in dict.fromkeys(asked)
    }


def _recovered() -> dict[str, str]:
    return {
        f"answer_{name}": "yes" if answer else "no"
        for name, answer in {**NO_SYMPTOMS, **RECOVERED}.items()
    }


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
