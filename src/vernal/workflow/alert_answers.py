"""The answers behind alerts, read again from the rows that raised them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Model

from vernal.knowledge.effects import asked
from vernal.knowledge.facts import facts, sections
from vernal.knowledge.figures import history_figures
from vernal.knowledge.scales import scale
from vernal.records.models import (
    Alert,
    Assessment,
    EffectsReported,
    SectionSaved,
    SessionEvent,
)
from vernal.rules import alerts as rules
from vernal.rules.alerts import Answer
from vernal.rules.conditions import Unknown
from vernal.rules.scales import safety_answers
from vernal.rules.suicidality import SUICIDAL, bedside_answers, suicidal_answers
from vernal.workflow.answers import value_of

EFFECTS, PHQ9, PHQ9_SCALE, SESSION = "effects", "phq9", "phq-9", "session"
SOURCES: dict[str, type[Model]] = {
    "section": SectionSaved,
    "assessment": Assessment,
    "effects": EffectsReported,
    "event": SessionEvent,
}


@dataclass(frozen=True)
class Reported:
    """What raised one alert, and where it was answered: the id of a section, `effects`, `session`
    with its id, or nothing where no page shows it. `by_staff`: a clinician noted it; the patient
    did not answer."""

    answers: tuple[Answer, ...] = ()
    place: str = ""
    by_staff: bool = False
    session_id: UUID | None = None

    @property
    def is_grave(self) -> bool:
        """Intention, plan or steps: before all else."""
        level = history_figures().same_day_level
        return rules.is_grave(self.answers, same_day_level=level)


def reported(alerts: Iterable[Alert]) -> dict[UUID, Reported]:
    """By id of the alert; at most three queries, however many they are."""
    alerts = list(alerts)
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for alert in alerts:
        kind, row_id = _source(alert)
        wanted[kind].add(row_id)
    rows = {
        (kind, row_id): row
        for kind, ids in wanted.items()
        for row_id, row in SOURCES[kind].objects.in_bulk(ids).items()
    }
    return {alert.pk: _reported(rows.get(_source(alert)), alert.kind) for alert in alerts}


def told_at_bedside(row: SessionEvent) -> tuple[Answer, ...]:
    """What one entry of a session log tells about suicide; nothing in nearly all of them."""
    (suicidal,) = (each for each in asked() if each.id == SUICIDAL)
    return bedside_answers(row.payload, suicidal_from=suicidal.call_now_from or 1)


def _source(alert: Alert) -> tuple[str, UUID]:
    kind, row_id, *_of_kind = alert.source.split(":")
    return kind, UUID(row_id)


def _reported(row: Model | None, kind: str) -> Reported:
    match row:
        case SectionSaved():
            return _in_section(row)
        case Assessment():
            place = PHQ9 if row.scale == PHQ9_SCALE else ""
            return Reported(_on_scale(row), place)
        case EffectsReported():
            return Reported(_after_session(row, kind), EFFECTS)
        case SessionEvent():
            return Reported(told_at_bedside(row), SESSION, by_staff=True, session_id=row.session_id)
        case _:
            return Reported()


def _in_section(row: SectionSaved) -> Reported:
    known = facts()
    answers = row.answers.items()
    told = {name: value_of(known[name], kept) for name, kept in answers if name in known}
    by_staff = any(each.id == row.section and each.asked_of == "staff" for each in sections())
    return Reported(suicidal_answers(told), row.section, by_staff)


def _on_scale(row: Assessment) -> tuple[Answer, ...]:
    asked_about = scale(row.scale)
    found = safety_answers(asked_about, row.answers)
    if isinstance(found, Unknown):
        return ()
    least = {each.item: each.at_least for each in asked_about.safety_items}
    return tuple(
        Answer(f"scale:{row.scale}:{each.item}", each.answer, least[each.item]) for each in found
    )


def _after_session(row: EffectsReported, kind: str) -> tuple[Answer, ...]:
    limits = {each.id: each.call_now_from for each in asked()}
    about_dying = kind == Alert.Kind.suicidal_thoughts
    return tuple(
        Answer(
            f"effect:{each['effect']}",
            Decimal(each["severity"]),
            # Each severe effect is news of its own; a first thought of dying is what waits already.
            first=Decimal(limit if about_dying else 0),
        )
        for each in sorted(row.effects, key=lambda each: -each["severity"])
        if (limit := limits.get(each["effect"])) is not None
        and each["severity"] >= limit
        and (each["effect"] == SUICIDAL) is about_dying
    )
