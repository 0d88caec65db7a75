"""An alarm that calls, pauses or stops stays until somebody has entered what was done."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.unit.rules.session_log import INFUSION, Device, at, infusion
from vernal.rules.conditions import Compare, Unknown
from vernal.rules.screening import Scope
from vernal.rules.sessions import (
    Alarms,
    DoseAction,
    Kind,
    MonitoringRule,
    Urgency,
    alarms_standing,
    session_facts,
)
from vernal.rules.sessions.allowed import why_no_more_drug
from vernal.rules.sessions.answering import measured_since
from vernal.rules.sessions.fold import as_of

HIGH = 170


def rule(id: str, above: int, **changes: object) -> MonitoringRule:
    given = {
        "version": 1,
        "row": id,
        "title": id,
        "kind": "alarm",
        "phase": "during",
        "scope": Scope(),
        "steps": ("Look.",),
        "who": ("nurse",),
        "reason": "It is high.",
        "sources": (),
        "standing": "house",
        "when": Compare("systolic_mmhg", "above", Decimal(above)),
        "hazard": "pressure",
        "urgency": Urgency.call,
        "dose": DoseAction.pause,
    }
    return MonitoringRule(id=id, **{**given, **changes})


PAUSE = rule("pause", HIGH)
STOP = rule("stop", 180, dose=DoseAction.stop, urgency=Urgency.emergency)
WATCH = rule("watch", 130, dose=DoseAction.slow, urgency=Urgency.watch, hazard="watching")


def standing(device: Device, minute: float, *rules: MonitoringRule) -> Alarms:
    return alarms_standing(
        device.state(minute),
        session_facts,
        rules or (PAUSE, STOP, WATCH),
        route="iv",
        indication="trd",
    )


def answer(device: Device, minute: float, *names: str) -> None:
    device.add(Kind.alarm_acknowledged, minute, rules=list(names), words="Called Dr. Okafor")


def running() -> Device:
    device = Device()
    device.add(Kind.checked_in, -20)
    device.reading(-10)
    device.add(Kind.dose_started, 0, **INFUSION)
    return device


def alarmed(systolic: int = 175) -> Device:
    device = running()
    device.reading(10, systolic, 95)
    return device


def test_one_normal_reading_does_not_answer_an_alarm() -> None:
    device = alarmed()
    device.reading(15, 125, 80)

    (alarm,) = standing(device, 16).sounding

    assert (alarm.title, alarm.over) == ("pause", True)
    assert standing(device, 16).dose == DoseAction.pause
    assert standing(device, 16).unanswered == (alarm,)


def test_an_answer_ends_it_once_the_reading_is_normal() -> None:
    device = alarmed()
    answer(device, 12, "pause")
    assert [each.over for each in standing(device, 13, PAUSE).sounding] == [False]

    device.reading(15, 125, 80)

    assert standing(device, 16, PAUSE).sounding == ()


def test_an_alarm_waits_for_an_answer_while_it_still_sounds() -> None:
    device = alarmed()
    (alarm,) = standing(device, 11).unanswered
    assert (alarm.title, alarm.over) == ("pause", False)

    answer(device, 12, "pause")

    assert standing(device, 13, PAUSE).unanswered == ()
    assert len(standing(device, 13, PAUSE).sounding) == 1


def test_an_answer_about_something_else_ends_nothing() -> None:
    device = alarmed()
    answer(device, 12, "other")
    device.reading(15, 125, 80)

    assert len(standing(device, 16, PAUSE).unanswered) == 1


def test_an_alarm_that_begins_again_asks_again() -> None:
    device = alarmed()
    answer(device, 12, "pause")
    device.reading(15, 125, 80)
    device.reading(20, 176, 95)
    device.reading(25, 125, 80)

    assert len(standing(device, 26, PAUSE).unanswered) == 1


def test_a_stricter_alarm_of_the_same_hazard_asks_for_its_own_answer() -> None:
    device = alarmed()
    answer(device, 12, "pause")
    device.reading(15, 185, 95)
    device.reading(20, 175, 95)

    (alarm,) = standing(device, 21, PAUSE, STOP).sounding

    assert (alarm.title, alarm.over, alarm.dose) == ("stop", True, DoseAction.stop)


def test_what_only_asks_to_watch_ends_with_its_reading() -> None:
    device = alarmed(150)
    assert [each.title for each in standing(device, 11).sounding] == ["watch"]

    device.reading(15, 125, 80)

    assert standing(device, 16).sounding == ()


def test_an_answer_given_before_the_server_knew_of_the_alarm_is_none() -> None:
    device = running()
    late = at(40)
    device.reading(10, 175, 95, received_at=late)
    device.add(Kind.alarm_acknowledged, 12, rules=["pause"], words="Called", received_at=at(12))
    device.reading(15, 125, 80)

    assert len(standing(device, 41, PAUSE).unanswered) == 1


def test_correcting_the_words_of_an_old_answer_answers_no_new_alarm() -> None:
    device = running()
    device.reading(10, 175, 95, received_at=at(10))
    words = {"rules": ["pause"], "words": "Called"}
    old = device.add(Kind.alarm_acknowledged, 12, received_at=at(12), **words)
    for minute, systolic in ((15, 125), (20, 176), (23, 125)):
        device.reading(minute, systolic, 80, received_at=at(minute))

    told = {"reason": "Spelling", "replacement": {**words, "happened_at": at(21)}}
    device.add(Kind.correction, 24, corrects=old.id, received_at=at(24), **told)

    assert len(standing(device, 25, PAUSE).unanswered) == 1


def test_an_answer_that_arrives_late_answers_nothing_that_began_after_it() -> None:
    device = running()
    together = {"received_at": at(25), "entered_offline": True}
    device.reading(10, 175, 95, **together)
    words = {"rules": ["pause"], "words": "Called"}
    device.add(Kind.alarm_acknowledged, 12, **words, **together)
    assert standing(device, 25, PAUSE).unanswered == ()

    for minute, systolic in ((15, 125), (20, 176), (23, 125)):
        device.reading(minute, systolic, 80, **together)

    assert len(standing(device, 25, PAUSE).unanswered) == 1


@pytest.mark.parametrize(("told", "waiting"), [(20, 0), (19.9, 1)])
def test_an_answer_told_to_the_minute_counts_from_the_minute_of_the_alarm(told, waiting) -> None:
    device = running()
    device.reading(20.8, 175, 95, received_at=at(20.8))
    words = {"rules": ["pause"], "words": "Called", "happened_at": at(told)}
    device.add(Kind.alarm_acknowledged, 22, received_at=at(22), **words)

    assert len(standing(device, 23, PAUSE).unanswered) == waiting


@pytest.mark.parametrize(("behind", "waiting"), [(20, 0), (40, 1)])
def test_clocks_a_little_apart_take_no_answer_away(behind, waiting) -> None:
    device, other = running(), Device(name="bed-2", number=2)
    device.reading(20, 175, 95, received_at=at(20))
    words = {"rules": ["pause"], "words": "Called"}
    made = 20 - behind / 60
    late = {"received_at": at(21), "entered_offline": True}
    device.events.append(other.add(Kind.alarm_acknowledged, made, **words, **late))

    assert len(standing(device, 22, PAUSE).unanswered) == waiting


def test_what_nobody_knows_ends_no_alarm() -> None:
    device = alarmed()
    device.add(Kind.symptom, 12, answers={"panic": False})
    facts = iter([{}, {"systolic_mmhg": Decimal(175)}, {}, {}])  # reading, reading, symptom, now

    found = alarms_standing(
        device.state(13),
        lambda _state: next(facts),
        (PAUSE, rule("never", 1, when=None)),
        route="iv",
        indication="trd",
    )

    assert [each.title for each in found.unanswered] == ["pause"]


def test_a_reading_corrected_to_normal_raised_no_alarm() -> None:
    device = alarmed()
    (wrong,) = (e for e in device.events if e.payload.get("systolic_mmhg") == 175)
    device.add(
        Kind.correction,
        12,
        corrects=wrong.id,
        reason="Typed wrongly",
        replacement={"systolic_mmhg": 125, "diastolic_mmhg": 80},
    )

    assert standing(device, 13, PAUSE).sounding == ()


@pytest.mark.parametrize("systolic", [175, 185])
def test_after_an_alarm_the_drug_waits_for_the_answer_and_a_pressure(systolic: int) -> None:
    device = alarmed(systolic)
    device.add(Kind.dose_stopped, 11, reason="alarm")
    device.add(Kind.symptom, 13, answers={"panic": False})
    answer(device, 14, "pause", "stop")

    def reasons(minute: float) -> tuple[str, ...]:
        return why_no_more_drug(standing(device, minute, PAUSE, STOP), device.state(minute))

    assert "No pressure was taken since the alarm." in reasons(14)
    device.reading(15, 125, 80)
    assert reasons(16) == ()


def test_an_unanswered_alarm_names_what_is_missing() -> None:
    device = alarmed()
    device.reading(15, 125, 80)

    (reason,) = why_no_more_drug(standing(device, 16, PAUSE), device.state(16))

    assert reason == "pause: over, but nobody has entered what was done about it."


def test_without_an_alarm_no_reading_is_asked_for() -> None:
    assert measured_since(Device().state(0), None)


def test_the_log_up_to_an_entry_is_what_was_known_of_that_moment() -> None:
    state = infusion().state(50)
    at_thirty = next(each for each in state.of(Kind.reading) if each.at == at(30))

    then = as_of(state, at_thirty)

    assert then.now == at(30)
    assert then.dose.running
    assert len(then.readings) == 3
    assert session_facts(then)["rise_systolic_mmhg"] == 16
    assert at_thirty.known_at == at(30)
    assert then.dose.given_mg < state.dose.given_mg
    assert isinstance(session_facts(then)["moaas"], Unknown)
    assert then.now + timedelta(minutes=20) == state.now


def test_a_reading_that_arrives_later_takes_no_alarm_away() -> None:
    """A rise of 40 sounds; two higher readings told for before the dose change the baseline."""
    rise = rule("rise", 0, when=Compare("rise_systolic_mmhg", "at_least", Decimal(40)))
    device = running()
    device.reading(10, 165, 95, received_at=at(10))
    assert [each.title for each in standing(device, 11, rise).unanswered] == ["rise"]

    device.reading(12, 160, 95, received_at=at(12), happened_at=at(-2))
    device.reading(12, 160, 95, received_at=at(12), happened_at=at(-1))

    (alarm,) = standing(device, 13, rise).unanswered
    assert (alarm.title, alarm.over) == ("rise", True)


def test_what_arrived_later_is_no_part_of_what_was_known_then() -> None:
    device = running()
    device.reading(10, 165, 95, received_at=at(10))
    device.reading(12, 160, 95, received_at=at(12), happened_at=at(5))
    state = device.state(13)
    at_ten = next(each for each in state.of(Kind.reading) if each.at == at(10))

    assert len(as_of(state, at_ten).readings) == 3
    assert len(as_of(state, at_ten, by_then=True).readings) == 2
