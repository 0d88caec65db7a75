"""One session on one page: the next thing first, and nothing softened."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.bedside import NO_SYMPTOMS, PREPARED, Bedside, make_bedside
from vernal.audit.models import Entry
from vernal.rules.sessions import Kind
from vernal.workflow import consents

pytestmark = pytest.mark.django_db


def seen(response) -> str:
    return response.content.decode()


def test_before_the_patient_is_here_the_check_in_comes_next(soon, log_in, address) -> None:
    page = seen(log_in(soon.nurse).get(address("session", soon)))

    assert "Check the patient in" in page
    assert address("session_event", soon, kind="checked_in") in page


def test_chest_pain_stops_the_dose_at_normal_pressure(running, log_in, address) -> None:
    running.reading(10)
    running.enter(Kind.symptom, 11, {"answers": {**NO_SYMPTOMS, "chest_pain": True}})

    page = seen(log_in(running.nurse).get(address("session", running)))

    assert "Stop the infusion now" in page
    assert 'name="reason" value="alarm"' in page
    assert "122/78" in page


def test_an_overdue_reading_is_the_next_thing(site, log_in, address) -> None:
    running = make_bedside(site, now=timezone.now() - timedelta(minutes=15))
    running.infuse()

    page = seen(log_in(running.nurse).get(address("session", running)))

    assert "Take the overdue reading" in page
    assert "data-silent" in page


def test_a_whole_session_shows_every_criterion_met(recovered, log_in, address) -> None:
    page = seen(log_in(recovered.nurse).get(address("session", recovered)))

    assert "The patient may go home" in page
    assert "Not met" not in page
    assert "Not known yet" not in page


def test_lines_of_the_pressure_chart_say_how_sure_they_are(recovered, log_in, address) -> None:
    page = seen(log_in(recovered.nurse).get(address("session", recovered)))
    pressure = page.split("<svg viewBox")[1].split("</svg>")[0]

    assert "Pause from 180, unsigned default" in pressure
    assert "mark-band" not in pressure


def test_the_expected_level_stands_apart_and_names_its_models(running, log_in, address) -> None:
    page = seen(log_in(running.nurse).get(address("session", running)))

    assert "Expected level in the blood" in page.split("<svg viewBox")[1]
    assert "Typical people, not this person" in page


def test_a_page_that_looks_again_is_a_part_and_no_reading_of_the_chart(
    bedside, log_in, address
) -> None:
    browser = log_in(bedside.nurse)
    browser.get(address("session", bedside))
    before = Entry.objects.filter(act="chart.read").count()

    part = seen(browser.get(address("session", bedside), headers={"HX-Request": "true"}))

    assert part.lstrip().startswith('<div id="live"')
    assert 'id="log"' in part
    assert "<html" not in part
    assert Entry.objects.filter(act="chart.read").count() == before


def test_opening_it_is_on_record(bedside, log_in, address) -> None:
    log_in(bedside.nurse).get(address("session", bedside))

    entry = Entry.objects.filter(act="chart.read").latest("sequence")
    assert entry.subject == f"session:{bedside.session_id}"


@pytest.mark.parametrize("role", ["front_desk", "administrator"])
def test_the_wrong_role_reads_why(role, bedside, request, log_in, address) -> None:
    response = log_in(request.getfixturevalue(role)).get(address("session", bedside))

    assert response.status_code == 403
    assert "charted by nurses" in seen(response)


def test_another_site_has_no_such_session(elsewhere, nurse, log_in, address) -> None:
    assert log_in(nurse).get(address("session", elsewhere)).status_code == 404


def test_no_such_session(nurse, log_in) -> None:
    url = reverse("session", kwargs={"session_id": uuid4()})

    assert log_in(nurse).get(url).status_code == 404


def test_a_pump_that_nobody_stopped_is_empty_and_raises_no_false_alarm(
    running, log_in, address, clock
) -> None:
    running.reading(10)
    clock(running.at(120))

    page = seen(log_in(running.nurse).get(address("session", running)))

    assert "the pump is empty: enter the end" in part(page, "Dose so far", "</div>")
    assert ">44<" in part(page, "Dose so far", "</div>")
    assert "More than 1.0 mg/kg" not in page
    assert "The pump should be empty" in page


def test_older_entries_are_one_tap_away(bedside, log_in, address) -> None:
    bedside.enter(Kind.note, -25, {"words": "Came early"})
    bedside.recover()
    browser = log_in(bedside.nurse)

    assert "Came early" not in seen(browser.get(address("session", bedside)))
    assert "Came early" in seen(browser.get(address("session", bedside), {"log": "all"}))


@pytest.mark.slow
def test_the_number_of_queries_does_not_grow_with_the_log(bedside, log_in, address) -> None:
    bedside.infuse()
    browser = log_in(bedside.nurse)
    browser.get(address("session", bedside))

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen_queries:
            browser.get(address("session", bedside))
        return len(seen_queries)

    few = queries()
    for minute in range(25):
        bedside.enter(Kind.note, 1 + minute, {"words": f"Note {minute}"})

    assert queries() == few


def here(bedside: Bedside, minute: float) -> str:
    """A minute of the session as the clock at the clinic shows it."""
    zone = ZoneInfo(bedside.view(minute).head.site.time_zone)
    return f"{bedside.at(minute).astimezone(zone):%H:%M}"


def part(page: str, begin: str, end: str) -> str:
    return page.split(begin, 1)[1].split(end, 1)[0]


def test_several_alarms_say_the_strictest_once_and_one_time_to_measure(
    running, log_in, address
) -> None:
    """Pressure asks to pause and for 5 minutes, anxiety to slow, the rise for 3 minutes."""
    running.reading(11, systolic_mmhg="186", diastolic_mmhg="104")
    running.score(11, "anxiety_0_10", 8)

    page = seen(log_in(running.nurse).get(address("session", running)))
    alarm = part(page, 'id="alarm-title"', "<details")

    assert "Pause the infusion now" in alarm
    assert "Slow" not in alarm
    assert "Halve" not in alarm
    assert "Pause the infusion." not in alarm
    assert alarm.index("Ask about chest pain") < alarm.index("Call the clinician.")
    assert alarm.count("<li>") <= 6
    assert alarm.count("Measure again") == 1
    again = (running.at(11) + timedelta(minutes=3)).astimezone(
        ZoneInfo(running.view(12).head.site.time_zone)
    )
    assert f"Measure again at {again:%H:%M}" in alarm
    assert "MON-012" in part(page, 'id="fold-why"', "</details>")


def test_an_alarm_that_is_over_waits_for_the_word_of_what_was_done(
    running, log_in, address
) -> None:
    running.reading(10, systolic_mmhg="186", diastolic_mmhg="96")
    running.enter(Kind.dose_stopped, 10.5, {"reason": "alarm"})
    running.reading(11)
    browser = log_in(running.nurse)

    before = seen(browser.get(address("session", running)))
    rules = [name for alarm in running.view(11).alarms.sounding for name, _v in alarm.rules]
    done = {"id": str(uuid4()), "rules": rules, "words": "Paused, cuff checked."}
    browser.post(address("session_event", running, kind="alarm_acknowledged"), done)
    after = seen(browser.get(address("session", running)))

    assert "No more drug for now" in before
    assert "nobody has said yet" in before
    assert 'class="finding' not in after
    assert "Alarms: Pressure 180 systolic or 120 diastolic" in part(after, "What happened", "</li>")
    assert "MON-015" not in part(after, "What happened", "</main>")


def test_a_dose_is_offered_to_go_on_only_where_it_can(running, log_in, address) -> None:
    running.reading(10, systolic_mmhg="186", diastolic_mmhg="96")
    running.enter(Kind.dose_stopped, 10.5, {"reason": "alarm"})
    browser, url = log_in(running.nurse), address("session_event", running, kind="dose_resumed")

    waiting = seen(browser.get(address("session", running)))
    rules = [name for alarm in running.view(11).alarms.sounding for name, _v in alarm.rules]
    running.reading(11)
    running.reading(11.5)
    running.enter(Kind.alarm_acknowledged, 11.6, {"rules": rules, "words": "Rested, cuff checked"})
    for scale in ("moaas", "dissociation_0_10", "anxiety_0_10"):
        running.score(11.7, scale, 5)
    running.enter(Kind.symptom, 11.8, {"answers": NO_SYMPTOMS})
    ready = seen(browser.get(address("session", running)))

    assert url not in waiting
    assert "Before the dose may go on" in waiting
    assert "Ask about symptoms." in part(waiting, "Before the dose may go on", "</ul>")
    assert url in ready
    assert "Before the dose may go on" not in ready


def test_every_rate_stands_in_both_units(running, log_in, address) -> None:
    page = seen(log_in(running.nurse).get(address("session", running)))
    syringe = running.view(12).syringe
    pump = f"66 mg/h (pump {syringe.ml_per_h(Decimal(66)).normalize():f} mL/h)"

    assert f"running at {pump}" in page
    assert f"Rate: {pump}" in part(page, "What happened", "</html>")
    assert f"{syringe.draw_ml.normalize():f} mL of 50 mg/mL" in page


def test_what_keeps_the_dose_waiting_stands_there_before_the_patient_does(
    soon, log_in, address
) -> None:
    """Nobody prepares a dose that the screening will refuse."""
    patient = soon.patient.patient_id
    consents.withdraw_consent(
        by=soon.patient.user, reason="Not now.", id=uuid4(), at=timezone.now()
    )
    browser = log_in(soon.nurse)

    page = seen(browser.get(address("session", soon)))
    form = seen(browser.get(address("session_event", soon, kind="checked_in")))

    for shown in (page, form):
        assert "No consent that holds is signed" in shown
        assert reverse("consent", kwargs={"patient_id": patient}) in shown
        assert "Two baseline readings" not in shown


def test_each_gate_leads_to_where_it_is_mended(soon, log_in, address) -> None:
    soon.enter(Kind.checked_in, -20)

    page = seen(log_in(soon.nurse).get(address("session", soon)))
    blocking = part(page, 'id="blocking-title"', "</section>")

    assert address("session_event", soon, kind="reading") in blocking
    assert address("session_event", soon, kind="checklist") in blocking


def test_what_one_form_asks_is_one_line_and_what_is_not_so_stands_alone(
    soon, log_in, address
) -> None:
    soon.enter(Kind.checked_in, -20)
    browser, url = log_in(soon.nurse), address("session", soon)

    before = part(seen(browser.get(url)), 'id="blocking-title"', "</section>")
    soon.enter(Kind.checklist, -2, {"answers": {"identity_confirmed": False}})
    after = part(seen(browser.get(url)), 'id="blocking-title"', "</section>")

    assert before.count("answers are open in the preparation</span> ") == 1
    assert before.count(address("session_event", soon, kind="checklist")) == 1
    assert "Not known yet" in before
    baseline = part(before, "Two baseline readings", "</li>")
    assert address("session_event", soon, kind="reading") in baseline
    open_ = int(before.split(" answers are open in the preparation")[0].rsplit(">", 1)[1])
    assert f"{open_ - 1} answers are open in the preparation" in after
    assert after.count(address("session_event", soon, kind="checklist")) == 2
    assert "Not met" in after


def test_the_answers_of_the_preparation_are_folded_in_the_log(soon, log_in, address) -> None:
    soon.prepare()

    log = part(seen(log_in(soon.nurse).get(address("session", soon))), "What happened", "</ol>")

    assert f"<summary>{len(PREPARED)} answers</summary>" in log


def test_looking_again_asks_only_for_what_may_change(soon, log_in, address) -> None:
    live = part(
        seen(log_in(soon.nurse).get(address("session", soon))), 'class="soft">as of', "</p>"
    )

    assert f'href="{address("session", soon)}"' in live
    assert 'hx-target="#live"' in live


def test_the_time_of_going_home_is_a_time_of_day(recovered, log_in, address, clock) -> None:
    clock(recovered.at(60))

    page = seen(log_in(recovered.nurse).get(address("session", recovered)))
    end = (recovered.at(40) + timedelta(minutes=120)).astimezone(
        ZoneInfo(recovered.view(60).head.site.time_zone)
    )

    assert f"May go at {end:%H:%M} at the earliest: 120 min after the last drug was in." in page


def test_the_missing_signature_is_named_and_so_are_those_to_call(bedside, log_in, address) -> None:
    bedside.infuse()
    bedside.enter(Kind.dose_stopped, 40, {"reason": "finished"})
    escort = {"name": "Ash Hollis", "telephone": "307 555 0147", "is_here": False}
    bedside.enter(Kind.escort, 41, escort)

    page = seen(log_in(bedside.nurse).get(address("session", bedside)))
    home = part(page, 'id="fold-home"', "</details>")

    assert "Still to sign: a nurse and a prescriber or director, another person." in home
    assert "MOAA/S: how alert" in home
    assert "Ash Hollis, 307 555 0147, not here yet" in page
    assert "Whom the patient would call" in page


def test_what_was_long_ago_is_folded_with_its_number(recovered, log_in, address) -> None:
    page = seen(log_in(recovered.nurse).get(address("session", recovered)))

    assert "18 entries before" in page
    assert page.index('id="reading-title"') < page.index('id="fold-prepared"')


def test_the_script_finds_its_words_on_the_page(soon, log_in, address) -> None:
    page = seen(log_in(soon.nurse).get(address("session", soon)))

    assert '<script id="device-words" type="application/json">' in page
    assert "Give your PIN to send it" in page


def test_a_measured_level_stands_over_the_expected_one(recovered, log_in, address) -> None:
    browser = log_in(recovered.nurse)
    before = seen(browser.get(address("session", recovered)))
    sample = {"analyte": "ketamine", "matrix": "venous_plasma", "conc_ng_per_ml": "180"}
    taken = {"taken_at": recovered.at(30).isoformat()}
    recovered.enter(Kind.concentration, 165, {**sample, **taken})
    recovered.enter(Kind.concentration, 165, {**sample, **taken, "analyte": "norketamine"})

    after = seen(browser.get(address("session", recovered)))

    assert "Not measured in this patient." in before
    assert "Measured (dots): 180 ng/mL at minute 30." in after
    assert address("session_event", recovered, kind="concentration") in after


def test_vials_that_nobody_counted_are_missed_before_going_home(recovered, log_in, address) -> None:
    browser = log_in(recovered.nurse)
    before = seen(browser.get(address("session_event", recovered, kind="discharged")))
    vial = {"vial": "A", "drawn_mg": "50", "given_mg": "50", "wasted_mg": "0", "returned_mg": "0"}
    recovered.enter(Kind.vial_counted, 165, vial)

    after = seen(browser.get(address("session_event", recovered, kind="discharged")))

    assert "No vial has been counted" in before
    assert "No vial has been counted" not in after
    assert "By the vials 50 mg were given, by the log 44 mg." in after
