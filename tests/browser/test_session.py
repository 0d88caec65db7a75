"""Step 5 at the bedside: what is typed survives a lost network, and nothing needs a script."""

from __future__ import annotations

import re
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.conftest import NewPage
from tests.browser.people import log_in, press

NURSE, PRESCRIBER = "nurse@vernal.example", "prescriber@vernal.example"
READING = {
    "systolic_mmhg": "141",
    "diastolic_mmhg": "86",
    "heart_rate_per_min": "77",
    "spo2_percent": "97",
    "respiratory_rate_per_min": "14",
}


def open_session(page: Page, name: str) -> str:
    log_in(page, NURSE)
    page.goto("/sessions/today/")
    page.locator("#today").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    return page.url


def type_reading(page: Page, systolic: str) -> None:
    for name, value in {**READING, "systolic_mmhg": systolic}.items():
        page.locator(f"[name='{name}']").fill(value)


def in_the_log(page: Page, text: str):
    return page.locator(".timeline").get_by_text(text)


def test_a_reading_without_network_waits_on_the_device_and_is_sent_later(
    new_page: NewPage, width: str
) -> None:
    page = new_page(width=width)
    url = open_session(page, "Sage Lindgren")
    systolic = {"desktop": "143", "phone": "144"}[width]

    page.context.set_offline(True)
    type_reading(page, systolic)
    press(page, "Keep this reading")

    waiting = page.locator(".device__queue li")
    expect(waiting).to_have_count(1)
    expect(waiting).to_contain_text("on this device only")
    expect(page.get_by_text("No network").first).to_be_visible()
    expect(in_the_log(page, f"{systolic}/86")).to_have_count(0)

    page.context.set_offline(False)
    page.goto(url)
    kept = in_the_log(page, f"{systolic}/86")
    expect(kept).to_have_count(1, timeout=20_000)
    expect(page.locator(".device__queue li")).to_have_count(0)
    expect(page.locator(".timeline").get_by_text("entered offline").first).to_be_visible()


def test_what_the_server_refuses_stays_and_can_be_mended(new_page: NewPage) -> None:
    page = new_page()
    url = open_session(page, "Sage Lindgren")
    page.context.set_offline(True)
    type_reading(page, "145")
    page.locator("[name='diastolic_mmhg']").fill("160")
    press(page, "Keep this reading")
    page.context.set_offline(False)
    page.goto(url)

    refused = page.locator(".device__queue li.is-refused")
    expect(refused).to_contain_text("Systolic pressure is higher than diastolic", timeout=20_000)
    press(page, "Mend it")
    expect(refused.get_by_label("Systolic pressure")).to_have_value("145")
    refused.get_by_label("Diastolic pressure").fill("85")
    press(page, "Send it again")

    expect(in_the_log(page, "145/85").first).to_be_visible(timeout=20_000)
    expect(page.locator(".device__queue li")).to_have_count(0)


def test_what_waits_on_a_device_is_sealed_for_the_next_user_and_sent_by_its_author(
    new_page: NewPage,
) -> None:
    page = new_page()
    url = open_session(page, "Sage Lindgren")
    page.route("**/events/", lambda route: route.abort())
    page.context.set_offline(True)
    type_reading(page, "146")
    press(page, "Keep this reading")
    waiting = page.locator(".device__queue li")
    expect(waiting).to_contain_text("146")
    page.context.set_offline(False)

    press(page, "Log out")
    expect(page.locator(".device__says")).to_contain_text("wait on this device")
    press(page, "Log out")
    log_in(page, PRESCRIBER)
    page.goto(url)

    expect(waiting).to_contain_text("sealed until Noor Haddad logs in")
    assert "systolic" not in page.evaluate("JSON.stringify(localStorage)")
    page.unroute("**/events/")
    press(page, "Log out")
    log_in(page, NURSE)
    page.goto(url)
    expect(in_the_log(page, "146/86").first).to_be_visible()
    expect(waiting).to_have_count(0)


def test_the_button_that_stops_the_dose_is_in_view(new_page: NewPage, width: str) -> None:
    page = new_page(width=width)
    open_session(page, "Sage Lindgren")
    stop = page.get_by_role("button", name="Stop the dose")

    expect(stop).to_be_in_viewport()
    page.mouse.wheel(0, 300)
    expect(stop).to_be_in_viewport()


def test_a_rate_typed_in_one_unit_stands_in_the_other(new_page: NewPage) -> None:
    page = new_page()
    url = open_session(page, "Sage Lindgren")
    page.goto(url + "event/rate_changed/")

    page.locator("[name='rate_mg_per_h']").fill("25.5")
    expect(page.locator("[name='pump_ml_per_h']")).to_have_value("37.5")
    page.locator("[name='pump_ml_per_h']").fill("30")
    expect(page.locator("[name='rate_mg_per_h']")).to_have_value("20.4")


def test_a_page_that_looks_again_keeps_what_is_being_typed(new_page: NewPage) -> None:
    page, other = new_page(), new_page(width="phone")
    url = open_session(page, "Sage Lindgren")
    page.locator("[name='systolic_mmhg']").fill("15")
    open_session(other, "Sage Lindgren")
    words = f"Seen by two devices {uuid4().hex[:6]}"
    other.goto(url + "event/note/")
    other.get_by_label("Note").fill(words)
    press(other, "Keep this entry")

    expect(in_the_log(page, words)).to_be_visible(timeout=20_000)
    expect(page.locator("[name='systolic_mmhg']")).to_have_value("15")


def test_looking_again_by_hand_keeps_what_is_typed(new_page: NewPage) -> None:
    page = new_page()
    open_session(page, "Sage Lindgren")
    page.locator("[name='systolic_mmhg']").fill("15")

    with page.expect_response(lambda response: "hx-request" in response.request.headers):
        page.get_by_role("link", name="look again").click()

    expect(page.get_by_role("link", name="look again")).to_be_visible()
    expect(page.locator("[name='systolic_mmhg']")).to_have_value("15")


def test_a_session_is_charted_without_a_script(new_page: NewPage, width: str) -> None:
    page = new_page(width=width, java_script_enabled=False)
    open_session(page, "Sage Lindgren")
    systolic = {"desktop": "138", "phone": "139"}[width]

    type_reading(page, systolic)
    press(page, "Keep this reading")

    expect(page.get_by_text("Kept.").first).to_be_visible()
    expect(in_the_log(page, f"{systolic}/86")).to_be_visible()


def test_every_page_of_a_session_is_for_everyone(new_page: NewPage, width: str) -> None:
    page = new_page(width=width)
    url = open_session(page, "Sage Lindgren")
    assert_accessible(page)

    for kind in ("symptom", "score", "dose_stopped", "signature", "left_against_advice"):
        page.goto(f"{url}event/{kind}/")
        assert_accessible(page)
    for address in (f"{url}unlock/", "/pin/", "/sessions/today/"):
        page.goto(address)
        assert_accessible(page)
    press(page, "Dark room")
    page.goto(url)
    expect(page.locator("html")).to_have_attribute("data-room", re.compile("dark"))
    assert_accessible(page)
    press(page, "Light room")
