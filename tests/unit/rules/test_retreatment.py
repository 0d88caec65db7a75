from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vernal.knowledge import retreatment as knowledge
from vernal.knowledge.figures import outcome_figures
from vernal.knowledge.scales import course_definitions
from vernal.rules.conditions import Unknown, facts_used
from vernal.rules.outcomes import CourseDates, DatedScore
from vernal.rules.retreatment import (
    COURSE_FACTS,
    CourseState,
    OptionReview,
    Review,
    course_state,
    gives_what_nobody_booked,
    review,
)

D = Decimal
RUNNING = CourseState(
    phase="induction",
    sessions_given=3,
    sessions_left=3,
    improved_20_percent=True,
    improved_25_percent=True,
    response=False,
    remission=False,
    worse=False,
    relapse=False,
    suicidal_thoughts=False,
    stop_alarm_last_session=False,
    days_since_last_session=3,
    weeks_since_induction=Unknown.of("course.weeks_since_induction"),
)
NOT_HELPING = replace(RUNNING, improved_20_percent=False, improved_25_percent=False)
FINISHED = replace(
    RUNNING,
    phase="finished",
    sessions_given=6,
    sessions_left=0,
    response=True,
    weeks_since_induction=3,
)


def ask(state: CourseState) -> Review:
    return review(state, knowledge.options(), knowledge.prompts())


def option(found: Review, name: str) -> OptionReview:
    return next(each for each in found.options if each.option.id == name)


def prompted(state: CourseState) -> set[str]:
    return {each.id for each in ask(state).prompts}


def test_all_six_options_are_always_shown():
    names = {each.option.id for each in ask(RUNNING).options}

    assert names == {"stop", "continue", "wait", "next_dose", "change", "refer"}


@pytest.mark.parametrize(
    ("name", "state", "offered"),
    [
        ("next_dose", RUNNING, True),
        ("next_dose", FINISHED, False),
        ("next_dose", replace(RUNNING, sessions_left=Unknown.of("x")), "course.sessions_left"),
        ("continue", RUNNING, False),
        ("continue", FINISHED, True),
        ("continue", replace(FINISHED, response=Unknown.of("phq-9.score")), "phq-9.score"),
        ("wait", replace(RUNNING, sessions_given=0), False),
        ("wait", RUNNING, True),
        ("change", RUNNING, False),
        ("change", NOT_HELPING, True),
        ("change", replace(FINISHED, response=False), True),
        ("change", replace(RUNNING, worse=True), True),
        ("stop", RUNNING, True),
        ("refer", RUNNING, True),
    ],
)
def test_an_option_is_offered_when_the_course_is_there(name, state, offered):
    found = option(ask(state), name).offered

    assert found == (Unknown.of(offered) if isinstance(offered, str) else offered)


@pytest.mark.parametrize(
    ("state", "prompts"),
    [
        (RUNNING, set()),
        (replace(NOT_HELPING, sessions_given=2, days_since_last_session=2), set()),
        (NOT_HELPING, {"futility-review"}),
        (replace(NOT_HELPING, sessions_given=4), {"futility-review"}),
        (replace(NOT_HELPING, sessions_given=5), set()),
        (replace(NOT_HELPING, sessions_given=6), {"end-of-course-review"}),
        (replace(RUNNING, worse=True), {"worse"}),
        (replace(RUNNING, sessions_given=2, days_since_last_session=1), {"safety-call"}),
        (replace(FINISHED, weeks_since_induction=2), set()),
        (FINISHED, {"first-review"}),
        (replace(FINISHED, weeks_since_induction=4), {"first-review"}),
        (replace(FINISHED, weeks_since_induction=5), set()),
        (replace(FINISHED, weeks_since_induction=8, relapse=True), {"relapse-watch"}),
        (replace(FINISHED, weeks_since_induction=9, relapse=True), set()),
    ],
)
def test_a_prompt_comes_in_its_time_and_only_then(state, prompts):
    assert prompted(state) == prompts


def test_a_prompt_that_cannot_be_judged_names_what_is_missing():
    state = replace(RUNNING, improved_20_percent=Unknown.of("phq-9.score"))

    found = ask(state).open_prompts

    assert [(each.prompt.id, each.needs) for each in found] == [
        ("futility-review", frozenset({"phq-9.score"}))
    ]


def test_reasons_stand_on_both_sides_and_open_ones_apart():
    change = option(ask(replace(NOT_HELPING, response=Unknown.of("phq-9.score"))), "change")

    assert [each.id for each in change.speaks_for] == ["change.not-helping"]
    assert change.speaks_against == ()
    assert {each.reason.id for each in change.open} == {"change.ect", "change.helping"}


