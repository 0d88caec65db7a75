"""Broken files are refused with the file, the key and the reason."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from vernal.knowledge import check
from vernal.knowledge.facts import Fact, all_sections, facts, sections
from vernal.knowledge.load import ContentError, by_id, read_items
from vernal.knowledge.schema import Source, condition_from
from vernal.knowledge.screening import ScreeningShape
from vernal.rules.conditions import All, Always, Any, Compare, Not

SOURCES = "- {key: label, title: The label}\n"
FACTS = """
- {id: aneurysm, kind: yes_no, label: Aneurysm, ask: An aneurysm?}
- {id: birth_date, kind: date, label: Birth date, ask: When?}
- {id: age_years, kind: number, label: Age, derived: true, derived_from: [birth_date]}
- {id: weight_kg, kind: number, label: Weight, ask: How heavy?, least: 30, most: 300}
- id: glaucoma
  kind: choice
  label: Glaucoma
  ask: Glaucoma?
  options: [{value: none, label: 'No'}, {value: unstable, label: Unstable}]
"""
INTAKE = """
- id: history
  title: History
  asked_of: patient
  facts: [aneurysm, birth_date, weight_kg, glaucoma]
"""
RULE = """
- id: R-1
  version: 1
  title: Aneurysm
  kind: gate
  asked_at: [screening]
  level: bar
  when: {fact: aneurysm, is: yes}
  reason: It may burst.
  action: Do not treat.
  sources: [label]
  standing: verified
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small, sound set of knowledge files."""
    (tmp_path / "facts").mkdir()
    (tmp_path / "screening").mkdir()
    (tmp_path / "sources.yaml").write_text(SOURCES)
    (tmp_path / "facts/history.yaml").write_text(FACTS)
    (tmp_path / "intake.yaml").write_text(INTAKE)
    (tmp_path / "screening/heart.yaml").write_text(RULE)
    return tmp_path


def run(checks: Callable[[Path], int], data: Path) -> str:
    with pytest.raises(ContentError) as error:
        checks(data)
    return str(error.value)


STEPS = (check.check_sources, check.check_facts, check.check_intake, check.check_screening)


def test_sound_files_pass_and_are_counted(data: Path) -> None:
    assert [step(data) for step in STEPS] == [1, 5, 1, 1]


@pytest.mark.slow
def test_all_shipped_knowledge_passes_every_check() -> None:
    counts = check.check_all()

    assert counts["screening"] >= 104
    assert all(counts.values())


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("level: bar", "level: bar\n  colour: red", ["heart.yaml", "R-1", "colour"]),
        ("level: bar", "level: bar\n  level: note", ["heart.yaml", "'level'", "twice"]),
        ("level: bar", "level: barr", ["R-1: level", "'barr' is none of note, caution, w"]),
        ("level: bar", "level: 4", ["R-1: level: 4 is none of", "weigh, bar."]),
        ("version: 1", "version: 0", ["heart.yaml", "R-1", "version", "greater"]),
        ("[label]", "[leaflet]", ["heart.yaml", "R-1", "sources", "'leaflet'", "sources.yaml"]),
        ("sources: [label]", "sources: []", ["R-1", "needs at least one source"]),
        ("fact: aneurysm", "fact: aneurism", ["heart.yaml", "R-1", "'aneurism'", "not defined"]),
        ("is: yes", "above: many", ["heart.yaml", "R-1", "when", "above takes a number"]),
        ("is: yes", "is: 1", ["R-1", "aneurysm", "yes or no"]),
        ("is: yes", "one_of: [yes]", ["R-1", "aneurysm", "'one_of' does not fit"]),
        ("is: yes", "over: 3", ["R-1", "when", "not a condition"]),
        ("fact: aneurysm, is: yes", "fact: glaucoma, is: stable", ["R-1", "'stable'", "unstable"]),
        ("fact: aneurysm, is: yes", "fact: weight_kg, is: heavy", ["R-1", "weight_kg", "number"]),
        ("fact: aneurysm, is: yes", "fact: weight_kg, above: 400", ["R-1", "outside 30 to 300"]),
        ("fact: aneurysm, is: yes", "fact: birth_date, is: 2001-01-01", ["R-1", "date is not"]),
        ("asked_at: [screening]", "asked_at: []", ["R-1", "asked_at"]),
        ("asked_at: [screening]", "asked_at: [later]", ["R-1", "asked_at"]),
        ("level: bar", "level: bar\n  scope: {routes: [nasal]}", ["R-1", "scope", "needs 'why'"]),
        ("level: bar", "level: weigh\n  override: none", ["R-1", "only a bar"]),
        ("level: bar", "level: bar\n  same_as: R-9", ["R-1", "same_as", "'R-9'"]),
        ("level: bar", "level: bar\n  same_as: R-1", ["R-1", "same_as", "of its own"]),
        ("level: bar", "level: bar\n  same_as: R-1\n  condition: x", ["R-1", "not both"]),
    ],
)  # fmt: skip
def test_broken_rule_is_refused_by_name(data: Path, old: str, new: str, names: list[str]) -> None:
    (data / "screening/heart.yaml").write_text(RULE.replace(old, new))

    message = run(check.check_screening, data)

    assert [name for name in names if name not in message] == []


def test_rule_id_in_two_files_is_refused_with_both(data: Path) -> None:
    shutil.copy(data / "screening/heart.yaml", data / "screening/vessels.yaml")

    message = run(check.check_screening, data)

    assert "screening/vessels.yaml, R-1" in message
    assert "screening/heart.yaml" in message


def test_bar_that_nobody_can_answer_is_refused(data: Path) -> None:
    (data / "intake.yaml").write_text(INTAKE.replace("aneurysm, ", ""))

    assert "'aneurysm', asked nowhere" in run(check.check_screening, data)


def test_bar_on_a_derived_fact_needs_its_bases_asked(data: Path) -> None:
    rule = RULE.replace("fact: aneurysm, is: yes", "fact: age_years, below: 18")
    (data / "screening/heart.yaml").write_text(rule)

    assert check.check_screening(data) == 1

    (data / "intake.yaml").write_text(INTAKE.replace("birth_date, ", ""))
    assert "'age_years', asked nowhere" in run(check.check_screening, data)


def test_nested_conditions_are_checked_to_the_leaf(data: Path) -> None:
    nested = "{not: {any: [always, {all: [{fact: aneurism, is: yes}]}]}}"
    (data / "screening/heart.yaml").write_text(RULE.replace("{fact: aneurysm, is: yes}", nested))

    assert "'aneurism' is not defined" in run(check.check_screening, data)


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("label: Aneurysm,", "", ["history.yaml", "aneurysm", "label", "required"]),
        ("ask: An aneurysm?", "hint: none", ["aneurysm", "'ask'"]),
        ("least: 30, ", "", ["weight_kg", "least and most"]),
        ("kind: choice", "kind: yes_no", ["glaucoma", "lists its options"]),
        ("value: none", "value: unstable", ["glaucoma", "options", "twice"]),
        ("derived_from: [birth_date]", "derived_from: [born]", ["age_years", "'born'"]),
        ("ask: When?", "ask: When?, derived_from: [weight_kg]", ["birth_date", "only a derived"]),
        ("id: birth_date", "id: aneurysm", ["history.yaml", "aneurysm", "already"]),
    ],
)  # fmt: skip
def test_broken_fact_is_refused_by_name(data: Path, old: str, new: str, names: list[str]) -> None:
    (data / "facts/history.yaml").write_text(FACTS.replace(old, new))

    message = run(check.check_facts, data)

    assert [name for name in names if name not in message] == []


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("glaucoma]", "glaucoma, height]", ["history", "'height' is not defined"]),
        ("glaucoma]", "glaucoma, age_years]", ["history", "'age_years' is derived"]),
        ("glaucoma]", "glaucoma, aneurysm]", ["'aneurysm' is already asked in history"]),
        (", glaucoma]", "]", ["facts/history.yaml, glaucoma", "no section"]),
        ("facts: [", "form: phq9\n  facts: [", ["history", "lists them"]),
    ],
)
def test_broken_intake_is_refused_by_name(data: Path, old: str, new: str, names: list[str]) -> None:
    (data / "intake.yaml").write_text(INTAKE.replace(old, new))

    message = run(check.check_intake, data)

    assert [name for name in names if name not in message] == []


def test_reading_of_a_session_needs_no_section(data: Path) -> None:
    (data / "facts/session.yaml").write_text(
        "- {id: cadss, kind: number, label: Dissociation, ask: Score, least: 0, most: 92}\n"
    )

    assert check.check_intake(data) == 1


def test_source_key_twice_is_refused(data: Path) -> None:
    (data / "sources.yaml").write_text(SOURCES * 2)

    assert "sources.yaml, label: key" in run(check.check_sources, data)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("key: label", "expected a list of items, got dict"),
        ("- [1", "not readable as YAML"),
        ("- 7", "item 1: item: "),
        ("- {key: label, title: !!python/name:os.system x}", "not readable as YAML"),
    ],
)
def test_file_that_is_no_list_of_items_is_refused(data: Path, text: str, reason: str) -> None:
    (data / "sources.yaml").write_text(text)

    with pytest.raises(ContentError, match=r"sources\.yaml") as error:
        read_items("sources", Source, data)
    assert reason in str(error.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"sources\.yaml: the file is missing"):
        read_items("sources", Source, tmp_path)


def test_repeated_id_is_refused() -> None:
    fact = Fact(id="a", kind="yes_no", label="Fact a", ask="Is it?")

    with pytest.raises(ContentError, match=r"facts: the id 'a' stands twice"):
        by_id((fact, fact), "facts")


def test_numbers_with_a_point_are_exact(data: Path) -> None:
    rule = RULE.replace("fact: aneurysm, is: yes", "fact: weight_kg, above: 70.1")
    (data / "screening/heart.yaml").write_text(rule)

    (row,) = read_items("screening", ScreeningShape, data)

    assert row.when == Compare("weight_kg", "above", Decimal("70.1"))


def test_every_form_of_a_condition_is_read() -> None:
    read = condition_from(
        yaml.safe_load(
            "{all: [always, {not: {fact: a, is: word}}, {any: [{fact: b, one_of: [1]}]}]}"
        )
    )

    assert read == All(
        (
            Always(),
            Not(Compare("a", "is", "word")),
            Any((Compare("b", "one_of", (Decimal(1),)),)),
        )
    )
    assert condition_from(read) is read


@pytest.mark.parametrize(
    "data",
    [
        "never",
        {"all": []},
        {"any": [], "all": []},
        {"not": "always", "fact": "a"},
        {"fact": "a"},
        {"fact": "a", "above": 1, "below": 2},
        {"fact": "a", "one_of": []},
        {"fact": "a", "is": None},
        {"fact": "a", "at_most": True},
    ],
)
def test_what_is_no_condition_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match=r"condition|one_of|value|number"):
        condition_from(data)


def test_sections_are_given_by_the_moment_they_are_asked() -> None:
    assert [section.id for section in sections("plan")] == ["plan_checks"]
    assert sections()[0].id == "about_you"
    assert len(all_sections()) == sum(
        len(sections(moment)) for moment in ("screening", "plan", "session_day")
    )


def test_patients_are_asked_before_staff() -> None:
    asked_of = [section.asked_of for section in sections()]

    assert asked_of == sorted(asked_of)


def test_no_question_to_a_patient_is_long() -> None:
    asked = [
        fact for section in sections() if section.asked_of == "patient" for fact in section.facts
    ]

    too_long = [id_ for id_ in asked if len(facts()[id_].ask.split()) > 25]

    assert too_long == []
