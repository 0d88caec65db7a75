"""axe, run in the page as it stands: after a refused form, with a dialog open, in the dark."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _axe() -> str:
    return AXE.read_text()


def assert_accessible(page: Page) -> None:
    """No rule of WCAG 2.2 AA that axe can judge is broken, and nothing runs off a narrow screen.

    axe goes in by the debugger, not by a script element, so the page keeps its own
    Content-Security-Policy and its state.
    """
    page.evaluate(f"() => {{ {_axe()} }}")
    result = page.evaluate(
        "rules => window.axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    faults = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n    {node['html']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
    wide = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if wide > 1:  # one pixel is how a browser rounds columns, and moves nothing
        faults.append(f"the page is {wide} px wider than the screen")
    assert not faults, "\n".join([page.url, *faults])
