"""Alerts: who is told, when more are told, and who takes one on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from tests.factories import (
    make_alert,
    make_patient,
    make_site,
    make_staff,
    tell_item_9,
    tell_thoughts,
)
from vernal.accounts.models import OnCall, Role
from vernal.audit.models import Entry
from vernal.knowledge.alerts import escalation
from vernal.records.models import Alert, AlertEscalated, Message, Patient
from vernal.workflow import alerts
from vernal.workflow.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow

pytestmark = pytest.mark.django_db
OPENED = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
WAIT = escalation().repeat_after
CLOSE = escalation().close_repeats
LATER = escalation().later_every


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def patient(site):
    return make_patient(make_staff(Role.front_desk, site), site, at=OPENED - timedelta(days=1))


@pytest.fixture
def nurse(site):
    return make_staff(Role.nurse, site)


@pytest.fixture
def prescriber(site):
    return make_staff(Role.prescriber, site)


def put_on_call(user, site) -> None:
    OnCall.objects.create(site=site, user=user, since=OPENED - timedelta(days=1), set_by=user)


def told(step: int | None = None) -> set:
    messages = Message.objects.filter(kind="alert")
    if step is not None:
        messages = messages.filter(key__contains=f":{step}:")
    return set(messages.values_list("to_user_id", flat=True))


class TestOpening:
    def test_the_person_on_call_is_told_and_nobody_else(self, patient, site, nurse, prescriber):
        put_on_call(prescriber, site)

        make_alert(patient, at=OPENED)

        assert told() == {prescriber.pk}
        assert Alert.objects.get().on_call == prescriber

    def test_with_nobody_on_call_all_clinical_staff_are_told(
        self, patient, site, nurse, prescriber
    ):
        make_staff(Role.administrator, site)
        make_staff(Role.nurse, make_site("cheyenne"))

        make_alert(patient, at=OPENED)

        assert told() == {nurse.pk, prescriber.pk}

    @pytest.mark.parametrize("how", ["deactivated", "role ended"])
    def test_one_on_call_who_no_longer_works_there_does_not_swallow_the_alert(
        self, patient, site, nurse, prescriber, how
    ):
        put_on_call(prescriber, site)
        if how == "deactivated":
            prescriber.is_active = False
            prescriber.save()
        else:
            prescriber.memberships.update(ended_at=OPENED, ended_by=nurse)

        make_alert(patient, at=OPENED)

        assert told() == {nurse.pk}
        assert Alert.objects.get().on_call is None

    def test_deactivated_staff_are_not_told(self, patient, nurse, prescriber):
        nurse.is_active = False
        nurse.save()

        make_alert(patient, at=OPENED)

        assert told() == {prescriber.pk}

    def test_the_same_source_twice_is_one_alert(self, patient, nurse):
        source = f"section:{uuid4()}"

        for _ in range(2):
            with transaction.atomic():
                alerts.open_alert(
                    by=patient.user,
                    patient=Patient.objects.get(pk=patient.patient_id),
                    kind=Alert.Kind.suicidal_thoughts,
                    source=source,
                    at=OPENED,
                )

        assert Alert.objects.count() == Message.objects.filter(kind="alert").count() == 1

    def test_after_one_was_taken_on_a_new_report_opens_another(self, patient, nurse):
        first = make_alert(patient, at=OPENED)
        alerts.acknowledge_alert(by=nurse, alert_id=first, note="I called.", at=OPENED)

        make_alert(patient, at=OPENED + timedelta(hours=1))

        assert Alert.objects.filter(acknowledged=None).count() == 1


class TestWorseAnswers:
    """While one waits, only a worse answer is news: with a message and a clock of its own."""

    def letters(self) -> list[tuple]:
        return list(Message.objects.order_by("made_at", "id").values_list("kind", "to_user_id"))

    @pytest.fixture(autouse=True)
    def on_call(self, patient, nurse, prescriber, site) -> None:
        put_on_call(prescriber, site)
        Message.objects.all().delete()  # the patient's invitation

    @pytest.mark.parametrize(
        ("tell", "first", "then"),
        [(tell_thoughts, 1, 4), (tell_thoughts, 4, 5), (tell_item_9, 1, 3)],
    )
    def test_a_worse_answer_is_sent_at_once_as_news(
        self, patient, prescriber, tell, first, then
    ) -> None:
        tell(patient, first, at=OPENED)
        tell(patient, then, at=OPENED + timedelta(minutes=2))

        assert self.letters() == [("alert", prescriber.pk), ("worse_alert", prescriber.pk)]
        assert Alert.objects.filter(acknowledged=None).count() == 2
        opened = Entry.objects.filter(act="alert.opened").order_by("sequence")
        assert [entry.details["worse"] for entry in opened] == [False, True]

    @pytest.mark.parametrize(
        ("tell", "first", "then"),
        [(tell_thoughts, 4, 4), (tell_thoughts, 5, 1), (tell_item_9, 3, 3), (tell_item_9, 3, 1)],
    )
    def test_an_equal_or_milder_answer_repeats_nothing(
        self, patient, prescriber, tell, first, then
    ) -> None:
        tell(patient, first, at=OPENED)
        for minutes in (2, 3):
            tell(patient, then, at=OPENED + timedelta(minutes=minutes))

        assert self.letters() == [("alert", prescriber.pk)]
        assert Alert.objects.count() == 1

    def test_the_worst_that_waits_is_the_measure_not_the_last(self, patient) -> None:
        for minutes, level in enumerate((1, 5, 1, 4)):
            tell_thoughts(patient, level, at=OPENED + timedelta(minutes=minutes))

        assert Alert.objects.count() == 2

    def test_nearly_every_day_is_news_beside_a_wish_to_be_dead_and_not_beside_a_plan(
        self, patient
    ) -> None:
        tell_thoughts(patient, 1, at=OPENED)
        tell_item_9(patient, 3, at=OPENED + timedelta(minutes=1))
        assert Alert.objects.count() == 2

        tell_thoughts(patient, 5, at=OPENED + timedelta(minutes=2))
        tell_item_9(patient, 3, at=OPENED + timedelta(minutes=3))
        assert Alert.objects.count() == 3

    def test_whoever_is_on_call_by_then_hears_of_it(self, patient, nurse, site) -> None:
        tell_thoughts(patient, 1, at=OPENED)
        OnCall.objects.create(site=site, user=nurse, since=OPENED, set_by=nurse)

        tell_thoughts(patient, 5, at=OPENED + timedelta(hours=1))

        assert self.letters()[-1] == ("worse_alert", nurse.pk)
        assert Alert.objects.get(on_call=nurse).at == OPENED + timedelta(hours=1)

    def test_each_escalates_by_its_own_clock_until_the_worse_one_reached_everyone(
        self, patient
    ) -> None:
        tell_thoughts(patient, 1, at=OPENED)
        tell_thoughts(patient, 5, at=OPENED + WAIT / 2)
        first, worse = Alert.objects.order_by("at")

        told = [alerts.escalate_overdue(at=OPENED + WAIT * half / 2) for half in range(1, 7)]

        steps = AlertEscalated.objects.order_by("at").values_list("alert", "step")
        assert told == [0, 1, 1, 0, 1, 0]
        assert list(steps) == [(first.pk, 1), (worse.pk, 1), (worse.pk, 2)]

    def test_taking_the_worse_one_on_takes_on_what_waited_before_it(self, patient, nurse) -> None:
        tell_thoughts(patient, 1, at=OPENED)
        tell_thoughts(patient, 5, at=OPENED + timedelta(minutes=2))
        worse = Alert.objects.latest("at")

        alerts.acknowledge_alert(by=nurse, alert_id=worse.pk, note="I called.", at=timezone.now())

        assert not Alert.objects.filter(acknowledged=None).exists()
        assert Entry.objects.filter(act="alert.acknowledged").count() == 2

    def test_taking_on_the_first_leaves_the_worse_one_waiting(self, patient, nurse) -> None:
        tell_thoughts(patient, 1, at=OPENED)
        first = Alert.objects.get()
        tell_thoughts(patient, 5, at=OPENED + timedelta(minutes=2))

        alerts.acknowledge_alert(by=nurse, alert_id=first.pk, note="I called.", at=timezone.now())

        assert Alert.objects.get(acknowledged=None).at == OPENED + timedelta(minutes=2)
        assert alerts.escalate_overdue(at=OPENED + 2 * WAIT) == 1

    def test_an_alert_of_another_kind_is_not_taken_on_with_it(self, patient, nurse) -> None:
        Alert.objects.create(
            at=OPENED,
            by=nurse,
            patient_id=patient.patient_id,
            kind=Alert.Kind.severe_effect,
            source=f"effects:{uuid4()}:severe_effect",
        )
        tell_thoughts(patient, 5, at=OPENED + timedelta(minutes=2))
        thoughts = Alert.objects.get(kind=Alert.Kind.suicidal_thoughts)

        alerts.acknowledge_alert(by=nurse, alert_id=thoughts.pk, note="Called.", at=timezone.now())

        assert Alert.objects.get(acknowledged=None).kind == Alert.Kind.severe_effect

    def test_once_taken_on_any_answer_opens_a_new_one(self, patient, nurse, prescriber) -> None:
        tell_thoughts(patient, 5, at=OPENED)
        first = Alert.objects.get()
        alerts.acknowledge_alert(by=nurse, alert_id=first.pk, note="I called.", at=OPENED)

        tell_thoughts(patient, 1, at=OPENED + timedelta(hours=1))

        assert Alert.objects.filter(acknowledged=None).count() == 1
        assert self.letters() == [("alert", prescriber.pk)] * 2


class TestEscalating:
    def test_nothing_happens_before_the_time(self, patient, nurse):
        make_alert(patient, at=OPENED)

        assert alerts.escalate_overdue(at=OPENED + WAIT - timedelta(seconds=1)) == 0

    def test_everyone_clinical_is_told_once_a_step(self, patient, site, nurse, prescriber):
        put_on_call(prescriber, site)
        make_alert(patient, at=OPENED)

        first = [alerts.escalate_overdue(at=OPENED + WAIT) for _ in range(3)]
        second = [alerts.escalate_overdue(at=OPENED + 2 * WAIT) for _ in range(3)]

        assert (first, second) == ([1, 0, 0], [1, 0, 0])
        assert told(step=1) == told(step=2) == {nurse.pk, prescriber.pk}
        assert Message.objects.filter(kind="alert").count() == 5

    def test_two_workers_that_saw_the_same_alert_tell_once(self, patient, nurse):
        alert_id = make_alert(patient, at=OPENED)
        at = OPENED + WAIT

        # Both have read that step 1 is due; then one after the other writes.
        done = [alerts._escalate(alert_id, step=1, at=at) for _ in range(2)]

        assert done == [True, False]
        assert AlertEscalated.objects.count() == 1
        assert Message.objects.filter(key__contains=":1:").count() == 1
        assert Entry.objects.filter(act="alert.escalated").count() == 1

    def test_steps_a_worker_slept_through_become_one(self, patient, nurse):
        make_alert(patient, at=OPENED)

        rounds = [alerts.escalate_overdue(at=OPENED + 5 * WAIT) for _ in range(3)]

        assert rounds == [1, 0, 0]
        assert AlertEscalated.objects.get().step == 5

    def test_it_goes_on_more_slowly_and_never_ends_by_itself(self, patient, nurse):
        make_alert(patient, at=OPENED)
        close = [OPENED + number * WAIT for number in range(1, CLOSE + 1)]
        later = [close[-1] + number * LATER for number in range(1, 100)]

        told = [alerts.escalate_overdue(at=at) for at in [*close, close[-1] + WAIT, *later]]

        assert told == [1] * CLOSE + [0] + [1] * len(later)

    def test_a_taken_on_alert_stops(self, patient, nurse):
        alert_id = make_alert(patient, at=OPENED)
        alerts.acknowledge_alert(by=nurse, alert_id=alert_id, note="I called.", at=OPENED)

        assert alerts.escalate_overdue(at=OPENED + 3 * WAIT) == 0
        assert not alerts._escalate(alert_id, step=1, at=OPENED + WAIT)

    def test_deactivated_staff_are_not_told(self, patient, nurse, prescriber):
        make_alert(patient, at=OPENED)
        prescriber.is_active = False
        prescriber.save()

        alerts.escalate_overdue(at=OPENED + WAIT)

        assert told(step=1) == {nurse.pk}

    def test_whoever_works_there_at_that_moment_is_told(self, patient, site, nurse):
        make_alert(patient, at=OPENED)
        newcomer = make_staff(Role.medical_director, site)

        alerts.escalate_overdue(at=OPENED + WAIT)

        assert told(step=1) == {nurse.pk, newcomer.pk}

    def test_the_audit_entry_names_the_step_and_no_answer(self, patient, nurse):
        make_alert(patient, at=OPENED)

        alerts.escalate_overdue(at=OPENED + WAIT)

        entry = Entry.objects.get(act="alert.escalated")
        assert (entry.actor_id, entry.details["step"]) == (None, 1)


class TestTakingOn:
    def test_the_first_holds_it_and_the_second_is_told_who(self, patient, nurse, prescriber):
        alert_id = make_alert(patient)
        alerts.acknowledge_alert(by=nurse, alert_id=alert_id, note="Mine.", at=timezone.now())

        with pytest.raises(NotPossibleNow, match=nurse.name):
            alerts.acknowledge_alert(
                by=prescriber, alert_id=alert_id, note="Mine.", at=timezone.now()
            )

        assert Alert.objects.get().acknowledged.by == nurse

    def test_twice_by_the_same_person_is_once(self, patient, nurse):
        alert_id = make_alert(patient)

        for note in ("I called.", "I called again."):
            alerts.acknowledge_alert(by=nurse, alert_id=alert_id, note=note, at=timezone.now())

        assert Alert.objects.get().acknowledged.note == "I called."
        assert Entry.objects.filter(act="alert.acknowledged").count() == 1

    @pytest.mark.parametrize("note", ["", "   "])
    def test_it_asks_what_was_done(self, patient, nurse, note):
        with pytest.raises(InvalidInput):
            alerts.acknowledge_alert(
                by=nurse, alert_id=make_alert(patient), note=note, at=timezone.now()
            )

    @pytest.mark.parametrize("role", [Role.front_desk, Role.administrator])
    def test_only_clinical_staff_take_it_on(self, patient, site, role):
        with pytest.raises(NotAllowed):
            alerts.acknowledge_alert(
                by=make_staff(role, site),
                alert_id=make_alert(patient),
                note="x",
                at=timezone.now(),
            )

    def test_staff_of_another_site_and_the_patient_find_none(self, patient):
        alert_id = make_alert(patient)
        stranger = make_staff(Role.nurse, make_site("cheyenne"))

        for by in (stranger, patient.user):
            with pytest.raises(NotFound):
                alerts.acknowledge_alert(by=by, alert_id=alert_id, note="x", at=timezone.now())
