"""What the clock of a bedside device can and cannot say."""

from __future__ import annotations

from copy import deepcopy
from uuid import uuid4

import pytest

from tests.bedside import DOSE, READING, Bedside, make_bedside
from tests.factories import make_site
from vernal.rules.sessions import Kind
from vernal.workflow import sessions
from vernal.workflow.errors import InvalidInput, NotPossibleNow
from vernal.workflow.session_log import Entered

pytestmark = pytest.mark.django_db
STOP = {"reason": "finished"}


@pytest.fixture(scope="module")
def made(lasting) -> Bedside:
    bed = make_bedside(make_site())
    bed.prepare()
    return bed


@pytest.fixture
def bed(made, db) -> Bedside:
    return deepcopy(made)


def sent(
    bed: Bedside,
    kind: Kind,
    made: float,
    payload,
    *,
    arrives: float,
    counted: float | None = None,
    offline: bool = False,
) -> None:
    """An entry of a device with the times in minutes of its clock and of its count."""
    entered = Entered(
        id=uuid4(),
        kind=kind,
        payload=payload,
        device_id="tablet",
        sequence=int((arrives + 100) * 100),
        device_at=bed.at(made),
        monotonic_ms=int(((made if counted is None else counted) + 100) * 60_000),
        entered_offline=offline,
    )
    at = bed.at(arrives)
    sessions.receive(by=bed.nurse, session_id=bed.session_id, entered=entered, at=at)


@pytest.mark.parametrize("made_at", [-55, -1.1, 1.1])
def test_a_start_that_lay_on_its_device_is_refused(bed, made_at) -> None:
    sent(bed, Kind.note, -60, {"words": "x"}, arrives=-60)

    with pytest.raises(NotPossibleNow, match="made at another time than now"):
        sent(bed, Kind.dose_started, made_at, DOSE, arrives=0)
    sent(bed, Kind.dose_started, -0.9, DOSE, arrives=0)


def test_a_clock_that_is_known_to_be_slow_starts_a_dose_all_the_same(bed) -> None:
    sent(bed, Kind.note, -20, {"words": "x"}, arrives=-10)

    sent(bed, Kind.dose_started, -10, DOSE, arrives=0)

    assert bed.view(1).state.dose.first_at == bed.at(0)


def test_a_faster_rate_that_lay_on_its_device_is_refused(bed) -> None:
    sent(bed, Kind.dose_started, 0, {**DOSE, "rate_mg_per_h": "20"}, arrives=0)
    faster = {"rate_mg_per_h": "66", "reason": "Calm"}

    with pytest.raises(NotPossibleNow, match="made at another time than now"):
        sent(bed, Kind.rate_changed, 5, faster, arrives=10)
    sent(bed, Kind.rate_changed, 5, {**faster, "rate_mg_per_h": "10"}, arrives=11)


def test_a_count_that_jumps_shortens_neither_the_watch_nor_what_was_given(bed) -> None:
    bed.enter(Kind.dose_started, 0, DOSE)
    sent(bed, Kind.dose_stopped, 40, STOP, arrives=40)
    before = bed.view(45)
    sent(bed, Kind.note, 45, {"words": "Woke"}, arrives=45, counted=225)

    view = bed.view(45)

    assert view.state.watched.last_end_at == before.state.watched.last_end_at == bed.at(40)
    assert view.state.dose.given_mg == before.state.dose.given_mg == 44
    assert [note.kind for note in view.state.clocks] == ["raced"]


def test_a_stop_with_an_old_time_of_its_device_shortens_no_watch(bed) -> None:
    bed.enter(Kind.dose_started, 0, DOSE)
    sent(bed, Kind.note, 1, {"words": "x"}, arrives=1)
    sent(bed, Kind.dose_stopped, 2, {"reason": "paused"}, arrives=61)

    assert bed.view(62).state.watched.last_end_at == bed.at(61)


SAMPLE = {"analyte": "ketamine", "conc_ng_per_ml": "150", "matrix": "venous_plasma"}


@pytest.mark.parametrize(
    ("kind", "payload", "field"),
    [
        (Kind.reading, READING, "happened_at"),
        (Kind.dose_stopped, {"reason": "other"}, "happened_at"),
        (Kind.concentration, SAMPLE, "taken_at"),
    ],
)
@pytest.mark.parametrize("offline", [True, False])
def test_a_clock_that_jumped_tells_nothing_of_hours_to_come(
    bed, kind, payload, field, offline
) -> None:
    """At minute 10 the clock of the tablet jumped five hours ahead; its count went on."""
    bed.enter(Kind.dose_started, 0, DOSE)
    sent(bed, Kind.note, 1, {"words": "x"}, arrives=1)
    told = {**payload, field: bed.at(309).isoformat()}

    with pytest.raises(InvalidInput) as refusal:
        sent(bed, kind, 310, told, arrives=10, counted=10, offline=offline)

    assert refusal.value.fields == {field: "This time has not come yet."}
    at_its_time = {**payload, field: bed.at(9).isoformat()}
    sent(bed, kind, 310, at_its_time, arrives=10, counted=10, offline=offline)


def test_no_start_is_told_for_an_hour_to_come(bed) -> None:
    sent(bed, Kind.note, -1, {"words": "x"}, arrives=-1)
    ahead = {**DOSE, "happened_at": bed.at(55).isoformat()}

    with pytest.raises(InvalidInput, match="has not come yet"):
        sent(bed, Kind.dose_started, 60, ahead, arrives=0, counted=0)


def test_a_correction_tells_nothing_of_hours_to_come(bed) -> None:
    reading = bed.reading(5)
    later = {"reason": "Later", "replacement": {**READING, "happened_at": bed.at(9).isoformat()}}

    with pytest.raises(InvalidInput) as refusal:
        bed.enter(Kind.correction, 7, later, corrects=reading.event_id)

    assert list(refusal.value.fields) == ["replacement.happened_at"]
    bed.enter(Kind.correction, 9, later, corrects=reading.event_id)
    assert bed.view(9).state.readings[-1].at == bed.at(9)


def test_a_clock_that_is_known_to_be_fast_tells_of_what_was(bed) -> None:
    sent(bed, Kind.note, 30, {"words": "x"}, arrives=-10)
    told = {**READING, "happened_at": bed.at(39).isoformat()}

    sent(bed, Kind.reading, 40, told, arrives=0)

    assert bed.view(1).state.readings[-1].at == bed.at(-1)
