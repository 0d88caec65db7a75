"""What was recorded and what stands are held against each other."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.apps import apps

from tests.bedside import Bedside, make_bedside
from tests.factories import make_site
from tests.tampering import remove
from vernal.audit.models import Entry
from vernal.records.models import (
    Message,
    Patient,
    PatientAccount,
    PatientDetails,
    Pin,
    PlanSigned,
    Session,
    SessionEvent,
)
from vernal.web.staff.words import ACTS
from vernal.workflow.proof import TABLES, prove

pytestmark = pytest.mark.django_db
# Made in an act that is recorded with another row: an invitation, its acceptance, a signed plan.
BESIDE_ANOTHER = {Patient, PatientDetails, PatientAccount, Session}
NOT_CLINICAL = {Message, Pin}


@pytest.fixture(scope="module")
def made(lasting) -> Bedside:
    bed = make_bedside(make_site())
    bed.prepare()
    return bed


@pytest.fixture
def bed(made, db) -> Bedside:
    return deepcopy(made)


def test_what_stands_as_it_was_recorded_is_whole(bed) -> None:
    proof = prove()

    assert proof.wrong == ()
    assert len(proof.logs) == 1
    assert proof.rows > SessionEvent.objects.count()


def test_a_log_without_its_last_entry_shows(bed) -> None:
    """The chain of the log itself is whole: nothing follows on what is gone."""
    last = bed.reading(5, spo2_percent="80").event_id
    events = SessionEvent.objects.count()

    remove(SessionEvent, last)

    proof = prove()
    assert all(log.is_whole for log in proof.logs)
    assert proof.wrong == (
        f"Entries of sessions: missing 1 of {events} that the audit chain tells of ({last}).",
    )


def test_a_whole_log_that_is_gone_shows(bed) -> None:
    events = SessionEvent.objects.count()

    remove(SessionEvent)

    (sentence,) = prove().wrong
    assert sentence.startswith(f"Entries of sessions: missing {events} of {events} that")


def test_only_the_first_few_of_many_are_named(bed) -> None:
    for minute in range(6):
        bed.reading(minute)

    remove(SessionEvent)

    (sentence,) = prove().wrong
    assert sentence.endswith(", …).")


def test_a_signature_that_is_gone_shows(bed) -> None:
    signed = PlanSigned.objects.get()

    remove(PlanSigned, signed.pk)

    assert prove().wrong == (
        f"Signed plans: missing 1 of 1 that the audit chain tells of ({signed.plan_id}).",
    )


def test_an_entry_that_the_audit_does_not_tell_of_shows(bed) -> None:
    """The end of the audit chain was cut off; what is left of it is whole."""
    last = bed.reading(5).event_id

    remove(Entry, Entry.objects.latest("sequence").pk)

    proof = prove()
    assert proof.chain.is_whole
    assert proof.wrong == (
        f"Entries of sessions: 1 that the audit chain does not tell of ({last}).",
    )


def test_a_broken_chain_says_where(bed) -> None:
    first, second = Entry.objects.order_by("sequence")[:2]
    event = SessionEvent.objects.order_by("received_at")[0]
    last = SessionEvent.objects.latest("received_at")

    remove(Entry, second.pk)
    remove(SessionEvent, event.pk)

    wrong = prove().wrong
    assert wrong[0] == (
        f"The chain is broken at entry {second.sequence + 1}; "
        f"the {first.sequence} entries before it fit."
    )
    assert wrong[1] == (
        f"The log of session {last.session_id} is broken; the 0 entries before it fit."
    )


def test_more_logs_and_rows_take_no_more_queries(bed, django_assert_num_queries) -> None:
    always = 2 + len(TABLES) + 2  # the audit before and after, each table, and the two chains

    with django_assert_num_queries(always):
        prove()
    make_bedside(make_site("cheyenne")).prepare()
    with django_assert_num_queries(always):
        assert len(prove().logs) == 2


def test_every_clinical_table_is_held_against_the_audit() -> None:
    walked = {table.rows for table in TABLES}

    assert walked | BESIDE_ANOTHER | NOT_CLINICAL == set(
        apps.get_app_config("records").get_models()
    ), "name a new table in workflow/proof.py"


def test_every_act_in_a_table_is_one_that_is_recorded() -> None:
    acts = {act for table in TABLES for act in table.acts if not act.startswith("session.")}

    assert acts <= set(ACTS)
