"""Cross-checks of all knowledge files: what one file says about another must be true.

Each check reads its files under a data folder, raises `ContentError` that names file, item, key and
reason, and returns how many items it looked at. A new step adds a line to `CHECKS`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from vernal.knowledge import drugs, protocols, sessions
from vernal.knowledge.advice import AdviceShape
from vernal.knowledge.alerts import EscalationShape
from vernal.knowledge.consent import ElementShape, TeachBackShape
from vernal.knowledge.effects import AskedShape, RateShape
from vernal.knowledge.facts import Fact, Section, check_placed_once
from vernal.knowledge.figures import FigureItem
from vernal.knowledge.load import DATA, ContentError, read_items
from vernal.knowledge.medications import MedicationShape, MedicineShape
from vernal.knowledge.monitoring import MonitoringShape
from vernal.knowledge.outcomes import LineShape, OutcomeShape, TimeCourseShape
from vernal.knowledge.retreatment import OptionShape, PromptShape, RelapseShape
from vernal.knowledge.scales import ScaleShape
from vernal.knowledge.schema import Item, Source, Strict
from vernal.knowledge.screening import ScreeningShape, rules_from
from vernal.knowledge.sources import ReadingPlaces
from vernal.rules.conditions import All, Always, Any, Compare, Condition, Not, Value, facts_used
from vernal.rules.findings import Level
from vernal.rules.protocols import lowest_standing
from vernal.rules.retreatment import COURSE_FACTS

Shape = TypeVar("Shape", bound=Strict)
Cited = TypeVar("Cited", bound=Item)
Check = Callable[[Path], int]

# Readings during a session are entered in the session log, not asked in a section.
READ_IN_A_SESSION = "facts/session"


def check_all(data: Path = DATA) -> dict[str, int]:
    """Run every check; the counts say how much was looked at."""
    return {name: check(data) for name, check in CHECKS}


def check_sources(data: Path) -> int:
    return len(_unique(located("sources", Source, data), key="key"))


def check_facts(data: Path) -> int:
    known = _facts(data)
    for id_, (where, fact) in _unique(located("facts", Fact, data)).items():
        for base in fact.derived_from:
            if base not in known:
                raise ContentError(f"{where}, {id_}: derived_from: {base!r} is not defined.")
        if len({option.value for option in fact.options}) != len(fact.options):
            raise ContentError(f"{where}, {id_}: options: a value stands twice.")
    return len(known)


def check_intake(data: Path) -> int:
    """Each asked fact stands in exactly one section."""
    known = _facts(data)
    sections = [item for _, item in _unique(located("intake", Section, data)).values()]
    check_placed_once(sections, known)
    placed = {fact for section in sections for fact in section.facts}
    placed |= {item.id for _, item in located(READ_IN_A_SESSION, Fact, data)}
    for id_, (where, fact) in _unique(located("facts", Fact, data)).items():
        if not fact.derived and id_ not in placed:
            raise ContentError(f"{where}, {id_}: it is asked in no section of intake.yaml.")
    return len(sections)


def check_screening(data: Path) -> int:
    known, known_sources = _facts(data), source_keys(data)
    asked = _asked_at_screening(data)
    rows = _unique(located("screening", ScreeningShape, data))
    rules_from({id_: row for id_, (_, row) in rows.items()})
    for id_, (where, row) in rows.items():
        check_cited(f"{where}, {id_}", row, known_sources)
        check_condition(f"{where}, {id_}: when", row.when, known)
        if row.level == Level.bar and "screening" in row.asked_at:
            _check_answerable(f"{where}, {id_}: when", row.when, known, asked)
    return len(rows)


def check_monitoring(data: Path) -> int:
    known, known_sources = _facts(data), source_keys(data)
    rows = _unique(located("monitoring", MonitoringShape, data))
    for id_, (where, row) in rows.items():
        check_cited(f"{where}, {id_}", row, known_sources)
        if row.when is not None:
            check_condition(f"{where}, {id_}: when", row.when, known)
        for key in (*row.parts, *([row.row] if row.row else [])):
            if key not in rows:
                raise ContentError(f"{where}, {id_}: it names {key!r}, which is no rule.")
    return len(rows)


def check_effects(data: Path) -> int:
    """Sources exist, a repeated row exists, and an asked effect means published terms."""
    known_sources = source_keys(data)
    rates = _unique(located("effects/rates", RateShape, data))
    asked = _unique(located("effects/asked", AskedShape, data))
    terms = {rate.term for _, rate in rates.values()}
    for id_, (where, rate) in rates.items():
        check_cited(f"{where}, {id_}", rate, known_sources)
        if rate.repeats and rate.repeats not in rates:
            raise ContentError(f"{where}, {id_}: repeats: no rate has the id {rate.repeats!r}.")
    for id_, (where, effect) in asked.items():
        for term in effect.terms:
            if term not in terms:
                raise ContentError(f"{where}, {id_}: terms: no rate has the term {term!r}.")
    return len(rates) + len(asked)


def check_medicines(data: Path) -> int:
    """What an ingredient names is a single medicine of the list."""
    rows = _unique(located("medicines", MedicineShape, data))
    for id_, (where, row) in rows.items():
        for key in row.ingredients:
            if key not in rows or rows[key][1].ingredients:
                raise ContentError(f"{where}, {id_}: ingredients: {key!r} is no single medicine.")
    return len(rows)


def check_medications(data: Path) -> int:
    known = _facts(data)
    rows = _cited("medications", MedicationShape, data)
    for id_, (where, row) in rows.items():
        check_condition(f"{where}, {id_}: when", row.when, known)
        if row.same_as and row.same_as not in rows:
            raise ContentError(f"{where}, {id_}: same_as: no rule has the id {row.same_as!r}.")
    return len(rows)


def check_reading_places(data: Path) -> int:
    return len(_cited("reading_places", ReadingPlaces, data))


def check_figures(data: Path) -> int:
    return len(_cited("figures", FigureItem, data))


def check_alerts(data: Path) -> int:
    return len(_cited("alerts", EscalationShape, data))


def check_home_advice(data: Path) -> int:
    """The rows behind advice exist, and advice stands no higher than they do."""
    advice = _cited("home_advice", AdviceShape, data)
    shapes: tuple[tuple[str, type[Item]], ...] = (
        ("monitoring", MonitoringShape),
        ("screening", ScreeningShape),
        ("medications", MedicationShape),
    )
    rows = {
        key: row
        for name, shape in shapes
        for key, row in _unique(located(name, shape, data)).items()
    }
    for id_, (where, item) in advice.items():
        for key in item.rows:
            if key not in rows:
                raise ContentError(f"{where}, {id_}: rows: no rule has the id {key!r}.")
        lowest = lowest_standing(rows[key][1].standing for key in item.rows)
        if item.standing == "verified" and lowest != "verified":
            raise ContentError(f"{where}, {id_}: standing: its rows make it {lowest!r}.")
    return len(advice)


def check_scales(data: Path) -> int:
    """Sources exist in every part of a scale, and the scale can be made."""
    known_sources = source_keys(data)
    rows = _unique(located("scales", ScaleShape, data))
    for id_, (where, row) in rows.items():
        for key in row.cited():
            if key not in known_sources:
                raise ContentError(f"{where}, {id_}: sources: {key!r} is not in sources.yaml.")
        try:
            row.value(), row.definition_values()
        except ValueError as error:
            raise ContentError(f"{where}, {error}") from error
    return len(rows)


def check_outcomes(data: Path) -> int:
    rows = _cited("outcomes/outcomes", OutcomeShape, data)
    lines = _cited("outcomes/honest_lines", LineShape, data)
    for id_, (where, line) in lines.items():
        for key in line.rests_on:
            if key not in rows:
                raise ContentError(f"{where}, {id_}: from: no outcome has the id {key!r}.")
        lowest = lowest_standing(rows[key][1].standing for key in line.rests_on)
        if line.standing != lowest:
            raise ContentError(f"{where}, {id_}: standing: its rows make it {lowest!r}.")
    return len(rows) + len(lines) + len(_cited("outcomes/time_courses", TimeCourseShape, data))


def check_consent(data: Path) -> int:
    elements = _cited("consent/elements", ElementShape, data)
    questions = _cited("consent/teach_back", TeachBackShape, data)
    for id_, (where, question) in questions.items():
        if question.right not in {choice.id for choice in question.choices}:
            raise ContentError(f"{where}, {id_}: right: {question.right!r} is no choice.")
    return len(elements) + len(questions)


def check_retreatment(data: Path) -> int:
    """Sources and published rows exist; conditions ask for facts of a course alone."""
    relapses = _cited("retreatment/relapse", RelapseShape, data)
    options = _cited("retreatment/options", OptionShape, data)
    prompts = _cited("retreatment/prompts", PromptShape, data)
    rows = {*relapses, *_unique(located("outcomes/outcomes", OutcomeShape, data))}
    known_sources = source_keys(data)
    for id_, (where, row) in relapses.items():
        if row.beside and row.beside not in relapses:
            raise ContentError(f"{where}, {id_}: beside: no row has the id {row.beside!r}.")
    for id_, (where, option) in options.items():
        for reason in option.reasons:
            check_cited(f"{where}, {reason.id}", reason, known_sources)
            _check_course(f"{where}, {reason.id}: when", reason.when)
        _check_course(f"{where}, {id_}: offered", option.offered)
        named = {*option.published, *(row for reason in option.reasons for row in reason.rows)}
        for key in sorted(named):
            if key.startswith(("REL-", "OUT-")) and key not in rows:
                raise ContentError(f"{where}, {id_}: no published row has the id {key!r}.")
    for id_, (where, prompt) in prompts.items():
        _check_course(f"{where}, {id_}: when", prompt.when)
    return len(relapses) + len(options) + len(prompts)


CHECKS: tuple[tuple[str, Check], ...] = (
    ("sources", check_sources),
    ("reading places", check_reading_places),
    ("figures", check_figures),
    ("facts", check_facts),
    ("intake", check_intake),
    ("screening", check_screening),
    ("medicines", check_medicines),
    ("medications", check_medications),
    ("alerts", check_alerts),
    ("monitoring", check_monitoring),
    ("home advice", check_home_advice),
    ("effects", check_effects),
    ("drugs", drugs.check),
    ("protocols", protocols.check),
    ("sessions", sessions.check),
    ("scales", check_scales),
    ("outcomes", check_outcomes),
    ("consent", check_consent),
    ("retreatment", check_retreatment),
)


def check_cited(where: str, item: Item, known: Container[str]) -> None:
    """Every source key an item names exists in `sources.yaml`."""
    for key in item.sources:
        if key not in known:
            raise ContentError(f"{where}: sources: {key!r} is not in sources.yaml.")


def _cited(name: str, shape: type[Cited], data: Path) -> dict[str, tuple[str, Cited]]:
    """Items by id, after checking that their sources exist."""
    known_sources = source_keys(data)
    rows = _unique(located(name, shape, data))
    for id_, (where, row) in rows.items():
        check_cited(f"{where}, {id_}", row, known_sources)
    return rows


def _check_course(where: str, condition: Condition) -> None:
    for fact in sorted(facts_used(condition) - COURSE_FACTS):
        raise ContentError(f"{where}: {fact!r} is no fact of a course.")


def source_keys(data: Path = DATA) -> frozenset[str]:
    return frozenset(source.key for _, source in located("sources", Source, data))


def check_condition(where: str, condition: Condition, known: Mapping[str, Fact]) -> None:
    """Every fact of a condition is defined, and what it is compared with fits its kind."""
    for compare in _compares(condition):
        if compare.fact not in known:
            raise ContentError(f"{where}: the fact {compare.fact!r} is not defined.")
        fact = known[compare.fact]
        values = compare.value if isinstance(compare.value, tuple) else (compare.value,)
        for value in values:
            if reason := _misfit(compare, value, fact):
                raise ContentError(f"{where}: {compare.fact}: {reason}")


def located(name: str, shape: type[Shape], data: Path = DATA) -> Iterator[tuple[str, Shape]]:
    """Each item with the file it stands in; nothing when neither file nor folder exists."""
    files = sorted((data / name).glob("*.yaml")) or [data / f"{name}.yaml"]
    for path in files:
        if path.exists():
            relative = path.relative_to(data)
            for item in read_items(str(relative.with_suffix("")), shape, data):
                yield relative.as_posix(), item


def _unique(items: Iterable[tuple[str, Shape]], *, key: str = "id") -> dict[str, tuple[str, Shape]]:
    index: dict[str, tuple[str, Shape]] = {}
    for where, item in items:
        id_: str = getattr(item, key)
        if id_ in index:
            raise ContentError(f"{where}, {id_}: {key}: it stands already in {index[id_][0]}.")
        index[id_] = (where, item)
    return index


def _facts(data: Path) -> dict[str, Fact]:
    return {fact.id: fact for _, fact in located("facts", Fact, data)}


def _asked_at_screening(data: Path) -> frozenset[str]:
    """Facts and forms a section of the screening asks for."""
    sections = [section for _, section in located("intake", Section, data)]
    here = [section for section in sections if section.asked_at == "screening"]
    forms = {section.form for section in here if section.form != "facts"}
    return frozenset(fact for section in here for fact in section.facts) | forms


def _check_answerable(
    where: str, condition: Condition, known: Mapping[str, Fact], asked: frozenset[str]
) -> None:
    """A bar that nobody can answer would stand open for ever."""
    for id_ in sorted(facts_used(condition)):
        bases = known[id_].derived_from if known[id_].derived else (id_,)
        if not bases or not asked.issuperset(bases):
            raise ContentError(f"{where}: a bar asked at screening needs {id_!r}, asked nowhere.")


def _compares(condition: Condition) -> Iterator[Compare]:
    match condition:
        case Compare():
            yield condition
        case Not(of):
            yield from _compares(of)
        case All(of) | Any(of):
            for part in of:
                yield from _compares(part)
        case Always():
            return


def _misfit(compare: Compare, value: Value, fact: Fact) -> str:
    """Why a value cannot be compared with a fact; empty when it can."""
    if fact.kind == "yes_no" and not isinstance(value, bool):
        return f"it is answered yes or no, not {value!r}."
    if fact.kind == "choice":
        options = [option.value for option in fact.options]
        return "" if value in options else f"{value!r} is not one of {', '.join(options)}."
    if fact.kind == "number":
        return _misfit_of_number(value, fact)
    if fact.kind in ("text", "date"):
        return f"a {fact.kind} is not compared in a condition."
    return "" if compare.operator == "is" else f"{compare.operator!r} does not fit yes or no."


def _misfit_of_number(value: Value, fact: Fact) -> str:
    if not isinstance(value, Decimal):
        return f"it is a number, not {value!r}."
    if fact.least is not None and fact.most is not None and not fact.least <= value <= fact.most:
        return f"{value} is outside {fact.least} to {fact.most}, so it is never or always true."
    return ""
