"""A session under the tongue: one dose held in the mouth, perhaps in two steps, and no pump."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal

import pytest

from tests.bedside import NO_SYMPTOMS, Bedside, make_sublingual_bedside
from tests.factories import make_site
from vernal.rules.sessions import Kind, State
from vernal.workflow.errors import InvalidInput, NotPossibleNow

pytestmark = pytest.mark.django_db
DROPS = {
    "dose_mg": "10",
    "route": "sublingual",
    "drug": "racemic ketamine base, 100 mg/mL",
    "hold_min": "5",
}
HALF = {**DROPS, "dose_mg": "5"}
INFUSION = {"rate_mg_per_h": "15", "planned_dose_mg": "10", "drug": DROPS["drug"]}
SWALLOWED = {"then": "swallowed"}


@pytest.fixture(scope="module")
def made(lasting) -> Bedside:
    return make_sublingual_bedside(make_site())


@pytest.fixture
def bed(made, db) -> Bedside:
    return deepcopy(made)


def give(bed: Bedside, minute: float = 0, dose: dict[str, str] = DROPS) -> None:
    """One dose, held for its five minutes and swallowed."""
    bed.enter(Kind.dose_given, minute, dose)
    bed.enter(Kind.hold_ended, minute + 5, SWALLOWED)


def look(bed: Bedside, minute: float) -> None:
    """Two readings, symptoms and scores: nothing that asks for a pause is left open."""
    bed.reading(minute - 5)
    bed.reading(minute)
    bed.enter(Kind.symptom, minute, {"answers": NO_SYMPTOMS})
    bed.score(minute, "moaas", 5)
    for scale in ("dissociation_0_10", "anxiety_0_10", "nausea_0_10"):
        bed.score(minute, scale, 1)


def recover(bed: Bedside) -> None:
    """From the end of the dosing at minute 6 up to the two signatures."""
    bed.enter(Kind.dosing_finished, 6)
    for minute in (15, 30, 45, 60, 75, 90, 105, 120):
        bed.reading(minute)
    bed.be_fit_to_go(121)


def refused(bed: Bedside, kind: Kind, minute: float, payload: dict[str, str]) -> str:
    with pytest.raises((NotPossibleNow, InvalidInput)) as refusal:
        bed.enter(kind, minute, payload)
    return str(refusal.value)


def steps(bed: Bedside, *minutes: float) -> list[tuple[str, Kind | None]]:
    found = [bed.view(minute).next for minute in minutes]
    return [(each.why, each.kind) for each in found]


def test_from_the_door_to_the_way_home(bed) -> None:
    bed.prepare()
    assert steps(bed, 0) == [("may_start", Kind.dose_given)]
    bed.enter(Kind.dose_given, 0, DROPS)
    assert steps(bed, 1) == [("hold", Kind.hold_ended)]
    bed.enter(Kind.hold_ended, 5, SWALLOWED)
    assert steps(bed, 6) == [("all_in", Kind.dosing_finished)]
    recover(bed)
    assert steps(bed, 126) == [("may_go", Kind.discharged)]
    bed.enter(Kind.discharged, 126, {"to": "Ash Hollis", "advice_given": True})

    ended = bed.view(127)
    assert ended.state.state == State.discharged
    assert ended.state.dose.given_mg == 10
    assert ended.state.problems == ()


def test_the_dose_waits_for_its_gates(bed) -> None:
    bed.prepare(escort_confirmed=None)

    assert "take the patient home: not known yet" in refused(bed, Kind.dose_given, 0, DROPS)


@pytest.mark.parametrize("route", ["iv", "nasal", "oral", "im", "sc"])
def test_on_another_route_nothing_is_given(bed, route) -> None:
    bed.prepare()

    assert "another route" in refused(bed, Kind.dose_given, 0, {**DROPS, "route": route})


def test_no_more_than_planned_is_given_at_once(bed) -> None:
    bed.prepare()

    reason = refused(bed, Kind.dose_given, 0, {**DROPS, "dose_mg": "10.001"})

    assert "The plan allows 10 mg for this session; 0 mg count as given." in reason


def test_the_dose_is_no_infusion(bed) -> None:
    bed.prepare()

    assert "orders no infusion rate" in refused(bed, Kind.dose_started, 0, INFUSION)


def test_what_is_in_the_mouth_is_no_running_pump(bed) -> None:
    bed.prepare()
    bed.enter(Kind.dose_given, 0, DROPS)

    faster = {"rate_mg_per_h": "10", "reason": "Faster"}
    assert "No infusion is running" in refused(bed, Kind.rate_changed, 1, faster)
    assert bed.view(1).dose_runs


def test_a_second_step_is_given_once_everything_was_looked_at(bed) -> None:
    bed.prepare()
    give(bed, 0, HALF)

    assert steps(bed, 6) == [("more_or_finished", Kind.dosing_finished)]
    assert "not asked or measured yet" in refused(bed, Kind.dose_given, 6, HALF)
    look(bed, 20)
    give(bed, 21, HALF)

    assert bed.view(27).state.dose.given_mg == 10
    assert steps(bed, 27) == [("all_in", Kind.dosing_finished)]


def test_two_steps_are_no_more_than_the_plan(bed) -> None:
    bed.prepare()
    give(bed, 0, HALF)
    look(bed, 20)

    reason = refused(bed, Kind.dose_given, 21, {**HALF, "dose_mg": "5.1"})

    assert "The plan allows 10 mg for this session; 5 mg count as given." in reason


def test_after_the_whole_dose_nothing_more_is_given(bed) -> None:
    bed.prepare()
    give(bed)
    look(bed, 20)

    assert "10 mg count as given" in refused(bed, Kind.dose_given, 21, {**HALF, "dose_mg": "0.1"})


def test_a_dose_spat_out_still_counts_as_given(bed) -> None:
    """How much went in nobody knows, so no second one takes its place."""
    bed.prepare()
    bed.enter(Kind.dose_given, 0, DROPS)
    bed.enter(Kind.hold_ended, 1, {"then": "spat_out"})
    look(bed, 20)

    assert bed.view(21).state.dose.given_mg == Decimal(10)
    assert "10 mg count as given" in refused(bed, Kind.dose_given, 21, HALF)


def test_no_hold_ends_before_a_dose(bed) -> None:
    bed.prepare()

    assert "No dose is being held" in refused(bed, Kind.hold_ended, 0, SWALLOWED)


def test_an_alarm_keeps_the_second_step_back(bed) -> None:
    bed.prepare()
    give(bed, 0, HALF)
    look(bed, 20)
    bed.reading(21, spo2_percent="88")

    assert "Oxygen below 90 %" in refused(bed, Kind.dose_given, 22, HALF)


def test_readings_come_every_quarter_hour_after_the_dose(bed) -> None:
    bed.prepare()
    give(bed)
    bed.enter(Kind.dosing_finished, 6)

    assert steps(bed, 14, 16) == [("open_criterion", Kind.score), ("due", Kind.reading)]


def test_nobody_goes_home_before_the_protocol_has_watched(bed) -> None:
    bed.prepare()
    give(bed)
    bed.enter(Kind.dosing_finished, 6)
    for minute in (15, 30, 45, 60, 75):
        bed.reading(minute)

    going = {"to": "Ash Hollis", "advice_given": True}
    assert "Not yet. Still open" in refused(bed, Kind.discharged, 89, going)
