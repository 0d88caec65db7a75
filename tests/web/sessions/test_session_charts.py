"""The pictures of a session: no value and no day takes the page away while a dose may run."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.bedside import READING
from vernal.rules.sessions import Kind

pytestmark = pytest.mark.django_db

SAMPLE = {"analyte": "ketamine", "matrix": "venous_plasma"}


def all_pages(browser, address, bedside) -> list[str]:
    """What a nurse opens while a dose runs."""
    forms = [
        address("session_event", bedside, kind=kind) for kind in ("dose_stopped", "reading", "note")
    ]
    return [browser.get(url).status_code for url in (address("session", bedside), *forms)]


@pytest.mark.parametrize("level", ["6000", "1000000"])
def test_a_level_beyond_belief_leaves_the_page_and_every_form_open(
    running, log_in, address, level
) -> None:
    sample = {**SAMPLE, "taken_at": running.at(8).isoformat(), "conc_ng_per_ml": level}
    entered = running.enter(Kind.concentration, 12, sample)
    browser = log_in(running.nurse)

    assert set(all_pages(browser, address, running)) == {200}
    mended = address("session_correct", running, event_id=entered.event_id)
    assert browser.get(mended).status_code == 200


def test_a_sample_of_nine_days_later_is_drawn(recovered, log_in, address) -> None:
    taken = recovered.at(0) + timedelta(days=9)
    sample = {**SAMPLE, "taken_at": taken.isoformat(), "conc_ng_per_ml": "12"}
    recovered.enter(Kind.concentration, 10 * 24 * 60, sample)

    page = log_in(recovered.nurse).get(address("session", recovered))

    assert page.status_code == 200
    assert "12 ng/mL at minute 12960" in page.content.decode()


def test_a_session_left_open_for_ten_days_takes_a_reading_and_is_shown(
    running, log_in, address, clock
) -> None:
    clock(timezone.now() + timedelta(days=10))
    browser = log_in(running.nurse)
    url = address("session_event", running, kind="reading")

    assert browser.post(url, {"id": str(uuid4()), **READING}).status_code == 302
    assert set(all_pages(browser, address, running)) == {200}
