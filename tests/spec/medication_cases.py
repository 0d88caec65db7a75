"""Every medication rule once firing and once quiet, as a table that is printed into the docs.

Run `python -m tests.spec.medication_cases` to write `docs/reference/medications.md` again.
A medicine is written `name; dose unit xN; stopped N days ago`; `?` is a dose nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from vernal.knowledge import medications as knowledge
from vernal.rules.conditions import Unknown
from vernal.rules.findings import Level
from vernal.rules.medications import (
    Drug,
    MedicationFindings,
    MedicationRule,
    MedicineTaken,
    find_medicine,
    medication_findings,
)
from vernal.rules.screening import Indication, Route

DAY = date(2026, 11, 24)
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "medications.md"
NOT_ASKED = ("nobody has asked",)


@dataclass(frozen=True)
class Situation:
    medicines: tuple[str, ...]
    drug: Drug = "ketamine"
    route: Route = "iv"
    indication: Indication = "trd"

    def __str__(self) -> str:
        medicines = " + ".join(self.medicines) or "no medicines"
        return f"{medicines} ({self.drug}, {self.route}, {self.indication})"

    def judged(self) -> MedicationFindings:
        return medication_findings(
            self.taken(),
            {},
            knowledge.rules(),
            drug=self.drug,
            route=self.route,
            indication=self.indication,
            on=DAY,
        )

    def taken(self) -> tuple[MedicineTaken, ...] | Unknown:
        if self.medicines == NOT_ASKED:
            return Unknown.of("medicines")
        return tuple(taken_from(text) for text in self.medicines)


@dataclass(frozen=True)
class Case:
    rule: str
    fires: Situation
    level: Level
    quiet: Situation
    unjudged: bool = False


def taken_from(text: str) -> MedicineTaken:
    """`lorazepam; 1 mg x2; stopped 3 days ago` as a line of a patient's list."""
    name, _, rest = text.partition(";")
    amount, _, stopped = rest.partition(";")
    dose, _, unit_and_times = amount.strip().partition(" ")
    unit, _, times = unit_and_times.partition(" x")
    known = dose not in ("", "?")
    return MedicineTaken(
        medicine=find_medicine(name, knowledge.medicines().values()).exact,
        typed_as=name,
        dose=Decimal(dose) if known else Unknown.of("medicine_dose"),
        unit=unit,
        times_per_day=Decimal(times or 1),
        stopped_on=DAY - timedelta(days=int(stopped.split()[1])) if stopped else None,
    )


def at(
    *medicines: str, drug: Drug = "ketamine", route: Route = "iv", indication: Indication = "trd"
) -> Situation:
    return Situation(medicines, drug, route, indication)


def esk(*medicines: str, route: Route = "nasal") -> Situation:
    return Situation(medicines, "esketamine", route)


def oral(*medicines: str) -> Situation:
    return Situation(medicines, route="oral")


NOTE, CAUTION, WEIGH = Level.note, Level.caution, Level.weigh

