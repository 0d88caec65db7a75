"""Step 5 under the tongue: the dose is given, held and ended at the bedside, then told of at home.

The patient comes booked, screened and with a consent; without a script the server's clock times
each entry, and that is the clock of this story. The prescriber looks on with one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.bedside import READING, RECOVERED
from tests.browser.accessibility import assert_accessible
from tests.browser.booked_clinic import PEOPLE, SOON
from tests.browser.conftest import NewPage, serve_demo
from tests.browser.people import PASSWORD, answer, log_in, press
from tests.browser.test_course import choose_pin, prepared

NURSE = "nurse@vernal.example"
PRESCRIBER = "prescriber@vernal.example"
PIN = "4711"

GoOnTo = Callable[[float], None]
Screenshot = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def planned_at() -> datetime:
    """Ten in the morning of tomorrow: a story that begins late does not run past midnight."""
    tomorrow = datetime.now(ZoneInfo("America/Denver")) + timedelta(days=1)
    return tomorrow.replace(hour=10, minute=0, second=0, microsecond=0)


def set_clock(folder: Path, moment: datetime) -> None:
    """Move the server's clock to this moment."""
    ahead = (moment - datetime.now(UTC)).total_seconds()
    new = folder / "var" / "clock.new"
    new.write_text(str(ahead))
    new.replace(folder / "var" / "clock")


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory, planned_at: datetime) -> Path:
    folder = tmp_path_factory.mktemp("sublingual")
    (folder / "var").mkdir(mode=0o700)
    set_clock(folder, planned_at - SOON)
    return folder


@pytest.fixture(scope="module")
def demo_server(demo_folder: Path) -> Iterator[str]:
    yield from serve_demo(demo_folder, [sys.executable, "-m", "tests.browser.booked_clinic"])


def test_a_dose_under_the_tongue_from_the_door_to_the_evening_at_home(
    new_page: NewPage, width: str, demo_folder: Path, planned_at: datetime, screenshot: Screenshot
) -> None:
    given, family = PEOPLE[width]

    def go_on_to(minute: float) -> None:
        set_clock(demo_folder, planned_at + timedelta(minutes=minute))

    go_on_to(-20)
    nurse, prescriber = new_page(width=width, java_script_enabled=False), new_page(width=width)
    log_in(nurse, NURSE)
    log_in(prescriber, PRESCRIBER)
    bed = Bed(nurse, prescriber, go_on_to, screenshot)
    bed.open(f"{given} {family}")
    bed.prepare()
    bed.give()
    bed.recover()
    bed.go_home()

    patient = new_page(width=width)
    go_on_to(5 * 60)
    tell_effects(patient, f"{given.lower()}@vernal.example", screenshot)


class Bed:
    """The nurse's device at the bedside, and the prescriber's beside it."""

    def __init__(
        self, nurse: Page, prescriber: Page, go_on_to: GoOnTo, screenshot: Screenshot
    ) -> None:
        self.nurse, self.prescriber = nurse, prescriber
        self.go_on_to, self.screenshot = go_on_to, screenshot
        self.url = ""

    def open(self, name: str) -> None:
        choose_pin(self.nurse)
        self.nurse.goto("/sessions/today/")
        self.nurse.locator("#today").get_by_role("link", name=name).click()
        self.url = self.nurse.url

    def look(self, name: str, kind: str = "") -> None:
        """What the prescriber sees at this moment, with axe and as a picture."""
        self.prescriber.goto(f"{self.url}event/{kind}/" if kind else self.url)
        assert_accessible(self.prescriber)
        self.screenshot(self.prescriber, f"sublingual-{name}")

    def next_is(self, title: str, text: str = "") -> None:
        """What stands first on the page to which an entry leads back."""
        expect(self.nurse.locator(".next")).to_contain_text(title)
        expect(self.nurse.locator(".next")).to_contain_text(text)

    def enter(
        self, minute: float, kind: str, fields: dict[str, str], button: str, by: Page | None = None
    ) -> None:
        page = by or self.nurse
        self.go_on_to(minute)
        page.goto(f"{self.url}event/{kind}/")
        answer(page, fields)
        if page.locator("[name=pin]").count():  # the device stood idle while the dose was held
            page.locator("[name=pin]").fill(PIN)
        press(page, button)
        expect(page.get_by_text("Kept.").first).to_be_visible()

    def read(self, minute: float, **changes: str) -> None:
        self.enter(minute, "reading", {**READING, **changes}, "Keep this entry")

    def prepare(self) -> None:
        self.enter(-20, "checked_in", {}, "Check the patient in")
        self.read(-15)
        self.read(-8)
        answers = prepared(self.nurse, self.url)
        self.enter(-2, "checklist", answers, "Keep this entry")
        self.next_is("The dose may start", "0.1 mL of 100 mg/mL = 10 mg")

    def give(self) -> None:
        """Planned are 10 mg in the mouth for five minutes; the form says so already."""
        self.look("give", "dose_given")
        self.enter(0, "dose_given", {}, "Give the dose")
        self.next_is("End the hold in the mouth", "Hold until 10:05")
        self.look("held")
        expect(self.nurse.get_by_role("link", name="Finish the dosing")).to_have_count(0)
        self.enter(5, "hold_ended", {"then": "swallowed"}, "End the hold in the mouth")
        self.next_is("The whole dose is in")
        expect(self.nurse.get_by_role("link", name="Give the dose")).to_have_count(0)
        self.look("all-in")
        self.enter(6, "dosing_finished", {}, "Finish the dosing")

    def recover(self) -> None:
        self.read(15)
        self.look("recovering")
        for minute in (60, 119):
            self.read(minute)
        escort = {"name": "Ash Oduya", "telephone": "307 555 0147", "is_here": "yes"}
        self.enter(120, "escort", escort, "Keep this entry")
        scores = {"moaas": "5", "dissociation_0_10": "0", "aldrete": "10"}
        self.enter(121, "score", scores, "Keep this entry")
        told = {f"answer_{name}": "yes" if so else "no" for name, so in RECOVERED.items()}
        self.enter(122, "symptom", {**told, "rest_is_no": "on"}, "Keep this entry")

    def go_home(self) -> None:
        sign = {"meaning": "discharge"}
        self.enter(124, "signature", {**sign, "role": "nurse"}, "Sign")
        self.enter(125, "signature", {**sign, "role": "clinician"}, "Sign", by=self.prescriber)
        self.look("ready")
        home = {"to": "Ash Oduya", "advice_given": "yes"}
        self.enter(126, "discharged", home, "Send home")
        expect(self.nurse.get_by_text("Went home").first).to_be_visible()
        self.look("home")


def tell_effects(page: Page, email: str, screenshot: Screenshot) -> None:
    """Five hours after the dose: dizzy while it lasted."""
    log_in(page, email, PASSWORD)
    page.goto("/my-care/")
    screenshot(page, "sublingual-my-care")
    page.get_by_role("link", name="felt", exact=False).first.click()
    assert_accessible(page)
    screenshot(page, "sublingual-effects")
    page.locator("[name=ticked][value=dizziness]").check()
    press(page, "Go on")
    answer(page, {"dizziness-severity": "1", "dizziness-began": "during"})
    screenshot(page, "sublingual-effects-told")
    press(page, "Save")
    expect(page.get_by_text("Dizz", exact=False).first).to_be_visible()
    screenshot(page, "sublingual-effects-kept")
