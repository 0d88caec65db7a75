"""Scoring cases and band edges of every scale, printed into the docs.

`python -m tests.spec.scale_cases` prints scales and cases into `docs/reference/scales.md`.
Answers stand in the order of the items, `?` is an item left open. Bands are written by hand from
the reference, so that a wrong edge in the files is noticed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from vernal.knowledge import scales as knowledge
from vernal.knowledge.scales import Code, DefinitionShape, ScaleShape
from vernal.rules.scales import Scale

DOCUMENT = Path(__file__).parents[2] / "docs/reference/scales.md"


@dataclass(frozen=True)
class Case:
    """`score` is the total or, where items are missing, their names; `flags` the safety items."""

    scale: str
    answers: str
    score: str
    band: str = ""
    flags: str = ""

    def given(self, scale: Scale) -> dict[str, Decimal]:
        scored = [item.id for item in scale.items if item.counts]
        marks = self.answers.split()
        assert len(marks) == len(scored), f"{self.scale}: {len(scored)} answers, not {len(marks)}"
        return {
            name: Decimal(mark) for name, mark in zip(scored, marks, strict=True) if mark != "?"
        }


def same(mark: int, times: int) -> str:
    return " ".join([str(mark)] * times)


CASES: tuple[Case, ...] = (
    # Sums
    Case("phq-9", same(0, 9), "0", "minimal"),
    Case("phq-9", "1 1 1 1 0 0 0 0 0", "4", "minimal"),
    Case("phq-9", "3 3 3 2 2 1 1 0 0", "15", "moderately severe"),
    Case("phq-9", "0 0 0 0 0 0 0 0 1", "1", "minimal", "9"),
    Case("phq-9", same(3, 9), "27", "severe", "9"),
    Case("phq-9", "3 3 ? 2 2 1 1 0 0", "missing: 3"),
    Case("phq-9", "3 3 3 2 2 1 1 0 ?", "missing: 9", flags="open: 9"),
    Case("phq-2", "1 2", "3", "positive"),
    Case("gad-7", "2 2 1 1 1 1 2", "10", "moderate"),
    Case("gad-7", same(3, 7), "21", "severe"),
    Case("pcl-5", same(4, 20), "80", "above the cut-off range"),
    Case("pcl-5", f"{same(2, 15)} {same(0, 5)}", "30", "below the cut-off range"),
    Case("pc-ptsd-5", "1 1 1 1 0", "4", "positive at the efficient cut-off"),
    Case("madrs", same(6, 10), "60", "severe"),
    Case("madrs", "3 3 3 3 3 3 2 0 0 0", "20", "moderate"),
    Case("madrs-s", same(6, 9), "54", "severe"),
    Case("epds", "0 0 1 2 2 2 2 2 1 0", "12", "possible depression"),
    Case("epds", "0 0 1 2 2 2 2 2 1 1", "13", "likely depression", "10"),
    Case("isi", "3 3 3 3 3 3 3", "21", "moderate"),
    Case("y-bocs", same(4, 10), "40", "extreme"),
    Case("audit-c", "1 1 1", "3", "positive for women"),
    Case("asrm", "2 1 1 1 1", "6", "positive"),
    Case("cadss-6", same(4, 6), "24"),
    Case("bprs-positive", same(1, 4), "4"),
    Case("bprs-positive", same(7, 4), "28"),
    Case("whodas-12", same(4, 12), "48"),
    Case("aldrete", "2 2 2 2 1", "9", "fit to leave by this score"),
    Case("moaa-s", "4", "4", "sedated"),
    Case("pain-nrs", "7", "7", "severe"),
    # A reversed item: item 3 counts for no
    Case("dast-10", "0 0 1 0 0 0 0 0 0 0", "0", "none"),
    Case("dast-10", same(0, 10), "1", "low"),
    Case("dast-10", "1 1 0 1 1 1 1 1 1 1", "10", "severe"),
    # The highest of a domain: sleep 1 to 4, appetite and weight 6 to 9, movement 15 and 16
    Case("qids-sr16", "1 2 3 0 1 0 2 0 1 1 1 1 1 1 0 2", "13", "moderate"),
    Case("qids-sr16", same(3, 16), "27", "very severe"),
    Case("qids-sr16", "3 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0", "3", "none"),
    Case("qids-sr16", "3 ? 0 0 0 0 0 0 0 0 0 0 0 0 0 0", "missing: 2"),
    # Means
    Case("peg", "7 7 6", "6.67"),
    Case("peg", "5 ? 6", "missing: E"),
    Case("bpi-sf-severity", "5 6 4 4", "4.75", "mild"),
    Case("bpi-sf-interference", "4 5 6 6 ? ? ?", "5.25"),
    Case("bpi-sf-interference", "4 5 6 ? ? ? ?", "missing: 4, 5, 6, 7"),
    # Parts with divisors: function by 3, symptoms by 2
    Case("fiqr", same(10, 21), "100.00", "severe"),
    Case("fiqr", f"{same(5, 9)} 4 6 {same(6, 10)}", "55.00", "moderate"),
    Case("fiqr", f"1 {same(0, 20)}", "0.33", "mild"),
    # Times four
    Case("who-5", "3 3 3 2 2", "52", "not poor"),
    Case("who-5", "3 3 2 2 2", "48", "poor"),
)

BANDS: dict[str, str] = {
    "phq-9": "0-4 minimal; 5-9 mild; 10-14 moderate; 15-19 moderately severe; 20-27 severe",
    "phq-2": "0-1 below both cut-offs; 2-2 positive at the sensitive cut-off; 3-6 positive",
    "qids-sr16": "0-5 none; 6-10 mild; 11-15 moderate; 16-20 severe; 21-27 very severe",
    "madrs": "0-6 none; 7-19 mild; 20-34 moderate; 35-60 severe",
    "madrs-s": "0-12 none; 13-19 mild; 20-34 moderate; 35-54 severe",
    "ham-d17": "0-7 below mild; 8-13 mild; 14-18 moderate; 19-22 severe; 23-52 very severe",
    "bdi-ii": "0-13 minimal; 14-19 mild; 20-28 moderate; 29-63 severe",
    "epds": "0-9 below the cut-off; 10-12 possible depression; 13-30 likely depression",
    "gad-7": "0-4 minimal; 5-9 mild; 10-14 moderate; 15-21 severe",
    "pcl-5": "0-30 below the cut-off range; 31-33 within the cut-off range; "
    "34-80 above the cut-off range",
    "pc-ptsd-5": "0-2 below both cut-offs; 3-3 positive at the sensitive cut-off; "
    "4-5 positive at the efficient cut-off",
    "isi": "0-7 none; 8-14 below threshold; 15-21 moderate; 22-28 severe",
    "y-bocs": "0-7 below threshold; 8-15 mild; 16-23 moderate; 24-31 severe; 32-40 extreme",
    "pain-nrs": "0-0 none; 1-3 mild; 4-6 moderate; 7-10 severe",
    "bpi-sf-severity": "0-0.99 below mild; 1-4.99 mild; 5-6.99 moderate; 7-10 severe",
    "fiqr": "0-38.99 mild; 39-58.99 moderate; 59-100 severe",
    "audit-c": "0-2 below both cut-offs; 3-3 positive for women; 4-12 positive for women and men",
    "dast-10": "0-0 none; 1-2 low; 3-5 moderate; 6-8 substantial; 9-10 severe",
    "asrm": "0-5 below the cut-off; 6-20 positive",
    "moaa-s": "0-1 deeply sedated; 2-3 moderately sedated; 4-4 sedated; 5-5 alert",
    "aldrete": "0-8 not yet fit to leave; 9-10 fit to leave by this score",
    "fibser-burden": "0-2 light: go on; 3-4 noticeable: address them; "
    "5-6 heavy: less of the drug or another one",
    "who-5": "0-48 poor; 52-100 not poor",
    "mgh-atrq": "0-1 fewer than two; 2-30 treatment-resistant by this count",
}


@dataclass(frozen=True)
class Span:
    first: Decimal
    last: Decimal
    label: str


def spans(scale: str) -> list[Span]:
    found = []
    for part in BANDS[scale].split("; "):
        numbers, label = part.split(" ", 1)
        first, last = numbers.split("-")
        found.append(Span(Decimal(first), Decimal(last), label))
    return found


def document() -> str:
    """The reference page: every scale, then every case."""
    shapes = knowledge.shapes().values()
    parts = [_HEAD, *(_scale(shape) for shape in shapes)]
    parts.append(_CASES_HEAD + "\n".join(_case(case) for case in CASES))
    return "\n\n".join(parts) + "\n"


_HEAD = """# Rating scales

