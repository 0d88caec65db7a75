"""Templates obey the Content-Security-Policy, ask no other host, and protect every form."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, assert_none, line_of, place

TEMPLATES = sorted(
    path for path in PACKAGE.rglob("templates/**/*") if path.suffix in {".html", ".svg"}
)
STYLESHEETS = [
    path for path in sorted(PACKAGE.rglob("static/**/*.css")) if "vendor" not in path.parts
]

ABROAD = r"""\s*=\s*["']?\s*(?:https?:)?//"""
FORBIDDEN = {
    "inline style": re.compile(r"<[^>]*\sstyle\s*=|<style\b", re.I),
    "inline script": re.compile(
        r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*application/json)[^>]*>", re.I
    ),
    "event attribute": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[\w:.-]*)\s*=", re.I),
    "script address": re.compile(r"""=\s*["']?\s*javascript:""", re.I),
    "asset of another host": re.compile(
        r"<(?:script|link|img|iframe|source|video|audio|object|embed|use|image)\b[^>]*\s"
        rf"(?:src|href|srcset|data|poster){ABROAD}",
        re.I,
    ),
    # `{# safe: why #}` on the same line is the reason.
    "text marked safe without a reason": re.compile(
        r"^(?!.*\{# safe: ).*(?:\|\s*safe(?:seq)?\b|\{%\s*autoescape off)", re.M
    ),
}
POST_FORM = re.compile(r"<form\b[^>]*\smethod\s*=\s*[\"']?post\b.*?</form>", re.I | re.S)
COMMENT = re.compile(r"\{%\s*comment\b.*?endcomment\s*%\}", re.S)
FORM = re.compile(r"<form\b[^>]*>", re.I)


def found(pattern: re.Pattern[str], text: str) -> list[int]:
    return [line_of(text, match.start()) for match in pattern.finditer(text)]


def forms_without_token(text: str) -> list[int]:
    return [
        line_of(text, match.start())
        for match in POST_FORM.finditer(text)
        if "{% csrf_token %}" not in match.group()
    ]


def forms_without_method(text: str) -> list[int]:
    """htmx would hide that such a form sends its fields in the address without JavaScript."""
    return [
        line_of(text, match.start())
        for match in FORM.finditer(text)
        if "method" not in match.group()
    ]


def everywhere(lines: Callable[[str], list[int]]) -> list[str]:
    return [place(path, line) for path in TEMPLATES for line in lines(_without_comments(path))]


def _without_comments(path: Path) -> str:
    """Prose about a form is no form; line numbers stay."""
    return COMMENT.sub(lambda match: "\n" * match.group().count("\n"), path.read_text())


def test_there_are_templates():
    assert TEMPLATES


@pytest.mark.parametrize("fault", FORBIDDEN)
def test_no_template_has(fault: str):
    assert_none(everywhere(lambda text: found(FORBIDDEN[fault], text)))


def test_every_post_form_holds_the_token():
    assert_none(everywhere(forms_without_token))


def test_every_form_says_how_it_is_sent():
    assert_none(everywhere(forms_without_method))


def test_stylesheets_ask_no_other_host():
    abroad = re.compile(r"""(?:url\(\s*|@import\s+)["']?\s*(?:https?:)?//""", re.I)

    assert_none(
        [place(path, line) for path in STYLESHEETS for line in found(abroad, path.read_text())]
    )


@pytest.mark.parametrize(
    ("fault", "bad"),
    [
        ("inline style", '<p class="a"\n style="color: red">'),
        ("inline style", "<style>p {}</style>"),
        ("inline script", "<script>go()</script>"),
        ("event attribute", '<button type="submit" onclick="go()">'),
        ("event attribute", '<button hx-on:click="go()">'),
        ("script address", '<a href="javascript:go()">'),
        ("asset of another host", '<script defer src="https://cdn.example/x.js"></script>'),
        ("asset of another host", '<link rel="stylesheet" href="//cdn.example/x.css">'),
        ("text marked safe without a reason", "<p>{{ text|safe }}</p>"),
    ],
)
def test_the_search_finds(fault: str, bad: str):
    assert found(FORBIDDEN[fault], bad) == [1]


@pytest.mark.parametrize(
    "good",
    [
        '<script src="{% static "vernal.js" %}" defer></script>',
        '<script type="application/json" id="readings">{}</script>',
        '<a href="https://example.org/guideline">the guideline</a>',
        '<p data-style="calm" class="on">5 < 6, on = off</p>',
        "{{ svg|safe }} {# safe: drawn by web/charts from numbers #}",
        '<option value="1" {% if chosen %}selected{% endif %}>',
    ],
)
def test_the_search_lets_pass(good: str):
    assert [fault for fault, pattern in FORBIDDEN.items() if found(pattern, good)] == []


def test_the_search_finds_a_form_without_token():
    assert forms_without_token('<form action="x" method="post"><input></form>') == [1]
    assert forms_without_token('<form method="post">{% csrf_token %}</form>') == []
    assert forms_without_method('<form hx-post="/x">') == [1]
