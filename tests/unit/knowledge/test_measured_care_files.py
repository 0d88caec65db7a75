"""A broken file of scales, outcomes, consent or re-treatment stops the start, by name."""

import shutil
from pathlib import Path

import pytest

from vernal.knowledge import check
from vernal.knowledge.load import DATA, ContentError

CHECKS = {
    "scales": check.check_scales,
    "outcomes": check.check_outcomes,
    "consent": check.check_consent,
    "retreatment": check.check_retreatment,
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in CHECKS:
        shutil.copytree(DATA / name, tmp_path / name)
    shutil.copy(DATA / "sources.yaml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", CHECKS)
def test_the_files_as_they_are_pass(data, name):
    assert CHECKS[name](data) > 0


@pytest.mark.parametrize(
    ("path", "old", "new", "says"),
    [
        (
            "scales/session.yaml",
            "sources: [rodrigues-2021]",
            "sources: [nobody]",
            "cadss-6: sources",
        ),
        (
            "scales/session.yaml",
            "{start: 0, label: not yet",
            "{start: 1, label: not yet",
            "aldrete: bands",
        ),
        ("scales/suicidality.yaml", "[nimh-asq-toolkit]", "[nobody]", "asq: sources"),
        (
            "outcomes/outcomes.yaml",
            "[diazgranados-2010-bipolar-rct]",
            "[nobody]",
            "OUT-024: sources",
        ),
        ("outcomes/honest_lines.yaml", "[OUT-024]", "[OUT-124]", "BEN-BIPOLAR: from"),
        ("outcomes/honest_lines.yaml", "[OUT-024]", "[OUT-013]", "BEN-BIPOLAR: standing"),
        ("consent/teach_back.yaml", "right: escort", "right: nobody", "going-home: right"),
        (
            "consent/elements.yaml",
            "[apa-consensus-authors-reply-letter]",
            "[nobody]",
            "usual-dose: sources",
        ),
        ("retreatment/relapse.yaml", "beside: REL-013", "beside: REL-113", "REL-012: beside"),
        (
            "retreatment/options.yaml",
            "published: [OUT-004, OUT-005]",
            "published: [OUT-104]",
            "refer: no",
        ),
        (
            "retreatment/options.yaml",
            "[commentary-stopping-repeated-ketamine-pmc6821514]",
            "[nobody]",
            "stop.needs-follow-up: sources",
        ),
        ("retreatment/prompts.yaml", "course.days_since", "course.day_since", "safety-call: when"),
    ],
)
def test_a_broken_file_is_refused_by_name(data, path, old, new, says):
    text = (data / path).read_text("utf-8")
    assert old in text
    (data / path).write_text(text.replace(old, new), "utf-8")

    with pytest.raises(ContentError, match=says):
        CHECKS[path.split("/")[0]](data)
