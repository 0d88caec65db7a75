"""Step 6: side effects told from home, at four hours and on the next day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from vernal.accounts.models import User
from vernal.audit.chain import record
from vernal.knowledge.effects import asked
from vernal.knowledge.figures import home_figures
from vernal.records.models import (
    Alert,
    EffectsReported,
    Message,
    Patient,
    PatientAccount,
    Session,
    SessionEvent,
)
from vernal.rules.effects import (
    ASKED_AT_HOME,
    BEGAN,
    ENDED,
    SEVERITY,
    AskedEffect,
    Moment,
    ObservedEffect,
    asked_from_home,
    asked_now,
    calls_now,
    moment_due,
    observed_effects,
)
from vernal.rules.suicidality import SUICIDAL
from vernal.workflow import outbox
from vernal.workflow.alerts import open_alert
from vernal.workflow.course_so_far import DOSE_KINDS, SessionSoFar, session_so_far
from vernal.workflow.errors import InvalidInput, NotFound, NotPossibleNow
from vernal.workflow.once import make_once
from vernal.workflow.permissions import check_may_ask_effects

LONGEST_WORDS = 4000


@dataclass(frozen=True)
class Told:
    """One effect as it was told: how strong, and in words of the list when it began and ended."""

    effect: str
    severity: int
    began: str = ""
    ended: str = ""


@transaction.atomic
def tell_effects(
    *,
    by: User,
    session_id: UUID,
    asked_at: str,
    told: Sequence[Told],
    words: str,
    id: UUID,
    at: datetime,
) -> None:
    """Keep what was felt after a session. What is on the list and was not told is kept as “not
    there”: the list was shown. Telling again about the same moment is a new row; the newest counts.

    An effect that a clinician hears of today opens an alert for the person on call.
    """
    row = session_of(by, session_id)
    session = session_so_far(row, at=at)
    _check_moment(session, asked_at, at)
    on_list = asked_now(asked(), route=session.route)
    _check_told(told, {each.id for each in on_list}, words)
    answers = _answers(told, on_list)
    is_new = make_once(
        EffectsReported,
        id=id,
        at=at,
        by=by,
        session=row,
        asked_at=asked_at,
        effects=answers,
        words=words.strip(),
    )
    if not is_new:
        return
    record(
        "effects.told",
        at=at,
        actor_id=by.pk,
        site_id=row.patient.site_id,
        patient_id=row.patient_id,
        subject=f"effects:{id}",
        moment=asked_at,
    )
    _alert(by, row.patient, told_at_home(answers, asked_at), id, at)


def session_of(by: User, session_id: UUID) -> Session:
    """The session of one's own chart, or for clinical staff of the site who ask by telephone."""
    rows = Session.objects.select_related("patient__site", "plan", "cancelled")
    row = rows.filter(pk=session_id).first()
    if row is None:
        raise NotFound
    if not PatientAccount.objects.filter(patient=row.patient, user=by).exists():
        check_may_ask_effects(by, row.patient)
    return row


def told_at_home(answers: Iterable[dict[str, Any]], asked_at: str) -> tuple[ObservedEffect, ...]:
    """A kept report as the rules read it."""
    return tuple(
        ObservedEffect(
            effect=each["effect"],
            severity=each["severity"],
            asked_at=asked_at,
            began=each.get("began"),
            ended=each.get("ended"),
        )
        for each in answers
    )


def newest_told(session_ids: Collection[UUID]) -> dict[UUID, dict[Moment, EffectsReported]]:
    """By session and moment the newest report; one query."""
    rows = EffectsReported.objects.filter(session__in=session_ids).select_related("by")
    found: dict[UUID, dict[Moment, EffectsReported]] = {key: {} for key in session_ids}
    for row in rows.order_by("at", "id"):
        found[row.session_id][row.asked_at] = row
    return found


def everything_felt(
    session: SessionSoFar, told: Iterable[EffectsReported]
) -> tuple[ObservedEffect, ...]:
    """What the log of the session says together with what was told from home."""
    from_home = [each for row in told for each in told_at_home(row.effects, row.asked_at)]
    return (*observed_effects(session.log), *from_home)


