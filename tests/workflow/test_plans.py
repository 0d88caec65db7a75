"""The plan: drawn up, confirmed by another, signed, booked; and what makes it no longer hold."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from tests.bedside import DOSE
from tests.factories import make_patient, make_site, make_staff
from tests.planning import LINES, MONDAY, Planning, drops, make_planning, order
from vernal.accounts.models import Role, Site
from vernal.audit.models import Entry
from vernal.records.models import (
    Plan,
    PlanConfirmed,
    PlanSigned,
    Session,
    SessionCancelled,
    SessionEvent,
    SessionMoved,
)
from vernal.workflow import bookings, consents, plans
from vernal.workflow.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow
from vernal.workflow.standing import may_session_begin, measure_again, why_session_may_not_begin

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(lasting) -> Planning:
    return make_planning(make_site())


@pytest.fixture
def planning(made, db) -> Planning:
    return deepcopy(made)


@pytest.fixture
def site(planning) -> Site:
    return planning.chart.site


def refused(planning: Planning, **changes) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refusal:
        planning.draw_up(order(**changes))
    return refusal.value.fields


# --- drawing up


def test_a_plan_keeps_every_line_as_it_was_shown(planning) -> None:
    plan = Plan.objects.get(pk=planning.draw_up())

    assert tuple(line["key"] for line in plan.worksheet["lines"]) == LINES
    draw = next(line for line in plan.worksheet["lines"] if line["key"] == "draw")
    assert (draw["value"], draw["unit"]) == ("0.88", "mL")
    assert "44 mg ÷ 50 mg/mL" in draw["how"]
    assert plan.worksheet["given_mg"] == "44"
    assert plan.worksheet["rate_ml_per_h"] == "75"
    assert plan.weight.answers["weight_kg"] == "88.0"
    assert plan.weight_basis == "actual"
    assert (plan.dose_mg_per_kg, plan.dose_mg) == (Decimal("0.5"), None)


def test_a_sublingual_plan_has_a_dose_in_mg_and_no_pump(site) -> None:
    planning = make_planning(site, eligible=False)
    planning.consider("sublingual")
    planning.decide()

    plan = Plan.objects.get(pk=planning.draw_up(drops()))

    assert (plan.dose_mg_per_kg, plan.dose_mg) == (None, Decimal(10))
    assert plan.worksheet["draw_ml"] == "0.1"
    assert plan.worksheet["rate_ml_per_h"] is None


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"dose": Decimal("1.2"), "reason": "Because."}, "dose", "above the cap of 1 mg/kg"),
        ({"dose": Decimal(0)}, "dose", "above zero"),
        ({"dose": Decimal("-0.5")}, "dose", "above zero"),
        ({"dose": Decimal("0.6")}, "reason", "says why"),
        ({"vial_mg_per_ml": Decimal(0)}, "vial_mg_per_ml", "above zero"),
        ({"vial_mg_per_ml": Decimal(-50)}, "vial_mg_per_ml", "above zero"),
        ({"vial_mg_per_ml": Decimal(5)}, "vial_mg_per_ml", "no concentration of this protocol"),
        ({"vial_form": "hydrochloride"}, "vial_form", "different units"),
        ({"vial_form": "sulphate"}, "vial_form", "Choose"),
        ({"minutes": Decimal(10)}, "minutes", "outside 40 to 60"),
        ({"minutes": Decimal(0)}, "minutes", "above zero"),
        ({"minutes": Decimal("NaN")}, "minutes", "Write a number"),
        ({"minutes": Decimal("Infinity")}, "minutes", "Write a number"),
        ({"total_ml": Decimal("-Infinity")}, "total_ml", "Write a number"),
        ({"vial_mg_per_ml": Decimal("sNaN")}, "vial_mg_per_ml", "Write a number"),
        ({"total_ml": Decimal("0.5")}, "total_ml", "larger total"),
        ({"total_ml": Decimal(5000)}, "total_ml", "largest syringe or bag"),
        ({"total_ml": Decimal(0)}, "total_ml", "above zero"),
        ({"total_ml": None}, "total_ml", "whole volume"),
        ({"schedule": "hourly"}, "schedule", "no schedule"),
        ({"phase": "forever"}, "schedule", "no phase"),
        ({"basis": "ideal"}, "basis", "below 30"),
    ],
)
def test_what_cannot_be_prepared_is_refused_beside_its_field(
    planning, changes, field, words
) -> None:
    fields = refused(planning, **changes)

    assert list(fields) == [field]
    assert words in fields[field]
    assert not Plan.objects.exists()


def test_a_dose_over_the_cap_in_mg_is_never_trimmed(site) -> None:
    planning = make_planning(site, weight_kg="140.0", height_cm="215", stated_height_cm="215")

    fields = refused(planning, dose=Decimal("0.8"), reason="Partial response.", basis="actual")

    assert "above the cap of 100 mg" in fields["dose"]


def test_a_dose_above_the_usual_one_keeps_its_reason(planning) -> None:
    plan_id = planning.draw_up(order(dose=Decimal("0.6"), reason=" Partial response. "))

    assert Plan.objects.get(pk=plan_id).reason == "Partial response."


def test_from_a_bmi_of_30_on_the_prescriber_chooses_the_basis(site) -> None:
    planning = make_planning(site, weight_kg="110.0")

    assert "prescriber chooses" in refused(planning)["basis"]
    plan = Plan.objects.get(pk=planning.draw_up(order(basis="adjusted")))
    assert plan.weight_basis == "adjusted"
    assert Decimal(plan.worksheet["weight_kg"]) < 110
    assert plan.worksheet["actual_kg"] == "110"


def test_a_stale_weight_is_refused_beside_the_weight(planning) -> None:
    planning.now = MONDAY + timedelta(days=8)

    assert "Weigh again" in refused(planning)["weight_is_right"]


def test_an_unknown_weight_is_refused_with_its_sentence(site) -> None:
    planning = make_planning(site, weight_kg="")

    assert "The weight is not known" in refused(planning)["weight_is_right"]


def test_a_weight_measured_later_carries_no_dose(planning) -> None:
    planning.examine(at=MONDAY + timedelta(days=1), weight_kg="60.0")

    plan = Plan.objects.get(pk=planning.draw_up())

    assert plan.worksheet["actual_kg"] == "88"


def test_a_weight_that_changed_is_asked_about_once_more(planning) -> None:
    planning.examine(weight_kg="80.0")

    assert "differs by 9.1 %" in refused(planning)["weight_is_right"]
    planning.draw_up(weight_is_right=True)
    assert Plan.objects.get().worksheet["actual_kg"] == "80"


def test_a_change_of_exactly_five_percent_is_not_asked_about(planning) -> None:
    planning.examine(weight_kg="83.6")

    planning.draw_up()

    assert Plan.objects.get().worksheet["actual_kg"] == "83.6"


def test_without_a_signed_screening_nothing_is_planned(site) -> None:
    planning = make_planning(site, eligible=False)

    with pytest.raises(NotPossibleNow, match="not signed yet"):
        planning.draw_up()


def test_a_newer_refusal_ends_planning(planning) -> None:
    planning.decide("not_eligible")

    with pytest.raises(NotPossibleNow, match="does not say"):
        planning.draw_up()


def test_a_bar_found_since_the_screening_refuses_with_its_name(planning) -> None:
    planning.examine(weight_kg="88.0", systolic_mmhg="190", diastolic_mmhg="120")

    with pytest.raises(NotPossibleNow, match="stricter than when it was signed"):
        planning.draw_up()


def test_the_protocol_of_another_route_is_refused(planning) -> None:
    with pytest.raises(InvalidInput) as refusal:
        planning.draw_up(drops())

    assert "protocol" in refusal.value.fields


def test_only_prescribers_draw_up(planning) -> None:
    with pytest.raises(NotAllowed, match="prescriber"):
        planning.draw_up(by=planning.nurse)


def test_the_same_form_twice_makes_one_plan(planning) -> None:
    id = uuid4()

    planning.draw_up(id=id)
    planning.draw_up(id=id)

    assert Plan.objects.count() == 1
    assert Entry.objects.filter(act="plan.drawn_up").count() == 1


# --- confirming


def test_a_plan_cannot_be_confirmed_by_its_author(planning) -> None:
    plan_id = planning.draw_up()

    with pytest.raises(NotAllowed, match="another clinician"):
        planning.confirm(plan_id, by=planning.prescriber)


def test_every_line_must_be_ticked(planning) -> None:
    plan_id = planning.draw_up()

    with pytest.raises(InvalidInput) as refusal:
        planning.confirm(plan_id, checked=("weight", "dose"))

    assert set(refusal.value.fields) == set(LINES) - {"weight", "dose"}
    assert not PlanConfirmed.objects.exists()


def test_a_plan_that_was_replaced_cannot_be_confirmed(planning) -> None:
    old = planning.draw_up()
    planning.draw_up(order(dose=Decimal("0.4")), at=MONDAY + timedelta(minutes=1))

    with pytest.raises(NotPossibleNow, match="newer plan"):
        planning.confirm(old)


def test_a_changed_weight_ends_a_plan_before_it_is_confirmed(planning) -> None:
    plan_id = planning.draw_up()
    planning.examine(weight_kg="80.0")

    with pytest.raises(NotPossibleNow, match="draw the plan up anew"):
        planning.confirm(plan_id)


def test_confirming_twice_with_one_form_confirms_once(planning) -> None:
    plan_id, id = planning.draw_up(), uuid4()

    planning.confirm(plan_id, id=id)
    planning.confirm(plan_id, id=id)

    assert PlanConfirmed.objects.count() == 1
    with pytest.raises(NotPossibleNow, match="already"):
        planning.confirm(plan_id, by=planning.director)


def test_a_plan_of_another_patient_is_not_found(planning, site) -> None:
    other = make_patient(make_staff(Role.front_desk, site), site, at=MONDAY)

    with pytest.raises(NotFound):
        plans.confirm_plan(
            by=planning.nurse,
            patient_id=other.patient_id,
            plan_id=planning.draw_up(),
            checked=LINES,
            id=uuid4(),
            at=MONDAY,
        )


# --- signing


def test_signing_books_the_sessions_at_the_same_hour_on_open_days(planning) -> None:
    planning.signed()

    zone = ZoneInfo("America/Denver")
    moments = [each.planned_at.astimezone(zone) for each in Session.objects.order_by("number")]
    assert len(moments) == 6
    assert {(each.hour, each.minute) for each in moments} == {(10, 0)}
    assert moments[0].date() == date(2026, 3, 10)
    assert all(each.weekday() < 5 for each in moments)


def test_an_unconfirmed_plan_cannot_be_signed(planning) -> None:
    plan_id = planning.draw_up()
    planning.check()
    planning.consent()

    with pytest.raises(NotPossibleNow, match="second person"):
        planning.sign(plan_id)


def test_a_bar_of_the_plan_blocks_the_signature(planning) -> None:
    plan_id = planning.draw_up()
    planning.confirm(plan_id)
    planning.check(prescription_monitoring_queried="no")
    planning.consent()

    with pytest.raises(NotPossibleNow, match="Prescription monitoring not queried"):
        planning.sign(plan_id)
    assert not PlanSigned.objects.exists()


def test_a_check_nobody_made_blocks_too(planning) -> None:
    plan_id = planning.draw_up()
    planning.confirm(plan_id)
    planning.consent()

    with pytest.raises(NotPossibleNow, match="cannot be signed yet"):
        planning.sign(plan_id)


def test_without_consent_no_plan_is_signed(planning) -> None:
    plan_id = planning.draw_up()
    planning.confirm(plan_id)
    planning.check()

    with pytest.raises(NotPossibleNow, match="consent"):
        planning.sign(plan_id)


def test_a_plan_older_than_its_weight_cannot_be_signed(planning) -> None:
    plan_id = planning.ready_to_sign()

    with pytest.raises(NotPossibleNow, match="Weigh again"):
        planning.sign(plan_id, first_on=date(2026, 3, 24), at=MONDAY + timedelta(days=9))


def test_a_nurse_confirms_but_does_not_sign(planning) -> None:
    plan_id = planning.ready_to_sign()

    with pytest.raises(NotAllowed):
        planning.sign(plan_id, by=planning.nurse)


@pytest.mark.parametrize(
    ("first_on", "words"),
    [(date(2026, 3, 14), "closed"), (date(2026, 3, 9), "past"), (date(2026, 3, 2), "past")],
)
def test_a_first_day_that_does_not_fit_is_refused_beside_it(planning, first_on, words) -> None:
    plan_id = planning.ready_to_sign()

    with pytest.raises(InvalidInput) as refusal:
        planning.sign(plan_id, first_on=first_on)

    assert words in refusal.value.fields["first_on"]
    assert not Session.objects.exists()


def test_signing_twice_with_one_form_books_once(planning) -> None:
    plan_id, id = planning.ready_to_sign(), uuid4()

    planning.sign(plan_id, id=id)
    planning.sign(plan_id, id=id)

    assert Session.objects.count() == 6
    with pytest.raises(NotPossibleNow, match="signed already"):
        planning.sign(plan_id)


def test_a_new_signed_plan_takes_the_place_of_the_old_one(planning) -> None:
    planning.signed()
    first = planning.session()
    planning.now = MONDAY + timedelta(hours=1)
    new = planning.draw_up(order(dose=Decimal("0.4")))
    assert may_session_begin(first, at=first.planned_at)
    planning.confirm(new)

    planning.sign(new)

    assert SessionCancelled.objects.count() == 6
    assert not may_session_begin(first, at=first.planned_at)
    assert may_session_begin(planning.session(), at=planning.session().planned_at)


def test_a_dose_rises_by_one_step_over_the_one_that_was_given(planning) -> None:
    planning.signed()
    _begin(planning.session(), planning)
    why = {"reason": "Partial response."}

    assert "at most 0.1" in refused(planning, dose=Decimal("0.7"), **why)["dose"]
    assert planning.draw_up(order(dose=Decimal("0.6"), **why))


# --- the calendar


def test_a_session_moves_where_the_hours_hold(planning) -> None:
    planning.signed()
    first = planning.session()

    planning.move(first, first.planned_at + timedelta(hours=3))

    booked = bookings.booked_sessions(planning.chart)[0]
    assert booked.planned_at == first.planned_at + timedelta(hours=3)
    assert SessionMoved.objects.get().reason == "The escort cannot come."


@pytest.mark.parametrize(
    ("hours", "words"),
    [(26, "At least 48 hours"), (-24, "past"), (24 * 7 + 1, "At least 48 hours")],
)
def test_a_move_that_does_not_fit_is_refused_beside_the_day(planning, hours, words) -> None:
    planning.signed()
    first = planning.session()

    with pytest.raises(InvalidInput) as refusal:
        planning.move(first, first.planned_at + timedelta(hours=hours))

    assert words in refusal.value.fields["planned_on"]
    assert not SessionMoved.objects.exists()


def test_no_more_sessions_in_seven_days_than_the_protocol_has(site) -> None:
    planning = make_planning(site, eligible=False)
    planning.consider("sublingual")
    planning.decide()
    plan_id = planning.draw_up(drops())
    planning.confirm(plan_id)
    planning.check()
    planning.consent()
    planning.sign(plan_id)
    first = planning.session(1).planned_at
    planning.move(planning.session(2), first + timedelta(days=3, hours=2))

    with pytest.raises(InvalidInput) as refusal:
        planning.move(planning.session(3), first + timedelta(days=6, hours=4))

    assert "seven days" in refusal.value.fields["planned_on"]


def test_moving_twice_with_one_form_moves_once(planning) -> None:
    planning.signed()
    first, id = planning.session(), uuid4()

    planning.move(first, first.planned_at + timedelta(hours=3), id=id)
    planning.move(first, first.planned_at + timedelta(hours=3), id=id)

    assert SessionMoved.objects.count() == 1


def cancel(planning: Planning, session: Session, reason: str = "Has a cold.", id=None) -> None:
    bookings.cancel_session(
        by=planning.nurse,
        patient_id=planning.patient_id,
        session_id=session.pk,
        reason=reason,
        id=id or uuid4(),
        at=planning.now,
    )


def test_a_cancelled_session_frees_its_place_and_stays_cancelled(planning) -> None:
    planning.signed()
    first, second, id = planning.session(1), planning.session(2), uuid4()

    cancel(planning, first, id=id)
    cancel(planning, first, id=id)
    planning.move(second, first.planned_at)

    assert SessionCancelled.objects.count() == 1
    with pytest.raises(NotPossibleNow, match="cancelled"):
        cancel(planning, first)
    assert why_session_may_not_begin(first, at=first.planned_at) == ("It was cancelled.",)


def test_cancelling_and_moving_ask_why(planning) -> None:
    planning.signed()

    with pytest.raises(InvalidInput) as refusal:
        cancel(planning, planning.session(), reason=" ")

    assert "reason" in refusal.value.fields


def test_a_session_that_has_begun_is_neither_moved_nor_cancelled(planning) -> None:
    planning.signed()
    first = planning.session()
    _begin(first, planning)

    with pytest.raises(NotPossibleNow, match="has begun"):
        cancel(planning, first)
    with pytest.raises(NotPossibleNow, match="has begun"):
        planning.move(first, first.planned_at + timedelta(hours=3))


def test_the_first_session_of_a_new_plan_keeps_its_distance_from_the_last(planning) -> None:
    planning.signed()
    _begin(planning.session(), planning)
    planning.now = MONDAY + timedelta(hours=1)
    new = planning.draw_up()
    planning.confirm(new)

    with pytest.raises(InvalidInput) as refusal:
        planning.sign(new, first_on=date(2026, 3, 11))

    assert "48 hours" in refusal.value.fields["first_on"]


# --- may this session begin


def test_a_session_of_a_signed_plan_with_consent_may_begin(planning) -> None:
    planning.signed()

    assert why_session_may_not_begin(planning.session(), at=MONDAY + timedelta(days=1)) == ()


def test_a_week_later_the_weight_is_measured_again_and_the_plan_holds(planning) -> None:
    planning.signed()
    fourth = planning.session(4)
    later = fourth.planned_at
    assert "Weigh again" in why_session_may_not_begin(fourth, at=later)[0]

    planning.examine(at=later, weight_kg="88.5")

    assert may_session_begin(fourth, at=later)
    planning.examine(at=later + timedelta(minutes=1), weight_kg="80.0")
    assert "differs by" in measure_again(Plan.objects.get(), planning.chart, on=later.date())
    assert not may_session_begin(fourth, at=later + timedelta(minutes=2))


def test_a_session_waits_for_consent_and_for_a_screening_that_holds(planning) -> None:
    planning.signed()
    first = planning.session()
    planning.decide("not_eligible")
    consents.withdraw_consent(by=planning.patient.user, reason="", id=uuid4(), at=planning.now)

    reasons = " ".join(why_session_may_not_begin(first, at=planning.now))

    assert "eligible" in reasons
    assert "No consent" in reasons


def test_audit_entries_hold_ids_and_no_words(planning) -> None:
    planning.signed()
    planning.move(planning.session(), planning.session().planned_at + timedelta(hours=3))
    cancel(planning, planning.session(6))

    acts = {entry.act: entry.details for entry in Entry.objects.all()}

    assert {"plan.drawn_up", "plan.confirmed", "plan.signed", "session.moved"} <= set(acts)
    assert "session.cancelled" in acts
    written = str(list(Entry.objects.values_list("subject", "details")))
    assert "escort" not in written
    assert "cold" not in written


def _begin(session: Session, planning: Planning) -> None:
    """One entry in the session's log, as the bedside would make it."""
    SessionEvent.objects.create(
        id=uuid4(),
        session=session,
        kind="dose_started",
        payload=DOSE,
        device_id="web",
        sequence=1,
        device_at=datetime(2026, 3, 10, 16, 0, tzinfo=UTC),
        device_offset_min=-420,
        monotonic_ms=0,
        author=planning.nurse,
        received_at=datetime(2026, 3, 10, 16, 0, tzinfo=UTC),
        previous_hash="0" * 64,
        hash=uuid4().hex,
    )


