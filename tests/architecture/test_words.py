"""What a page says itself can be translated: every word of a template stands in a translate tag."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture.source import assert_none, place
from tests.architecture.test_templates import TEMPLATES

TRANSLATED = re.compile(r"\{%\s*blocktranslate\b.*?endblocktranslate\s*%\}", re.S)
CLASS_OF_PAGE = re.compile(r"\{% block page_class %\}.*?\{% endblock %\}")
COMMENT = re.compile(r"\{%\s*comment\b.*?endcomment\s*%\}", re.S)
TAG = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.S)
SPOKEN = re.compile(r"""\s(?:aria-label|alt|title|placeholder)\s*=\s*"([^"]*)\"""")
ELEMENT = re.compile(r"<[^>]*>", re.S)
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = {"Vernal"}


def bare_words(text: str) -> list[tuple[int, str]]:
    """(line, words) of what would stay English in every language."""
    for marked in (COMMENT, TRANSLATED, CLASS_OF_PAGE, TAG):
        text = marked.sub(_blank, text)
    spoken = "\n".join(" ".join(SPOKEN.findall(line)) for line in text.splitlines())
    shown = ELEMENT.sub(_blank, text)
    return [
        (number, line.strip())
        for part in (shown, spoken)
        for number, line in enumerate(part.splitlines(), start=1)
        if set(WORD.findall(line)) - NAMES
    ]


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found.group())


def _is_a_sample(path: Path) -> bool:
    """The style guide shows invented people and values."""
    return "styleguide" in path.parts


def test_every_word_of_a_page_can_be_translated() -> None:
    found = [
        f"{place(path, line)} {words}"
        for path in TEMPLATES
        if not _is_a_sample(path)
        for line, words in bare_words(path.read_text())
    ]

    assert_none(found)


def test_the_search_finds_what_it_is_for() -> None:
    assert bare_words("<p>\nHello {{ name }}</p>") == [(2, "Hello")]
    assert bare_words('<input aria-label="Dose">') == [(1, "Dose")]
    assert not bare_words('{% translate "Hello" %}<b class="big">{{ name }}</b> · Vernal')
    assert not bare_words("{% blocktranslate %}Hello <b>you</b>{% endblocktranslate %}")
