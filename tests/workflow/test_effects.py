"""Side effects told from home: kept, passed on, reminded of, and never in an audit entry."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail

from tests.coursing import make_coursing
from tests.factories import make_site, make_staff
from vernal.accounts.models import OnCall, Role
from vernal.knowledge.alerts import escalation
from vernal.records.models import Alert, AlertEscalated, EffectsReported, Message
from vernal.rules.sessions import Kind
from vernal.workflow import effects
from vernal.workflow.alerts import escalate_overdue
from vernal.workflow.course_so_far import session_so_far
from vernal.workflow.effects import Told, everything_felt, newest_told
from vernal.workflow.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow
from vernal.workflow.mail import DELIVERIES
from vernal.workflow.outbox import send_due

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def made(lasting):
    return make_coursing(make_site(), given=1)


@pytest.fixture
def course(made, db):
    return deepcopy(made)


@pytest.fixture
def site(course):
    return course.planning.chart.site


def questions_sent(course) -> list[str]:
    """Letters with a question that went out to the patient, as they were sent."""
    send_due(DELIVERIES, clock=lambda: course.dose_at() + 5 * HOUR)
    mine = [each for each in mail.outbox if each.to == [course.patient.user.email]]
    return [f"{each.subject} {each.body}" for each in mine if "question" in each.subject]


def letters() -> list[str]:
    return list(Message.objects.filter(kind="effects_due").values_list("key", flat=True))


@pytest.mark.parametrize(
    ("effect", "severity", "opens"),
    [
        ("headache", 2, []),
        ("headache", 3, ["severe_effect"]),
        ("bladder", 1, []),
        ("bladder", 2, ["severe_effect"]),
        ("nausea", 3, []),
        ("suicidal", 1, ["suicidal_thoughts"]),
    ],
)
def test_an_alert_opens_from_the_severity_at_which_a_clinician_hears_of_it(
    course, effect, severity, opens
) -> None:
    course.tell(1, Told(effect, severity))

    assert list(Alert.objects.values_list("kind", flat=True)) == opens


def test_two_kinds_of_danger_open_two_alerts(course) -> None:
    course.tell(1, Told("suicidal", 3), Told("vomiting", 3))

    assert set(Alert.objects.values_list("kind", flat=True)) == {
        "suicidal_thoughts", "severe_effect"
    }  # fmt: skip


def test_the_person_on_call_hears_first_and_everyone_when_nobody_answers(course, site) -> None:
    OnCall.objects.create(
        site=site, user=course.prescriber, since=course.dose_at(), set_by=course.prescriber
    )
    course.tell(1, Told("anxiety", 3))
    alert = Alert.objects.get()
    told_first = set(Message.objects.filter(kind="alert").values_list("to_user_id", flat=True))

    escalate_overdue(at=alert.at + escalation().repeat_after)

    told = set(Message.objects.filter(kind="alert").values_list("to_user_id", flat=True))
    assert told_first == {course.prescriber.pk}
    assert course.nurse.pk in told
    assert AlertEscalated.objects.count() == 1


def test_a_second_report_while_the_alert_waits_opens_no_second_one(course) -> None:
    course.tell(1, Told("headache", 3))
    course.tell(1, Told("headache", 3), asked_at="next_day")

    assert Alert.objects.count() == 1
    assert EffectsReported.objects.count() == 2


def test_a_stronger_or_another_severe_effect_is_sent_again(course) -> None:
    course.tell(1, Told("bladder", 2))
    course.tell(1, Told("bladder", 3), asked_at="next_day")
    course.tell(1, Told("bladder", 3), Told("headache", 3), asked_at="next_day")
    course.tell(1, Told("headache", 3), asked_at="next_day")

    assert Alert.objects.count() == 3


@pytest.mark.parametrize(
    "told",
    [
        Told("tea", 1),
        Told("nose", 1),
        Told("nausea", 0),
        Told("nausea", 4),
        Told("nausea", 1, began="tomorrow"),
        Told("nausea", 1, ended="never"),
    ],
)
def test_what_the_list_does_not_know_is_refused(course, told) -> None:
    with pytest.raises(InvalidInput):
        course.tell(1, told)

    assert not EffectsReported.objects.exists()


def test_an_effect_is_told_once_in_a_report(course) -> None:
    with pytest.raises(InvalidInput):
        course.tell(1, Told("nausea", 1), Told("nausea", 2))


def test_words_too_long_or_unreadable_are_refused(course) -> None:
    for words in ("x" * 4001, "zero \x00 byte"):
        with pytest.raises(InvalidInput):
            course.tell(1, words=words)


def test_a_moment_that_is_not_asked_at_home_is_refused(course) -> None:
    with pytest.raises(InvalidInput):
        course.tell(1, asked_at="session_end")


@pytest.mark.parametrize(("minutes", "accepted"), [(239, False), (240, True)])
def test_four_hours_are_four_hours(course, minutes, accepted) -> None:
    at = course.dose_at() + timedelta(minutes=minutes)

    if accepted:
        course.tell(1, at=at)
    else:
        with pytest.raises(NotPossibleNow, match="too early"):
            course.tell(1, at=at)

    assert EffectsReported.objects.count() == accepted


def test_without_a_dose_there_is_nothing_to_ask(course) -> None:
    with pytest.raises(NotPossibleNow, match="No dose was given"):
        course.tell(2)


def test_a_dose_that_was_struck_out_is_no_dose(site) -> None:
    course = make_coursing(site)
    session = course.session()
    course.enter(session, Kind.checked_in, session.planned_at - HOUR, {})

    assert not session_so_far(session, at=session.planned_at + HOUR).is_given


def test_nobody_tells_of_another_patients_session(course, site) -> None:
    other = make_coursing(site, given=1)

    with pytest.raises(NotFound):
        course.tell(1, by=other.patient.user)


def test_the_front_desk_does_not_ask(course, site) -> None:
    with pytest.raises(NotAllowed):
        course.tell(1, by=make_staff(Role.front_desk, site))


def test_what_the_log_says_and_what_was_told_at_home_are_one_list(course) -> None:
    course.note_effect(1, "nausea", 2)
    course.tell(1, Told("nausea", 1))
    session = session_so_far(course.session(), at=course.dose_at() + 6 * HOUR)

    felt = everything_felt(session, newest_told([session.id])[session.id].values())

    strong = {(each.asked_at, each.severity) for each in felt if each.effect == "nausea"}
    assert strong == {("session_end", 2), ("four_hours", 1)}


def test_a_letter_reminds_once_of_each_question(course) -> None:
    for hours in (3, 4, 5, 22, 23, 71, 72, 80):
        effects.remind(at=course.dose_at() + hours * HOUR)

    session_id = course.session().pk
    assert letters() == [
        f"effects_due:{session_id}:four_hours",
        f"effects_due:{session_id}:next_day",
    ]


def test_nobody_is_reminded_of_what_was_answered(course) -> None:
    course.tell(1)

    effects.remind(at=course.dose_at() + 5 * HOUR)

    assert letters() == []


def test_a_round_without_anything_to_remind_of_asks_little(
    course, django_assert_max_num_queries
) -> None:
    course.tell(1)
    effects.remind(at=course.dose_at() + 5 * HOUR)

    with django_assert_max_num_queries(5):
        effects.remind(at=course.dose_at() + 6 * HOUR)


def test_the_letter_names_nobody_and_no_effect(course) -> None:
    effects.remind(at=course.dose_at() + 5 * HOUR)

    (text,) = questions_sent(course)

    assert "988" in text
    assert "307 555 0100" in text
    for word in ("Wren", "Hollis", "ketamine", "effect", "treatment", "session"):
        assert word.lower() not in text.lower()


def test_whoever_has_answered_in_the_meantime_hears_nothing(course) -> None:
    effects.remind(at=course.dose_at() + 5 * HOUR)
    course.tell(1)

    assert questions_sent(course) == []


def test_the_same_report_twice_is_one_and_another_under_its_id_is_refused(course) -> None:
    report_id = course.tell(1, Told("nausea", 1), id=uuid4())
    course.tell(1, Told("nausea", 1), id=report_id)

    with pytest.raises(NotPossibleNow):
        course.tell(1, Told("nausea", 2), id=report_id)

    assert EffectsReported.objects.count() == 1
