"""Words on a session's pages: what is to come is not told as done, and nothing is said twice."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from vernal.rules.sessions import Kind

pytestmark = pytest.mark.django_db


def seen(browser, url: str) -> str:
    return browser.get(url).content.decode()


def test_a_dose_is_to_be_prepared_until_it_is_given(soon, running, log_in, address) -> None:
    before = seen(log_in(soon.nurse), address("session", soon))
    during = seen(log_in(running.nurse), address("session", running))

    assert "To prepare: " in before
    assert "Prepared: " not in before
    assert "Prepared: " in during


@pytest.mark.parametrize(
    ("kind", "button"),
    [
        ("symptom", "Keep this entry"),
        ("reading", "Keep this entry"),
        ("left_against_advice", "Keep this entry"),
        ("dose_stopped", "Stop the dose"),
        ("signature", "Sign"),
    ],
)
def test_the_button_of_a_form_says_what_pressing_it_does(
    running, log_in, address, kind, button
) -> None:
    page = seen(log_in(running.nurse), address("session_event", running, kind=kind))

    assert button in page.split('<div class="actions">')[1].split("</button>")[0]


def test_what_is_missing_is_named_once(recovered, log_in, address) -> None:
    url = address("session_event", recovered, kind="discharged")

    page = log_in(recovered.nurse).post(url, {"id": str(uuid4())}).content.decode()

    mistakes = page.split('class="mistakes"')[1].split("</section>")[0]
    assert ">Handed over to is missing.</a>" in mistakes


def test_the_second_reading_before_the_dose_says_from_when_it_counts(soon, log_in, address) -> None:
    soon.prepare()
    for entry in soon.view(0).state.of(Kind.reading):
        soon.enter(Kind.correction, -1, {"reason": "Another"}, corrects=entry.event.id)
    soon.reading(-0.5)
    counts = (soon.at(-0.5) + timedelta(minutes=5)).astimezone(ZoneInfo("America/Denver"))

    card = seen(log_in(soon.nurse), address("session", soon)).split('id="next-title"')[1]

    assert f"From {counts:%H:%M}. Two baseline readings" in card.split("</section>")[0]
