"""What the layers below say, in the language of the reader."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import gettext

from vernal.words import Sentence


def spoken(text: str) -> str:
    """A sentence of rules or units, with the sentences in it; other text (knowledge, what somebody
    wrote) stays as it is."""
    if not isinstance(text, Sentence):
        return text
    template = gettext(text.template)
    values = {name: _said(value) for name, value in text.values.items()}
    return template % values if values else template


def _said(value: object) -> str:
    return date_format(value, "M j, Y") if isinstance(value, date) else spoken(str(value))


# For words that are chosen when a module is read, before anybody reads them.
spoken_lazy = lazy(spoken, str)
