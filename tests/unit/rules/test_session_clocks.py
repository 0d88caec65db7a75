"""The clocks that keep a patient here, as moments of the day."""

from __future__ import annotations

from decimal import Decimal

from tests.unit.rules.session_log import SPRAY, Device, at, infusion
from tests.unit.rules.test_discharge import NO_MINIMUM, PATIENT
from vernal.knowledge.monitoring import rules
from vernal.rules.discharge import Minimums
from vernal.rules.sessions import Kind, session_facts
from vernal.rules.sessions.clocks import ClockEnd, baseline_from, clock_ends

D = Decimal
FIRST = {**PATIENT, "first_session": True}


def ends(
    device: Device,
    minute: float,
    facts: dict = PATIENT,
    minimums: Minimums = NO_MINIMUM,
    route: str = "iv",
) -> tuple[ClockEnd, ...]:
    state = device.state(minute)
    known = {**facts, **session_facts(state)}
    return clock_ends(state, known, rules(), minimums=minimums, route=route, indication="trd")


def second_from(device: Device, minute: float, route: str = "iv") -> object:
    return baseline_from(device.state(minute), rules(), route=route, indication="trd")


def test_the_second_pressure_before_the_dose_counts_from_five_minutes_after_the_first() -> None:
    device = Device()
    device.add(Kind.checked_in, -20)
    before = second_from(device, -15)
    device.reading(-14)

    assert before is None
    assert second_from(device, -12) == at(-9)
    assert second_from(device, -9) is None
    assert baseline_from(device.state(-12), (), route="iv", indication="trd") is None


def test_both_clocks_of_an_infusion_must_run_out() -> None:
    (clock,) = ends(infusion(), 60)

    assert clock == ClockEnd("MON-035", at(120), D(120), "start")


def test_a_first_session_stays_two_hours_after_the_end() -> None:
    last, first = ends(infusion(), 60, FIRST)

    assert (last.at, last.least_min, last.since) == (at(160), D(120), "end")
    assert first.at == at(120)


def test_the_protocols_own_minimum_counts_and_the_last_to_end_comes_first() -> None:
    protocol = Minimums("iv-0.5", D(180), D(30))

    found = ends(infusion(), 60, minimums=protocol)

    assert [(each.criterion, each.at) for each in found] == [
        ("protocol.since_start", at(180)),
        ("MON-035", at(120)),
        ("protocol.since_end", at(70)),
    ]


def test_a_clock_that_has_run_out_is_gone() -> None:
    assert ends(infusion(), 125) == ()


def test_a_clock_from_the_last_of_two_sprays() -> None:
    device = Device()
    device.add(Kind.checked_in, -5)
    device.add(Kind.dose_given, 0, **SPRAY)
    device.add(Kind.dosing_finished, 2)

    (clock,) = ends(device, 10, route="nasal")

    assert (clock.criterion, clock.at) == ("MON-032", at(120))


def test_before_any_drug_no_clock_runs() -> None:
    assert ends(Device(), 0) == ()


def test_what_is_not_known_leaves_the_moment_open() -> None:
    """Whether it is the first session decides the longer clock: nobody promises a time."""
    unknown = {name: value for name, value in PATIENT.items() if name != "first_session"}

    found = ends(infusion(), 125, {**unknown, "first_session": True})

    assert [each.criterion for each in found] == ["MON-035-longer"]
