"""Figures that belong to no rule and no protocol: how weights, histories and courses are read."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import cache

from pydantic import Field, model_validator

from vernal.knowledge.load import ContentError, by_id, read_items
from vernal.knowledge.schema import Item, Key, Sentence
from vernal.rules.dosing import DeviceSteps
from vernal.rules.due import CalendarFigures
from vernal.rules.effects import HomeFigures
from vernal.rules.facts import HistoryFigures
from vernal.rules.outcomes import OutcomeFigures
from vernal.rules.plausibility import PlausibleBmi
from vernal.rules.protocols import Figure
from vernal.rules.weights import BodyFigures


class FigureItem(Item):
    """One figure with its unit, the rows it rests on and, where it is ours, why this number."""

    what: Sentence
    value: Decimal = Field(gt=0)
    unit: str = Field(min_length=1)
    rows: tuple[Key, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _house_says_why(self) -> FigureItem:
        if self.standing == "house" and not self.note:
            raise ValueError("a house figure says in 'note' why this number")
        return self

    def figure(self) -> Figure:
        """As a protocol prints it beside its own."""
        return Figure(
            what=self.what,
            value=self.value,
            unit=self.unit,
            standing=self.standing,
            rows=self.rows,
            sources=self.sources,
            note=self.note,
        )


@cache
def figures() -> dict[str, FigureItem]:
    """Every figure, by id."""
    return by_id(read_items("figures", FigureItem), "figures")


def value(id_: str) -> Decimal:
    """The number of one figure. Raises `ContentError` with the ids there are."""
    if id_ not in figures():
        raise ContentError(f"figures.yaml: there is no {id_!r}; there are {', '.join(figures())}.")
    return figures()[id_].value


@cache
def body_figures() -> BodyFigures:
    """What heights are possible, and the formulas of the ideal and the adjusted weight."""
    return BodyFigures(
        least_height_cm=value("least_height"),
        most_height_cm=value("most_height"),
        devine_kg={"female": value("devine_female"), "male": value("devine_male")},
        devine_kg_per_inch=value("devine_per_inch"),
        devine_from_inches=value("devine_from"),
        adjusted_share=value("adjusted_share"),
    )


@cache
def device_steps() -> DeviceSteps:
    """To what a small syringe is read and a pump is set."""
    return DeviceSteps(syringe_ml=value("syringe_step"), pump_ml_per_h=value("pump_step"))


@cache
def history_figures() -> HistoryFigures:
    """With what a history is read."""
    return HistoryFigures(
        adequate_trial_weeks=value("adequate_trial"),
        trials_that_establish_resistance=int(value("trials_that_establish_resistance")),
        same_day_level=value("same_day_level"),
    )


@cache
def plausible_bmi() -> PlausibleBmi:
    """The range that weight and height may make together, kg/m²."""
    return PlausibleBmi(value("least_bmi"), value("most_bmi"))


@cache
def outcome_figures() -> OutcomeFigures:
    """How near a score must be to the day it speaks for."""
    return OutcomeFigures(
        baseline_days=int(value("baseline_days_old")),
        end_of_induction_days=int(value("end_of_induction_days")),
    )


@cache
def calendar_figures() -> CalendarFigures:
    """How the words of a protocol's calendar become days."""
    return CalendarFigures(
        baseline_days=int(value("baseline_days_old")),
        early_days=int(value("scale_days_early")),
        grace_days=int(value("scale_days_late")),
        weekly_for_weeks=int(value("weekly_for_weeks")),
        month_days=int(value("calendar_month")),
        quarter_days=int(value("calendar_quarter")),
        half_year_days=int(value("calendar_half_year")),
    )


@cache
def home_figures() -> HomeFigures:
    """When side effects are asked about at home."""
    return HomeFigures(
        four_hours=timedelta(hours=float(value("asked_the_same_day"))),
        next_day=timedelta(hours=float(value("asked_the_next_day"))),
        until=timedelta(hours=float(value("asked_at_home_until"))),
    )
