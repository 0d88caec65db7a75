"""What was hashed once is hashed the same for ever."""

from __future__ import annotations

import pytest

from tests.audit.golden_forms import LATER, examples, kept
from vernal.rules.sessions import Kind


def test_each_kind_of_event_and_the_audit_entry_have_an_example() -> None:
    later = {f"event {kind.value}, {' and '.join(names)}" for kind, names in LATER.items()}
    assert kept().keys() == {f"event {kind.value}" for kind in Kind} | later | {"audit entry"}


@pytest.mark.parametrize("name", sorted(kept()))
def test_the_hashed_bytes_are_those_of_the_first_release(name: str) -> None:
    assert examples()[name] == kept()[name]
