"""What medicines are, how much of each is taken, and the facts that follow.

A dose is judged only after it could be turned exactly into the unit of the figure beside it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from vernal.rules.conditions import Facts, Truth, Unknown, Value
from vernal.rules.findings import Standing

Form = Literal[
    "oral", "sublingual", "depot", "injection", "nasal", "inhaled", "patch", "topical", "eye"
]
Per = Literal["day", "dose"]
DoseAsTyped = Literal["plausible", "other_unit", "outside_range"]

# Tenfold steps from one microgram: masses are converted by moving the point, never by rounding.
_MASS = {"mcg": 0, "mg": 3, "g": 6}
_SPELLINGS = {
    "µg": "mcg", "μg": "mcg", "ug": "mcg", "microgram": "mcg", "micrograms": "mcg",
    "milligram": "mg", "milligrams": "mg", "mgs": "mg", "gram": "g", "grams": "g",
    "unit": "units", "iu": "units", "ml": "mL", "tablets": "tablet", "tab": "tablet",
    "tabs": "tablet", "capsule": "tablet", "capsules": "tablet", "patches": "patch",
    "puff": "puffs", "drop": "drops", "drink": "drinks", "cup": "cups", "spray": "puffs",
    "sprays": "puffs",
}  # fmt: skip

# Facts that say whether somebody takes a medicine of a class (any one of the classes).
_TAKES = {
    "takes_maoi": frozenset({"maoi"}),
    "takes_stimulant": frozenset({"stimulant", "wakefulness_agent"}),
    "takes_glp1": frozenset({"glp1_agonist"}),
    "takes_opioid": frozenset({"opioid"}),
    "takes_benzodiazepine": frozenset({"benzodiazepine"}),
    "takes_opioid_antagonist": frozenset({"opioid_antagonist"}),
    "takes_antidepressant": frozenset({"antidepressant"}),
    "takes_xanthine": frozenset({"xanthine"}),
}


@dataclass(frozen=True)
class DoseFrom:
    """A daily dose from which something counts."""

    dose: Decimal
    unit: str
    standing: Standing


@dataclass(frozen=True)
class DoseRange:
    """Doses a person could really take: catches slips of the pen, advises nothing."""

    least: Decimal
    most: Decimal
    unit: str
    per: Per

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most:
            raise ValueError(f"a dose range runs from least to most, got {self}")

    def holds(self, dose: Decimal) -> bool:
        return self.least <= dose <= self.most


@dataclass(frozen=True)
class DiazepamEquivalent:
    """Milligrams that equal 10 mg of diazepam in the table that rates the medicine as weaker
    and in the one that rates it as stronger; the tables differ up to twofold."""

    weaker_table_mg: Decimal
    stronger_table_mg: Decimal
    standing: Standing

    def __post_init__(self) -> None:
        if not 0 < self.stronger_table_mg <= self.weaker_table_mg:
            raise ValueError("the stronger table needs no more milligrams than the weaker one")


@dataclass(frozen=True)
class Ingredient:
    id: str
    name: str
    classes: frozenset[str]


@dataclass(frozen=True)
class Medicine:
    """One medicine as it is typed; a combination product lists every ingredient."""

    id: str
    version: int
    name: str
    ingredients: tuple[Ingredient, ...]
    other_names: tuple[str, ...] = ()
    form: Form = "oral"
    units: tuple[str, ...] = ()
    plausible: DoseRange | None = None
    adequate_daily: DoseFrom | None = None
    mood_stabiliser_from: DoseFrom | None = None
    diazepam: DiazepamEquivalent | None = None
    acts_after_stop_days: int | None = None

    @property
    def classes(self) -> frozenset[str]:
        return frozenset().union(*(ingredient.classes for ingredient in self.ingredients))


@dataclass(frozen=True)
class MedicineTaken:
    """One line of a patient's list. `medicine` is `None` when what was typed is not on the list.

    Taken as needed, `times_per_day` is the most on one day. `stopped_on` is `Unknown` when it
    was stopped and nobody knows when.
    """

    medicine: Medicine | None
    typed_as: str
    dose: Decimal | Unknown
    unit: str
    times_per_day: Decimal | Unknown
    stopped_on: date | Unknown | None = None
    as_needed: bool = False

    def __post_init__(self) -> None:
        for number in (self.dose, self.times_per_day):
            if isinstance(number, Decimal) and not number > 0:
                raise ValueError(f"{self.typed_as}: a dose and its times a day are above zero")

    @property
    def name(self) -> str:
        return self.medicine.name if self.medicine else self.typed_as

    def stopped(self, on: date) -> bool:
        return self.stopped_on is not None and (
            isinstance(self.stopped_on, Unknown) or self.stopped_on <= on
        )

    @property
    def daily_dose(self) -> Decimal | Unknown:
        """In the unit it was typed in."""
        if isinstance(self.dose, Unknown) or isinstance(self.times_per_day, Unknown):
            return _needs_of(self.dose, self.times_per_day)
        return self.dose * self.times_per_day


def unit_named(typed: str) -> str:
    """The unit as the list writes it: mcg for µg, units for IU."""
    unit = typed.strip().rstrip(".").lower()
    return _SPELLINGS.get(unit, unit)


def convert(dose: Decimal, unit: str, to: str) -> Decimal | None:
    """The same dose in another unit, exact; `None` where one cannot become the other."""
    if unit == to:
        return dose
    if unit not in _MASS or to not in _MASS:
        return None
    return dose.scaleb(_MASS[unit] - _MASS[to])


def still_acts(taken: MedicineTaken, on: date) -> Truth:
    """Taken now, or stopped so recently that it still counts."""
    if not taken.stopped(on):
        return True
    if taken.medicine is None:
        return Unknown.of("medicine_identity")
    if taken.medicine.acts_after_stop_days is None:
        return False
    if not isinstance(taken.stopped_on, date):
        return Unknown.of("medicine_stopped_on")
    return (on - taken.stopped_on).days < taken.medicine.acts_after_stop_days


def dose_as_typed(taken: MedicineTaken) -> DoseAsTyped | Unknown:
    """Whether a dose can be meant as it was typed: 100 mg of levothyroxine is another unit."""
    medicine = taken.medicine
    if medicine is None:
        return Unknown.of("medicine_identity")
    if not medicine.units:
        return "plausible"
    unit = unit_named(taken.unit)
    if not unit:
        return Unknown.of("medicine_unit")
    if all(convert(Decimal(1), unit, usual) is None for usual in medicine.units):
        return "other_unit"
    if medicine.plausible is None or convert(Decimal(1), unit, medicine.plausible.unit) is None:
        return "plausible"
    dose = taken.dose if medicine.plausible.per == "dose" else taken.daily_dose
    return dose if isinstance(dose, Unknown) else _place(dose, unit, medicine.plausible)


def dose_is_adequate(medicine: Medicine, dose: Decimal | Unknown, unit: str) -> bool | Unknown:
    """Whether a daily dose counts as an adequate trial of an antidepressant."""
    if medicine.adequate_daily is None:
        return Unknown.of("medicine_adequate_dose")
    return _reaches(medicine.adequate_daily, dose, unit)


def facts_from(taken: Iterable[MedicineTaken] | Unknown, on: date) -> Facts:
    """Facts about a patient that follow from the list of medicines."""
    if isinstance(taken, Unknown):
        return dict.fromkeys((*_facts_of((), on), "medicines_listed"), taken)
    return {**_facts_of(tuple(taken), on), "medicines_listed": True}


def facts_about(taken: MedicineTaken, on: date) -> Facts:
    """Facts about one line of the list, for rules that speak of any medicine."""
    return {
        "medicine_identity": Unknown.of("medicine_identity") if taken.medicine is None else True,
        "medicine_dose_as_typed": dose_as_typed(taken),
        "medicine_still_acts": still_acts(taken, on),
    }


@dataclass(frozen=True)
class Search:
    """What a typed name could mean: one medicine exactly, or close ones to choose from.

    Beside an exact one the suggestions are its other forms (a tablet or a monthly depot): ask
    which, for they act differently long.
    """

    exact: Medicine | None
    suggestions: tuple[Medicine, ...] = ()


@dataclass(frozen=True)
class MedicineIndex:
    """The list of medicines by every name it goes by; made once, asked for each line of a list."""

    by_name: Mapping[str, Medicine]
    forms: Mapping[tuple[Ingredient, ...], tuple[Medicine, ...]]

    @classmethod
    def of(cls, medicines: Iterable[Medicine]) -> MedicineIndex:
        by_name: dict[str, Medicine] = {}
        forms: dict[tuple[Ingredient, ...], tuple[Medicine, ...]] = {}
        for medicine in medicines:
            forms[medicine.ingredients] = (*forms.get(medicine.ingredients, ()), medicine)
            for name in (medicine.name, *medicine.other_names):
                by_name.setdefault(plain_name(name), medicine)
        return cls(by_name, forms)

    def exact(self, typed: str) -> Medicine | None:
        """By name or brand name, whatever the case, spaces, accents or order of parts."""
        return self.by_name.get(plain_name(typed))

    def search(self, typed: str, *, most: int = 6) -> Search:
        """The exact one with its other forms, or else close ones."""
        exact, wanted = self.exact(typed), plain_name(typed)
        if exact:
            return Search(exact, tuple(m for m in self.forms[exact.ingredients] if m != exact))
        if not wanted:
            return Search(None)
        words = set(wanted.split())
        similar = difflib.get_close_matches(wanted, self.by_name, n=most, cutoff=0.75)
        sharing = (n for n in self.by_name if n.startswith(wanted) or words & _long(n))
        found = {self.by_name[name].id: self.by_name[name] for name in (*similar, *sharing)}
        return Search(None, tuple(found.values())[:most])


def find_medicine(typed: str, medicines: Iterable[Medicine], *, most: int = 6) -> Search:
    """A search in a list that is asked once; whoever asks often keeps a `MedicineIndex`."""
    return MedicineIndex.of(medicines).search(typed, most=most)


def _long(name: str) -> set[str]:
    return {word for word in name.split() if len(word) > 3}


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """Lower case without punctuation; the parts of a combination in alphabetical order."""
    parts = re.split(r"[/+&,]| and | with ", f" {name.casefold()} ")
    words = (" ".join(re.findall(r"[a-z0-9]+", re.sub(r"['’.]", "", part))) for part in parts)
    return " ".join(sorted(word for word in words if word))


def _place(dose: Decimal, unit: str, plausible: DoseRange) -> DoseAsTyped:
    converted = convert(dose, unit, plausible.unit)
    if converted is not None and plausible.holds(converted):
        return "plausible"
    meant = (convert(dose, other, plausible.unit) for other in _MASS)
    if any(each is not None and plausible.holds(each) for each in meant):
        return "other_unit"
    return "outside_range"


def _reaches(least: DoseFrom, dose: Decimal | Unknown, unit: str) -> bool | Unknown:
    if isinstance(dose, Unknown):
        return dose
    converted = convert(dose, unit_named(unit), least.unit)
    return Unknown.of("medicine_unit") if converted is None else converted >= least.dose


def _needs_of(*values: object) -> Unknown:
    return Unknown(frozenset().union(*(v.needs for v in values if isinstance(v, Unknown))))


def _facts_of(taken: Sequence[MedicineTaken], on: date) -> dict[str, Value | Unknown]:
    facts: dict[str, Value | Unknown] = {
        fact: _any_of([_takes(each, classes, on) for each in taken])
        for fact, classes in _TAKES.items()
    }
    facts["takes_two_qt_prolonging"] = _two_of(taken, frozenset({"qt_prolonging"}), on)
    facts["takes_mood_stabiliser"] = _any_of([_stabilises(each, on) for each in taken])
    return {**facts, **_benzodiazepines([each for each in taken if not each.stopped(on)])}


def _takes(taken: MedicineTaken, classes: frozenset[str], on: date) -> Truth:
    if taken.medicine is None:
        return Unknown.of("medicine_identity")
    return still_acts(taken, on) if taken.medicine.classes & classes else False


def _stabilises(taken: MedicineTaken, on: date) -> Truth:
    """A mood stabiliser protects only while it is taken, and an antipsychotic only at a dose."""
    if taken.medicine is None:
        return Unknown.of("medicine_identity")
    if taken.stopped(on) or "mood_stabiliser" not in taken.medicine.classes:
        return False
    if taken.medicine.mood_stabiliser_from is None:
        return True
    return _reaches(taken.medicine.mood_stabiliser_from, taken.daily_dose, taken.unit)


def _any_of(truths: Sequence[Truth]) -> Truth:
    if any(truth is True for truth in truths):
        return True
    unknown = [truth for truth in truths if isinstance(truth, Unknown)]
    return _needs_of(*unknown) if unknown else False


def _two_of(taken: Sequence[MedicineTaken], classes: frozenset[str], on: date) -> Truth:
    """Two different medicines of the classes; one typed twice is one."""
    by_name: dict[str, list[Truth]] = {}
    for each in taken:
        by_name.setdefault(each.name, []).append(_takes(each, classes, on))
    possible = [truth for each in by_name.values() if (truth := _any_of(each)) is not False]
    unknown = [truth for truth in possible if isinstance(truth, Unknown)]
    if len(possible) - len(unknown) >= 2:
        return True
    return _needs_of(*unknown) if unknown and len(possible) >= 2 else False


def _benzodiazepines(taken: Sequence[MedicineTaken]) -> dict[str, Value | Unknown]:
    """Diazepam equivalents of what is taken now: by the stronger table, by the weaker one, and
    the part that is known for certain when a dose is missing."""
    shares = [_diazepam_mg(each) for each in taken]
    known = [share for share in shares if not isinstance(share, Unknown)]
    missing = [share for share in shares if isinstance(share, Unknown)]
    stronger = _decimal(sum((share[1] for share in known), Fraction(0)))
    weaker = _decimal(sum((share[0] for share in known), Fraction(0)))
    return {
        "benzodiazepine_diazepam_mg_per_day": _needs_of(*missing) if missing else stronger,
        "benzodiazepine_diazepam_mg_per_day_weaker_table": (
            _needs_of(*missing) if missing else weaker
        ),
        "benzodiazepine_diazepam_mg_per_day_known_part": stronger,
    }


def _diazepam_mg(taken: MedicineTaken) -> tuple[Fraction, Fraction] | Unknown:
    """By the weaker and the stronger table."""
    medicine = taken.medicine
    if medicine is None:
        return Unknown.of("medicine_identity")
    if "benzodiazepine" not in medicine.classes:
        return Fraction(0), Fraction(0)
    if medicine.diazepam is None:
        return Unknown.of("medicine_diazepam_equivalent")
    if isinstance(taken.daily_dose, Unknown):
        return taken.daily_dose
    daily_mg = convert(taken.daily_dose, unit_named(taken.unit), "mg")
    if daily_mg is None:
        return Unknown.of("medicine_unit")
    tens = Fraction(daily_mg) * 10
    return (
        tens / Fraction(medicine.diazepam.weaker_table_mg),
        tens / Fraction(medicine.diazepam.stronger_table_mg),
    )


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
