"""Saving the history: who may, what is kept, what opens an alert, what the audit chain says."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.factories import make_patient, make_site, make_staff
from vernal.accounts.models import Role
from vernal.audit.models import Entry
from vernal.knowledge.facts import facts, sections
from vernal.records.models import Alert, Assessment, IntakeSent, SectionSaved
from vernal.workflow import intake
from vernal.workflow.demo.answers import answers_to
from vernal.workflow.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow
from vernal.workflow.intake import MedicineLine, TrialLine

pytestmark = pytest.mark.django_db
CLINICAL = (Role.nurse, Role.prescriber, Role.medical_director)
STAFF_SECTIONS = [each.id for each in sections() if each.asked_of == "staff"]
PHQ9 = {str(number): 1 for number in range(1, 9)} | {"9": 0}


@pytest.fixture
def site():
    return make_site()


@pytest.fixture
def patient(site):
    return make_patient(make_staff(Role.front_desk, site), site)


def save(patient, section_id, by=None, *, typed=None, **changes):
    given = {
        "by": by or patient.user,
        "patient_id": patient.patient_id,
        "section_id": section_id,
        "typed": answers_to(section_id, {}) if typed is None else typed,
        "id": uuid4(),
        "at": timezone.now(),
    }
    intake.save_answers(**{**given, **changes})


def save_lines(patient, section_id="medicines", by=None, *, lines=(), **changes):
    given = {"id": uuid4(), "at": timezone.now()}
    intake.save_lines(
        by=by or patient.user,
        patient_id=patient.patient_id,
        section_id=section_id,
        lines=lines,
        **{**given, **changes},
    )


def save_phq9(patient, by=None, *, answers=PHQ9, **changes):
    given = {"id": uuid4(), "at": timezone.now()}
    intake.save_scale(
        by=by or patient.user,
        patient_id=patient.patient_id,
        scale_id="phq-9",
        answers=answers,
        **{**given, **changes},
    )


class TestWhoMaySave:
    @pytest.mark.parametrize("section_id", STAFF_SECTIONS)
    def test_a_patient_cannot_save_what_staff_are_asked(self, patient, section_id) -> None:
        with pytest.raises((NotAllowed, NotFound)):
            save(patient, section_id)

        assert not SectionSaved.objects.exists()

    @pytest.mark.parametrize("role", CLINICAL)
    def test_clinical_staff_take_any_section_down(self, patient, site, role) -> None:
        member = make_staff(role, site)

        save(patient, "about_you", by=member)
        save(patient, "examination", by=member)

        assert SectionSaved.objects.filter(by=member).count() == 2

    @pytest.mark.parametrize("role", [Role.front_desk, Role.administrator])
    def test_other_roles_are_refused_with_the_reason(self, patient, site, role) -> None:
        with pytest.raises(NotAllowed, match="taken down by nurses"):
            save(patient, "about_you", by=make_staff(role, site))

    def test_staff_of_another_site_find_no_such_patient(self, patient) -> None:
        stranger = make_staff(Role.prescriber, make_site("cheyenne"))

        for act in (
            lambda: save(patient, "about_you", by=stranger),
            lambda: save(patient, "examination", by=stranger),
            lambda: save_lines(patient, by=stranger),
            lambda: save_phq9(patient, by=stranger),
        ):
            with pytest.raises(NotFound):
                act()

    def test_another_patient_finds_no_such_chart(self, patient, site) -> None:
        other = make_patient(make_staff(Role.front_desk, site), site)

        for act in (
            lambda: save(patient, "about_you", by=other.user),
            lambda: save_phq9(patient, by=other.user),
            lambda: intake.send_intake(
                by=other.user, patient_id=patient.patient_id, at=timezone.now()
            ),
        ):
            with pytest.raises(NotFound):
                act()

    def test_a_section_that_does_not_exist_is_not_found(self, patient) -> None:
        with pytest.raises(NotFound):
            save(patient, "about_us", typed={})


class TestAudit:
    def test_each_save_is_on_record_without_an_answer(self, patient) -> None:
        save(patient, "support_at_home", typed={"person_to_call": "Aunt Maple"})
        save_lines(patient, lines=[MedicineLine("sertraline", Decimal(137), "mg")])
        save_phq9(patient)

        acts = [*Entry.objects.values_list("act", flat=True)]
        kept = "".join(f"{entry.subject}{entry.details}" for entry in Entry.objects.all())
        assert acts.count("section.saved") == 2
        assert acts.count("scale.saved") == 1
        assert not any(word in kept for word in ("Maple", "sertraline", "137", "answers"))

    def test_the_same_form_twice_is_one_save(self, patient) -> None:
        form = {"id": uuid4(), "at": timezone.now()}

        for _ in range(2):
            save(patient, "about_you", **form)

        assert SectionSaved.objects.count() == 1
        assert Entry.objects.filter(act="section.saved").count() == 1

    def test_the_same_form_with_other_answers_is_refused(self, patient) -> None:
        form = {"id": uuid4()}
        save(patient, "about_you", **form)

        with pytest.raises(NotPossibleNow, match="other answers"):
            save(patient, "about_you", typed={"sex_at_birth": "male"}, **form)

    def test_a_change_is_a_new_row_and_the_old_one_stays(self, patient) -> None:
        save(patient, "about_you", typed={"sex_at_birth": "male"})
        save(patient, "about_you", typed={"sex_at_birth": "female"})

        assert SectionSaved.objects.count() == 2


class TestSuicidalThoughts:
    @pytest.mark.parametrize(
        "fact",
        [
            "wish_to_be_dead",
            "thoughts_of_ending_life",
            "suicidal_method",
            "suicidal_intention",
            "suicidal_plan_or_steps",
        ],
    )
    def test_any_yes_opens_one_alert_however_often_it_is_saved(self, patient, fact) -> None:
        for _ in range(2):
            save(patient, "suicidal_thoughts", typed={fact: "yes"})

        assert Alert.objects.get().kind == "suicidal_thoughts"

    @pytest.mark.parametrize("answer", ["no", "unknown", "declined", ""])
    def test_no_and_open_answers_open_none(self, patient, answer) -> None:
        save(patient, "suicidal_thoughts", typed={"wish_to_be_dead": answer})

        assert not Alert.objects.exists()

    def test_a_recent_attempt_opens_an_alert(self, patient) -> None:
        save(patient, "suicidal_thoughts", typed={"suicide_attempt_when": "within_3_months"})

        assert Alert.objects.exists()

    def test_a_clinicians_rating_opens_an_alert_and_none_does_not(self, patient, site) -> None:
        nurse = make_staff(Role.nurse, site)
        rated = "clinician_suicidal_ideation_level"

        save(patient, "mental_state", by=nurse, typed={rated: "0"})
        assert not Alert.objects.exists()
        save(patient, "mental_state", by=nurse, typed={rated: "2"})
        assert Alert.objects.exists()

    def test_item_9_opens_an_alert_even_when_all_else_is_open(self, patient) -> None:
        save_phq9(patient, answers={"9": 1})

        assert Alert.objects.get().source.startswith("assessment:")

    def test_item_9_at_zero_or_open_opens_none(self, patient) -> None:
        save_phq9(patient, answers={"9": 0})
        save_phq9(patient, answers={"1": 3})

        assert not Alert.objects.exists()

    def test_two_ways_of_saying_it_are_one_alert(self, patient) -> None:
        save(patient, "suicidal_thoughts", typed={"wish_to_be_dead": "yes"})
        save_phq9(patient, answers={**PHQ9, "9": 1})

        assert Alert.objects.count() == 1


class TestScale:
    def test_a_scale_is_kept_with_items_open(self, patient) -> None:
        save_phq9(patient, answers={"1": 2})

        assert Assessment.objects.get().answers == {"1": 2}

    def test_nothing_at_all_is_refused(self, patient) -> None:
        with pytest.raises(InvalidInput, match="Nothing is answered yet"):
            save_phq9(patient, answers={})

    @pytest.mark.parametrize("answers", [{"1": 4}, {"10": 1}, {"1": -1}])
    def test_answers_that_are_not_on_the_scale_are_refused(self, patient, answers) -> None:
        with pytest.raises(InvalidInput):
            save_phq9(patient, answers=answers)

    def test_twice_is_once(self, patient) -> None:
        form = {"id": uuid4(), "at": timezone.now()}

        for _ in range(2):
            save_phq9(patient, answers={**PHQ9, "9": 2}, **form)

        assert Assessment.objects.count() == Alert.objects.count() == 1


class TestPlausible:
    def test_pressures_that_contradict_each_other_are_refused(self, patient, site) -> None:
        typed = {"systolic_mmhg": "80", "diastolic_mmhg": "120"}

        with pytest.raises(InvalidInput) as refused:
            save(patient, "examination", by=make_staff(Role.nurse, site), typed=typed)

        assert set(refused.value.fields) == {"diastolic_mmhg"}

    def test_depression_cannot_begin_after_today(self, patient) -> None:
        save(patient, "about_you", typed={"birth_date": "2000-01-01"})

        with pytest.raises(InvalidInput, match="date of birth"):
            save(patient, "mental_health", typed={"depression_onset_age_years": "60"})

    def test_a_weight_that_jumped_is_asked_again_and_then_kept(self, patient, site) -> None:
        nurse = make_staff(Role.nurse, site)
        save(patient, "examination", by=nurse, typed={"weight_kg": "70"})

        with pytest.raises(InvalidInput, match=r"last weight was 70 kg; this is 14\.3 %"):
            save(patient, "examination", by=nurse, typed={"weight_kg": "80"})
        save(
            patient,
            "examination",
            by=nurse,
            typed={"weight_kg": "80"},
            confirmed=frozenset({"weight_kg"}),
        )
        save(patient, "examination", by=nurse, typed={"weight_kg": "82"})

        assert SectionSaved.objects.count() == 3


class TestSending:
    def test_only_a_history_with_every_section_saved_is_sent(self, patient) -> None:
        with pytest.raises(NotPossibleNow, match="Still to do: About you"):
            intake.send_intake(by=patient.user, patient_id=patient.patient_id, at=timezone.now())

    def test_sending_twice_is_once(self, patient) -> None:
        save_everything(patient)

        for _ in range(2):
            intake.send_intake(by=patient.user, patient_id=patient.patient_id, at=timezone.now())

        assert IntakeSent.objects.count() == 1
        assert Entry.objects.filter(act="intake.sent").count() == 1


def save_everything(patient) -> None:
    at = timezone.now() - timedelta(minutes=30)
    for section in intake.patient_sections():
        if section.form == "facts":
            save(patient, section.id, at=at)
        elif section.form == "phq9":
            save_phq9(patient, at=at)
        else:
            save_lines(patient, section.id, at=at)


class TestLines:
    @pytest.mark.parametrize(
        ("line", "field"),
        [
            (MedicineLine(""), "name"),
            (MedicineLine("   "), "name"),
            (MedicineLine("x" * 121), "name"),
            (MedicineLine("a\x00b"), "name"),
            (MedicineLine("sertraline", Decimal(0), "mg"), "dose"),
            (MedicineLine("sertraline", Decimal(-1), "mg"), "dose"),
            (MedicineLine("sertraline", Decimal(1), "stone"), "unit"),
            (MedicineLine("sertraline", times_per_day=Decimal(0)), "times_per_day"),
            (MedicineLine("sertraline", times_per_day=Decimal(25)), "times_per_day"),
            (TrialLine("sertraline", weeks=Decimal(-1)), "weeks"),
            (TrialLine("sertraline", daily_dose=Decimal(0)), "daily_dose"),
            (TrialLine("sertraline", result="cured"), "result"),
            (TrialLine("sertraline", this_episode="maybe"), "this_episode"),
        ],
    )
    def test_a_line_that_cannot_be_right_is_refused_beside_its_field(
        self, patient, line, field
    ) -> None:
        good = MedicineLine("lorazepam", Decimal(1), "mg", Decimal(1))

        with pytest.raises(InvalidInput) as refused:
            save_lines(patient, lines=[good, line])

        assert set(refused.value.fields) == {f"1-{field}"}
        assert not SectionSaved.objects.exists()

    def test_a_day_is_judged_at_the_clinic(self, patient) -> None:
        at = timezone.now()
        tomorrow = (at + timedelta(days=1)).date()

        with pytest.raises(InvalidInput) as refused:
            save_lines(
                patient,
                "stopped_medicines",
                lines=[MedicineLine("sertraline", stopped_on=tomorrow)],
                at=at,
            )

        assert set(refused.value.fields) == {"0-stopped_on"}

    def test_sixty_lines_have_room_and_one_more_has_not(self, patient) -> None:
        lines = [MedicineLine(f"medicine {number}") for number in range(61)]

        save_lines(patient, lines=lines[:60])
        with pytest.raises(InvalidInput, match="room for 60"):
            save_lines(patient, lines=lines)

    def test_what_is_kept_says_nothing_that_was_not_said(self, patient) -> None:
        save_lines(patient, lines=[MedicineLine("  St   John's  wort 🌿 ")])

        assert SectionSaved.objects.get().answers == {"lines": [{"name": "St John's wort 🌿"}]}


def test_every_patient_question_is_asked_once() -> None:
    asked = [fact for section in intake.patient_sections() for fact in section.facts]

    assert len(asked) == len(set(asked))
    assert set(asked) <= facts().keys()


@pytest.mark.parametrize(
    "section_id", ["medicines", "stopped_medicines", "antidepressant_trials", "phq9"]
)
def test_answers_are_refused_where_a_list_or_a_scale_is_kept(patient, section_id) -> None:
    with pytest.raises(InvalidInput, match="is filled in another way"):
        save(patient, section_id, typed={})

    assert not SectionSaved.objects.exists()


@pytest.mark.parametrize("section_id", ["allergies", "phq9"])
def test_a_list_is_refused_where_answers_or_a_scale_are_kept(patient, section_id) -> None:
    with pytest.raises(InvalidInput, match="is filled in another way"):
        save_lines(patient, section_id)

    assert not SectionSaved.objects.exists()
