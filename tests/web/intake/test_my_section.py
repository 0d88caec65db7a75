"""A page of the patient's own history."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.web.intake.pages import (
    again,
    beside,
    chosen,
    form,
    is_ticked,
    mine,
    row,
    send,
    text,
    value,
)
from vernal.audit.models import Entry
from vernal.knowledge.scales import shapes
from vernal.records.models import Alert, Assessment, SectionSaved
from vernal.workflow import intake
from vernal.workflow.intake import MedicineLine

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(patient, log_in):
    return log_in(patient.user)


def saved() -> dict:
    return SectionSaved.objects.latest("at").answers


class TestQuestions:
    def test_a_page_is_kept_and_leads_to_the_next(self, browser) -> None:
        response = browser.post(
            mine("about_you"), form(birth_date="1984-03-28", stated_height_cm="5 ft 6")
        )

        assert response.headers["Location"] == mine("heart_and_circulation")
        assert saved() == {"birth_date": "1984-03-28", "stated_height_cm": "168"}

    def test_stopping_for_now_saves_too(self, browser) -> None:
        response = browser.post(mine("about_you"), form(sex_at_birth="female", later="1"))

        assert response.headers["Location"] == reverse("my_care")
        assert saved() == {"sex_at_birth": "female"}

    def test_questions_may_stay_open_and_the_page_counts_them(self, browser) -> None:
        browser.post(mine("about_you"), form(sex_at_birth="female"))

        assert "3 questions open" in text(browser.get(mine("about_you")))

    def test_no_question_says_that_it_is_optional(self, browser) -> None:
        assert "(optional)" not in text(browser.get(mine("about_you")))

    def test_answers_stand_there_again(self, browser) -> None:
        browser.post(
            mine("about_you"), form(sex_at_birth="male", **{"stated_height_cm-open": "on"})
        )

        page = browser.get(mine("about_you"))

        assert is_ticked(page, "sex_at_birth", "male")
        assert is_ticked(page, "stated_height_cm-open")
        assert value(page, "stated_height_cm") is None

    def test_there_is_a_way_back(self, browser) -> None:
        assert mine("about_you") in browser.get(mine("heart_and_circulation")).content.decode()

    def test_not_knowing_is_an_answer(self, browser) -> None:
        browser.post(mine("about_you"), form(**{"stated_height_cm-open": "on"}))

        assert saved() == {"stated_height_cm": "unknown"}

    @pytest.mark.parametrize(
        ("typed", "field", "sentence"),
        [
            ({"stated_height_cm": "tall"}, "stated_height_cm", "Write it in digits, like 165."),
            ({"stated_height_cm": "16"}, "stated_height_cm", "Write a number from 100 to 230 cm."),
            ({"birth_date": "3000-01-01"}, "birth_date", "This date is in the future"),
            ({"sex_at_birth": "x"}, "sex_at_birth", "Choose one of the answers in the list."),
            (
                {"stated_height_cm": "170", "stated_height_cm-open": "on"},
                "stated_height_cm",
                "You wrote an answer and also chose “I don't know”.",
            ),
        ],
    )
    def test_a_mistake_is_named_beside_its_field_and_all_that_was_typed_stays(
        self, browser, typed, field, sentence
    ) -> None:
        response = browser.post(mine("about_you"), form(japanese_ancestry="no", **typed))

        assert response.status_code == 422
        assert beside(response, field).startswith(sentence)
        assert is_ticked(response, "japanese_ancestry", "no")
        for name, text_typed in typed.items():
            if name in ("stated_height_cm", "birth_date"):
                assert value(response, name) == text_typed
        assert is_ticked(response, "stated_height_cm-open") == ("stated_height_cm-open" in typed)
        assert not SectionSaved.objects.exists()

    def test_twice_is_once(self, browser) -> None:
        typed = form(sex_at_birth="female")

        for _ in range(2):
            assert browser.post(mine("about_you"), typed).status_code == 302

        assert SectionSaved.objects.count() == 1

    def test_an_empty_post_is_refused_without_harm(self, browser) -> None:
        assert browser.post(mine("about_you"), {}).status_code == 422

    def test_a_staff_section_cannot_be_saved_here(self, browser) -> None:
        response = browser.post(mine("examination"), form(weight_kg="70"))

        assert response.status_code in (403, 404)
        assert not SectionSaved.objects.exists()

    def test_a_section_that_does_not_exist_is_not_found(self, browser) -> None:
        assert browser.get(mine("about_us")).status_code == 404

    def test_staff_are_told_that_the_page_is_a_patients(self, nurse, log_in) -> None:
        response = log_in(nurse).get(mine("about_you"))

        assert response.status_code == 403
        assert "a patient's own account" in text(response)

    def test_the_number_of_queries_is_small(self, browser, django_assert_max_num_queries) -> None:
        for section_id in ("about_you", "support_at_home"):
            browser.post(mine(section_id), form(), follow=True)

        with django_assert_max_num_queries(9):
            browser.get(mine("about_you"))


class TestDanger:
    def test_a_yes_leads_to_help_before_anything_else(self, browser) -> None:
        typed = form(wish_to_be_dead="yes")

        for _ in range(2):  # sent twice, or from two tabs
            response = browser.post(mine("suicidal_thoughts"), typed)
            assert response.headers["Location"] == reverse("my_safety")

        assert Alert.objects.count() == 1

    def test_help_comes_first_also_when_stopping_for_now(self, browser) -> None:
        typed = form(wish_to_be_dead="yes", later="1")

        response = browser.post(mine("suicidal_thoughts"), typed)

        assert response.headers["Location"] == reverse("my_safety")

    def test_no_leads_on(self, browser) -> None:
        response = browser.post(mine("suicidal_thoughts"), form(wish_to_be_dead="no"))

        assert response.headers["Location"] == mine("substances")
        assert not Alert.objects.exists()

    @pytest.mark.parametrize("answer", ["1", "2", "3"])
    def test_item_9_leads_to_help_even_with_items_open(self, browser, answer) -> None:
        response = browser.post(mine("phq9"), form(**{"9": answer}))

        assert response.headers["Location"] == reverse("my_safety")
        assert Alert.objects.exists()


class TestPhq9:
    def test_it_stands_as_its_owner_prints_it(self, browser) -> None:
        page, shape = text(browser.get(mine("phq9"))), shapes()["phq-9"]

        assert shape.stem in page
        assert shape.attribution in page
        places = [page.index(" ".join(item.text.split())) for item in shape.items]
        assert places == sorted(places)
        options = [page.index(option.label) for option in shape.options]
        assert options == sorted(options)

    def test_open_items_are_kept_open_and_answered_later(self, browser) -> None:
        browser.post(mine("phq9"), form(**{"1": "2", "9": "0"}))
        page = browser.get(mine("phq9"))

        assert is_ticked(page, "1", "2")
        assert "7 questions open" in text(page)
        assert Assessment.objects.get().answers == {"1": 2, "9": 0}

    def test_it_begins_empty_when_the_two_weeks_are_others(self, browser, patient) -> None:
        intake.save_scale(
            by=patient.user,
            patient_id=patient.patient_id,
            scale_id="phq-9",
            answers={"1": 2},
            id=uuid4(),
            at=timezone.now() - timedelta(days=3),
        )

        assert not is_ticked(browser.get(mine("phq9")), "1", "2")

    def test_an_answer_that_is_not_on_the_scale_is_refused_and_the_rest_stays(
        self, browser
    ) -> None:
        response = browser.post(mine("phq9"), form(**{"1": "9", "2": "3"}))

        assert response.status_code == 422
        assert beside(response, "1") == "Choose one of the answers in the list."
        assert is_ticked(response, "2", "3")

    def test_nothing_answered_is_refused_in_words(self, browser) -> None:
        response = browser.post(mine("phq9"), form())

        assert response.status_code == 422
        assert "Nothing is answered yet" in text(response)


class TestMedicines:
    def post(self, browser, *rows: dict, **typed):
        return browser.post(
            mine("medicines"), form(**{k: v for r in rows for k, v in r.items()}, **typed)
        )

    @pytest.mark.parametrize(
        ("frequency", "expected"),
        [
            ("once_a_day", {"times_per_day": "1"}),
            ("twice_a_day", {"times_per_day": "2"}),
            ("every_other_day", {"times_per_day": "0.5"}),
            ("once_a_week", {"times_per_day": "0.1428571428571428571428571429"}),
            ("as_needed", {"times_per_day": "3", "as_needed": "yes"}),
            ("something_else", {"times_per_day": "3", "how_often": "Mondays"}),
            ("", {}),
        ],
    )
    def test_how_often_is_chosen_in_words_and_comes_back_so(
        self, browser, frequency, expected
    ) -> None:
        self.post(
            browser,
            row(
                0,
                name="sertraline",
                dose="1/2",
                unit="tablet",
                frequency=frequency,
                most_per_day="3",
                how_often="Mondays",
            ),
        )

        assert saved()["lines"] == [
            {"name": "sertraline", "dose": "0.5", "unit": "tablet", **expected}
        ]
        assert chosen(browser.get(mine("medicines")), "line-0-frequency") == frequency

    def test_one_blank_row_waits(self, browser) -> None:
        page = browser.get(mine("medicines")).content.decode()

        assert "line-0-name" in page
        assert "line-1-name" not in page
        assert "Remove this one" not in page

    def test_nothing_to_list_is_said_and_not_guessed(self, browser) -> None:
        refused = self.post(browser, row(0, name="", dose=""))
        assert refused.status_code == 422
        assert beside(refused, "nothing") == "List what there is, or tick this."

        assert self.post(browser, nothing="on").status_code == 302
        assert saved() == {"lines": []}
        assert is_ticked(browser.get(mine("medicines")), "nothing")

    def test_nothing_and_something_cannot_both_be_meant(self, browser) -> None:
        response = self.post(browser, row(0, name="sertraline"), nothing="on")

        assert response.status_code == 422
        assert "You have listed something" in beside(response, "nothing")
        assert value(response, "line-0-name") == "sertraline"

    @pytest.mark.parametrize(
        ("typed", "field", "sentence"),
        [
            ({"dose": "0"}, "dose", "Write an amount above zero."),
            ({"dose": "-1"}, "dose", "Write an amount above zero."),
            ({"dose": "a few"}, "dose", "Write the amount in digits, like 150, 2.5 or 1/2."),
            ({"dose": "1,500"}, "dose", "“1,500” can be read in two ways."),
            ({"name": " "}, "name", "Write the name of the medicine, or remove this one."),
            ({"name": "n" * 121}, "name", "Ensure this value has at most 120 characters"),
            (
                {"frequency": "as_needed", "most_per_day": "25"},
                "most_per_day",
                "Write a number above zero, 24 at most.",
            ),
            (
                {"frequency": "something_else"},
                "how_often",
                "Write how you take it, in your own words.",
            ),
        ],
    )
    def test_a_mistake_stands_in_its_row_and_nothing_typed_is_lost(
        self, browser, typed, field, sentence
    ) -> None:
        wrong = {"name": "sertraline", "dose": "50", "unit": "mg", **typed}

        response = self.post(
            browser,
            row(0, name=""),
            row(1, name="lorazepam 💊", dose="2,5"),
            row(2, **wrong),
        )

        # The blank row is gone; the wrong one is the second now.
        assert response.status_code == 422
        assert beside(response, f"line-1-{field}").startswith(sentence)
        assert f'href="#id_line-1-{field}"' in response.content.decode()
        assert value(response, "line-0-name") == "lorazepam 💊"
        assert value(response, "line-0-dose") == "2,5"
        for name, text_typed in wrong.items():
            if name in ("name", "dose", "most_per_day") and text_typed.strip():
                assert value(response, f"line-1-{name}") == text_typed
        assert not SectionSaved.objects.exists()

    def test_more_rows_lose_nothing_right_or_wrong(self, browser) -> None:
        response = self.post(
            browser,
            row(0, name="a", dose="wrong", frequency="as_needed", most_per_day="-2"),
            row(1, name="b", remove="on", settled_name="b"),
            row(2, dose="7"),
            more="1",
        )

        assert response.status_code == 200
        assert value(response, "line-0-dose") == "wrong"
        assert value(response, "line-0-most_per_day") == "-2"
        assert chosen(response, "line-0-frequency") == "as_needed"
        assert is_ticked(response, "line-1-remove")
        assert value(response, "line-1-settled_name") == "b"
        assert value(response, "line-2-dose") == "7"
        assert value(response, "line-4-name") is None
        assert "line-4-name" in response.content.decode()
        assert not SectionSaved.objects.exists()

    def test_a_removed_row_is_gone_and_never_judged(self, browser) -> None:
        self.post(
            browser,
            row(0, name="sertraline"),
            row(1, name="", dose="rubbish", remove="on"),
            row(2, name="lorazepam", remove="on"),
        )

        assert saved()["lines"] == [{"name": "sertraline"}]

    def test_the_same_medicine_twice_is_two_doses(self, browser) -> None:
        self.post(
            browser, row(0, name="quetiapine", dose="25"), row(1, name="quetiapine", dose="100")
        )

        assert [line["dose"] for line in saved()["lines"]] == ["25", "100"]

    @pytest.mark.slow
    def test_sixty_rows_have_room_and_no_more(self, browser) -> None:
        rows = [row(number, name=f"medicine {number}") for number in range(61)]

        assert self.post(browser, *rows[:60]).status_code == 302
        assert "no room for more rows" in text(browser.get(mine("medicines")))
        refused = self.post(browser, *rows)
        assert refused.status_code == 422
        assert "There is room for 60" in text(refused)

    def test_numbers_of_rows_that_nobody_would_send_do_no_harm(self, browser) -> None:
        strange = {f"line-{'9' * 500}-name": "a", "line-x-name": "b", "line-²-name": "c"}

        assert self.post(browser, strange, row(7, name="sertraline")).status_code == 302
        assert saved()["lines"] == [{"name": "sertraline"}]

    def test_twice_is_once(self, browser) -> None:
        typed = form(**row(0, name="sertraline"))

        for _ in range(2):
            browser.post(mine("medicines"), typed)

        assert SectionSaved.objects.count() == 1


class TestNames:
    def test_an_unlisted_name_is_kept_and_asked_about(self, browser) -> None:
        page = send(browser, mine("medicines"), form(**row(0, name="sertralin", dose="50")))

        assert page.redirect_chain == [(mine("medicines"), 302)]
        assert saved()["lines"][0]["name"] == "sertralin"
        assert "“sertralin” is not on our list. Did you mean one of these?" in text(page)
        assert 'name="use" value="0:sertraline"' in page.content.decode()

    def test_a_suggestion_replaces_the_name_and_leads_on(self, browser) -> None:
        browser.post(mine("medicines"), form(**row(0, name="sertralin", dose="50")))

        typed = row(0, name="sertralin", dose="75", unit="mg")
        response = browser.post(
            mine("medicines"), again(browser, mine("medicines"), use="0:sertraline", **typed)
        )

        assert response.headers["Location"] == mine("stopped_medicines")
        assert saved()["lines"] == [
            {"name": "sertraline", "dose": "75", "unit": "mg", "settled_name": "sertraline"}
        ]

    def test_what_was_written_may_stay_and_is_not_asked_again(self, browser) -> None:
        browser.post(mine("medicines"), form(use="0:", **row(0, name="sertralin")))

        page = text(browser.get(mine("medicines")))
        assert saved()["lines"][0]["name"] == "sertralin"
        assert "Did you mean" not in page
        assert "a clinician will look it up" in page

    def test_a_question_that_stays_open_holds_nobody_up_twice(self, browser) -> None:
        typed = row(0, name="sertralin")
        browser.post(mine("medicines"), form(**typed))

        response = browser.post(mine("medicines"), again(browser, mine("medicines"), **typed))

        assert response.headers["Location"] == mine("stopped_medicines")

    def test_several_forms_by_one_name_are_asked_about(self, browser) -> None:
        page = send(browser, mine("medicines"), form(**row(0, name="Naltrexone")))

        assert "comes in several forms" in text(page)
        assert 'value="0:naltrexone-tablet"' in page.content.decode()
        assert 'value="0:naltrexone-depot"' in page.content.decode()

    def test_the_form_that_was_meant_is_kept_under_the_name_that_was_typed(self, browser) -> None:
        typed = row(0, name="Abilify")
        assert "comes in several forms" in text(send(browser, mine("medicines"), form(**typed)))

        meant = again(browser, mine("medicines"), use="0:aripiprazole", **typed)
        browser.post(mine("medicines"), meant)

        assert saved()["lines"] == [{"name": "Abilify", "settled_name": "Abilify"}]
        assert "several forms" not in text(browser.get(mine("medicines")))

    def test_another_name_is_asked_about_anew(self, browser) -> None:
        browser.post(mine("medicines"), form(use="0:", **row(0, name="sertralin")))

        typed = row(0, name="sertralinn", settled_name="sertralin")
        page = send(browser, mine("medicines"), again(browser, mine("medicines"), **typed))

        assert "Did you mean" in text(page)

    @pytest.mark.parametrize("use", ["9:sertraline", "x:y", ":", "0:no-such-medicine", "0"])
    def test_a_button_that_does_not_exist_does_no_harm(self, browser, use) -> None:
        browser.post(mine("medicines"), form(use=use, **row(0, name="lorazepam")))

        assert saved()["lines"][0]["name"] == "lorazepam"

    def test_a_suggestion_beside_a_mistake_keeps_both(self, browser) -> None:
        response = browser.post(
            mine("medicines"), form(use="0:sertraline", **row(0, name="sertralin", dose="0"))
        )

        assert response.status_code == 422
        assert value(response, "line-0-name") == "sertraline"
        assert value(response, "line-0-dose") == "0"

    def test_every_name_of_the_list_is_offered_while_typing(self, browser) -> None:
        page = browser.get(mine("medicines")).content.decode()

        assert '<option value="sertraline">' in page
        assert '<option value="Zoloft">' in page


class TestOtherLists:
    def test_a_stopped_medicine_in_the_future_is_refused_in_its_row(self, browser) -> None:
        tomorrow = (timezone.now() + timedelta(days=2)).date().isoformat()

        response = browser.post(
            mine("stopped_medicines"), form(**row(0, name="sertraline", stopped_on=tomorrow))
        )

        assert response.status_code == 422
        assert "in the future" in beside(response, "line-0-stopped_on")
        assert value(response, "line-0-stopped_on") == tomorrow

    def test_an_earlier_treatment_comes_back_as_it_was_typed(self, browser) -> None:
        browser.post(
            mine("antidepressant_trials"),
            form(
                **row(
                    0,
                    name="venlafaxine",
                    daily_dose="225",
                    unit="mg",
                    weeks="6,5",
                    result="partial_response",
                    this_episode="yes",
                )
            ),
        )

        page = browser.get(mine("antidepressant_trials"))
        assert value(page, "line-0-daily_dose") == "225"
        assert value(page, "line-0-weeks") == "6.5"
        assert chosen(page, "line-0-result") == "partial_response"
        assert chosen(page, "line-0-this_episode") == "yes"

    @pytest.mark.slow
    def test_sixty_medicines_are_one_page_and_few_queries(
        self, browser, patient, django_assert_max_num_queries
    ) -> None:
        intake.save_lines(
            by=patient.user,
            patient_id=patient.patient_id,
            section_id="medicines",
            lines=[MedicineLine(f"medicine {number}") for number in range(60)],
            id=uuid4(),
            at=timezone.now(),
        )

        with django_assert_max_num_queries(9):
            browser.get(mine("medicines"))


def test_no_answer_is_in_the_audit_chain(browser) -> None:
    browser.post(mine("medicines"), form(**row(0, name="sertralin", dose="137")))
    browser.post(mine("phq9"), form(**{"1": "3"}))

    kept = "".join(f"{entry.act}{entry.subject}{entry.details}" for entry in Entry.objects.all())
    assert "section.saved" in kept
    assert "sertralin" not in kept
    assert "137" not in kept