Printed from `src/vernal/knowledge/data/scales/` and `tests/spec/scale_cases.py` by
`python -m tests.spec.scale_cases`; do not edit by hand.

The wording of a scale is shipped only where its licence allows it and where it was compared with a
printed copy: PHQ-9, PHQ-2 and GAD-7 word for word; pain from 0 to 10, MOAA/S and Aldrete in our own
words. Every other scale takes scores alone, with neutral labels. A number is **verified** (seen in
its source), **unverified** (cited, not seen) or **house** (ours, until the medical director signs
it). A missing item makes the score unknown; only BPI-SF interference may stand on four of seven.

The baseline of a course is the last score up to the day of the first session, at most 14 days old;
a score of that day counts, because scales are filled in before the dose. Relapse is asked only of
those who had responded by the end of the induction."""

_CASES_HEAD = """## Cases

Each line is tested. Answers stand in the order of the items; `?` was left open.

| scale | answers | score | band | safety |
| --- | --- | --- | --- | --- |
"""

_RULES = {
    "improves_percent": "at least {} % better",
    "improves_less_than_percent": "less than {} % better",
    "improves_points": "at least {} points better",
    "worsens_points": "at least {} points worse",
    "at_most": "score at most {}",
    "below": "score below {}",
    "at_least": "score at least {}",
}


def _scale(shape: ScaleShape) -> str:
    entry = ", ".join(shape.entry)
    lines = [
        f"## {shape.title}",
        "",
        f"{shape.purpose}. `{shape.id}`, version {shape.version}, {shape.standing}.",
        "",
        f"- licence: {shape.licence}, wording {shape.text.replace('_', ' ')}; {shape.owner}",
    ]
    if shape.off_by_default:
        lines.append("- **off by default**")
    if shape.ship_condition:
        lines.append(f"- condition: {shape.ship_condition.strip()}")
    if shape.attribution:
        lines.append(f"- shown with it: {shape.attribution}")
    lines.append(f"- rated by {shape.rater}; {shape.recall}; entered as {entry}")
    if shape.categories:
        lines.append(f"- categories: {', '.join(shape.categories)}")
    else:
        lines.append(f"- from {shape.least} to {shape.most}{_worse(shape)}{_scoring(shape)}")
    if shape.bands:
        note = f" {shape.bands.note}" if shape.bands.note else ""
        bands = BANDS[shape.id]
        lines.append(f"- bands ({shape.bands.standing}): {bands}.{note}")
    lines += [_definition(each) for each in shape.definitions]
    lines += [
        f"- safety: item {each.item} at {each.at_least} or more: {each.concern}. {each.action} "
        f"({each.standing})"
        for each in shape.safety_items
    ]
    lines += [
        f"- LOINC {place}: {_code(code)}"
        for place, code in (("panel", shape.loinc.panel), ("total", shape.loinc.total))
        if code
    ]
    lines.append(f"- sources: {', '.join(f'`{key}`' for key in shape.sources)}")
    return "\n".join(lines)


def _worse(shape: ScaleShape) -> str:
    return ", higher is worse" if shape.higher_is_worse else ", higher is better"


def _scoring(shape: ScaleShape) -> str:
    """The scoring rule in words; long runs of items are not listed one by one."""
    if not shape.parts:
        return ""
    parts = []
    for part in shape.parts:
        items = part.items[0] if len(part.items) == 1 else f"{part.items[0]} to {part.items[-1]}"
        divided = f" / {part.divide_by}" if part.divide_by > 1 else ""
        least = f", at least {part.least_answered} answered" if part.least_answered else ""
        parts.append(f"{part.combine} of {items}{divided}{least}")
    times = f", times {shape.times}" if shape.times > 1 else ""
    scoring = shape.value().scoring
    standing = "" if scoring == "verified" else f" ({scoring})"
    return f"; {' + '.join(parts)}{times}{standing}"


def _definition(each: DefinitionShape) -> str:
    rule = _RULES[each.rule].format(each.value)
    since = {"baseline": " than at baseline", "end_of_induction": " than after the induction"}
    rule += since.get(each.reference, "")
    rule += f", {each.in_a_row} times in a row" if each.in_a_row > 1 else ""
    cited = f", {', '.join(f'`{key}`' for key in each.sources)}" if each.sources else ""
    return f"- {each.outcome.replace('_', ' ')} `{each.id}`: {rule} ({each.standing}{cited})"


def _code(code: Code) -> str:
    kept = "" if code.standing == "verified" else ", not sent out"
    return f"{code.code} ({code.standing}{kept})"


def _case(case: Case) -> str:
    return f"| {case.scale} | {case.answers} | {case.score} | {case.band} | {case.flags} |"


if __name__ == "__main__":
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(document(), "utf-8")
