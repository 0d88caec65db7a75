"""Invented people and numbers that fill the components; nothing here is clinical advice."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.template.loader import render_to_string

CLINICS = [{"name": "Riverside clinic", "phone": "555 0142", "hours": "weekdays 8 to 18"}]

STEPS = [
    {"label": "Inquiry", "state": "done", "note": "2 March", "url": "#steps"},
    {"label": "Intake", "state": "done", "note": "5 March", "url": "#steps"},
    {"label": "Screening", "state": "done", "note": "7 March", "url": "#steps"},
    {"label": "Plan", "state": "done", "note": "signed 8 March", "url": "#steps"},
    {"label": "Sessions", "state": "now", "note": "3 of 6", "url": "#steps"},
    {"label": "Outcomes", "state": "later"},
    {"label": "Re-treatment", "state": "later"},
]

NAV = [
    {"label": "Patients", "url": "#navigation", "is_current": True},
    {"label": "Inbox", "url": "#navigation", "count": 4},
    {"label": "Sessions today", "url": "#navigation"},
    {"label": "Alerts", "url": "#navigation", "count": 1},
]
PATIENT_NAV = [
    {"label": "My care", "url": "#navigation", "is_current": True},
    {"label": "My answers", "url": "#navigation"},
    {"label": "Help now", "url": "#navigation"},
]

SOURCE = {
    "title": "Sanacora 2017 consensus statement",
    "url": "https://doi.org/10.1001/jamapsychiatry.2017.0080",
}

FINDINGS: list[dict[str, Any]] = [
    {
        "level": "bar",
        "title": "Aneurysm of the aorta",
        "reason": "Ketamine raises blood pressure; a weak vessel wall may tear.",
        "action": "Do not give ketamine. Discuss other treatments.",
        "override": "Nobody may override this bar.",
        "standing": "verified",
        "sources": [SOURCE],
    },
    {
        "level": "weigh",
        "title": "Blood pressure 152/94 at rest",
        "reason": "Measured twice, ten minutes apart. The session would raise it further.",
        "action": "Treat the pressure first, or sign why treatment should not wait.",
        "standing": "unverified",
        "sources": [SOURCE],
    },
    {
        "level": "caution",
        "title": "Takes lamotrigine",
        "reason": "It may weaken the effect that people feel.",
        "action": "Leave the dose as it is; ask about it when the response is judged.",
        "standing": "unverified",
        "sources": [SOURCE],
    },
    {
        "level": "note",
        "title": "Wears contact lenses",
        "reason": "Eyes stay closed and dry for an hour.",
        "action": "Ask for glasses on the day.",
        "standing": "house",
        "sources": [],
    },
    {
        "level": "unjudged",
        "title": "Pregnancy",
        "reason": "It would be a bar if it were found.",
        "needs": ["a pregnancy test from the last seven days"],
        "action": "Record the test before the plan is signed.",
        "sources": [],
    },
]

STATS = [
    {
        "label": "Blood pressure",
        "value": "148/92",
        "unit": "mmHg",
        "note": "Recheck in 5 minutes",
        "level": "caution",
    },
    {"label": "Oxygen saturation", "value": "97", "unit": "%", "note": "10:42, room air"},
    {"label": "Pulse", "value": "84", "unit": "/min", "note": "10:42"},
    {"label": "PHQ-9", "value": "11", "unit": "of 27", "note": "19 before the first session"},
]

ROWS = [
    {"label": "Route", "value": "Into a vein, 40 minutes", "url": "#summary-list"},
    {"label": "Dose", "value": "0.5", "unit": "mg/kg ketamine base", "url": "#summary-list"},
    {"label": "Weight used", "value": "72.5", "unit": "kg, 8 March", "url": "#summary-list"},
    {"label": "Signed by", "value": "Dr Ines Okafor, 8 March 2026, 14:10"},
]

COLUMNS = [
    {"label": "Session"},
    {"label": "Dose, mg", "is_number": True},
    {"label": "Highest pressure, mmHg", "is_number": True},
    {"label": "PHQ-9 next day", "is_number": True},
    {"label": "Ended"},
]
TABLE = [
    [
        {"text": "1, on 10 March", "url": "#table"},
        "36.3",
        "141/88",
        16,
        {"text": "Discharged", "tag_kind": "done"},
    ],
    [
        {"text": "2, on 13 March", "url": "#table"},
        "36.3",
        "152/95",
        13,
        {"text": "Discharged", "tag_kind": "done"},
    ],
    [
        {"text": "3, today", "url": "#table"},
        "36.3",
        "148/92",
        "",
        {"text": "Recovering", "tag_kind": ""},
    ],
]

TASKS = [
    {"label": "About you", "state": "Done", "kind": "done", "url": "#tasks"},
    {
        "label": "Your heart and circulation",
        "state": "2 of 6",
        "url": "#tasks",
        "hint": "About three minutes",
    },
    {
        "label": "Medicines you take",
        "state": "To do",
        "url": "#tasks",
        "hint": "Have the packets at hand",
    },
    {"label": "Consent", "state": "Later", "hint": "Opens when the clinic has read your answers"},
]

EVENTS: list[dict[str, Any]] = [
    {
        "when": "10:02",
        "title": "Checked in",
        "text": "Escort confirmed: sister, 555 0199.",
        "by": "Sam Lindqvist, nurse",
        "icon": "person",
    },
    {
        "when": "10:15",
        "title": "Dose started: 36.3 mg over 40 minutes",
        "by": "Sam Lindqvist, nurse",
        "icon": "dose",
    },
    {
        "when": "10:35",
        "title": "Blood pressure 184/101 mmHg",
        "is_corrected": True,
        "icon": "reading",
    },
    {
        "when": "10:36",
        "title": "Correction: 148/92 mmHg",
        "text": "Cuff had slipped; measured again on the other arm.",
        "kind": "caution",
        "by": "Sam Lindqvist, nurse",
    },
    {"when": "10:55", "title": "Dose ended, 36.3 mg given", "icon": "done"},
]

TABS = [
    {"label": "Overview", "url": "#tabs", "is_current": True},
    {"label": "Findings", "url": "#tabs", "count": 3},
    {"label": "Sessions", "url": "#tabs"},
    {"label": "Medicines", "url": "#tabs"},
]

CHART_COLUMNS = [
    {"label": "Minute"},
    {"label": "Systolic, mmHg", "is_number": True},
    {"label": "Diastolic, mmHg", "is_number": True},
]
CHART_ROWS = [
    [0, 124, 78],
    [10, 133, 83],
    [20, 141, 88],
    [30, 148, 92],
    [40, 144, 90],
    [60, 130, 81],
]

ICONS = [
    "sprout",
    "leaf",
    "bud",
    "node",
    "bar",
    "weigh",
    "caution",
    "note",
    "unknown",
    "done",
    "check",
    "verified",
    "unverified",
    "pen",
    "clock",
    "dose",
    "reading",
    "phone",
    "person",
    "book",
    "right",
    "left",
    "chevron",
    "menu",
    "plus",
    "moon",
    "sun",
    "bed",
]

COLOURS = [
    ("paper", "The page"),
    ("sheet", "Cards and inputs"),
    ("sunk", "Table heads, units"),
    ("line", "Quiet lines; never the only sign"),
    ("edge", "Borders of inputs"),
    ("ink", "Text"),
    ("ink-soft", "Hints and times"),
    ("leaf", "What can be done"),
    ("leaf-deep", "Under the pointer"),
    ("leaf-tint", "Chosen, done"),
    ("amber", "Caution: shape"),
    ("amber-ink", "Caution: word"),
    ("amber-tint", "Caution: ground"),
    ("red", "Stop: shape"),
    ("red-ink", "Stop: word"),
    ("red-tint", "Stop: ground"),
]


def pages() -> Page:
    return Paginator(range(120), 25).page(2)


def context() -> dict[str, Any]:
    return {
        "steps": STEPS,
        "sample_nav": NAV,
        "sample_patient_nav": PATIENT_NAV,
        "findings": FINDINGS,
        "stats": STATS,
        "rows": ROWS,
        "columns": COLUMNS,
        "table": TABLE,
        "tasks": TASKS,
        "events": EVENTS,
        "tabs": TABS,
        "clinics": CLINICS,
        "chart_columns": CHART_COLUMNS,
        "chart_rows": CHART_ROWS,
        "chart_svg": render_to_string("styleguide/chart_sample.html"),
        "icons": ICONS,
        "colours": COLOURS,
        "page": pages(),
    }
