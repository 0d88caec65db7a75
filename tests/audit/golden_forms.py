"""The exact bytes that are hashed, one example a kind: stored hashes must be proven in ten years.

`python -m tests.audit.golden_forms` writes the examples anew. Do that for a new kind, or for a new
field that stands in `LATER`; an example that changes means that logs kept until now no longer fit:
it needs a new name of the form (`rules.sessions.events.FORM`) and code that still reads the old
one.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

from vernal.rules.sessions import Event, Kind, canonical, check_payload
from vernal.rules.sessions.fields import Field
from vernal.rules.sessions.payloads import FIELDS, HAPPENED_AT

FILE = Path(__file__).with_suffix(".json")
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
DENVER = timezone(timedelta(hours=-7))
# Fields that a kind gained after its example was kept: an entry without them is as it was, and one
# with them is an example of its own.
LATER: dict[Kind, tuple[str, ...]] = {
    Kind.checklist: ("hopes",),
    Kind.dosing_finished: ("reason",),
}


def examples() -> dict[str, dict[str, str]]:
    """Of each kind of event, and of an entry of the audit chain: the bytes and their SHA-256."""
    forms = {f"event {kind.value}": canonical(_event(kind)) for kind in Kind}
    for kind, names in LATER.items():
        forms[f"event {kind.value}, {' and '.join(names)}"] = canonical(_event(kind, later=names))
    forms["audit entry"] = _audit_entry()
    return {
        name: {"canonical": form.decode(), "sha256": hashlib.sha256(form).hexdigest()}
        for name, form in forms.items()
    }


def _event(kind: Kind, later: tuple[str, ...] = ()) -> Event:
    is_about_another = kind in (Kind.correction, Kind.sealed)
    corrects_kind = Kind.note if is_about_another else None
    checked = check_payload(kind, _payload(kind, later), corrects_kind=corrects_kind)
    assert not checked.errors, checked.errors
    return Event(
        id=UUID(int=7),
        session_id=UUID(int=1000),
        kind=kind,
        payload=checked.payload,
        device_id="bed-1",
        sequence=7,
        device_at=(NINE + timedelta(seconds=7)).astimezone(DENVER),
        monotonic_ms=7000,
        author=str(UUID(int=2000)),
        received_at=NINE + timedelta(seconds=8, microseconds=250),
        previous_hash=f"{7:064x}",
        corrects=UUID(int=1) if is_about_another else None,
        entered_offline=kind is Kind.reading,
    )


def _payload(kind: Kind, later: tuple[str, ...]) -> dict[str, Any]:
    left_out = set(LATER.get(kind, ())) - set(later)
    fields = (each for each in (*FIELDS[kind], HAPPENED_AT) if each.name not in left_out)
    return {each.name: _sample(each) for each in fields}


def _sample(each: Field) -> Any:
    """A value of each kind of field, with a letter that is not ASCII where words are free."""
    if each.name == "systolic_mmhg":
        return "120"  # above the diastolic pressure
    match each.kind:
        case "number":
            return "4" if each.whole else "5.50"
        case "yes_no":
            return True
        case "choice":
            return each.choices[0]
        case "text":
            return f"{each.name} of Zoë"
        case "time":
            return "2026-03-02T02:00:00-07:00"
        case "answers":
            return {"is_calm": True, "weight_kg": "72.60", "said": "fine"}
        case "names":
            return ["pressure", "airway"]
        case "replacement":
            return {"words": "calm"}


def _audit_entry() -> bytes:
    from vernal.audit.chain import canonical as canonical_entry
    from vernal.audit.models import Entry

    entry = Entry(
        sequence=7,
        at=NINE.astimezone(DENVER),
        act="sign_plan",
        actor_id=UUID(int=1),
        site_id=None,
        patient_id=UUID(int=3),
        subject=f"plan:{UUID(int=4)}",
        details={"sites": ["laramie", "Zürich"], "count": 2},
    )
    return canonical_entry(entry)


def kept() -> dict[str, dict[str, str]]:
    return json.loads(FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    text = json.dumps(examples(), indent=1, ensure_ascii=False, sort_keys=True)
    FILE.write_text(text + "\n", encoding="utf-8")
