"""The medication files: complete, consistent with each other, and honest about their standing."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from pydantic import ValidationError

from vernal.knowledge import medications as knowledge
from vernal.knowledge.facts import facts
from vernal.knowledge.load import ContentError
from vernal.knowledge.medications import (
    MatchesShape,
    MedicationShape,
    MedicineClass,
    MedicineShape,
    SessionDayShape,
)
from vernal.knowledge.sources import sources
from vernal.rules.conditions import facts_used
from vernal.rules.findings import Level
from vernal.rules.medications import facts_from, find_medicine
from vernal.rules.medicines import plain_name
from vernal.rules.screening import Route

# fmt: off
ROWS = (
    "MED-001", "MED-002", "MED-003", "MED-004", "MED-005", "MED-006", "MED-007", "MED-008",
    "MED-009", "MED-010", "MED-011", "MED-012", "MED-013", "MED-014", "MED-015", "MED-016",
    "MED-017", "MED-018", "MED-019", "MED-020", "MED-021", "MED-022", "MED-023", "MED-024",
    "MED-025", "MED-026", "MED-027", "MED-028", "MED-029", "MED-030", "MED-031", "MED-032",
    "MED-033", "MED-034", "MED-035", "MED-036", "MED-037", "MED-038", "MED-039", "MED-040",
    "MED-041", "MED-042", "MED-043", "MED-044", "MED-045", "MED-046", "MED-047", "MED-048",
    "MED-049", "MED-050", "MED-051", "MED-052", "MED-053", "MED-054", "MED-055", "MED-056",
    "MED-057", "MED-058", "MED-059", "MED-060", "MED-061", "MED-062", "MED-063", "MED-064",
    "MED-065", "MED-066", "MED-067", "MED-068", "MED-069", "MED-070", "MED-071",
)
# fmt: on
SEVERITY = {"avoid": Level.weigh, "caution": Level.caution, "continue": Level.note}


def test_every_row_of_the_reference_is_a_rule():
    ours = {key for key in knowledge.shapes() if key.startswith("MED-")}

    assert ours == set(ROWS)
    assert len(ROWS) == 71


def test_only_house_rules_are_our_own():
    for shape in knowledge.shapes().values():
        if shape.id.startswith("HMED-"):
            assert shape.standing == "house" and shape.row_severity is None
        else:
            assert shape.row_severity


def test_a_house_rule_names_no_source_and_every_source_exists():
    for shape in knowledge.shapes().values():
        assert set(shape.sources) <= set(sources()), shape.id
        assert shape.standing != "house" or not shape.sources, shape.id


def test_nothing_is_reviewed_yet():
    items = [*knowledge.shapes().values(), *knowledge.medicine_shapes().values()]

    assert all(item.reviewed is None for item in items)


def test_severity_gives_the_strictest_level_unless_the_policy_says_why():
    for shape in knowledge.shapes().values():
        if shape.row_severity and max(shape.levels.values()) != SEVERITY[shape.row_severity]:
            assert shape.policy, shape.id


def test_levels_never_name_a_bar_and_cover_every_route():
    for rule in knowledge.rules():
        assert set(rule.levels) == set(get_args(Route))
        assert Level.bar not in rule.levels.values()


def test_rules_ask_only_for_facts_that_are_defined_or_belong_to_the_line():
    for rule in knowledge.rules():
        assert facts_used(rule.when) <= set(facts()), rule.id


def test_every_derived_fact_and_every_need_is_defined():
    given = set(facts_from([], date(2026, 11, 24)))
    needs = {
        "medicines", "medicine_identity", "medicine_dose", "medicine_unit",
        "medicine_times_per_day", "medicine_stopped_on", "medicine_diazepam_equivalent",
        "medicine_adequate_dose",
    }  # fmt: skip

    assert given | needs <= set(facts())


def test_rules_match_only_what_the_list_has():
    single = {key for key, shape in knowledge.medicine_shapes().items() if not shape.ingredients}
    for rule in knowledge.rules():
        matches = rule.matches
        named = matches.ingredients | matches.together | matches.except_ingredients
        assert named <= single, rule.id


def test_every_class_is_used_and_every_form_a_rule_names_exists():
    used = {each for shape in knowledge.medicine_shapes().values() for each in shape.classes}
    forms = {medicine.form for medicine in knowledge.medicines().values()}

    assert used == set(get_args(MedicineClass))
    assert all((rule.matches.forms or set()) <= forms for rule in knowledge.rules())


def test_every_rule_about_a_medicine_means_at_least_one():
    for rule in knowledge.rules():
        if rule.subject in ("taken", "stopped"):
            assert any(rule.matches.found_in(each) for each in knowledge.medicines().values())


def test_no_name_means_two_medicines():
    meant: dict[str, str] = {}
    for medicine in knowledge.medicines().values():
        for name in (medicine.name, *medicine.other_names):
            assert meant.setdefault(plain_name(name), medicine.id) == medicine.id, name


@pytest.mark.parametrize(
    ("brand", "ingredients"),
    [
        ("Auvelity", {"dextromethorphan", "bupropion"}),
        ("Contrave", {"naltrexone", "bupropion"}),
        ("Symbyax", {"olanzapine", "fluoxetine"}),
        ("Lybalvi", {"olanzapine", "samidorphan"}),
        ("Suboxone", {"buprenorphine", "naloxone"}),
        ("Percocet", {"oxycodone", "acetaminophen"}),
        ("Limbitrol", {"chlordiazepoxide", "amitriptyline"}),
        ("Paxlovid", {"nirmatrelvir", "ritonavir"}),
    ],
)
def test_a_combination_lists_every_ingredient(brand, ingredients):
    medicine = find_medicine(brand, knowledge.medicines().values()).exact

    assert {each.id for each in medicine.ingredients} == ingredients


def test_every_antidepressant_in_the_list_can_be_counted_as_a_trial():
    for medicine in knowledge.medicines().values():
        if "antidepressant" in medicine.classes and len(medicine.ingredients) == 1:
            assert medicine.adequate_daily, medicine.id
            assert medicine.adequate_daily.standing == "house"


def test_every_single_benzodiazepine_has_its_tables():
    for shape in knowledge.medicine_shapes().values():
        if "benzodiazepine" in shape.classes:
            assert shape.diazepam and set(shape.diazepam.sources) <= set(sources())


def test_lorazepam_is_twice_as_strong_in_one_table_as_in_the_other():
    lorazepam = knowledge.medicines()["lorazepam"].diazepam

    assert (lorazepam.stronger_table_mg, lorazepam.weaker_table_mg) == (1, 2)


def test_a_plausible_range_is_in_a_unit_of_the_medicine():
    for medicine in knowledge.medicines().values():
        if medicine.plausible:
            assert medicine.plausible.unit in medicine.units, medicine.id


RULE = {
    "id": "X-1",
    "version": 1,
    "standing": "house",
    "title": "Title",
    "matches": {"classes": ["ssri"]},
    "levels": "note",
    "reason": "Reason.",
    "action": "Action.",
}


class TestShapes:
    def test_levels_by_route_with_the_rest(self):
        shape = MedicationShape.model_validate(
            {**RULE, "levels": {"oral": "weigh", "otherwise": "note"}}
        )

        assert shape.levels["oral"] == Level.weigh
        assert shape.levels["iv"] == Level.note

    def test_levels_for_every_route_by_name(self):
        levels = dict.fromkeys(get_args(Route), "caution")

        assert MedicationShape.model_validate({**RULE, "levels": levels}).levels["iv"]

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            ({"levels": {"oral": "weigh"}}, "no level for"),
            ({"drugs": ["ketamine"]}, "what ties it"),
            ({"indications": ["trd"]}, "what ties it"),
            ({"matches": {"classes": ["unheard_of"]}}, "Input should be"),
        ],
    )
    def test_a_wrong_rule_is_refused(self, wrong, reason):
        with pytest.raises(ValidationError, match=reason):
            MedicationShape.model_validate({**RULE, **wrong})

    @pytest.mark.parametrize("wrong", [{"do": "not_within"}, {"do": "take", "hours_before": 2}])
    def test_hours_stand_only_with_not_within(self, wrong):
        with pytest.raises(ValidationError, match="names its hours"):
            SessionDayShape.model_validate({"advice": "Advice.", "standing": "house", **wrong})

    @pytest.mark.parametrize("wrong", [{}, {"classes": ["ssri"], "ingredients": ["a"]}])
    def test_a_medicine_has_classes_or_ingredients(self, wrong):
        with pytest.raises(ValidationError, match="classes of its own or ingredients"):
            MedicineShape.model_validate(
                {"id": "a", "version": 1, "standing": "house", "name": "name", **wrong}
            )

    def test_no_forms_means_every_form(self):
        assert MatchesShape().value().forms is None


def test_an_ingredient_must_be_a_single_medicine_of_the_list():
    shape = MedicineShape(
        id="a", version=1, standing="house", name="name", ingredients=("nothing-like-it",)
    )

    with pytest.raises(ContentError, match="not a single medicine"):
        knowledge._ingredients_of(shape)


def test_a_rule_is_the_same_as_one_that_exists():
    shape = MedicationShape.model_validate({**RULE, "same_as": "MED-999"})

    with pytest.raises(ContentError, match="no rule 'MED-999'"):
        knowledge._condition_of(shape)
