"""The plan of one patient: what it shows, to whom, and how many questions it asks the database."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.coursing import make_coursing
from tests.factories import make_alert
from tests.planning import drops, make_planning, order
from tests.web.plan.conftest import address, assert_kept_out, open_day, words_of
from vernal.audit.models import Entry
from vernal.records.models import SessionEvent
from vernal.rules.sessions import Kind
from vernal.workflow import consents, sessions

pytestmark = pytest.mark.django_db
# PostgreSQL asks one more: the lock behind which writers of the audit chain queue.
QUERIES = 26 + (connection.vendor == "postgresql")


def test_before_a_plan_the_prescriber_is_led_to_draw_it_up(planning, by_prescriber) -> None:
    page = words_of(by_prescriber.get(address("plan", planning)))

    assert address("new_plan", planning) in page
    assert "Drawn up" in page


def test_a_nurse_is_told_who_draws_it_up(planning, by_nurse) -> None:
    page = words_of(by_nurse.get(address("plan", planning)))

    assert "A prescriber draws the plan up." in page
    assert address("new_plan", planning) not in page


def test_without_a_screening_the_page_says_so(site, nurse, log_in) -> None:
    planning = make_planning(site, nurse=nurse, eligible=False)

    page = words_of(log_in(nurse).get(address("plan", planning)))

    assert "The screening is not signed yet" in page


def test_a_plan_shows_dose_arithmetic_and_band_with_its_caveat(planning, by_nurse) -> None:
    planning.draw_up()

    page = words_of(by_nurse.get(address("plan", planning)))

    assert "0.5 mg/kg = 44 mg, racemic ketamine base" in page
    assert "44 mg ÷ 50 mg/mL racemic ketamine base = 0.88 mL" in page
    assert "75" in page and "mL/h" in page
    assert "<svg" in page and "mark-band" in page
    assert "Typical people, not this person" in page
    assert "Clements 1981, venous" in page and "Kamp 2020, arterial" in page
    assert "185 ng/mL after 0.5 mg/kg over 40 minutes" in page
    assert "The same as a table" in page
    assert 'style="' not in page


def test_under_the_tongue_the_level_is_called_an_extrapolation(site, nurse, log_in) -> None:
    planning = make_planning(site, nurse=nurse, eligible=False)
    planning.consider("sublingual")
    planning.decide()
    planning.draw_up(drops())

    page = words_of(log_in(nurse).get(address("plan", planning)))

    assert "Extrapolation: no study" in page
    assert "Mouth share 26 %, venous" in page


def test_the_second_person_is_led_to_confirm_and_the_author_is_not(
    planning, by_nurse, by_prescriber
) -> None:
    planning.draw_up()

    assert address("confirm_plan", planning) in words_of(by_nurse.get(address("plan", planning)))
    mine = words_of(by_prescriber.get(address("plan", planning)))
    assert address("confirm_plan", planning) not in mine
    assert "Another clinician now confirms the arithmetic." in mine


def test_what_blocks_the_signature_stands_there_with_where_to_answer_it(
    planning, by_prescriber
) -> None:
    planning.confirm(planning.draw_up())

    page = words_of(by_prescriber.get(address("plan", planning)))

    assert "What stands in the way of signing" in page
    assert "Prescription monitoring" in page
    assert address("plan_checks", planning) in page
    assert address("sign_plan", planning) not in page


def test_once_nothing_is_open_the_prescriber_is_led_to_sign(
    planning, by_prescriber, by_nurse
) -> None:
    planning.ready_to_sign()

    assert address("sign_plan", planning) in words_of(by_prescriber.get(address("plan", planning)))
    assert "signs it." in words_of(by_nurse.get(address("plan", planning)))


def test_a_weight_that_changed_since_is_said_on_the_page(planning, by_prescriber) -> None:
    planning.draw_up()
    planning.examine(weight_kg="80.0")

    page = words_of(by_prescriber.get(address("plan", planning)))

    assert "This plan no longer holds" in page
    assert "differs by 9.1 %" in page


def test_a_plan_older_than_its_weight_says_weigh_again(site, nurse, prescriber, log_in) -> None:
    planning = make_planning(
        site, nurse=nurse, prescriber=prescriber, now=timezone.now() - timedelta(days=9)
    )
    planning.draw_up()

    assert "Weigh again" in words_of(log_in(nurse).get(address("plan", planning)))


def test_a_signed_plan_shows_its_calendar_in_the_clinics_time(planning, by_nurse) -> None:
    planning.signed(first_on=open_day(planning))

    page = words_of(by_nurse.get(address("plan", planning)))

    assert page.count("10:00") >= 6
    assert address("move_session", planning, session_id=planning.session().pk) in page
    assert "It holds until" in page


def calendar(page: str) -> list[list[str]]:
    """The rows of the calendar: each session with its state."""
    table = page[page.index("Calendar") :]
    rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)[1:]
    cells = [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub("<.*?>", " ", each[n]).split()) for n in (0, 2)] for each in cells]


def test_a_session_that_began_stands_in_the_calendar_with_its_own_word(site, log_in, clock) -> None:
    course = make_coursing(site)
    course.give(1)
    course.give_with_an_alarm(2)
    course.call_off(3)
    clock(course.dose_at(3) + timedelta(hours=1))

    page = words_of(log_in(course.nurse).get(address("plan", course.planning)))

    assert calendar(page)[:4] == [
        ["Session 1", "Recovering"],
        ["Session 2", "Went home"],
        ["Session 3", "No dose today"],
        ["Session 4", "Booked"],
    ]


def test_a_check_in_struck_out_leaves_a_session_begun_and_nothing_more(site, log_in, clock) -> None:
    course = make_coursing(site)
    session, began = course.session(1), course.dose_at(1)
    course.enter(session, Kind.checked_in, began, {})
    entry = SessionEvent.objects.get(session=session)
    sessions.enter(
        by=course.nurse,
        session_id=session.pk,
        kind=Kind.correction,
        payload={"reason": "The wrong patient."},
        id=uuid4(),
        at=began + timedelta(minutes=1),
        corrects=entry.pk,
    )
    clock(began + timedelta(minutes=2))

    page = words_of(log_in(course.nurse).get(address("plan", course.planning)))

    assert calendar(page)[0] == ["Session 1", "Begun"]


def test_a_draft_leaves_the_signed_plan_in_force(planning, by_nurse) -> None:
    planning.signed(first_on=open_day(planning))
    planning.draw_up(order(dose=Decimal("0.4")), at=planning.now + timedelta(minutes=1))

    page = words_of(by_nurse.get(address("plan", planning)))

    assert "Until this plan is signed" in page
    assert "0.5 mg/kg = 44 mg" in page


def test_the_number_of_queries_does_not_grow_with_plans_and_sessions(planning, by_nurse) -> None:
    planning.signed(first_on=open_day(planning))
    url = address("plan", planning)
    by_nurse.get(url)
    with CaptureQueriesContext(connection) as before:
        by_nurse.get(url)
    for minute in range(1, 4):
        planning.draw_up(at=planning.now + timedelta(minutes=minute))
    consents.withdraw_consent(
        by=planning.patient.user, reason="", id=uuid4(), at=planning.now + timedelta(minutes=5)
    )

    with CaptureQueriesContext(connection) as after:
        by_nurse.get(url)

    assert len(after) == len(before) <= QUERIES


def test_reading_it_is_noted_without_a_word_of_it(planning, by_nurse) -> None:
    planning.draw_up()

    by_nurse.get(address("plan", planning))

    entry = Entry.objects.filter(act="chart.read").last()
    assert entry.details == {"page": "plan"}


def test_others_are_kept_out(planning, elsewhere, front_desk, by_nurse, log_in) -> None:
    assert_kept_out(log_in(front_desk), address("plan", planning), "A chart is read by nurses")
    foreign = reverse("plan", kwargs={"patient_id": elsewhere.patient_id})
    assert by_nurse.get(foreign).status_code == 404
    own = log_in(planning.patient.user)
    assert own.get(address("plan", planning)).status_code == 404


def test_what_the_screening_finds_today_stands_on_the_page_and_leads_to_the_screening(
    planning, by_prescriber
) -> None:
    planning.draw_up()
    planning.examine(systolic_mmhg="190", diastolic_mmhg="120")

    response = by_prescriber.get(address("plan", planning))

    page = response.context["page"]
    assert [card.line.level for card in page.stricter_cards] == ["bar"]
    assert page.next.url == address("screening", planning)
    assert page.stricter_cards[0].line.condition not in {
        card.line.condition for card in page.open_cards
    }
    assert page.stricter_cards[0].line.title in words_of(response)


@pytest.mark.parametrize("page", ["plan", "screening"])
def test_the_history_is_read_once_for_a_page(planning, by_prescriber, page) -> None:
    planning.draw_up()

    with CaptureQueriesContext(connection) as asked:
        by_prescriber.get(address(page, planning))

    newest = [
        each["sql"] for each in asked.captured_queries if "records_sectionsaved" in each["sql"]
    ]
    histories = [sql for sql in newest if "SELECT U0" in sql]
    assert len(histories) == 1


def test_an_open_alert_about_not_wanting_to_live_stands_on_the_plan_before_anything_else(
    planning, by_prescriber
) -> None:
    planning.draw_up()
    make_alert(planning.patient)

    page = by_prescriber.get(address("plan", planning)).context["page"]

    assert page.stricter_cards[0].line.level == "bar"
    assert "Speak with the patient first" in page.stricter_cards[0].line.action
    assert page.next.url == address("screening", planning)
    assert page.stricter_cards[0].line.condition not in {
        card.line.condition for card in page.open_cards
    }