# --- what else may have changed in the meantime


def sublingual(site, **differences: str) -> Planning:
    planning = make_planning(site, eligible=False, **differences)
    planning.consider("sublingual")
    planning.decide()
    return planning


def test_without_a_height_nobody_says_on_which_weight_the_dose_rests(site) -> None:
    planning = make_planning(site, height_cm="")

    assert "The height is not known" in refused(planning)["weight_is_right"]


def test_the_ideal_weight_needs_the_sex(site) -> None:
    planning = make_planning(site, weight_kg="110.0", sex_at_birth="")

    assert "The sex is not known" in refused(planning, basis="ideal")["basis"]


def test_a_bar_found_after_the_confirmation_stops_the_signature(planning) -> None:
    plan_id = planning.ready_to_sign()
    planning.examine(weight_kg="88.0", systolic_mmhg="190", diastolic_mmhg="120")

    with pytest.raises(NotPossibleNow, match="stricter than when it was signed"):
        planning.sign(plan_id)


def test_a_newer_screening_for_another_route_ends_the_draft(planning) -> None:
    plan_id = planning.ready_to_sign()
    planning.consider("sublingual")
    planning.decide(at=MONDAY + timedelta(minutes=5))

    with pytest.raises(NotPossibleNow, match="another treatment"):
        planning.sign(plan_id)


