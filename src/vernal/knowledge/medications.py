"""Medication rules and the list of medicines as data."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from vernal.knowledge.load import ContentError, by_id, read_items
from vernal.knowledge.schema import (
    ConditionField,
    Item,
    Key,
    LevelField,
    Sentence,
    Strict,
)
from vernal.rules.conditions import Always
from vernal.rules.findings import Standing
from vernal.rules.medications import (
    DiazepamEquivalent,
    DoseFrom,
    DoseRange,
    Drug,
    Form,
    Grade,
    Ingredient,
    Matches,
    MedicationRule,
    Medicine,
    MedicineIndex,
    SessionDay,
    Subject,
)
from vernal.rules.medicines import Per
from vernal.rules.screening import Indication, Route

MedicineClass = Literal[
    "ace_inhibitor_or_arb",
    "acid_reducer",
    "alcohol",
    "alpha2_agonist",
    "anaesthetic_nmda",
    "antibiotic",
    "anticoagulant",
    "anticonvulsant",
    "antidepressant",
    "antidepressant_other",
    "antidiarrhoeal",
    "antiemetic",
    "antifungal",
    "antihypertensive",
    "antimigraine_vasoconstrictor",
    "antiplatelet",
    "antipsychotic",
    "antiviral",
    "anxiolytic_other",
    "barbiturate",
    "benzodiazepine",
    "beta_blocker",
    "bladder_antimuscarinic",
    "caffeine",
    "calcium_channel_blocker",
    "cannabinoid",
    "cns_depressant",
    "contraceptive",
    "corticosteroid",
    "cyp2b6_inhibitor",
    "cyp3a4_inducer_strong",
    "cyp3a4_inducer_weak",
    "cyp3a4_inhibitor_moderate",
    "cyp3a4_inhibitor_strong",
    "diuretic",
    "gabapentinoid",
    "glp1_agonist",
    "glucose_lowering_with_hypoglycaemia",
    "glucose_lowering_other",
    "hepatotoxic",
    "herbal",
    "hormone",
    "inhaler",
    "insulin",
    "lipid_lowering",
    "maoi",
    "maoi_irreversible",
    "maoi_like",
    "maoi_reversible_or_selective",
    "mood_stabiliser",
    "muscle_relaxant",
    "nasal_decongestant",
    "nasal_steroid",
    "ndri",
    "neurosteroid",
    "nmda_antagonist",
    "nsaid",
    "opioid",
    "opioid_agonist_treatment",
    "opioid_antagonist",
    "oxybate",
    "psychedelic",
    "qt_prolonging",
    "sedating_antihistamine",
    "sedating_herbal",
    "sedative_other",
    "simple_analgesic",
    "snri",
    "ssri",
    "stimulant",
    "sympathomimetic",
    "tca",
    "thyroid_hormone",
    "urological",
    "vitamin_or_mineral",
    "wakefulness_agent",
    "xanthine",
    "z_drug",
    "other",
]


class DoseFromShape(Strict):
    """A daily dose from which something counts, with its own standing."""

    dose: Decimal
    unit: Literal["mg", "mcg", "g"]
    standing: Standing
    sources: tuple[Key, ...] = ()

    def value(self) -> DoseFrom:
        return DoseFrom(self.dose, self.unit, self.standing)


class PlausibleShape(Strict):
    """What a person could really take; `per: dose` for what is not taken daily."""

    least: Decimal
    most: Decimal
    unit: Key
    per: Per = "day"

    def value(self) -> DoseRange:
        return DoseRange(self.least, self.most, self.unit, self.per)


class DiazepamShape(Strict):
    """Milligrams that equal 10 mg of diazepam, by table."""

    tables_mg: dict[Literal["ashton_2002", "va_dod_2021", "who_2009"], Decimal] = Field(
        min_length=1
    )
    standing: Standing
    sources: tuple[Key, ...] = Field(min_length=1)

    def value(self) -> DiazepamEquivalent:
        milligrams = self.tables_mg.values()
        return DiazepamEquivalent(max(milligrams), min(milligrams), self.standing)


class MedicineShape(Item):
    """One medicine of the list. Without `ingredients` it is its own only ingredient and carries
    classes; with them (a combination, or another form) the classes are those of its ingredients.
    """

    name: Sentence
    other_names: tuple[str, ...] = ()
    ingredients: tuple[Key, ...] = ()
    classes: tuple[MedicineClass, ...] = ()
    atc: tuple[Key, ...] = ()
    form: Form = "oral"
    units: tuple[str, ...] = ()
    plausible: PlausibleShape | None = None
    adequate_daily: DoseFromShape | None = None
    mood_stabiliser_from: DoseFromShape | None = None
    diazepam: DiazepamShape | None = None
    acts_after_stop_days: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _classes_or_ingredients(self) -> MedicineShape:
        if bool(self.ingredients) == bool(self.classes):
            raise ValueError("a medicine has classes of its own or ingredients that have them")
        return self

    def value(self, ingredients: tuple[Ingredient, ...]) -> Medicine:
        return Medicine(
            id=self.id,
            version=self.version,
            name=self.name,
            ingredients=ingredients,
            other_names=self.other_names,
            form=self.form,
            units=self.units,
            plausible=self.plausible.value() if self.plausible else None,
            adequate_daily=self.adequate_daily.value() if self.adequate_daily else None,
            mood_stabiliser_from=(
                self.mood_stabiliser_from.value() if self.mood_stabiliser_from else None
            ),
            diazepam=self.diazepam.value() if self.diazepam else None,
            acts_after_stop_days=self.acts_after_stop_days,
        )


class MatchesShape(Strict):
    """Which medicines a rule speaks of; nothing at all for a rule about the list itself."""

    everything: bool = False
    ingredients: tuple[Key, ...] = ()
    classes: tuple[MedicineClass, ...] = ()
    together: tuple[Key, ...] = ()
    except_ingredients: tuple[Key, ...] = ()
    except_classes: tuple[MedicineClass, ...] = ()
    forms: tuple[Form, ...] = ()

    def value(self) -> Matches:
        return Matches(
            everything=self.everything,
            ingredients=frozenset(self.ingredients),
            classes=frozenset(self.classes),
            together=frozenset(self.together),
            except_ingredients=frozenset(self.except_ingredients),
            except_classes=frozenset(self.except_classes),
            forms=frozenset(self.forms) or None,
        )


class SessionDayShape(Strict):
    """Advice around a session; its standing is that of the figure in it."""

    do: Literal["take", "hold", "not_within"]
    advice: Sentence
    standing: Standing
    hours_before: int | None = Field(default=None, ge=1)
    hours_after: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _hours_where_named(self) -> SessionDayShape:
        if (self.do == "not_within") != bool(self.hours_before or self.hours_after):
            raise ValueError("not_within names its hours, and nothing else does")
        return self

    def value(self) -> SessionDay:
        return SessionDay(self.do, self.advice, self.standing, self.hours_before, self.hours_after)


def _by_route(value: object) -> object:
    """`caution`, or levels for some routes and `otherwise` for the rest."""
    if isinstance(value, Mapping):
        named = {route: level for route, level in value.items() if route != "otherwise"}
        rest = [route for route in get_args(Route) if route not in named]
        if "otherwise" in value:
            named |= dict.fromkeys(rest, value["otherwise"])
        elif rest:
            raise ValueError(f"no level for {', '.join(rest)}; name them or write 'otherwise'")
        return named
    return dict.fromkeys(get_args(Route), value)


class MedicationShape(Item):
    """One rule. `row_severity` is the word of the reference row; `action_standing` is that of
    what to do, which is ours unless a label or a trial says it; `policy` says which reading was
    chosen where rows overlap or guidance differs."""

    condition: Key | None = None
    same_as: Key | None = None
    title: Sentence
    subject: Subject = "taken"
    about: Literal["medicine", "entry"] = "medicine"
    matches: MatchesShape
    drugs: tuple[Drug, ...] = ("ketamine", "esketamine")
    indications: tuple[Indication, ...] = ()
    levels: Annotated[dict[Route, LevelField], BeforeValidator(_by_route)]
    row_severity: Literal["avoid", "caution", "continue"] | None = None
    when: ConditionField = Always()
    reason: Sentence
    action: Sentence
    action_standing: Standing = "house"
    evidence_grade: Grade = "D"
    may_continue: bool = False
    session_day: SessionDayShape | None = None
    why: str = ""
    policy: str = ""

    @model_validator(mode="after")
    def _narrow_scope_says_why(self) -> MedicationShape:
        if (self.indications or len(self.drugs) == 1) and not self.why:
            raise ValueError("a rule for one drug or some indications says in 'why' what ties it")
        return self

    def value(self, condition: str) -> MedicationRule:
        return MedicationRule(
            id=self.id,
            version=self.version,
            condition=condition,
            title=self.title,
            subject=self.subject,
            about=self.about,
            matches=self.matches.value(),
            drugs=frozenset(self.drugs),
            levels=self.levels,
            reason=self.reason,
            action=self.action,
            sources=self.sources,
            standing=self.standing,
            action_standing=self.action_standing,
            evidence_grade=self.evidence_grade,
            when=self.when,
            indications=frozenset(self.indications) or None,
            may_continue=self.may_continue,
            session_day=self.session_day.value() if self.session_day else None,
            policy=self.policy,
        )


@cache
def medicine_shapes() -> dict[str, MedicineShape]:
    """The list of medicines as it stands in the files, by id."""
    return by_id(read_items("medicines", MedicineShape), "medicines")


@cache
def medicines() -> dict[str, Medicine]:
    """Every medicine a patient's list is typed against, by id."""
    return {key: shape.value(_ingredients_of(shape)) for key, shape in medicine_shapes().items()}