@pytest.mark.parametrize(
    ("name", "reason"), [("next_dose", "next-dose.stop-alarm"), ("continue", "continue.stop-alarm")]
)
def test_an_alarm_that_held_the_dose_last_time_speaks_against_more_of_it(name, reason):
    alarmed = option(ask(replace(RUNNING, stop_alarm_last_session=True)), name)
    not_known = Unknown.of("course.stop_alarm_last_session")
    unjudged = option(ask(replace(RUNNING, stop_alarm_last_session=not_known)), name)

    assert reason in {each.id for each in alarmed.speaks_against}
    assert reason not in {each.id for each in option(ask(RUNNING), name).speaks_against}
    assert reason in {each.reason.id for each in unjudged.open}


def test_facts_hold_every_name_a_condition_may_use():
    assert set(RUNNING.facts()) == COURSE_FACTS
    assert RUNNING.facts()["course.sessions_given"] == D(3)


# The state of a course from its scores

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 20)


def state_on(day: date, scores: dict[int, int], **changes: object) -> CourseState:
    given: dict[str, object] = {
        "phase": "finished",
        "sessions_given": 6,
        "sessions_left": 0,
        "last_session_on": LAST,
        "dates": CourseDates(FIRST, LAST),
        "suicidal_thoughts": False,
        "stop_alarm_last_session": False,
        "on": day,
        "figures": outcome_figures(),
    }
    series = [DatedScore("phq-9", FIRST + timedelta(days=d), D(v)) for d, v in scores.items()]
    return course_state(course_definitions(), series, **(given | changes))  # type: ignore[arg-type]


def test_a_course_is_judged_by_its_scores():
    state = state_on(date(2026, 4, 10), {0: 16, 22: 6, 29: 4})

    assert (state.response, state.remission, state.worse, state.improved_20_percent) == (
        True,
        True,
        False,
        True,
    )
    assert (state.days_since_last_session, state.weeks_since_induction) == (21, 3)
    assert prompted(state) == {"first-review"}


def test_a_lost_response_asks_for_a_visit():
    state = state_on(date(2026, 4, 3), {0: 16, 22: 6, 29: 11})

    assert state.relapse is True
    assert "relapse-watch" in prompted(state)


def test_a_course_without_scores_is_unknown_and_prompts_nothing():
    state = state_on(date(2026, 3, 9), {}, phase="induction", dates=CourseDates(FIRST))

    assert isinstance(state.response, Unknown)
    assert isinstance(state.improved_20_percent, Unknown)
    assert state.weeks_since_induction == Unknown.of("course.weeks_since_induction")
    assert prompted(state) == set()


def test_a_session_to_come_is_not_the_last_one():
    state = state_on(date(2026, 3, 9), {0: 16, 5: 15}, last_session_on=None)

    assert state.days_since_last_session == Unknown.of("course.days_since_last_session")
    assert state.weeks_since_induction == Unknown.of("course.weeks_since_induction")
    assert state.improved_25_percent is False


TRUTH = st.sampled_from([True, False, Unknown.of("phq-9.score")])
STATES = st.builds(
    CourseState,
    phase=st.sampled_from(["induction", "continuation", "maintenance", "finished"]),
    sessions_given=st.integers(0, 20),
    sessions_left=st.integers(0, 12),
    improved_20_percent=TRUTH,
    improved_25_percent=TRUTH,
    response=TRUTH,
    remission=TRUTH,
    worse=TRUTH,
    relapse=TRUTH,
    suicidal_thoughts=TRUTH,
    stop_alarm_last_session=TRUTH,
    days_since_last_session=st.integers(0, 60),
    weeks_since_induction=st.integers(0, 30),
)


@settings(deadline=None)
@given(STATES)
def test_stopping_and_referring_are_always_open_to_people(state):
    found = ask(state)

    assert option(found, "stop").offered is True
    assert option(found, "refer").offered is True


@settings(deadline=None)
@given(STATES)
def test_no_reason_is_lost_between_for_against_and_open(state):
    for each in ask(state).options:
        shown = {*each.speaks_for, *each.speaks_against, *(o.reason for o in each.open)}
        assert shown <= set(each.option.reasons)
        assert len(shown) == len(each.speaks_for) + len(each.speaks_against) + len(each.open)


def test_conditions_ask_for_facts_of_a_course_alone():
    for prompt in knowledge.prompts():
        assert facts_used(prompt.when) <= COURSE_FACTS


@pytest.mark.parametrize(
    ("left", "gives"), [(1, False), (0, True), (Unknown.of("course.sessions_left"), True)]
)
def test_the_next_session_is_given_only_where_one_is_known_to_be_booked(left, gives):
    found = ask(replace(RUNNING, sessions_left=left))

    assert gives_what_nobody_booked(option(found, "next_dose")) is gives
    assert not gives_what_nobody_booked(option(found, "wait"))