def test_another_route_begins_with_its_own_starting_dose(planning) -> None:
    planning.signed()
    _begin(planning.session(), planning)
    planning.consider("sublingual")
    planning.decide(at=MONDAY + timedelta(minutes=5))

    assert planning.draw_up(drops(), at=MONDAY + timedelta(minutes=6))


def test_a_session_of_no_plan_in_force_may_not_begin(planning) -> None:
    planning.signed()
    first = planning.session()
    planning.now = MONDAY + timedelta(hours=1)
    new = planning.draw_up()
    planning.confirm(new)
    planning.sign(new)

    assert why_session_may_not_begin(first, at=first.planned_at) == (
        "It belongs to no signed plan that is in force.",
    )


def test_a_session_of_another_patient_is_not_found(planning, site) -> None:
    planning.signed()
    other = make_patient(make_staff(Role.front_desk, site), site, at=MONDAY)

    with pytest.raises(NotFound):
        bookings.cancel_session(
            by=planning.nurse,
            patient_id=other.patient_id,
            session_id=planning.session().pk,
            reason="Wrong chart.",
            id=uuid4(),
            at=MONDAY,
        )


def test_a_sublingual_plan_is_signed_and_spaced_by_its_own_protocol(site) -> None:
    planning = sublingual(site)
    plan_id = planning.draw_up(drops())
    planning.confirm(plan_id)
    planning.check()
    planning.consent()

    planning.sign(plan_id)

    moments = [each.planned_at for each in Session.objects.order_by("number")]
    assert len(moments) == 4
    assert moments[1] - moments[0] == timedelta(days=7)


def test_a_solution_too_coarse_for_the_dose_is_refused_beside_the_vial(site) -> None:
    planning = sublingual(site)

    with pytest.raises(InvalidInput) as refusal:
        planning.draw_up(drops(dose=Decimal("0.4")))

    assert "weaker concentration" in refusal.value.fields["vial_mg_per_ml"]


def test_every_field_that_is_wrong_is_named_at_once(planning) -> None:
    fields = refused(planning, dose=Decimal("1.2"), vial_mg_per_ml=Decimal(0), schedule="hourly")

    assert set(fields) == {"dose", "vial_mg_per_ml", "schedule"}