@cache
def medicine_index() -> MedicineIndex:
    """The list by every name, for typed lines."""
    return MedicineIndex.of(medicines().values())


@cache
def shapes() -> dict[str, MedicationShape]:
    """Every rule as it stands in the files, by id."""
    return by_id(read_items("medications", MedicationShape), "medications")


@cache
def rules() -> tuple[MedicationRule, ...]:
    """Rules from the literature first, then ours: of two equally strict ones the first speaks."""
    ordered = sorted(shapes().values(), key=lambda shape: (shape.id.startswith("H"), shape.id))
    return tuple(shape.value(_condition_of(shape)) for shape in ordered)


def _ingredients_of(shape: MedicineShape) -> tuple[Ingredient, ...]:
    return tuple(_ingredient(key, shape) for key in shape.ingredients or (shape.id,))


def _ingredient(key: str, of: MedicineShape) -> Ingredient:
    shape = medicine_shapes().get(key)
    if shape is None or shape.ingredients:
        raise ContentError(f"medicines, {of.id}: {key!r} is not a single medicine of the list.")
    return Ingredient(shape.id, shape.name, frozenset(shape.classes))


def _condition_of(shape: MedicationShape) -> str:
    if shape.same_as and shape.same_as not in shapes():
        raise ContentError(f"medications, {shape.id}: no rule {shape.same_as!r} to be the same as.")
    owner = shapes()[shape.same_as] if shape.same_as else shape
    return owner.condition or owner.id