# a case is one line of a table
# fmt: off
CASES: tuple[Case, ...] = (
    Case("MED-001", at("sertraline; 50 mg"), NOTE, at("bupropion; 150 mg")),
    Case("MED-002", at("escitalopram; 10 mg"), NOTE, esk("escitalopram; 10 mg")),
    Case("MED-003", esk("duloxetine; 60 mg"), NOTE, at("duloxetine; 60 mg")),
    Case("MED-004", at("venlafaxine; 75 mg x2"), NOTE, at("sertraline; 50 mg")),
    Case("MED-005", at("perphenazine/amitriptyline; 1 tablet x2"), CAUTION, at("mirtazapine; 15 mg")),
    Case("MED-006", at("Parnate; 10 mg x3"), CAUTION, at("phenelzine; 15 mg x3")),
    Case("MED-007", at("phenelzine; 15 mg x3"), CAUTION, at("moclobemide; 150 mg x2")),
    Case("MED-008", at("selegiline; 5 mg x2"), CAUTION, at("phenelzine; 15 mg x3")),
    Case("MED-009", at("linezolid; 600 mg x2"), WEIGH, at("amoxicillin; 500 mg x3")),
    Case("MED-010", at("naltrexone/bupropion; 2 tablet x2"), CAUTION, at("mirtazapine; 15 mg")),
    Case("MED-011", at("Auvelity; 1 tablet x2"), CAUTION, at("dextromethorphan; 20 mg x3", "bupropion; 150 mg")),
    Case("MED-012", at("mirtazapine; 15 mg"), NOTE, at("trazodone; 50 mg")),
    Case("MED-013", at("trazodone; 50 mg"), NOTE, at("mirtazapine; 15 mg")),
    Case("MED-014", at("zuranolone; 50 mg"), WEIGH, at("sertraline; 50 mg")),
    Case("MED-015", at("lithium; 300 mg x3"), NOTE, at("Depakote; 500 mg x2")),
    Case("MED-016", at("Depakote; 500 mg x2"), NOTE, at("lithium; 300 mg x3")),
    Case("MED-017", at("lamotrigine; 200 mg"), CAUTION, at("topiramate; 50 mg")),
    Case("MED-018", oral("carbamazepine; 200 mg x2"), CAUTION, oral("oxcarbazepine; 300 mg x2")),
    Case("MED-019", at("gabapentin; 300 mg x3"), CAUTION, at("topiramate; 50 mg")),
    Case("MED-020", at("phentermine/topiramate; 1 tablet"), NOTE, at("levetiracetam; 500 mg x2")),
    Case("MED-021", at("haloperidol; 2 mg"), CAUTION, at("olanzapine; 10 mg")),
    Case("MED-022", at("risperidone; 2 mg"), CAUTION, at("paliperidone; 6 mg")),
    Case("MED-023", at("clozapine; 100 mg"), CAUTION, at("quetiapine; 100 mg")),
    Case("MED-024", at("Symbyax; 1 tablet"), NOTE, at("fluoxetine; 20 mg")),
    Case("MED-025", at("quetiapine; 100 mg"), NOTE, at("haloperidol; 2 mg")),
    Case("MED-026", at("lorazepam; 1 mg"), CAUTION, at("diazepam; 8 mg")),
    Case("MED-027", at("diazepam; 2 mg"), CAUTION, at("diazepam; 2 mg", indication="chronic_pain")),
    Case("MED-028", esk("lorazepam; 1 mg"), CAUTION, at("lorazepam; 1 mg")),
    Case("MED-029", at("clonazepam; 0.5 mg"), CAUTION, at("zolpidem; 5 mg")),
    Case("MED-030", at("midazolam; 2 mg"), CAUTION, at("lorazepam; 1 mg")),
    Case("MED-031", at("zolpidem; 5 mg"), CAUTION, at("melatonin; 3 mg")),
    Case("MED-032", at("Xyrem; 3 g x2"), WEIGH, at("zolpidem; 5 mg")),
    Case("MED-033", at("Tylenol PM; 2 tablet"), CAUTION, at("cetirizine; 10 mg")),
    Case("MED-034", at("baclofen; 10 mg x3"), CAUTION, at("ibuprofen; 400 mg")),
    Case("MED-035", at("wine; 2 drinks"), WEIGH, at("coffee; 2 cups")),
    Case("MED-036", at("Percocet; 1 tablet x3"), CAUTION, at("acetaminophen; 500 mg x3")),
    Case("MED-037", at("morphine; 15 mg x2"), CAUTION, at("methadone; 60 mg")),
    Case("MED-038", at("tramadol; 50 mg x3"), CAUTION, at("oxycodone; 5 mg x3")),
    Case("MED-039", at("Suboxone; 8 mg x2"), CAUTION, at("oxycodone; 5 mg x3")),
    Case("MED-040", at("Contrave; 2 tablet x2"), CAUTION, at("bupropion; 150 mg")),
    Case("MED-041", at("Narcan; 4 mg"), NOTE, at("buprenorphine/naloxone; 8 mg x2")),
    Case("MED-042", at("lisdexamfetamine; 40 mg"), CAUTION, at("atomoxetine; 40 mg")),
    Case("MED-043", at("modafinil; 200 mg"), CAUTION, at("methylphenidate; 10 mg x2")),
    Case("MED-044", at("atomoxetine; 40 mg"), CAUTION, at("guanfacine; 1 mg")),
    Case("MED-045", at("Zyrtec-D; 1 tablet"), CAUTION, at("Zyrtec; 10 mg")),
    Case("MED-046", esk("Flonase; 2 puffs"), CAUTION, esk("Advair; 2 puffs")),
    Case("MED-047", at("theophylline; 300 mg"), WEIGH, at("albuterol inhaler; 2 puffs")),
    Case("MED-048", at("coffee; 2 cups"), NOTE, at("L-theanine; 200 mg")),
    Case("MED-049", oral("clarithromycin; 500 mg x2"), CAUTION, oral("azithromycin; 250 mg")),
    Case("MED-050", oral("itraconazole; 200 mg"), NOTE, oral("fluconazole; 100 mg")),
    Case("MED-051", oral("Paxlovid; 3 tablet x2"), CAUTION, oral("ketoconazole shampoo or cream; 5 g")),
    Case("MED-052", oral("ticlopidine; 250 mg x2"), CAUTION, oral("prasugrel; 10 mg")),
    Case("MED-053", oral("clopidogrel; 75 mg"), CAUTION, oral("aspirin; 81 mg")),
    Case("MED-054", oral("grapefruit juice"), WEIGH, oral("coffee; 1 cups")),
    Case("MED-055", oral("rifampin; 600 mg"), CAUTION, oral("rifabutin; 300 mg")),
    Case("MED-056", oral("Saint John's wort; 300 mg x3"), CAUTION, oral("ashwagandha; 300 mg")),
    Case("MED-057", at("Zestoretic; 1 tablet"), NOTE, at("metoprolol; 50 mg")),
    Case("MED-058", at("propranolol; 20 mg x2"), NOTE, at("lisinopril; 10 mg")),
    Case("MED-059", at("clonidine; 0.1 mg x2"), NOTE, at("guanfacine; 1 mg")),
    Case("MED-060", at("guanfacine; 1 mg"), CAUTION, at("clonidine; 0.1 mg x2")),
    Case("MED-061", at("levothyroxine; 100 mcg"), CAUTION, at("methimazole; 10 mg")),
    Case("MED-062", at("memantine; 10 mg x2"), CAUTION, at("donepezil; 10 mg")),
    Case("MED-063", at("NyQuil; 30 mL"), CAUTION, at("guaifenesin; 600 mg")),
    Case("MED-064", at("amantadine; 100 mg x2"), CAUTION, at("memantine; 10 mg x2")),
    Case("MED-065", at("CBD oil; 25 mg"), CAUTION, at("chamomile; 400 mg")),
    Case("MED-066", at("MDMA"), WEIGH, at("cannabis")),
    Case("MED-067", at("ondansetron; 4 mg"), NOTE, at("metoclopramide; 10 mg")),
    Case("MED-068", at("glycopyrrolate; 1 mg"), CAUTION, at("dicyclomine; 20 mg")),
    Case("MED-069", at("Ozempic; 1 mg"), CAUTION, at("metformin; 500 mg x2")),
    Case("MED-070", at("methotrexate; 15 mg"), CAUTION, at("sulfasalazine; 500 mg x2")),
    Case("MED-071", esk("oxycodone; 5 mg x3"), CAUTION, esk("ibuprofen; 400 mg")),
    Case("HMED-01", at("fluoxetine; 20 mg; stopped 20 days ago"), NOTE, at("fluoxetine; 20 mg; stopped 35 days ago")),
    Case("HMED-02", at("phenelzine; 15 mg x3; stopped 13 days ago"), CAUTION, at("phenelzine; 15 mg x3; stopped 14 days ago")),
    Case("HMED-03", at("Vivitrol; 380 mg; stopped 20 days ago"), CAUTION, at("ReVia; 50 mg; stopped 20 days ago")),
    Case("HMED-04", at("diazepam; 5 mg; stopped 10 days ago"), CAUTION, at("lorazepam; 1 mg; stopped 10 days ago")),
    Case("HMED-05", at("rifampin; 600 mg; stopped 7 days ago"), CAUTION, at("sertraline; 50 mg; stopped 7 days ago")),
    Case("HMED-06", at("the little white heart pill"), WEIGH, at("metoprolol; 50 mg"), unjudged=True),
    Case("HMED-07", at("levothyroxine; 100 mg"), WEIGH, at("levothyroxine; 0.1 mg")),
    Case("HMED-08", at("sertraline; 5000 mg"), CAUTION, at("sertraline; 200 mg")),
    Case("HMED-09", at("Fioricet; 1 tablet x2"), CAUTION, at("cetirizine; 10 mg")),
    Case("HMED-10", at("lorazepam; 1 mg", "oxycodone; 5 mg x3"), WEIGH, at("lorazepam; 1 mg", "ibuprofen; 400 mg")),
    Case("HMED-11", oral("fluconazole; 100 mg"), CAUTION, oral("itraconazole; 200 mg")),
    Case("HMED-12", oral("rifabutin; 300 mg"), CAUTION, oral("rifampin; 600 mg")),
    Case("HMED-13", at("Lybalvi; 1 tablet"), CAUTION, at("olanzapine; 10 mg")),
    Case("HMED-14", at("ziprasidone; 40 mg x2"), CAUTION, at("quetiapine; 100 mg")),
    Case("HMED-15", at("gepirone; 36.3 mg"), NOTE, at("mirtazapine; 15 mg")),
    Case("HMED-16", at("levetiracetam; 500 mg x2"), NOTE, at("lamotrigine; 200 mg")),
    Case("HMED-17", at("ketamine troche; 100 mg"), WEIGH, at("memantine; 10 mg x2")),
    Case("HMED-18", at("Lantus; 20 units"), CAUTION, at("metformin; 500 mg x2")),
    Case("HMED-19", at("sumatriptan; 50 mg"), CAUTION, at("rimegepant; 75 mg")),
    Case("HMED-20", at(*NOT_ASKED), WEIGH, at(), unjudged=True),
    Case("HMED-21", at("disulfiram; 250 mg"), CAUTION, at("acamprosate; 666 mg x3")),
    Case("HMED-22", at("Emsam; 9 mg"), CAUTION, at("selegiline; 5 mg x2")),
    Case("HMED-23", at("ondansetron; 4 mg", "citalopram; 20 mg"), CAUTION, at("ondansetron; 4 mg")),
    Case("HMED-24", at("Contrave; 2 tablet x2", "Percocet; 1 tablet"), WEIGH, at("Suboxone; 8 mg x2")),
)
# fmt: on


