"""From saved sections to facts: the newest counts, and not knowing stays not knowing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from tests.factories import make_patient, make_site, make_staff
from vernal.accounts.models import Role
from vernal.knowledge.facts import sections
from vernal.records.models import Patient
from vernal.rules.conditions import Unknown
from vernal.workflow import intake
from vernal.workflow.history import history_of, saves_of
from vernal.workflow.intake import MedicineLine, TrialLine
from vernal.workflow.lines import TIMES_PER_DAY

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
TODAY = date(2026, 3, 4)


@pytest.fixture
def patient():
    site = make_site()
    return make_patient(make_staff(Role.front_desk, site), site, at=AT.replace(day=1))


def history(patient):
    return history_of(Patient.objects.get(pk=patient.patient_id), on=TODAY)


def save(patient, section_id, typed, *, at=AT) -> None:
    intake.save_answers(
        by=patient.user,
        patient_id=patient.patient_id,
        section_id=section_id,
        typed=typed,
        id=uuid4(),
        at=at,
    )


def save_lines(patient, section_id, *lines) -> None:
    intake.save_lines(
        by=patient.user,
        patient_id=patient.patient_id,
        section_id=section_id,
        lines=lines,
        id=uuid4(),
        at=AT,
    )


def test_nothing_saved_is_nothing_known(patient) -> None:
    found = history(patient)

    assert found.saved == {}
    assert isinstance(found.medicines, Unknown)
    told = {name: value for name, value in found.facts.items() if name != "suicide_alert_open"}
    assert all(isinstance(value, Unknown) for value in told.values())
    assert found.facts["suicide_alert_open"] is False  # from the alerts, not from an answer


def test_the_newest_answer_counts_and_earlier_ones_stay(patient) -> None:
    save(patient, "about_you", {"birth_date": "1980-01-01"}, at=AT.replace(hour=10))
    save(patient, "about_you", {"birth_date": "1990-01-01"}, at=AT.replace(hour=11))

    assert history(patient).facts["age_years"] == 36
    (section,) = (each for each in sections() if each.id == "about_you")
    earlier = saves_of(Patient.objects.get(pk=patient.patient_id), section)
    assert [each.answers["birth_date"] for each in earlier] == ["1990-01-01", "1980-01-01"]


def test_a_question_answered_and_then_emptied_is_open_again(patient) -> None:
    save(patient, "allergies", {"allergy_ketamine": "no"}, at=AT.replace(hour=10))
    save(patient, "allergies", {}, at=AT.replace(hour=11))

    assert isinstance(history(patient).facts["allergy_ketamine"], Unknown)


def test_medicines_are_known_only_when_both_lists_are_saved(patient) -> None:
    save_lines(patient, "medicines")
    assert history(patient).medicines == Unknown.of("stopped_medicines")

    save_lines(patient, "stopped_medicines")
    assert history(patient).medicines == ()


@pytest.mark.parametrize("times", TIMES_PER_DAY.values(), ids=TIMES_PER_DAY)
def test_how_often_reaches_the_rules_as_it_was_chosen(patient, times) -> None:
    save_lines(patient, "medicines", MedicineLine("sertraline", Decimal(70), "mg", times))
    save_lines(patient, "stopped_medicines")

    (taken,) = history(patient).medicines
    assert (taken.times_per_day, taken.as_needed) == (times, False)
    assert taken.daily_dose == 70 * times
    assert taken.medicine.id == "sertraline"


def test_once_a_week_loses_nothing() -> None:
    assert 7 * TIMES_PER_DAY["once_a_week"] == 1
    assert 70 * TIMES_PER_DAY["once_a_week"] == 10


def test_as_needed_without_a_most_is_not_known(patient) -> None:
    save_lines(
        patient, "medicines", MedicineLine("lorazepam", Decimal(1), "mg", None, as_needed=True)
    )
    save_lines(patient, "stopped_medicines")

    (taken,) = history(patient).medicines
    assert taken.as_needed
    assert taken.times_per_day == Unknown.of("medicine_times_per_day")


def test_a_stopped_medicine_without_a_day_is_stopped_on_an_unknown_day(patient) -> None:
    save_lines(patient, "medicines")
    save_lines(
        patient,
        "stopped_medicines",
        MedicineLine("fluoxetine"),
        MedicineLine("sertraline", stopped_on=TODAY),
    )

    unknown_day, today = history(patient).medicines
    assert unknown_day.stopped_on == Unknown.of("medicine_stopped_on")
    assert today.stopped_on == TODAY


def test_a_name_that_is_not_on_the_list_stays_as_it_was_typed(patient) -> None:
    save_lines(patient, "medicines", MedicineLine("Grandmother's sleep drops"))
    save_lines(patient, "stopped_medicines")

    (taken,) = history(patient).medicines
    assert (taken.medicine, taken.name) == (None, "Grandmother's sleep drops")


def test_two_failed_trials_are_counted(patient) -> None:
    trial = ("no_response", "yes")
    save_lines(
        patient,
        "antidepressant_trials",
        TrialLine("sertraline", Decimal(150), "mg", Decimal(12), *trial),
        TrialLine("venlafaxine", Decimal(225), "mg", Decimal(10), *trial),
    )

    assert history(patient).facts["failed_trials"] == 2


def test_a_trial_of_which_too_little_is_known_stays_unknown(patient) -> None:
    save_lines(patient, "antidepressant_trials", TrialLine("sertraline"))

    assert isinstance(history(patient).facts["failed_trials"], Unknown)


def test_the_whole_history_is_two_queries(patient, django_assert_num_queries) -> None:
    save(patient, "allergies", {"allergy_ketamine": "no"})
    save_lines(patient, "medicines", MedicineLine("sertraline"))
    row = Patient.objects.get(pk=patient.patient_id)

    with django_assert_num_queries(2):
        history_of(row, on=TODAY)
