"""Intent to die told at the bedside reaches the person on call, and a later no closes nothing."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest

from tests.bedside import DOSE, Bedside, make_bedside
from tests.factories import make_site
from vernal.accounts.models import OnCall
from vernal.records.models import Alert, Message, Session
from vernal.rules.sessions import Kind
from vernal.workflow.alerts import acknowledge_alert
from vernal.workflow.errors import NotPossibleNow

pytestmark = pytest.mark.django_db
BEFORE, AFTER = "suicidal_intent_or_plan_since_last_visit", "new_suicidal_intent"


@pytest.fixture(scope="module")
def made(lasting) -> tuple[Bedside, Bedside]:
    """One prepared, and one ready to go home."""
    prepared, recovered = make_bedside(make_site()), make_bedside(make_site("cheyenne"))
    prepared.prepare()
    recovered.recover()
    return prepared, recovered


@pytest.fixture
def prepared(made, db) -> Bedside:
    return deepcopy(made[0])


@pytest.fixture
def recovered(made, db) -> Bedside:
    return deepcopy(made[1])


def alerts_of(bed: Bedside) -> list[Alert]:
    return list(Alert.objects.filter(patient_id=bed.patient.patient_id).order_by("at"))


def take_on(bed: Bedside, minute: float) -> None:
    for alert in alerts_of(bed):
        acknowledge_alert(by=bed.prescriber, alert_id=alert.pk, note="We spoke.", at=bed.at(minute))


def go_home(bed: Bedside, minute: float) -> None:
    bed.enter(Kind.discharged, minute, {"to": "Ash Hollis", "advice_given": True})


def sign(bed: Bedside, minute: float) -> None:
    sign = {"meaning": "discharge"}
    bed.enter(Kind.signature, minute, {**sign, "role": "nurse"})
    bed.enter(Kind.signature, minute, {**sign, "role": "clinician"}, by=bed.prescriber)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (Kind.checklist, {"answers": {BEFORE: True}}),
        (Kind.symptom, {"answers": {AFTER: True}, "words": "wants to die"}),
        (Kind.effect, {"effect": "suicidal", "severity": "1", "asked_at": "session_end"}),
    ],
    ids=["checklist", "symptom", "effect"],
)
def test_the_person_on_call_is_told_in_the_same_act(prepared, kind, payload) -> None:
    site = Session.objects.get(pk=prepared.session_id).patient.site
    on_call = prepared.prescriber
    OnCall.objects.create(site=site, user=on_call, since=prepared.at(-30), set_by=on_call)

    kept = prepared.enter(kind, -1, payload)

    (alert,) = alerts_of(prepared)
    assert (alert.kind, alert.source) == ("suicidal_thoughts", f"event:{kept.event_id}")
    assert alert.at == prepared.at(-1)
    assert Message.objects.get(kind="alert").to_user_id == on_call.pk


def test_a_correction_tells_as_well_and_the_same_entry_twice_tells_once(prepared) -> None:
    kept = prepared.enter(Kind.checklist, -1.5, {"answers": {BEFORE: False}})
    payload = {"reason": "Misheard", "replacement": {"answers": {BEFORE: True}}}

    first = prepared.enter(Kind.correction, -1, payload, corrects=kept.event_id)
    prepared.enter(Kind.correction, -1, payload, corrects=kept.event_id, id=first.event_id)

    assert len(alerts_of(prepared)) == 1


def test_a_no_after_a_yes_does_not_open_the_start(prepared) -> None:
    prepared.enter(Kind.checklist, -1, {"answers": {BEFORE: True}})
    prepared.enter(Kind.checklist, -0.5, {"answers": {BEFORE: False}})

    with pytest.raises(NotPossibleNow, match="Open alert about suicidal thoughts"):
        prepared.enter(Kind.dose_started, 0, DOSE)

    take_on(prepared, 0)
    prepared.enter(Kind.dose_started, 0.5, DOSE)


def test_going_home_waits_for_the_alert_and_for_two_new_signatures(recovered) -> None:
    recovered.enter(Kind.symptom, 165, {"answers": {AFTER: True}})
    recovered.enter(Kind.symptom, 166, {"answers": {AFTER: False}})
    with pytest.raises(NotPossibleNow, match="No alert about suicidal thoughts waits"):
        go_home(recovered, 167)

    take_on(recovered, 168)
    with pytest.raises(NotPossibleNow, match="Signed by a nurse and by a clinician"):
        go_home(recovered, 169)

    sign(recovered, 170)
    go_home(recovered, 171)


def test_whoever_leaves_against_advice_leaves_an_alert_behind(recovered) -> None:
    recovered.enter(Kind.symptom, 165, {"answers": {AFTER: True}})

    recovered.enter(
        Kind.left_against_advice,
        166,
        {
            "reason": "Wants to go",
            "risks_explained": True,
            "clinician_told": "Dr Alder",
            "left_with": "alone",
            "telephone": "307 555 0147",
        },
    )

    assert len(alerts_of(recovered)) == 1


def test_what_is_told_in_person_is_news_beside_an_alert_that_waits(prepared) -> None:
    prepared.enter(
        Kind.effect, -1.5, {"effect": "suicidal", "severity": "1", "asked_at": "session_end"}
    )
    prepared.enter(Kind.checklist, -1, {"answers": {BEFORE: True}})

    assert [each.at - prepared.at(-1) for each in alerts_of(prepared)] == [
        timedelta(minutes=-0.5), timedelta()
    ]  # fmt: skip