def document() -> str:
    """The reference page: how it is judged, every rule, its two cases, and the list."""
    return (
        "\n".join(
            [
                *_introduction(),
                *_rules_table(),
                *_policies(),
                *_cases_table(),
                *_equivalents(),
                *_list_table(),
            ]
        )
        + "\n"
    )


def _introduction() -> Iterator[str]:
    yield from (
        "# Medication check",
        "",
        "Written by `python -m tests.spec.medication_cases`; do not edit.",
        "",
        "A rule looks at every ingredient of a product. What changes metabolism has its level by",
        "route: it bites when ketamine is swallowed, is mild through the nose and information in a",
        "vein. A hazard of the person (pressure, breathing, seizures) holds for ketamine and",
        "esketamine and every route; a narrower rule says what ties it. A medicine that is not on",
        "the list, a dose a rule needs and a list nobody has taken cannot be judged and say so.",
        "",
        "Limits on benzodiazepines are held against the strictest of the tables of equivalents.",
        "",
    )


def _rules_table() -> Iterator[str]:
    yield from ("## Rules", "", "| rule | what | level | standing | grade | what to do |")
    yield "| --- | --- | --- | --- | --- | --- |"
    for rule in knowledge.rules():
        todo = rule.action
        if rule.session_day:
            todo += f" *Session day ({rule.session_day.standing}):* {rule.session_day.advice}"
        yield (
            f"| {rule.id} | {rule.title}. {rule.reason} | {_levels(rule)} | {rule.standing} "
            f"| {rule.evidence_grade} | {todo} |"
        )
    yield ""


