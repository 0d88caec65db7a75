"""Step 5: the monitored session: what a nurse enters, and what the rules say before it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from vernal.accounts.models import Role, User
from vernal.records.models import Session, SessionEvent
from vernal.rules.findings import Unjudged
from vernal.rules.sessions import Event, Kind
from vernal.rules.sessions.allowed import why_no_more_drug, why_not_now
from vernal.rules.sessions.states import GIVES_DRUG
from vernal.workflow.care import Care, care_of, number
from vernal.workflow.errors import InvalidInput, NotPossibleNow
from vernal.workflow.permissions import SIGNING
from vernal.workflow.session_log import Appended, Entered, Gate, append
from vernal.workflow.standing import why_session_may_not_begin

PAGES = "pages"  # the device of entries made without a bedside device: the server's own clock
MOST_AHEAD = timedelta(minutes=1)


def enter(
    *,
    by: User,
    session_id: UUID,
    kind: Kind,
    payload: Mapping[str, Any],
    id: UUID,
    at: datetime,
    corrects: UUID | None = None,
) -> Appended:
    """One entry made on a page: the server gives it sequence and clock. Sent twice, kept once."""
    appended = append(
        by=by,
        session_id=session_id,
        make=partial(_on_a_page, id=id, kind=kind, payload=payload, corrects=corrects, at=at),
        gate=gate_at(at),
        at=at,
    )
    _refuse_conflict([appended])
    return appended


def enter_together(
    *,
    by: User,
    session_id: UUID,
    entries: Sequence[tuple[UUID, Kind, Mapping[str, Any]]],
    at: datetime,
) -> None:
    """All entries of one form, or none of them."""
    with transaction.atomic():
        appended = [
            append(
                by=by,
                session_id=session_id,
                make=partial(_on_a_page, id=id, kind=kind, payload=payload, corrects=None, at=at),
                gate=gate_at(at),
                at=at,
            )
            for id, kind, payload in entries
        ]
    _refuse_conflict(appended)


def _refuse_conflict(appended: Iterable[Appended]) -> None:
    """After the transaction, so that what was sent is kept beside what came first."""
    if any(each.outcome == "conflict" for each in appended):
        raise NotPossibleNow(
            _("This form was sent before with other content. What came first is kept; so is this.")
        )


def _on_a_page(
    rows: list[SessionEvent],
    *,
    id: UUID,
    kind: Kind,
    payload: Mapping[str, Any],
    corrects: UUID | None,
    at: datetime,
) -> Entered:
    own = [row for row in rows if row.device_id == PAGES]
    before = next((row for row in own if row.id == id), None)
    return Entered(
        id=id,
        kind=kind,
        payload=payload,
        device_id=PAGES,
        sequence=before.sequence if before else len(own) + 1,
        device_at=before.device_at if before else at,
        monotonic_ms=before.monotonic_ms if before else int(at.timestamp() * 1000),
        corrects=corrects,
    )


def receive(*, by: User, session_id: UUID, entered: Entered, at: datetime) -> Appended:
    """One entry from a bedside device, perhaps much later than it was made."""
    return append(by=by, session_id=session_id, make=lambda _rows: entered, gate=gate_at(at), at=at)


def gate_at(at: datetime) -> Gate:
    """What must hold before an entry is kept, judged at one moment."""

    def gate(session: Session, by: User, event: Event, before: list[Event]) -> None:
        _check(care_of(session, before, now=at), by, event)

    return gate


def _check(care: Care, by: User, event: Event) -> None:
    told = event.payload.get("happened_at")
    if told is not None and told > event.device_at + MOST_AHEAD:
        raise InvalidInput({"happened_at": _("This time has not come yet.")})
    if hasattr(care.session, "cancelled"):
        raise NotPossibleNow(_("This session was cancelled."))
    reason = why_not_now(
        care.state, event.kind, event.payload, entered_offline=event.entered_offline
    )
    if reason:
        raise NotPossibleNow(reason)
    if event.kind in GIVES_DRUG:
        _check_start(care, by)
        _check_amount(care, event)
    if event.kind == Kind.rate_changed:
        _check_rate(care, event.payload["rate_mg_per_h"])
    if event.kind == Kind.discharged:
        _check_discharge(care)
    if event.kind == Kind.signature:
        _check_signer(care, by, event)


def _check_start(care: Care, by: User) -> None:
    """Every gate, every alarm that asks for a pause: each reason in one sentence."""
    reasons = list(why_no_more_drug(care.alarms, care.state))
    reasons += why_session_may_not_begin(care.session, at=care.state.now)
    for each in care.start.blocking:
        not_known = isinstance(each, Unjudged)
        reasons.append(
            _("%(title)s: not known yet.") % {"title": each.title}
            if not_known
            else _("%(title)s: not so.") % {"title": each.title}
        )
    reasons += _own_override(care, by)
    if reasons:
        raise NotPossibleNow(
            _("No drug is given yet. %(reasons)s") % {"reasons": " ".join(reasons)}
        )


def _own_override(care: Care, by: User) -> list[str]:
    """A bar set aside needs two people: who signed it does not give the drug."""
    seconds = {
        each.condition: each.title
        for each in care.start.findings.found
        if each.override == "second_clinician" and each.condition in care.start.signed
    }
    signers = {
        (name, entry.event.author)
        for entry in care.state.of(Kind.signature)
        for name in entry.payload.get("rules", ())
    }
    return [
        _("%(title)s: you set it aside, so another person starts.") % {"title": title}
        for name, title in seconds.items()
        if {author for rule, author in signers if rule == name} == {str(by.pk)}
    ]


def _check_amount(care: Care, event: Event) -> None:
    field = {Kind.dose_started: "planned_dose_mg", Kind.dose_given: "dose_mg"}.get(event.kind)
    given, order = care.state.dose.given_mg, care.order
    more = event.payload[field] if field else Decimal(0)
    if order.planned_dose_mg is None or order.cap_mg is None:
        raise NotPossibleNow(_("The plan names no dose, so none is given."))
    most = min(order.planned_dose_mg, order.cap_mg)
    if field is None and given >= most:
        raise NotPossibleNow(_("The planned dose has been given; nothing is left to resume."))
    if given + more > most:
        raise InvalidInput(
            {
                field or "": _("The plan allows %(most)s mg for this session; %(given)s mg are in.")
                % {"most": number(most), "given": number(given)}
            }
        )
    if event.kind != Kind.dose_given:
        _check_rate(care, event.payload["rate_mg_per_h"])
    elif event.payload["route"] != care.route:
        raise InvalidInput({"route": _("The plan is for another route.")})


def _check_rate(care: Care, rate_mg_per_h: Decimal) -> None:
    most = care.order.rate_mg_per_h
    if most is None:
        raise NotPossibleNow(_("The plan orders no infusion rate."))
    if rate_mg_per_h > most:
        raise InvalidInput(
            {"rate_mg_per_h": _("At most %(most)s mg/h are ordered.") % {"most": number(most)}}
        )


def _check_discharge(care: Care) -> None:
    if care.discharge.may_discharge:
        return
    open_ = " ".join(f"{each.title}: {each.reason}" for each in care.discharge.open)
    raise NotPossibleNow(_("Not yet. Still open: %(open)s") % {"open": open_})


def _check_signer(care: Care, by: User, event: Event) -> None:
    held = by.roles.get(care.session.patient.site_id, frozenset())
    role = event.payload["role"]
    if role == "nurse" and Role.nurse not in held:
        raise InvalidInput({"role": _("Only a nurse signs as a nurse.")})
    if role == "clinician" and not held & SIGNING:
        raise InvalidInput({"role": _("Only a prescriber or the director signs as a clinician.")})
    if not event.payload.get("rules"):
        return
    if role != "clinician" or event.payload["meaning"] != "start":
        raise InvalidInput({"rules": _("Only a clinician sets a gate aside, before the start.")})
    if not event.payload.get("words"):
        raise InvalidInput({"words": _("Write why the benefit is worth it; it is kept.")})
    open_ = {each.condition for each in care.start.findings.found if each.override != "none"}
    open_ |= {each.condition for each in care.start.findings.found if each.level.name == "weigh"}
    if not set(event.payload["rules"]) <= open_:
        raise InvalidInput({"rules": _("Nobody may set this aside, or it does not stand open.")})
