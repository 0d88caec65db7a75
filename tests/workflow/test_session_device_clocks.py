"""What the clock of a bedside device can and cannot say."""

from __future__ import annotations

from copy import deepcopy
from uuid import uuid4

import pytest

from tests.bedside import DOSE, Bedside, make_bedside
from tests.factories import make_site
from vernal.rules.sessions import Kind
from vernal.workflow import sessions
from vernal.workflow.errors import NotPossibleNow
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
    bed: Bedside, kind: Kind, made: float, payload, *, arrives: float, counted: float | None = None
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
