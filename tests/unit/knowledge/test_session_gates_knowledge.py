"""What a gate stands for is asked on the day of the session."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from vernal.knowledge import monitoring
from vernal.knowledge.load import ContentError


def test_a_gate_stands_only_for_what_the_day_asks(monkeypatch) -> None:
    gate = monitoring.shapes()["MON-001-escort"].model_copy(update={"stands_for": ("SCR-999",)})
    monkeypatch.setattr(monitoring, "shapes", lambda: {gate.id: gate})

    with pytest.raises(ContentError, match="the session day asks no 'SCR-999'"):
        monitoring.rules.__wrapped__()


def test_only_a_gate_before_the_dose_stands_for_a_screening_condition() -> None:
    shape = monitoring.shapes()["MON-040-vomiting"].model_dump(exclude={"when"})

    with pytest.raises(ValidationError, match="only a gate before the dose"):
        monitoring.MonitoringShape.model_validate(
            {**shape, "when": {"fact": "vomiting", "is": True}, "stands_for": ["SCR-074"]}
        )