def _levels(rule: MedicationRule) -> str:
    levels = set(rule.levels.values())
    scope = "" if len(rule.drugs) == 2 else f" ({', '.join(rule.drugs)})"
    if len(levels) == 1:
        return f"{levels.pop().name}{scope}"
    return ", ".join(f"{route} {level.name}" for route, level in rule.levels.items()) + scope


def _policies() -> Iterator[str]:
    yield from ("## Which reading was chosen", "")
    for shape in knowledge.shapes().values():
        if shape.policy or shape.why:
            yield f"- {shape.id}: {' '.join(part for part in (shape.why, shape.policy) if part)}"
    yield ""


def _equivalents() -> Iterator[str]:
    yield from ("## Benzodiazepines: milligrams that equal 10 mg diazepam", "")
    yield from ("| medicine | Ashton 2002 | VA/DoD 2021 | WHO 2009 |", "| --- | --- | --- | --- |")
    for shape in knowledge.medicine_shapes().values():
        if shape.diazepam:
            tables = shape.diazepam.tables_mg
            cells = (tables.get(key, "") for key in ("ashton_2002", "va_dod_2021", "who_2009"))
            yield f"| {shape.name} | {' | '.join(str(cell) for cell in cells)} |"
    yield ""


def _cases_table() -> Iterator[str]:
    yield from ("## Cases", "", "| rule | fires | level | quiet |", "| --- | --- | --- | --- |")
    for case in CASES:
        level = f"{case.level.name}, cannot be judged" if case.unjudged else case.level.name
        yield f"| {case.rule} | {case.fires} | {level} | {case.quiet} |"
    yield ""


def _list_table() -> Iterator[str]:
    yield from ("## List of medicines", "", "| medicine | also typed as | ingredients |")
    yield "| --- | --- | --- |"
    for medicine in sorted(knowledge.medicines().values(), key=lambda each: each.name.lower()):
        names = ", ".join(medicine.other_names)
        yield f"| {medicine.name} | {names} | {', '.join(i.id for i in medicine.ingredients)} |"


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(document(), "utf-8")
