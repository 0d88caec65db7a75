"""The patient's other sessions, and the planned day: what keeps a session from beginning today.

Everything here reads; nothing decides. Bookings keep sessions apart on paper, this by what was
really given.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from vernal.knowledge.protocols import protocol
from vernal.knowledge.sessions import span
from vernal.records.models import Patient, Session, SessionEvent
from vernal.rules.calendars import check_gap
from vernal.rules.protocols import DoesNotFit
from vernal.rules.sessions import Kind, SessionState
from vernal.rules.sessions.apart import is_its_day, is_open, last_given_at
from vernal.rules.sessions.states import ENDED, GIVES_DRUG, MOVES, MOVING
from vernal.rules.sessions.timeline import NOTICEABLE_SKEW
from vernal.workflow.logs import TELL_THE_STATE, logs_of
from vernal.workflow.session_log import PAGES
from vernal.workflow.spoken import spoken

ENDING = [kind.value for moves in MOVES.values() for kind, to in moves.items() if to in ENDED]
# Enough of a log to know its state and its drug.
TELLING = (*MOVING, Kind.rate_changed, Kind.correction, Kind.sealed)


def planned_at(session: Session) -> datetime:
    """The moment that counts: the newest to which it was moved, else the first booked."""
    moves = sorted(session.moves.all(), key=lambda each: each.at)
    return moves[-1].planned_at if moves else session.planned_at


def why_not_today(session: Session, *, at: datetime) -> tuple[str, ...]:
    """What is told at the door, before anybody is prepared; none means that today it may be."""
    zone = session.patient.site.zone
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    return _reasons(session, at=at, dose_at=datetime.combine(tomorrow, time(), tzinfo=zone))


def why_not_now(session: Session, *, at: datetime) -> tuple[str, ...]:
    """Why its day, or another session of the patient, allows no drug at this moment."""
    return _reasons(session, at=at, dose_at=at)


def _reasons(session: Session, *, at: datetime, dose_at: datetime) -> tuple[str, ...]:
    """`dose_at` is the latest moment at which the dose is thought of."""
    logs = _other_logs(session, at=at)
    return (*_of_the_day(session, at), *_open(logs), *_too_soon(session, logs, dose_at))


def _of_the_day(session: Session, at: datetime) -> Iterator[str]:
    zone, planned = session.patient.site.zone, planned_at(session)
    if not is_its_day(planned, at, zone=zone, near=span("near_planned")):
        yield _("It is planned for %(day)s, not for today. Move it first.") % {
            "day": date_format(planned.astimezone(zone), "M j, Y")
        }


def _open(logs: dict[Session, SessionState]) -> Iterator[str]:
    for other, log in logs.items():
        if is_open(log):
            yield _(
                "Session %(number)s of this patient, of %(day)s, is still open: say how it ended."
            ) % {
                "number": other.number,
                "day": date_format(planned_at(other).astimezone(other.patient.site.zone), "M j, Y"),
            }


def _too_soon(
    session: Session, logs: dict[Session, SessionState], dose_at: datetime
) -> Iterator[str]:
    given = [at for log in logs.values() if (at := last_given_at(log))]
    if given:
        try:
            check_gap(
                protocol(session.plan.protocol),
                last_start_at=max(given).astimezone(session.patient.site.zone),
                next_start_at=dose_at,
            )
        except DoesNotFit as refusal:
            yield spoken(str(refusal))


def _other_logs(session: Session, *, at: datetime) -> dict[Session, SessionState]:
    """Logs that can matter now: perhaps without an end, or with an entry within the hours between.
    Drug is never entered before it is given, so an older log gave none since."""
    hours = protocol(session.plan.protocol).figures.hours_between.value
    events = SessionEvent.objects.filter(session__patient_id=session.patient_id)
    recent = events.filter(received_at__gt=at - timedelta(hours=float(hours)))
    rows = Session.objects.filter(
        Q(pk__in=recent.values("session")) | ~Exists(_plain_ends()),
        patient_id=session.patient_id,
        events__isnull=False,
    ).exclude(pk=session.pk)
    others = list(
        rows.distinct().select_related("patient__site").prefetch_related("moves").order_by("at")
    )
    logs = logs_of(others, at=at, kinds=TELLING)
    return {other: logs[other.pk] for other in others}


def not_ended(rows: QuerySet[Session], *, at: datetime) -> list[UUID]:
    """Those of these sessions that have a log, and no end by it."""
    begun = list(rows.filter(~Exists(_plain_ends()), events__isnull=False).distinct())
    logs = logs_of(begun, at=at, kinds=TELL_THE_STATE)
    return [row.pk for row in begun if logs[row.pk].state not in ENDED]


def _plain_ends() -> QuerySet[SessionEvent]:
    """Of a session in an outer query: an end that a page entered as it was, after every other move
    and change. Any other end is judged by the fold: a way out ends nothing while the pump runs, and
    an end can be struck out."""
    beside = SessionEvent.objects.filter(
        session=OuterRef("session"),
        kind__in=[*MOVING, Kind.correction, Kind.sealed],
        received_at__gte=OuterRef("received_at") - NOTICEABLE_SKEW,
    ).exclude(pk=OuterRef("pk"))
    return SessionEvent.objects.filter(
        ~Exists(beside),
        session=OuterRef("pk"),
        kind__in=ENDING,
        device_id=PAGES,
        entered_offline=False,
    ).exclude(payload__has_key="happened_at")


def is_first(session: Session, *, at: datetime) -> bool:
    """Whether no other session of this patient has had drug: what was struck out was not given."""
    given = SessionEvent.objects.filter(
        session__patient_id=session.patient_id, kind__in=GIVES_DRUG
    ).exclude(session_id=session.pk)
    changed = SessionEvent.objects.filter(corrects=OuterRef("pk"))
    if given.filter(~Exists(changed)).exists():
        return False
    rows = list(Session.objects.filter(pk__in=given.values("session")))
    return not any(map(last_given_at, logs_of(rows, at=at, kinds=TELLING).values()))


def last_drug_at(patient: Patient, *, at: datetime) -> datetime | None:
    """When this patient last had drug, in whatever session."""
    rows = Session.objects.filter(patient=patient, events__isnull=False).distinct()
    given = map(last_given_at, logs_of(rows, at=at, kinds=TELLING).values())
    return max((each for each in given if each), default=None)
