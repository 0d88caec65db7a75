"""Monitoring rules as they stand in the files: complete, honest about what is ours."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from vernal.knowledge.check import check_monitoring
from vernal.knowledge.load import DATA, ContentError
from vernal.knowledge.monitoring import MonitoringShape, of_kind, rule, rules, shapes
from vernal.rules.conditions import facts_used
from vernal.rules.sessions import DoseAction, Urgency

ROW = {
    "id": "X-1",
    "version": 1,
    "title": "A rule",
    "kind": "alarm",
    "phase": "during",
    "hazard": "pressure",
    "when": {"fact": "systolic_mmhg", "above": 165},
    "steps": ["Measure again."],
    "who": ["nurse"],
    "reason": "Because.",
    "standing": "house",
}


def test_nobody_has_reviewed_anything_yet() -> None:
    assert [shape.id for shape in shapes().values() if shape.reviewed] == []


def test_house_numbers_of_the_reference_stay_house() -> None:
    for id_ in ("MON-003", "MON-012", "MON-018", "MON-020", "MON-035", "MON-040-limit"):
        assert rule(id_).standing == "house"
    assert rule("MON-013").standing == "unverified"
    assert rule("MON-039").standing == "unverified"
    assert rule("MON-032").standing == "verified"


def test_rule_read_for_one_route_is_ours_on_the_others() -> None:
    assert rule("MONA-02").standing_on("nasal") == "verified"
    assert rule("MONA-02").standing_on("iv") == "house"
    assert rule("MON-032").standing_on("nasal") == "verified"


def test_added_parts_have_no_standing_beyond_ours() -> None:
    added = [shape for shape in shapes().values() if shape.row and shape.row != shape.id]

    assert added
    assert {shape.standing for shape in added} == {"house"}


def test_rules_of_the_safety_programme_are_for_the_spray_alone() -> None:
    for id_ in ("MON-033", *(f"MONA-{number:02d}" for number in range(6, 13))):
        assert rule(id_).scope.routes == {"nasal"}


def test_hazards_of_the_person_hold_on_every_route() -> None:
    for id_ in ("MON-011", "MON-012", "MON-014", "MON-015", "MON-017", "MON-018", "MONA-02"):
        assert rule(id_).scope.routes is None


def test_stop_is_a_field_and_every_emergency_has_it() -> None:
    for each in of_kind("alarm"):
        if each.urgency == Urgency.emergency:
            assert each.dose == DoseAction.stop


def test_conflicts_are_kept_as_policy() -> None:
    for id_ in ("MON-013", "MON-014", "MON-031", "MON-034", "MON-037", "MONA-05", "MONA-13"):
        assert rule(id_).policy


def test_summary_row_holds_when_any_part_holds() -> None:
    parts = rule("MON-040").parts

    assert facts_used(rule("MON-040").when) == frozenset().union(
        *(facts_used(rule(part).when) for part in parts)
    )


def test_unknown_id_is_refused() -> None:
    with pytest.raises(ContentError, match="no rule has the id 'MON-999'"):
        rule("MON-999")


def test_ids_are_in_the_order_of_a_visit() -> None:
    phases = list(dict.fromkeys(each.phase for each in rules()))

    assert phases == ["pre", "during", "post", "discharge", "follow_up"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"when": None}, "an alarm says when"),
        ({"hazard": ""}, "an alarm says when"),
        ({"blocks": "start"}, "a gate says what it blocks"),
        ({"kind": "gate"}, "a gate says what it blocks"),
        ({"kind": "gate", "blocks": "start", "when": None}, "a condition or is made of parts"),
        ({"kind": "gate", "blocks": "start", "parts": ["X-2"]}, "a condition or is made of parts"),
        ({"kind": "schedule"}, "a schedule says how often"),
        ({"urgency": "soon"}, "urgency"),
        ({"dose": "faster"}, "dose"),
        ({"who": []}, "who"),
        ({"steps": [{"do": "dance", "say": "Dance."}]}, "do"),
        (
            {"kind": "gate", "blocks": "start", "steps": [{"do": "look", "say": "Look."}]},
            "only the steps of an alarm have a key",
        ),
        ({"colour": "red"}, "colour"),
    ],
)
def test_incomplete_row_is_refused(change: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        MonitoringShape.model_validate({**ROW, **change})


def _data_with(tmp_path: Path, **change: object) -> Path:
    (tmp_path / "monitoring").mkdir()
    (tmp_path / "monitoring/pre.yaml").write_text(yaml.safe_dump([{**ROW, **change}]), "utf-8")
    for name in ("facts", "sources.yaml"):
        (tmp_path / name).symlink_to(DATA / name)
    return tmp_path


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"row": "X-2"}, "it names 'X-2', which is no rule"),
        ({"sources": ["nowhere"]}, "'nowhere' is not in sources.yaml"),
        ({"when": {"fact": "mood_of_the_moon", "above": 1}}, "is not defined"),
        ({"when": {"fact": "systolic_mmhg", "above": 1000}}, "outside"),
    ],
)
def test_start_is_stopped_by_a_rule_that_names_what_is_not_there(
    tmp_path: Path, change: dict[str, object], reason: str
) -> None:
    with pytest.raises(ContentError, match=reason):
        check_monitoring(_data_with(tmp_path, **change))


def test_rules_with_conditions_of_their_own_pass(tmp_path: Path) -> None:
    assert check_monitoring(_data_with(tmp_path)) == 1
    assert check_monitoring(DATA) == len(shapes())
