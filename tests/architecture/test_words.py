"""What a page says can be translated: in a template by a tag, below the workflow by a mark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.marked import SPEAKING, bare_sentences, literal, marks
from tests.architecture.source import PACKAGE, assert_none, place, python_files, tree
from tests.architecture.test_templates import TEMPLATES
from vernal.rules import effects
from vernal.rules.sessions import FIELDS, MEANING
from vernal.rules.sessions.payloads import HAPPENED_AT
from vernal.rules.sessions.states import ENTRY, SAID
from vernal.words import Sentence

TRANSLATED = re.compile(r"\{%\s*blocktranslate\b.*?endblocktranslate\s*%\}", re.S)
CLASS_OF_PAGE = re.compile(r"\{% block page_class %\}.*?\{% endblock %\}")
COMMENT = re.compile(r"\{%\s*comment\b.*?endcomment\s*%\}", re.S)
TAG = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.S)
SPOKEN = re.compile(r"""\s(?:aria-label|alt|title|placeholder)\s*=\s*"([^"]*)\"""")
ELEMENT = re.compile(r"<[^>]*>", re.S)
WORD = re.compile(r"[^\W\d_]{2,}")
NAMES = {"Vernal"}
# Said to whoever writes code or content, or printed into the reference: no page shows it.
FOR_NO_PAGE = {
    "rules/conditions.py": ("compares numbers", "give a Decimal", "cannot be compared", "give the"),
    "rules/medications.py": ("no rule says what follows", "cannot be judged"),
    "rules/medicines.py": ("| and | with ",),
    "rules/scales.py": ("this scale is entered as",),
    "rules/sessions/events.py": ("has no canonical form",),
    "rules/sessions/states.py": ("[*] --> planned", *MEANING.values()),
}


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


def test_every_sentence_below_the_workflow_can_be_translated() -> None:
    found = [
        f"{place(path, line)} {words!r}"
        for path in python_files(*SPEAKING)
        for line, words in bare_sentences(path)
        if not _is_for_no_page(path, words)
    ]

    assert_none(found)


def _is_for_no_page(path: Path, words: str) -> bool:
    return any(part in words for part in FOR_NO_PAGE.get(str(path.relative_to(PACKAGE)), ()))


def test_a_catalogue_can_gather_every_marked_sentence() -> None:
    found = [
        place(path, call.lineno)
        for path in python_files(*SPEAKING)
        for call in marks(tree(path))
        if literal(call) is None
    ]

    assert_none(found)


def test_every_label_of_an_entry_is_marked() -> None:
    labels = [each.label for fields in FIELDS.values() for each in (*fields, HAPPENED_AT)]

    assert_none([label for label in labels if not isinstance(label, Sentence)])


@pytest.mark.parametrize(
    "words", [SAID, ENTRY, effects.SEVERITY, effects.MOMENTS, effects.BEGAN, effects.ENDED]
)
def test_every_word_of_a_table_is_marked(words) -> None:
    assert_none([each for each in words.values() if not isinstance(each, Sentence)])


def test_the_search_finds_a_sentence_without_its_mark(tmp_path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        '"""A docstring may speak."""\n'
        'FIRST = _("Weigh again, %(name)s.", name="the patient")\n'
        'SECOND = "Weigh again."\n'
        'THIRD = f"{FIRST} is missing."\n'
        'FOURTH = "weight_kg"\n'
    )

    assert bare_sentences(module) == [(3, "Weigh again."), (4, " is missing.")]
