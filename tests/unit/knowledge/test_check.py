"""A broken file of medicines, medication rules, alerts or advice stops the start, by name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from vernal.knowledge.check import check_all
from vernal.knowledge.load import DATA, ContentError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def change(data: Path, name: str, old: str, new: str) -> None:
    """In the one file of the folder (or the file itself) that holds the words."""
    paths = sorted((data / name).glob("*.yaml")) or [data / f"{name}.yaml"]
    path = next(each for each in paths if old in each.read_text("utf-8"))
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")


SOURCES = (
    "  sources: [spravato-us-label-2019-text-section-17, "
    "ketamine-injection-patient-precautions-mayo-micromedex]\n"
)
DRIVING = f"rows: [MON-042, MON-043]\n{SOURCES}  standing: house"
DRIVING_VERIFIED = f"rows: [MON-040]\n{SOURCES}  standing: verified"


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("medicines", "ingredients: [", "ingredients: [made_up, ", "ingredients: 'made_up'"),
        ("medications", "same_as: ", "same_as: NO-", "same_as: no rule"),
        ("medications", "sources: [", "sources: [nobody, ", "sources: 'nobody'"),
        ("medications", "{fact: ", "{fact: no_", "is not defined"),
        ("alerts", "repeat_after_min: 15", "repeat_after_min: 0", "alerts.yaml, ALERT-001"),
        ("alerts", "close_repeats", "close_repeat", "close_repeat"),
        ("home_advice", "MON-042, ", "MON-999, ", "rows: no rule has the id 'MON-999'"),
        ("home_advice", DRIVING, DRIVING_VERIFIED, "its rows make it 'house'"),
        ("home_advice", "topic: alcohol", "topic: beer", "home_advice.yaml, alcohol"),
    ],
)
def test_a_broken_file_is_refused_with_file_item_and_reason(data, name, old, new, says) -> None:
    change(data, name, old, new)

    with pytest.raises(ContentError, match=says):
        check_all(data)
