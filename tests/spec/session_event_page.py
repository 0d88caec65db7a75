"""The payload of each kind of event, printed for those who write a device.

`python -m tests.spec.session_event_page` prints `docs/reference/session-events.md`.
"""

from __future__ import annotations

from pathlib import Path

from vernal.rules.sessions import FIELDS, Field
from vernal.rules.sessions.events import FORM
from vernal.rules.sessions.payloads import HAPPENED_AT, SCALES

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "session-events.md"
HEAD = f"""# Events of a session's log

Printed from `src/vernal/rules/sessions/payloads.py` by `python -m tests.spec.session_event_page`.

An event is one append; its bytes begin with `{FORM}` and are hashed with the event before it
(`rules/sessions/events.py`). Below is what each kind carries in `payload`. Numbers are written in
ASCII digits without exponent; times carry an offset. Every payload may carry `{HAPPENED_AT.name}`,
the time an entry is told for when that was earlier. Ranges are what an instrument can show; what is
unusual is kept and asked about (`knowledge/data/readings.yaml`).
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for kind, fields in FIELDS.items():
        parts.append(f"## {kind.value}\n")
        if not fields:
            parts.append("Nothing.\n")
            continue
        lines = ["| field | means | holds | needed |", "| --- | --- | --- | --- |"]
        lines += [
            f"| `{each.name}` | {each.label} | {_holds(each)} | {'yes' if each.required else ''} |"
            for each in fields
        ]
        parts.append("\n".join(lines) + "\n")
    scales = ", ".join(f"`{name}` {least}–{most}" for name, (least, most) in SCALES.items())
    return "\n".join(parts) + f"\nScales and their ranges: {scales}.\n"


def _holds(each: Field) -> str:
    if each.kind == "number":
        whole = "whole number" if each.whole else "number"
        return f"{whole}, {each.least} to {each.most} {each.unit}".strip()
    if each.kind == "choice":
        return "one of " + ", ".join(f"`{choice}`" for choice in each.choices)
    return each.kind.replace("_", " or ") if each.kind == "yes_no" else each.kind


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
