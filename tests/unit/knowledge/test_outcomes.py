import re
from decimal import Decimal
from typing import get_args

import pytest
from pydantic import ValidationError

from vernal.knowledge import outcomes as knowledge
from vernal.knowledge import retreatment
from vernal.knowledge.outcomes import NO_COMPARISON, expected_benefit, of_100, percent_of
from vernal.knowledge.sources import sources
from vernal.rules.screening import Indication

ROWS = [f"OUT-{number:03}" for number in range(1, 41)]


def test_all_forty_rows_are_here():
    assert list(knowledge.statements()) == ROWS


def test_every_source_exists():
    shapes = (
        *knowledge.shapes().values(),
        *knowledge.line_shapes().values(),
        *knowledge.time_courses().values(),
        *retreatment.relapse_shapes().values(),
    )

    assert {source for shape in shapes for source in shape.sources} <= set(sources())


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("64%", Decimal(64)),
        ("52.2%", Decimal("52.2")),
        ("100%", Decimal(100)),
        ("0%", Decimal(0)),
        ("about 20%", None),
        ("69.3% (recalled)", None),
        ("45% (+-10)", None),
        ("8 of 12", None),
        ("101%", None),
        ("64", None),
        ("-5%", None),
        ("", None),
    ],
)
def test_only_a_plain_percentage_becomes_a_number(text, percent):
    assert percent_of(text) == percent


def test_a_percentage_is_told_in_people_of_100():
    assert of_100("54.5%") == "about 55 of 100 people"
    assert of_100("8 of 12") == "8 of 12"


def test_both_arms_stand_in_one_sentence():
    (figure,) = knowledge.statements()["OUT-002"].figures

    assert (figure.drug_percent, figure.control_percent) == (Decimal(64), Decimal(28))
    assert figure.sentence == (
        "Response, after 24 hours: about 64 of 100 people with one infusion of ketamine 0.5 mg/kg; "
        "about 28 of 100 people with midazolam."
    )


def test_a_study_without_comparison_group_says_so_beside_every_figure():
    for statement in knowledge.statements().values():
        if not statement.comparator:
            assert statement.comparison == NO_COMPARISON
            assert all(figure.sentence.endswith(NO_COMPARISON) for figure in statement.figures)


def test_a_comparison_that_was_not_seen_is_not_passed_over():
    for figure in knowledge.statements()["OUT-001"].figures:
        assert figure.sentence.endswith("The figure for placebo was not seen.")


def test_the_corrected_row_is_verified_with_its_new_source():
    row = knowledge.statements()["OUT-002"]

    assert row.standing == "verified"
    assert row.sources == ("murrough-2013-pmc4243034-table-3",)


def test_recalled_rows_stay_unverified():
    unverified = {s.id for s in knowledge.statements().values() if s.standing == "unverified"}

    assert unverified == {"OUT-013", "OUT-017", "OUT-033"}
    assert knowledge.statements()["OUT-032"].standing == "house"


def test_patients_see_verified_statements_alone_and_no_notes():
    for indication in get_args(Indication):
        shown = expected_benefit(indication, "iv").for_patients()
        assert all(each.standing == "verified" for each in (*shown.statements, *shown.lines))
        assert not any(each.staff_note for each in shown.statements)
        assert "recalled" not in repr(shown)


@pytest.mark.parametrize("indication", get_args(Indication))
def test_every_indication_has_an_honest_line_for_patients(indication):
    assert expected_benefit(indication, "iv").for_patients().lines


@pytest.mark.parametrize(
    ("indication", "failed"),
    [
        ("ptsd", "OUT-026"),
        ("chronic_pain", "OUT-037"),
        ("chronic_pain", "OUT-038"),
        ("trd", "OUT-019"),
        ("suicidality", "OUT-030"),
    ],
)
def test_trials_that_found_nothing_are_shown(indication, failed):
    shown = {s.id: s.found for s in expected_benefit(indication, "iv").for_patients().statements}

    assert shown[failed] == "no_difference"


