"""Consent: the order of its steps, what ends it, and that earlier answers stay."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.factories import make_site
from tests.planning import MONDAY, Planning, drops, make_planning
from vernal.audit.models import Entry
from vernal.records.models import ConsentAnswered, ConsentSigned, ConsentWithdrawn, Plan
from vernal.workflow import consents
from vernal.workflow.errors import InvalidInput, NotAllowed, NotPossibleNow
from vernal.workflow.queries.consents import consent, consent_state, my_consent
from vernal.workflow.queries.courses_places import places
from vernal.workflow.standing import why_session_may_not_begin

pytestmark = pytest.mark.django_db

TODAY = MONDAY.date()
WRONG = "teach-back.driving"


@pytest.fixture(scope="module")
def made(lasting) -> Planning:
    """A plan is drawn up, so there is something to consent to."""
    planning = make_planning(make_site())
    planning.draw_up()
    return planning


@pytest.fixture
def planning(made, db) -> Planning:
    return deepcopy(made)


def holds(planning: Planning, on: date = TODAY, route: str = "iv") -> bool:
    return consents.consent_covers(planning.chart, route=route, indication="trd", on=on)


def wish_to_talk(
    planning: Planning, part: str = "alternatives", *, only=False, wrong=False, at=MONDAY
) -> None:
    """Everything else is clear and answered, or with `only` still open."""
    form = planning.form
    choices = {each.id: each.right for each in form.teach_backs}
    if wrong:
        choices[WRONG] = "same-evening"
    consents.answer_consent(
        by=planning.patient.user,
        ticks={each.id: each.id != part for each in form.elements if not only or each.id == part},
        teach_backs={} if only else choices,
        id=uuid4(),
        at=at,
    )


def step(planning: Planning) -> str:
    state = consent_state(planning.chart, on=TODAY)
    return state.step if state else ""


def test_without_a_plan_there_is_nothing_to_consent_to() -> None:
    planning = make_planning(make_site("cheyenne"))

    assert consent_state(planning.chart, on=TODAY) is None
    with pytest.raises(NotPossibleNow, match="no plan yet"):
        consents.answer_consent(
            by=planning.patient.user, ticks={}, teach_backs={}, id=uuid4(), at=MONDAY
        )


def test_the_steps_follow_one_another(planning) -> None:
    assert step(planning) == "read"
    planning.answer(leave=("off-label",))
    assert step(planning) == "read"
    planning.answer(wrong=(WRONG,))
    assert step(planning) == "answer_again"
    planning.answer()
    assert step(planning) == "discuss"
    planning.discuss()
    assert step(planning) == "sign"
    planning.sign_consent()
    assert step(planning) == "holds"
    assert holds(planning)


def test_nobody_signs_before_the_talk(planning) -> None:
    planning.answer()

    with pytest.raises(NotPossibleNow, match="clinician goes through it"):
        planning.sign_consent()


def test_nobody_discusses_what_was_not_answered(planning) -> None:
    with pytest.raises(NotPossibleNow, match="nothing is answered"):
        planning.discuss()


def test_an_open_or_wrong_answer_waits_for_the_patient(planning) -> None:
    planning.answer(wrong=(WRONG,))

    with pytest.raises(NotPossibleNow, match="still open"):
        planning.discuss()


def test_lacking_capacity_is_written_down_and_nothing_is_signed(planning) -> None:
    planning.answer(wrong=(WRONG,))
    planning.discuss(has_capacity=False)

    with pytest.raises(NotPossibleNow, match="cannot be signed"):
        planning.sign_consent()
    planning.answer()
    assert step(planning) == "discuss"


def test_a_word_of_disagreement_is_kept_and_stops_the_signature(planning) -> None:
    wish_to_talk(planning)
    assert step(planning) == "talk"

    planning.discuss()

    assert step(planning) == "answer_again"
    with pytest.raises(NotPossibleNow, match="cannot be signed"):
        planning.sign_consent()


class TestWishToTalk:
    """Whoever wants to talk first is talked to first; nothing has to be agreed to before."""

    def test_it_opens_the_talk_while_everything_else_is_open(self, planning) -> None:
        wish_to_talk(planning, only=True)

        planning.discuss()

        assert step(planning) == "read"

    def test_a_yes_after_the_talk_can_be_signed(self, planning) -> None:
        wish_to_talk(planning, wrong=True)
        planning.discuss()

        planning.answer(at=MONDAY + timedelta(minutes=1))

        assert step(planning) == "sign"
        planning.sign_consent(at=MONDAY + timedelta(minutes=2))
        assert holds(planning)

    def test_what_was_still_open_at_the_talk_is_gone_through_too(self, planning) -> None:
        wish_to_talk(planning, only=True)
        planning.discuss()

        planning.answer(at=MONDAY + timedelta(minutes=1))

        assert step(planning) == "discuss"

    def test_a_new_wish_asks_for_a_new_talk(self, planning) -> None:
        wish_to_talk(planning)
        planning.discuss()

        wish_to_talk(planning, "driving", at=MONDAY + timedelta(minutes=1))

        assert step(planning) == "talk"
        planning.discuss(at=MONDAY + timedelta(minutes=2))

    def test_a_talk_that_found_no_capacity_covers_no_later_answer(self, planning) -> None:
        wish_to_talk(planning)
        planning.discuss(has_capacity=False)
        assert step(planning) == "lacks_capacity"

        planning.answer(at=MONDAY + timedelta(minutes=1))

        assert step(planning) == "discuss"

    def test_staff_see_in_list_and_chart_that_the_talk_waits(self, planning) -> None:
        planning.confirm(Plan.objects.get().pk)
        wish_to_talk(planning, only=True)

        place = places([planning.chart], at=MONDAY)[planning.patient_id]

        assert place.standing.waits == "consent_to_discuss"


def test_new_answers_after_the_talk_need_a_new_talk(planning) -> None:
    planning.answer()
    planning.discuss()
    planning.answer(at=MONDAY + timedelta(minutes=1))

    with pytest.raises(NotPossibleNow, match="clinician goes through it"):
        planning.sign_consent()


def test_earlier_answers_stay_and_the_clinician_sees_the_first_ones(planning) -> None:
    planning.answer(wrong=(WRONG,))
    planning.answer(at=MONDAY + timedelta(minutes=1))

    view = consent(by=planning.nurse, patient_id=planning.patient_id, at=MONDAY)

    first = next(each for each in view.first_answers if not each.first_was_right)
    assert (first.first, first.is_right, first.times) == (
        "The same evening, if I feel well",
        True,
        2,
    )
    assert ConsentAnswered.objects.count() == 2


@pytest.mark.parametrize("name", ["wren hollis", "  Wren   HOLLIS ", "Wrén Hollis"])
def test_a_name_is_the_same_in_other_letters(planning, name) -> None:
    planning.answer()
    planning.discuss()

    planning.sign_consent(name)

    assert holds(planning)


@pytest.mark.parametrize("name", ["", "Wren", "Rowan Castellanos"])
def test_another_name_is_refused_beside_the_field(planning, name) -> None:
    planning.answer()
    planning.discuss()

    with pytest.raises(InvalidInput) as refusal:
        planning.sign_consent(name)

    assert "Wren Hollis" in refusal.value.fields["typed_name"]
    assert not ConsentSigned.objects.exists()


def test_what_is_not_on_the_form_is_refused(planning) -> None:
    with pytest.raises(InvalidInput) as refusal:
        consents.answer_consent(
            by=planning.patient.user,
            ticks={"free-lunch": True},
            teach_backs={WRONG: "never"},
            id=uuid4(),
            at=MONDAY,
        )

    assert set(refusal.value.fields) == {"free-lunch", WRONG}


def test_consent_ends_after_a_year(planning) -> None:
    planning.consent()

    assert holds(planning, date(2027, 3, 8))
    assert not holds(planning, date(2027, 3, 9))
    state = consent_state(planning.chart, on=date(2027, 3, 9))
    assert (state.step, state.ended) == ("ended", ("expired",))


def test_another_version_of_the_form_ends_it(planning) -> None:
    planning.consent()
    signed = ConsentAnswered.objects.get()
    newer = ConsentAnswered(
        patient=planning.chart, by=signed.by, at=signed.at, route="iv", indication="trd",
        version="of-last-year", ticks={}, teach_backs={},
    )  # fmt: skip
    row = ConsentSigned.objects.get()
    row.discussed.answered = newer

    changed = consents.as_signed(row, planning.chart)

    assert consents.consent_holds(planning.form, changed, on=TODAY) is False


def test_another_route_needs_its_own_consent(planning) -> None:
    planning.consent()
    planning.consider("sublingual")
    planning.decide(at=MONDAY + timedelta(minutes=1))
    planning.now = MONDAY + timedelta(minutes=2)
    planning.draw_up(drops())

    state = consent_state(planning.chart, on=TODAY)

    assert holds(planning)
    assert not holds(planning, route="sublingual")
    assert (state.step, state.ended) == ("read", ("other_route",))


def test_the_patient_takes_consent_back_at_any_time_and_may_begin_anew(planning) -> None:
    planning.consent()
    consents.withdraw_consent(
        by=planning.patient.user, reason="I changed my mind.", id=uuid4(), at=MONDAY
    )

    assert not holds(planning)
    assert step(planning) == "ended"
    planning.now = MONDAY + timedelta(minutes=1)
    planning.consent()
    assert holds(planning)


def test_staff_write_down_that_the_patient_takes_it_back(planning) -> None:
    planning.consent()

    consents.withdraw_consent(
        by=planning.nurse, patient_id=planning.patient_id, reason="", id=uuid4(), at=MONDAY
    )

    assert ConsentWithdrawn.objects.get().by == planning.nurse
    with pytest.raises(NotPossibleNow, match="no consent to take back"):
        consents.withdraw_consent(by=planning.patient.user, reason="", id=uuid4(), at=MONDAY)


def test_taking_it_back_ends_the_consent_to_every_treatment() -> None:
    planning = make_planning(make_site("cheyenne"))
    planning.signed()
    planning.consider("sublingual")
    planning.now += timedelta(minutes=1)
    planning.decide()
    planning.draw_up(drops())
    planning.consent()
    planning.now += timedelta(minutes=5)
    form_id = uuid4()

    for _ in range(2):
        consents.withdraw_consent(
            by=planning.patient.user, reason="No more of it.", id=form_id, at=planning.now
        )

    assert not holds(planning, route="iv")
    assert not holds(planning, route="sublingual")
    assert ConsentWithdrawn.objects.count() == 2
    assert why_session_may_not_begin(planning.session(1), at=planning.session(1).planned_at)


def test_a_draft_for_another_route_leaves_the_signed_consent_open_to_be_taken_back(
    planning,
) -> None:
    planning.consent()
    planning.consider("sublingual")
    planning.now += timedelta(minutes=1)
    planning.decide()
    planning.draw_up(drops())

    view = my_consent(by=planning.patient.user, at=planning.now)

    assert (view.state.step, view.may_withdraw) == ("read", True)


def test_staff_have_no_form_of_their_own(planning) -> None:
    with pytest.raises(NotAllowed):
        my_consent(by=planning.nurse, at=MONDAY)


def test_a_patient_sees_verified_figures_only(planning) -> None:
    shown = my_consent(by=planning.patient.user, at=MONDAY).benefit

    assert shown.statements
    assert {each.standing for each in shown.statements} == {"verified"}
    assert not any(each.staff_note for each in shown.statements)


def test_each_act_twice_with_one_form_makes_one_row(planning) -> None:
    planning.answer()
    id = uuid4()
    talk = {"by": planning.nurse, "patient_id": planning.patient_id, "has_capacity": True}
    for _ in range(2):
        consents.discuss_consent(**talk, note="Clear.", id=id, at=MONDAY)
    for _ in range(2):
        consents.sign_consent(by=planning.patient.user, typed_name="Wren Hollis", id=id, at=MONDAY)
    for _ in range(2):
        consents.withdraw_consent(by=planning.patient.user, reason="", id=id, at=MONDAY)

    acts = list(Entry.objects.filter(act__startswith="consent.").values_list("act", flat=True))
    assert sorted(acts) == [
        "consent.answered", "consent.discussed", "consent.signed", "consent.withdrawn",
    ]  # fmt: skip


def test_audit_entries_hold_no_words_of_the_talk(planning) -> None:
    planning.consent()
    consents.withdraw_consent(
        by=planning.patient.user, reason="I changed my mind.", id=uuid4(), at=MONDAY
    )

    written = str(list(Entry.objects.values_list("subject", "details")))

    assert "questions" not in written
    assert "mind" not in written
    assert "Hollis" not in written


def test_a_talk_without_a_word_is_refused_beside_the_note(planning) -> None:
    planning.answer()

    with pytest.raises(InvalidInput) as refusal:
        consents.discuss_consent(
            by=planning.nurse,
            patient_id=planning.patient_id,
            has_capacity=True,
            note=" ",
            id=uuid4(),
            at=MONDAY,
        )

    assert set(refusal.value.fields) == {"note"}


def test_a_second_talk_and_a_second_signature_come_too_late(planning) -> None:
    planning.consent()

    with pytest.raises(NotPossibleNow, match="gone through already"):
        planning.discuss()
    with pytest.raises(NotPossibleNow, match="signed already"):
        planning.sign_consent()
