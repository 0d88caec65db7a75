from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vernal.rules.conditions import Unknown
from vernal.rules.consent import (
    Choice,
    ConsentDraft,
    ConsentElement,
    ConsentForm,
    Missing,
    SignedConsent,
    TeachBack,
    consent_holds,
    ends_on,
    form_for,
    may_sign_consent,
    missing,
    settles,
    why_consent_ended,
)
from vernal.rules.screening import Scope

EVERYWHERE = Scope()
HOME = Scope(routes=frozenset({"sublingual"}))
RISKS = ConsentElement("risks", 1, "Risks", "It may make you dizzy.", EVERYWHERE, (), "house")
AT_HOME = ConsentElement("home", 1, "At home", "Never alone.", HOME, (), "house")
DRIVING = TeachBack(
    "driving",
    1,
    "When may you drive?",
    (Choice("now", "Now"), Choice("tomorrow", "Tomorrow")),
    "tomorrow",
    "Sleep first.",
    EVERYWHERE,
    (),
    "house",
)
FORM = form_for([RISKS, AT_HOME], [DRIVING], route="iv", indication="trd")
COMPLETE = ConsentDraft({"risks": True}, {"driving": "tomorrow"}, has_capacity=True)
SIGNED = SignedConsent(FORM.version, "iv", "trd", date(2026, 3, 2))
A_YEAR_LATER = date(2027, 3, 2)


def test_the_form_holds_what_its_route_needs():
    at_home = form_for([RISKS, AT_HOME], [DRIVING], route="sublingual", indication="trd")

    assert [each.id for each in FORM.elements] == ["risks"]
    assert [each.id for each in at_home.elements] == ["risks", "home"]


@pytest.mark.parametrize(
    ("draft", "may_sign"),
    [
        (COMPLETE, True),
        (replace(COMPLETE, ticks={}), Unknown.of("consent.risks")),
        (replace(COMPLETE, answers={}), Unknown.of("consent.driving")),
        (
            replace(COMPLETE, has_capacity=Unknown.of("decision_capacity")),
            Unknown.of("consent.has_capacity"),
        ),
        (replace(COMPLETE, ticks={"risks": False}), False),
        (replace(COMPLETE, answers={"driving": "now"}), False),
        (replace(COMPLETE, has_capacity=False), False),
        (ConsentDraft({}, {"driving": "now"}, True), False),
    ],
)
def test_a_signature_waits_for_every_tick_every_answer_and_capacity(draft, may_sign):
    assert may_sign_consent(FORM, draft) == may_sign


TALKED = ConsentDraft({"risks": False}, {"driving": "now"}, True)


@pytest.mark.parametrize(
    ("before", "after", "settled"),
    [
        (TALKED, ConsentDraft({"risks": True}, {"driving": "tomorrow"}, True), True),
        (TALKED, ConsentDraft({"risks": True}, {"driving": "now"}, True), True),
        (TALKED, TALKED, False),
        (COMPLETE, COMPLETE, False),
        (ConsentDraft({"risks": False}, {}, True), COMPLETE, False),
        (ConsentDraft({}, {"driving": "now"}, True), COMPLETE, False),
    ],
)
def test_answers_after_a_talk_settle_only_what_it_was_about(before, after, settled):
    assert settles(FORM, before, after) is settled


def test_what_is_open_refused_and_misunderstood_is_listed_apart():
    draft = ConsentDraft({"risks": False}, {"driving": "now"}, Unknown.of("decision_capacity"))

    assert missing(FORM, draft) == Missing((), ("risks",), (), ("driving",), True)
    assert missing(FORM, ConsentDraft({}, {}, True)) == Missing(
        ("risks",), (), ("driving",), (), False
    )


@pytest.mark.parametrize(
    ("signed", "on", "reasons"),
    [
        (SIGNED, A_YEAR_LATER - timedelta(days=1), ()),
        (SIGNED, A_YEAR_LATER, ("expired",)),
        (replace(SIGNED, route="nasal"), date(2026, 4, 1), ("other_route",)),
        (replace(SIGNED, indication="ptsd"), date(2026, 4, 1), ("other_indication",)),
        (replace(SIGNED, version="0" * 12), date(2026, 4, 1), ("changed",)),
        (replace(SIGNED, withdrawn_on=date(2026, 4, 1)), date(2026, 3, 31), ()),
        (replace(SIGNED, withdrawn_on=date(2026, 4, 1)), date(2026, 4, 1), ("withdrawn",)),
    ],
)
def test_a_consent_holds_until_one_of_its_ends(signed, on, reasons):
    assert why_consent_ended(FORM, signed, on=on) == reasons
    assert consent_holds(FORM, signed, on=on) is not bool(reasons)


def test_no_consent_and_a_consent_of_tomorrow_hold_for_nothing():
    assert not consent_holds(FORM, None, on=date(2026, 3, 2))
    assert not consent_holds(FORM, SIGNED, on=date(2026, 3, 1))


def test_a_consent_of_a_leap_day_ends_on_28_february():
    assert ends_on(replace(SIGNED, signed_on=date(2028, 2, 29))) == date(2029, 2, 28)


@pytest.mark.parametrize(
    "other",
    [
        replace(FORM, route="nasal"),
        replace(FORM, indication="ptsd"),
        replace(FORM, elements=(replace(RISKS, version=2),)),
        replace(FORM, teach_backs=()),
    ],
)
def test_every_change_makes_another_version(other: ConsentForm):
    assert other.version != FORM.version


def test_the_right_answer_is_one_of_the_choices():
    with pytest.raises(ValueError, match="exactly one"):
        replace(DRIVING, right="never")


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_consent_lasts_a_year(signed_on):
    days = (ends_on(replace(SIGNED, signed_on=signed_on)) - signed_on).days

    assert days in (365, 366)
