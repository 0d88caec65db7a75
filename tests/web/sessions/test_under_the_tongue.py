"""A session under the tongue as its pages show it: one route, no pump, and no more than planned."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.bedside import NO_SYMPTOMS, Bedside, make_sublingual_bedside
from vernal.rules.sessions import Kind

pytestmark = pytest.mark.django_db
DROPS = {"dose_mg": "10", "route": "sublingual", "drug": "ketamine 100 mg/mL", "hold_min": "5"}
HALF = {**DROPS, "dose_mg": "5"}


@pytest.fixture(scope="module")
def standing_drops(standing) -> Bedside:
    """Prepared for a dose an hour ago."""
    bed = make_sublingual_bedside(standing.site, now=timezone.now() - timedelta(hours=1))
    bed.prepare()
    return bed


@pytest.fixture
def drops(standing_drops, db) -> Bedside:
    return deepcopy(standing_drops)


@pytest.fixture
def seen(log_in, address, clock):
    """The page of the session, or of one of its forms, at a minute."""

    def at(bed: Bedside, minute: float, kind: str = "") -> str:
        clock(bed.at(minute))
        url = address("session_event", bed, kind=kind) if kind else address("session", bed)
        return log_in(bed.nurse).get(url).content.decode()

    return at


def next_step(page: str) -> str:
    found = re.search(r'<section class="next.*?</section>', page, re.DOTALL)
    assert found
    return " ".join(re.sub("<.*?>", " ", found.group()).split())


def offers(page: str, kind: str) -> bool:
    return f"/event/{kind}/" in page


def test_the_form_offers_the_route_of_the_plan_alone(drops, seen) -> None:
    form = seen(drops, 0, "dose_given")

    assert re.findall(r'name="route" value="(\w+)"', form) == ["sublingual"]
    assert 'name="dose_mg" value="10"' in form


def test_a_hold_says_until_when_and_comes_before_the_end(drops, seen, site) -> None:
    drops.enter(Kind.dose_given, 0, DROPS)
    until = drops.at(5).astimezone(site.zone)

    page = seen(drops, 1)

    assert f"Hold until {until:%H:%M}, then enter" in next_step(page)
    assert not offers(page, "dosing_finished")
    assert not offers(page, "dose_given")


def test_after_the_whole_dose_the_page_asks_to_finish_and_offers_no_more(drops, seen) -> None:
    drops.enter(Kind.dose_given, 0, DROPS)
    drops.enter(Kind.hold_ended, 5, {"then": "swallowed"})

    page = seen(drops, 6)
    drops.enter(Kind.dosing_finished, 6)

    assert next_step(page).startswith("Next The whole dose is in Nothing is left to give today.")
    assert offers(page, "dosing_finished")
    assert not offers(page, "dose_given")
    assert not offers(seen(drops, 7), "dose_given")


def test_after_a_part_the_rest_is_offered_once_everything_was_looked_at(drops, seen) -> None:
    drops.enter(Kind.dose_given, 0, HALF)
    drops.enter(Kind.hold_ended, 5, {"then": "swallowed"})

    early = seen(drops, 6)
    for minute in (15, 20):
        drops.reading(minute)
    drops.enter(Kind.symptom, 20, {"answers": NO_SYMPTOMS})
    drops.score(20, "moaas", 5)
    for scale in ("dissociation_0_10", "anxiety_0_10", "nausea_0_10"):
        drops.score(20, scale, 1)
    later = seen(drops, 21)

    assert "Give the rest, or finish The plan allows 5 mg more." in next_step(early)
    assert "Before the dose may go on" in early
    assert not offers(early, "dose_given")
    assert offers(later, "dose_given")


def test_the_rest_is_drawn_as_the_rest_and_not_as_the_whole_dose_again(drops, seen) -> None:
    drops.enter(Kind.dose_given, 0, HALF)
    drops.enter(Kind.hold_ended, 5, {"then": "swallowed"})

    form = seen(drops, 21, "dose_given")
    rows = dict(re.findall(r"<dt.*?>(.*?)</dt>\s*<dd.*?>(.*?)</dd>", form, re.DOTALL))
    told = {name.strip(): " ".join(re.sub("<.*?>", " ", rows[name]).split()) for name in rows}

    assert 'name="dose_mg" value="5"' in form
    assert "0.05 mL of 100 mg/mL = the 5 mg that are left" in form
    assert (told["Given so far"], told["Still to give"]) == ("5 mg", "5 mg")
    assert told["Draw for that"] == "0.05 mL"
    assert "Draw from the vial" not in told


def test_after_an_end_by_the_way_nothing_of_a_dose_is_offered(drops, seen) -> None:
    drops.enter(Kind.dose_given, 0, HALF)
    handed = dict.fromkeys(("to", "reason", "by", "handed_over_to"), "The ambulance")
    drops.enter(Kind.transferred, 2, handed)

    page = seen(drops, 3)

    assert not offers(page, "dose_given")
    assert not offers(page, "hold_ended")


def test_lines_of_the_chart_call_an_alarm_what_slows_no_pump(drops, seen) -> None:
    drops.enter(Kind.dose_given, 0, DROPS)

    pressure = seen(drops, 1).split("<svg viewBox")[1].split("</svg>")[0]

    assert "Alarm from 180, unsigned default" in pressure
    assert "Slow down" not in pressure