def test_an_honest_line_names_the_other_arm_or_that_there_was_none():
    no_group = ("without a comparison group", "no comparison group")
    for line in knowledge.line_shapes().values():
        counts = re.findall(r"\d+ of 10", line.words)
        other = ("placebo", "midazolam", "ECT", "quetiapine")
        assert not counts or any(word in line.words for word in (*no_group, *other)), line.id


def test_the_numbers_of_an_honest_line_are_those_of_its_rows():
    for line in knowledge.line_shapes().values():
        rows = [knowledge.statements()[name] for name in line.rests_on]
        parts = [(f.drug, f.control) for row in rows for f in row.figures]
        known = {
            str(percent.quantize(Decimal(1), "ROUND_HALF_UP"))
            for arms in parts
            for percent in map(percent_of, arms)
            if percent is not None
        }
        text = " ".join(f"{row.effect} {row}" for row in rows)
        for number in re.findall(r"(\d+) of 100", line.words):
            assert number in known or f"{number} of 100" in text or f"{number}%" in text, line.id


def test_the_own_route_comes_first_and_a_route_without_study_is_told():
    nasal = expected_benefit("trd", "nasal")
    flags = [each.same_route for each in nasal.statements]

    assert flags == sorted(flags, reverse=True)
    assert nasal.lines[0].id == "BEN-TRD-NASAL"
    assert nasal.route_note == ""
    assert "no study" in expected_benefit("ptsd", "sublingual").route_note


def plain(**changes: object) -> dict[str, object]:
    return {
        "id": "OUT-900",
        "version": 1,
        "standing": "house",
        "population": "somebody",
        "indications": ["trd"],
        "routes": ["iv"],
        "treatment": "something",
        "design": "a trial",
        "found": "not_compared",
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"figures": [{"measure": "response", "time": "later", "drug": "1%", "control": "2%"}]},
            "needs a comparator",
        ),
        ({"comparator": "placebo"}, "say what the comparison found"),
        ({"n": "138 (recalled)"}, "staff_note"),
    ],
)
def test_a_row_that_would_mislead_is_refused(changes, says):
    with pytest.raises(ValidationError, match=says):
        knowledge.OutcomeShape.model_validate(plain(**changes))


# Options after a course


def test_all_rows_of_relapse_are_here():
    assert list(retreatment.relapse_shapes()) == [f"REL-{number:03}" for number in range(1, 26)]


def test_a_relapse_row_stands_beside_its_comparison():
    row = retreatment.relapse_shapes()["REL-012"]

    sentence = retreatment.relapse_sentence(row)

    assert "about 27 of 100 relapsed; " in sentence
    assert sentence.endswith("then placebo spray and an antidepressant: about 45 of 100 relapsed.")


def test_a_relapse_row_without_comparison_says_so():
    sentence = retreatment.relapse_sentence(retreatment.relapse_shapes()["REL-001"])

    assert sentence == (
        "McInnes 2022, responders in US community clinics. 4 to 8 infusions in 7 to 28 days, then "
        "no further infusion: about 80 of 100 still responding after 4 weeks. No comparison group."
    )


def test_no_option_and_no_prompt_names_a_dose():
    texts = [t for o in retreatment.options() for t in (o.words, *(r.words for r in o.reasons))]
    texts += [t for p in retreatment.prompts() for t in (p.words, p.action)]

    assert not [text for text in texts if re.search(r"\bm[gL]\b|mg/kg|\bdose of\b", text)]


def test_every_option_shows_what_was_published_with_its_source():
    for option in retreatment.options():
        rows = retreatment.published(option)
        assert rows
        assert all(row.sources and row.sentence for row in rows)


def test_every_option_has_reasons_for_and_against():
    sides = {o.id: {reason.side for reason in o.reasons} for o in retreatment.options()}

    assert all(found == {"for", "against"} for found in sides.values())
    assert len(sides) == 6


def test_reasons_rest_on_sources_that_exist():
    reasons = [reason for option in retreatment.options() for reason in option.reasons]

    assert {source for reason in reasons for source in reason.sources} <= set(sources())
    assert len({reason.id for reason in reasons}) == len(reasons)
