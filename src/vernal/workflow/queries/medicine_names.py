"""Names of medicines that leave a question: not on the list, or several forms by one name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from vernal.knowledge.medications import medicine_index, medicines
from vernal.rules.medicines import Form, Medicine, Search


@dataclass(frozen=True)
class NameChoice:
    """A medicine the typed name may stand for."""

    id: str
    name: str
    form: Form


@dataclass(frozen=True)
class NameQuestion:
    """One line whose name leaves a question. `is_listed`: the medicine is known, its form is not.

    `is_settled` says that the one who typed it has answered; an unlisted name then still waits
    for a clinician.
    """

    number: int
    typed_as: str
    is_listed: bool
    is_settled: bool
    choices: tuple[NameChoice, ...]


def name_questions(lines: Sequence[Mapping[str, str | None]]) -> list[NameQuestion]:
    """In the order of the lines, counted from 0."""
    found = [_question(number, line) for number, line in enumerate(lines)]
    return [each for each in found if each is not None]


def names_with_choices(lines: Sequence[Mapping[str, str | None]]) -> set[str]:
    """The names about which the one who typed them can still be asked something."""
    return {each.typed_as for each in name_questions(lines) if each.choices and not each.is_settled}


@cache
def suggested_names() -> tuple[str, ...]:
    """Every name and brand name of the list, for a browser that completes words."""
    shipped = medicines().values()
    return tuple(sorted({name for each in shipped for name in (each.name, *each.other_names)}))


def _question(number: int, line: Mapping[str, str | None]) -> NameQuestion | None:
    name = line["name"] or ""
    search = medicine_index().search(name)
    is_settled = line.get("settled_name") == name
    if search.exact and (is_settled or not search.suggestions):
        return None
    if search.exact and not _leaves_the_form_open(search.exact):
        return None
    choices = () if is_settled else tuple(_choice(each) for each in _offered(search))
    return NameQuestion(number, name, search.exact is not None, is_settled, choices)


def _leaves_the_form_open(medicine: Medicine) -> bool:
    """“naltrexone” does, and so does a brand of it; “naltrexone depot” says its form."""
    return " " not in medicine.name


def _offered(search: Search) -> tuple[Medicine, ...]:
    """The plain one stands for its own form, unless another of the same form is listed."""
    if search.exact is None:
        return search.suggestions
    forms = {each.form for each in search.suggestions}
    own = () if search.exact.form in forms else (search.exact,)
    return (*own, *search.suggestions)


def _choice(medicine: Medicine) -> NameChoice:
    return NameChoice(medicine.id, medicine.name, medicine.form)
