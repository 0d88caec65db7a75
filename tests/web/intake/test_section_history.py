"""Every save of a section: who answered what, when. Nothing is lost."""

from __future__ import annotations

import pytest

from tests.factories import make_staff
from tests.web.intake.pages import again, form, mine, row, text, theirs
from vernal.accounts.models import Role
from vernal.audit.models import Entry

pytestmark = pytest.mark.django_db
NAME = "section_history"


@pytest.fixture
def browser(nurse, log_in):
    return log_in(nurse)


def test_each_save_stands_with_who_and_when_the_newest_first(
    browser, nurse, patient, log_in
) -> None:
    log_in(patient.user).post(mine("about_you"), form(stated_height_cm="170"))
    address = theirs(patient, "about_you")
    browser.post(address, again(browser, address, stated_height_cm="168"))

    page = text(browser.get(theirs(patient, "about_you", NAME)))

    assert page.index(f"by {nurse.name}") < page.index("168 cm") < page.index("170 cm")
    assert "by Wren Hollis" in page


def test_open_and_unknown_answers_are_told_apart(browser, patient) -> None:
    browser.post(theirs(patient, "brain_and_nerves"), form(seizures="unknown"))

    page = text(browser.get(theirs(patient, "brain_and_nerves", NAME)))

    assert "Seizures, ever, or a low seizure threshold Not known" in page
    assert "Dementia or another neurocognitive disorder Open" in page


def test_medicines_stand_as_they_were_typed(browser, patient) -> None:
    browser.post(
        theirs(patient, "medicines"),
        form(
            **row(
                0, name="lorazepam", dose="1/2", unit="mg", frequency="as_needed", most_per_day="2"
            )
        ),
    )
    address = theirs(patient, "medicines")
    browser.post(address, again(browser, address, nothing="on"))

    page = text(browser.get(theirs(patient, "medicines", NAME)))

    assert "lorazepam 0.5 mg, Only when needed, at most 2 a day" in page
    assert "Nothing to list" in page


def test_earlier_treatments_stand_with_what_came_of_them(browser, patient) -> None:
    trial = {"daily_dose": "150", "unit": "mg", "weeks": "6", "result": "no_response"}
    browser.post(
        theirs(patient, "antidepressant_trials"),
        form(**row(0, name="sertraline", this_episode="yes", **trial)),
    )

    page = text(browser.get(theirs(patient, "antidepressant_trials", NAME)))

    assert "150 mg, 6 weeks, helped: No, this spell: Yes" in page


def test_each_copy_of_the_scale_is_there_with_its_answers(browser, patient) -> None:
    browser.post(theirs(patient, "phq9"), form(**{"1": "3"}))

    page = text(browser.get(theirs(patient, "phq9", NAME)))

    assert "Loss of interest Nearly every day" in page
    assert "Low mood Open" in page


def test_a_section_nobody_saved_says_so(browser, patient) -> None:
    assert "Not asked yet" in text(browser.get(theirs(patient, "laboratory", NAME)))


def test_the_section_leads_here_once_it_was_saved(browser, patient) -> None:
    address = theirs(patient, "allergies", NAME)
    assert address not in browser.get(theirs(patient, "allergies")).content.decode()

    browser.post(theirs(patient, "allergies"), form(allergy_ketamine="no"))

    assert address in browser.get(theirs(patient, "allergies")).content.decode()


def test_the_reading_is_on_record(browser, nurse, patient) -> None:
    browser.get(theirs(patient, "allergies", NAME))

    entry = Entry.objects.get(act="chart.read", actor_id=nurse.pk)
    assert entry.details["page"] == "intake:allergies:history"


def test_the_front_desk_is_refused_with_the_reason(front_desk, patient, log_in) -> None:
    response = log_in(front_desk).get(theirs(patient, "allergies", NAME))

    assert response.status_code == 403
    assert "read by nurses, prescribers and the director" in text(response)


def test_another_site_and_a_section_that_does_not_exist_are_not_found(
    browser, patient, other_site, log_in
) -> None:
    stranger = log_in(make_staff(Role.nurse, other_site))

    assert stranger.get(theirs(patient, "allergies", NAME)).status_code == 404
    assert browser.get(theirs(patient, "no_such_page", NAME)).status_code == 404
