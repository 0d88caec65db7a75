"""The protocols as a page to read, printed from their files.

`python -m tests.spec.protocol_pages` prints them into `docs/reference/protocols.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from vernal.knowledge.protocols import protocols
from vernal.rules.protocols import (
    Figure,
    NextOption,
    Phase,
    Protocol,
    Schedule,
    observation_ends_min,
    readings_due,
)
from vernal.units.exact import plain

DOCUMENT = Path(__file__).parents[2] / "docs/reference/protocols.md"

HEAD = """# Protocols

Printed from `src/vernal/knowledge/data/protocols/` by `python -m tests.spec.protocol_pages`; edit
the files, not this page. A plan follows one of these; the prescriber decides and signs.

- **verified**: someone saw the number in the source.
- **unverified**: cited, not yet checked.
- **house**: our default without a source; the medical director signs it before it takes effect. It
  may still list where its fact came from.
"""


def document() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(line for each in protocols().values() for line in _protocol(each))])


def _protocol(protocol: Protocol) -> Iterator[str]:
    yield f"## {protocol.title}\n"
    yield f"`{protocol.id}`, version {protocol.version}, standing {protocol.standing}\n"
    yield f"{protocol.summary}\n"
    yield from (f"> {caveat}\n>" for caveat in protocol.caveats[:-1])
    yield from (f"> {caveat}\n" for caveat in protocol.caveats[-1:])
    yield "### Numbers\n"
    yield from _figures(protocol.figures)
    for phase in protocol.phases:
        yield from _phase(phase)
    yield "### Questions to the prescriber\n"
    for prompt in protocol.prompts:
        after, below = prompt.after_sessions, prompt.improvement_below
        yield (
            f"- After {plain(after.value)} sessions with less than {plain(below.value)} % "
            f"improvement ({after.standing}; {_rows(after.rows)}): {prompt.words}"
        )
    yield "\n### What to measure when\n"
    yield "| what | when | standing | rows |\n| --- | --- | --- | --- |"
    for due in protocol.calendar:
        when = ", ".join(each.replace("_", " ") for each in due.when)
        yield f"| {due.title} | {when} | {due.standing} | {_rows(due.rows)} |"
    yield from _readings(protocol)


def _figures(figures: Iterable[Figure]) -> Iterator[str]:
    yield "| what | value | standing | rows | sources | why |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for figure in figures:
        value = f"{plain(figure.value)} {figure.unit}"
        sources = ", ".join(f"`{key}`" for key in figure.sources)
        yield (
            f"| {figure.what} | {value} | {figure.standing} | {_rows(figure.rows)} | {sources} | "
            f"{figure.note} |"
        )
    yield ""


def _phase(phase: Phase) -> Iterator[str]:
    yield f"### {phase.title}\n"
    numbers = [each for each in (phase.sessions, phase.most_sessions, phase.window) if each]
    if numbers:
        yield from _figures(numbers)
    for schedule in phase.schedules:
        yield _schedule(schedule)
    yield "\nWhat may come next:\n"
    for option in phase.next:
        yield _option(option)
    yield ""


def _schedule(schedule: Schedule) -> str:
    gaps = ", ".join(str(gap) for gap in schedule.gaps_days)
    note = f" {schedule.note}" if schedule.note else ""
    return (
        f"- {schedule.title}: {gaps} days between sessions, repeated "
        f"({schedule.standing}; {_rows(schedule.rows)}).{note}"
    )


def _option(option: NextOption) -> str:
    return f"- **{option.title}.** {option.when} ({option.standing}; {_rows(option.rows)})"


def _readings(protocol: Protocol) -> Iterator[str]:
    readings, usual = protocol.readings, protocol.figures.usual_min.value
    yield "\n### Readings in a session\n"
    yield f"{', '.join(readings.measures)}; minutes from the start of the dose.\n"
    parts = (*readings.before, readings.during_every, *readings.always_at)
    yield from _figures(
        [each for each in (*parts, readings.after_every, readings.close_every) if each]
    )
    for title, close in (("Usual", False), (readings.close_when, True)):
        due = readings_due(protocol, minutes=usual, close=close)
        minutes = ", ".join(plain(each.minute).replace("-", "−") for each in due)
        yield f"- {title} ({plain(usual)} minutes): {minutes}"
    ends = observation_ends_min(protocol, minutes=usual)
    yield f"- Observation ends at {plain(ends)} minutes at the earliest.\n"


def _rows(rows: tuple[str, ...]) -> str:
    return ", ".join(rows)


if __name__ == "__main__":
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(document(), "utf-8")