def remind(*, at: datetime) -> int:
    """Put a letter into the outbox for each question that is due and not answered; the worker
    calls this. Each question is reminded of once. Returns how many letters were made."""
    figures = home_figures()
    since = at - figures.until
    recent = SessionEvent.objects.filter(kind__in=DOSE_KINDS, received_at__gte=since)
    waiting = _without_letters(recent.values_list("session_id", "device_at"), at=at)
    rows = Session.objects.filter(pk__in=waiting, patient__account__isnull=False)
    rows = list(rows.select_related("patient__site", "plan", "cancelled"))
    told = newest_told([row.pk for row in rows])
    made = 0
    for row in rows:
        dose_at = session_so_far(row, at=at).dose_at
        if dose_at is None:
            continue
        due = moment_due(dose_at, told=told[row.pk], at=at, figures=figures)
        if due is None:
            continue
        outbox.enqueue(
            key=letter_key(row.pk, due.moment), kind="effects_due", subject_id=row.pk, at=at
        )
        made += 1
    return made


def letter_key(session_id: UUID, moment: str) -> str:
    return f"effects_due:{session_id}:{moment}"


def _without_letters(doses: Iterable[tuple[UUID, datetime]], *, at: datetime) -> set[UUID]:
    """Sessions in the time of a question that has neither letter nor answer, before any log is
    folded: the worker asks every few seconds."""
    keys: dict[str, UUID] = {}
    for session_id, dose_at in doses:
        for each in asked_from_home(dose_at, figures=home_figures()):
            if each.since <= at < each.until:
                keys[letter_key(session_id, each.moment)] = session_id
    made = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    answered = EffectsReported.objects.filter(session__in=keys.values())
    made |= {letter_key(*pair) for pair in answered.values_list("session_id", "asked_at")}
    return {session_id for key, session_id in keys.items() if key not in made}


def _check_moment(session: SessionSoFar, asked_at: str, at: datetime) -> None:
    if asked_at not in ASKED_AT_HOME:
        raise InvalidInput({"asked_at": _("Choose one of the two moments.")})
    if session.dose_at is None:
        raise NotPossibleNow(_("No dose was given in this session, so there is nothing to ask."))
    windows = asked_from_home(session.dose_at, figures=home_figures())
    (window,) = (each for each in windows if each.moment == asked_at)
    if at < window.since:
        raise NotPossibleNow(
            _("It is too early for this question. If something worries you, call the clinic.")
        )


def _check_told(told: Sequence[Told], on_list: Collection[str], words: str) -> None:
    refused = {}
    for each in told:
        if each.effect not in on_list:
            refused[each.effect] = _("Choose from the effects in the list.")
        elif each.severity not in SEVERITY or not each.severity:
            refused[f"{each.effect}-severity"] = _("Say how strong it was.")
        elif each.began not in ("", *BEGAN) or each.ended not in ("", *ENDED):
            refused[f"{each.effect}-began"] = _("Choose one of the answers in the list.")
    if len({each.effect for each in told}) < len(told):
        refused[""] = _("Each effect is told once.")
    if len(words) > LONGEST_WORDS or "\x00" in words:
        refused["words"] = _("Write at most %(most)s characters.") % {"most": LONGEST_WORDS}
    if refused:
        raise InvalidInput(refused)


def _answers(told: Sequence[Told], on_list: Sequence[AskedEffect]) -> list[dict[str, Any]]:
    by_effect = {each.effect: each for each in told}
    answers = []
    for each in on_list:
        said = by_effect.get(each.id)
        answer: dict[str, Any] = {"effect": each.id, "severity": said.severity if said else 0}
        if said and said.began:
            answer["began"] = said.began
        if said and said.ended:
            answer["ended"] = said.ended
        answers.append(answer)
    return answers


def _alert(
    by: User, patient: Patient, felt: Sequence[ObservedEffect], id: UUID, at: datetime
) -> None:
    """One alert of each kind that the report calls for."""
    calling = {each.effect for each in calls_now(felt, {each.id: each for each in asked()})}
    kinds = {
        Alert.Kind.suicidal_thoughts: SUICIDAL in calling,
        Alert.Kind.severe_effect: bool(calling - {SUICIDAL}),
    }
    for kind, called in kinds.items():
        if called:
            open_alert(by=by, patient=patient, kind=kind, source=f"effects:{id}:{kind}", at=at)
