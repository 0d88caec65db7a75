"""A correction never loses what stood there first."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.bedside import NO_SYMPTOMS, PREPARED, READING
from tests.web.sessions.sent_back import sent_back
from vernal.records.models import SessionEvent
from vernal.rules.sessions import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def wrong(soon):
    soon.enter(Kind.checked_in, -20)
    return soon.reading(-15, systolic_mmhg="131").event_id


def correct(browser, address, bedside, event_id, **typed):
    data = {"id": str(uuid4()), "why": "Typed wrong", **READING, **typed}
    return browser.post(address("session_correct", bedside, event_id=event_id), data)


def test_the_form_holds_what_was_entered(soon, wrong, log_in, address) -> None:
    page = log_in(soon.nurse).get(address("session_correct", soon, event_id=wrong))

    assert 'value="131"' in page.content.decode()


def test_the_new_value_counts_and_the_old_one_stays(soon, wrong, log_in, address) -> None:
    browser = log_in(soon.nurse)

    response = correct(browser, address, soon, wrong)

    assert response.status_code == 302
    assert soon.view(0).state.readings[0].values["systolic_mmhg"] == 122
    assert SessionEvent.objects.get(pk=wrong).payload["systolic_mmhg"] == "131"
    page = browser.get(address("session", soon)).content.decode()
    assert "<del>131/78 mmHg" in page
    assert "Typed wrong" in page


def test_what_did_not_happen_is_struck_out_and_readable(soon, wrong, log_in, address) -> None:
    browser = log_in(soon.nurse)

    correct(browser, address, soon, wrong, strike="on")

    assert soon.view(0).state.readings == ()
    page = browser.get(address("session", soon)).content.decode()
    assert "<del>131/78 mmHg" in page
    assert "Struck out." in page


def test_a_score_is_corrected_on_its_scale(soon, log_in, address) -> None:
    soon.enter(Kind.checked_in, -20)
    event_id = soon.score(-10, "anxiety_0_10", 3).event_id

    log_in(soon.nurse).post(
        address("session_correct", soon, event_id=event_id),
        {"id": str(uuid4()), "why": "Heard wrong", "anxiety_0_10": "2"},
    )

    assert soon.view(0).state.of(Kind.score)[0].payload["value"] == 2


def test_what_sounded_is_answered_first(soon, log_in, address) -> None:
    soon.enter(Kind.checked_in, -20)
    high = soon.reading(-15, systolic_mmhg="221").event_id

    response = correct(log_in(soon.nurse), address, soon, high)

    assert response.status_code == 409
    assert "First write down what was done" in response.content.decode()


def test_twice_is_once(soon, wrong, log_in, address) -> None:
    browser, id = log_in(soon.nurse), str(uuid4())

    for _time in range(2):
        assert correct(browser, address, soon, wrong, id=id).status_code == 302

    assert SessionEvent.objects.filter(kind="correction").count() == 1


def test_what_cannot_be_is_asked_back_beside_its_field(soon, wrong, log_in, address) -> None:
    response = correct(log_in(soon.nurse), address, soon, wrong, systolic_mmhg="999", why="")

    assert response.status_code == 422
    assert 'value="999"' in response.content.decode()


def test_a_value_out_of_range_stands_beside_its_field(soon, wrong, log_in, address) -> None:
    response = correct(log_in(soon.nurse), address, soon, wrong, systolic_mmhg="999")

    assert response.status_code == 422
    assert 'id="id_systolic_mmhg_error"' in response.content.decode()


def test_an_entry_that_is_not_there(soon, log_in, address) -> None:
    assert correct(log_in(soon.nurse), address, soon, uuid4()).status_code == 404


def test_another_sites_entry(elsewhere, nurse, log_in, address) -> None:
    event_id = elsewhere.enter(Kind.checked_in, -20).event_id

    assert correct(log_in(nurse), address, elsewhere, event_id).status_code == 404


def test_the_wrong_role(soon, wrong, front_desk, log_in, address) -> None:
    assert correct(log_in(front_desk), address, soon, wrong).status_code == 403


INTENT = {"walks_steadily": True, "oriented": True, "new_suicidal_intent": True}
LEFT = {
    "reason": "Wants to go",
    "risks_explained": True,
    "clinician_told": "Piet",
    "left_with": "Ash",
    "telephone": "307 555 0147",
}


def payload_of(bedside, event_id):
    entries = bedside.view(166).state.entries
    return next(each for each in entries if each.event.id == event_id).payload


def test_a_word_added_after_the_end_takes_no_answer_away(recovered, log_in, address) -> None:
    answers = {"answers": {**NO_SYMPTOMS, **INTENT}, "words": "Sad"}
    event_id = recovered.enter(Kind.symptom, 164.5, answers).event_id
    recovered.enter(Kind.left_against_advice, 165, LEFT)
    url = address("session_correct", recovered, event_id=event_id)

    response = sent_back(log_in(recovered.nurse), url, words="Sad, says she wants to die")

    assert response.status_code == 302
    after = payload_of(recovered, event_id)
    assert after["words"] == "Sad, says she wants to die"
    assert after["answers"] == answers["answers"]


def test_the_form_asks_again_what_the_entry_answered(recovered, log_in, address) -> None:
    answers = {"answers": {**NO_SYMPTOMS, **INTENT}}
    event_id = recovered.enter(Kind.symptom, 164.5, answers).event_id
    recovered.enter(Kind.left_against_advice, 165, LEFT)
    url = address("session_correct", recovered, event_id=event_id)

    sent_back(log_in(recovered.nurse), url, answer_oriented="no")

    assert payload_of(recovered, event_id)["answers"]["oriented"] is False


def test_an_answer_that_the_form_cannot_show_stays(soon, log_in, address) -> None:
    soon.enter(Kind.checked_in, -20)
    answers = {**PREPARED, "alcohol_within_24_hours": "declined"}
    event_id = soon.enter(Kind.checklist, -2, {"answers": answers}).event_id
    url = address("session_correct", soon, event_id=event_id)

    response = sent_back(log_in(soon.nurse), url, answer_escort_confirmed="no")

    assert response.status_code == 302
    after = payload_of(soon, event_id)["answers"]
    assert after == {**answers, "escort_confirmed": False}


def test_the_words_of_an_answer_to_an_alarm_are_corrected_when_it_is_over(
    running, log_in, address
) -> None:
    running.reading(11, spo2_percent="88")
    rules = [rule for each in running.view(11.5).alarms.sounding for rule, _v in each.rules]
    answer = {"rules": rules, "words": "Oxygen"}
    event_id = running.enter(Kind.alarm_acknowledged, 11.6, answer).event_id
    running.reading(11.8)
    url = address("session_correct", running, event_id=event_id)

    response = sent_back(log_in(running.nurse), url, words="Oxygen, 4 L")

    assert response.status_code == 302
    after = payload_of(running, event_id)
    assert (after["rules"], after["words"]) == (tuple(rules), "Oxygen, 4 L")


def test_a_score_stays_on_its_scale_and_the_form_takes_no_other(recovered, log_in, address) -> None:
    scores = recovered.view(165).state.of(Kind.score)
    alert = next(each for each in scores if each.payload["scale"] == "moaas")
    browser = log_in(recovered.nurse)
    url = address("session_correct", recovered, event_id=alert.event.id)

    shown = browser.get(url).context["form"].fields
    sent_back(browser, url, moaas="4", anxiety_0_10="9")

    assert "moaas" in shown and "anxiety_0_10" not in shown
    assert payload_of(recovered, alert.event.id) == {"scale": "moaas", "value": 4}
