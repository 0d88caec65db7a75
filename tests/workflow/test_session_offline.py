"""What a device without network enters late: it is kept, and it takes no patient out of sight."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.bedside import READING, Bedside, make_bedside
from tests.factories import make_site
from vernal.rules.sessions import Kind, State

pytestmark = pytest.mark.django_db
WAYS_OUT = {
    Kind.session_stopped: {"reason": "Ate breakfast"},
    Kind.dosing_finished: {},
    Kind.left_against_advice: {
        "reason": "Wants to",
        "risks_explained": True,
        "clinician_told": "Dr. Okafor",
        "left_with": "Ash, by car",
        "telephone": "307 555 0147",
    },
    Kind.transferred: {"to": "ED", "reason": "Pain", "by": "car", "handed_over_to": "Dr. Lee"},
}


@pytest.fixture(scope="module")
def made(lasting) -> Bedside:
    bed = make_bedside(make_site())
    bed.infuse()
    return bed


@pytest.fixture
def bed(made, db) -> Bedside:
    return deepcopy(made)


@pytest.mark.parametrize("kind", WAYS_OUT)
@pytest.mark.parametrize("minute", [-1, 4])
def test_while_a_dose_runs_stop_readings_and_help_are_taken_whatever_came_late(
    bed, kind, minute
) -> None:
    bed.offline(kind, minute, WAYS_OUT[kind], arrives=5)

    bed.enter(Kind.reading, 6, {**READING, "systolic_mmhg": "186"})
    bed.enter(Kind.symptom, 6, {"answers": {"chest_pain": True}})
    bed.enter(Kind.intervention, 7, {"what": "oxygen", "words": "4 L"})
    assert bed.view(7).alarms.sounding
    bed.enter(Kind.dose_stopped, 8, {"reason": "alarm"})
    bed.reading(9)
    bed.enter(Kind.transferred, 10, WAYS_OUT[Kind.transferred])

    assert bed.view(11).state.state == State.transferred
