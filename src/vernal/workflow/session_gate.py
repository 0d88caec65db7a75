"""What must hold before an entry of a session is kept: its time, the gates, the dose, who signs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from vernal.accounts.models import Role, User
from vernal.knowledge.consent import form_for
from vernal.knowledge.sessions import span
from vernal.records.models import Session
from vernal.rules.sessions import Criterion, Entry, Event, Kind, SessionState
from vernal.rules.sessions.allowed import NEEDS_AN_ANSWER, why_no_more_drug, why_not_now
from vernal.rules.sessions.answering import measured_since
from vernal.rules.sessions.fold import as_of
from vernal.rules.sessions.room import most_given_mg, takes_drug_out
from vernal.rules.sessions.signatures import setters_aside
from vernal.rules.sessions.states import GIVES_DRUG
from vernal.rules.sessions.told import cannot_be, why_not_then
from vernal.workflow.apart import why_not_today
from vernal.workflow.care import Care, care_of, number
from vernal.workflow.consents import newest_signature
from vernal.workflow.errors import InvalidInput, NotPossibleNow
from vernal.workflow.permissions import SIGNING
from vernal.workflow.session_log import Gate
from vernal.workflow.session_words import still_open, why_no_dose
from vernal.workflow.spoken import spoken
from vernal.workflow.standing import why_course_is_held_back, why_session_may_not_begin

SHOWN_MG = Decimal("0.1")
CHANGES = frozenset({Kind.correction, Kind.sealed})
TOLD_TIMES = frozenset({"happened_at", "taken_at"})
AMOUNT = {Kind.dose_started: "planned_dose_mg", Kind.dose_given: "dose_mg"}


@dataclass(frozen=True)
class Considered:
    """One event on its way in: the session before it, and the log as it would read with it."""

    care: Care
    by: User
    event: Event
    before: list[Event]

    @cached_property
    def after(self) -> Care:
        care = self.care
        return care_of(care.session, [*self.before, self.event], now=care.state.now)

    @property
    def entry(self) -> Entry | None:
        """The entry that the event makes or corrects; None for one that is sealed."""
        about = self.event.corrects or self.event.id
        return next((each for each in self.after.state.entries if each.event.id == about), None)

    @cached_property
    def runs_faster(self) -> bool:
        """Whether a change makes an infusion run faster now than it did."""
        changes = self.event.kind in CHANGES | {Kind.rate_changed}
        before = self.care.state.dose.rate_mg_per_h
        return changes and self.after.state.dose.rate_mg_per_h > before

    @property
    def signs(self) -> bool:
        """Whether a prescriber or the director makes it."""
        held = self.by.roles.get(self.care.session.patient.site_id, frozenset())
        return bool(held & SIGNING)


def gate_at(at: datetime) -> Gate:
    """What must hold before an entry is kept, judged at one moment."""

    def gate(session: Session, by: User, event: Event, before: list[Event]) -> None:
        _check(Considered(care_of(session, before, now=at), by, event, before))

    return gate


def _check(new: Considered) -> None:
    care, event = new.care, new.event
    if hasattr(care.session, "cancelled"):
        raise NotPossibleNow(_("This session was cancelled."))
    _check_time(new)
    reason = why_not_now(
        care.state,
        event.kind,
        event.payload,
        entered_offline=event.entered_offline,
        runs_faster=new.runs_faster,
    )
    if reason:
        raise NotPossibleNow(reason)
    if event.kind in NEEDS_AN_ANSWER or (event.kind == Kind.rate_changed and new.runs_faster):
        _check_is_fresh(new)
    if event.kind == Kind.checked_in:
        _check_arrival(new)
    if event.kind in GIVES_DRUG:
        _check_start(care, new.by)
        _check_amount(care, event.kind, event.payload, given=_most_given_mg(care))
    if event.kind == Kind.rate_changed:
        _check_rate(care, event.payload["rate_mg_per_h"])
    if event.kind == Kind.dose_stopped and not event.entered_offline:
        _check_the_whole_dose(new, event.payload, "reason")
    if event.kind == Kind.discharged:
        _check_discharge(care, event.payload)
    if event.kind == Kind.signature:
        _check_signer(new)
    if event.kind in CHANGES:
        _check_change(new)
    if new.runs_faster:
        _check_faster(new)


def _check_time(new: Considered) -> None:
    """The moment that is told, and that of a device without network."""
    event, session, now = new.event, new.care.session, new.care.state.now
    replaced = event.payload.get("replacement", event.payload)
    field = "replacement.happened_at" if "replacement" in event.payload else "happened_at"
    told = replaced.get("happened_at")
    for name in TOLD_TIMES & replaced.keys():
        if _is_to_come(new, name, replaced[name]):
            raise InvalidInput(
                {field.replace("happened_at", name): _("This time has not come yet.")}
            )
    entry = new.entry
    if entry is None:
        return
    latest = now + span("clock_ahead")
    if event.entered_offline and cannot_be(entry, since=session.at, until=latest):
        raise NotPossibleNow(
            _("The clock of this device is wrong: at that time this session could not be.")
        )
    if told is not None and (sentence := _why_not_then(entry, new.care)):
        raise InvalidInput({field: sentence})


def _is_to_come(new: Considered, name: str, told: datetime) -> bool:
    """Whether a told time lies ahead, by the clock of the device or by the server's: a clock that
    jumped tells of hours that are to come."""
    at = new.entry.at if name == "happened_at" and new.entry is not None else told
    now = new.care.state.now
    return told > new.event.device_at + span("clock_ahead") or at > now + span("clock_ahead")


def _check_is_fresh(new: Considered) -> None:
    """What waits for the answer is made now: one that lay on a device for a while was meant for
    another moment."""
    if new.entry is not None and abs(new.entry.made_at - new.care.state.now) > span("clock_ahead"):
        raise NotPossibleNow(
            _(
                "By its device this was made at another time than now. If it is so now, enter it "
                "again; if the clock of the device is wrong, set it first."
            )
        )


def _why_not_then(entry: Entry, care: Care) -> str:
    arrived = care.state.of(Kind.checked_in)
    return why_not_then(
        entry,
        checked_in_at=arrived[0].at if arrived else None,
        signed_at=_signed_at(care),
        most_late=span("late_dose_entry"),
    )


def _signed_at(care: Care) -> datetime:
    """When the last of plan and consent was signed; the sessions of a plan are booked with it."""
    form = form_for(care.route, care.indication)
    consented = newest_signature(care.session.patient, form)
    return max(care.session.at, consented.at) if consented else care.session.at


def _check_arrival(new: Considered) -> None:
    """A course that was stopped, another day or another session is told of at the door, not at the
    syringe. Without network a person arrives all the same; then the syringe waits."""
    session, now = new.care.session, new.care.state.now
    reasons = (*why_course_is_held_back(session, at=now), *why_not_today(session, at=now))
    if reasons and not new.event.entered_offline:
        raise NotPossibleNow(_("No session today. %(reasons)s") % {"reasons": " ".join(reasons)})


def _check_start(care: Care, by: User) -> None:
    """Every gate, every alarm that asks for a pause: each reason in one sentence."""
    reasons = [spoken(each) for each in why_no_more_drug(care.alarms, care.state)]
    reasons += why_session_may_not_begin(care.session, at=care.state.now)
    reasons += [why_no_dose(each) for each in care.start.blocking]
    reasons += _own_override(care, by)
    if reasons:
        raise NotPossibleNow(
            _("No drug is given yet. %(reasons)s") % {"reasons": " ".join(reasons)}
        )


def _check_faster(new: Considered) -> None:
    """A faster rate, set or corrected, asks what a start does; a slower one is free."""
    _check_start(new.care, new.by)
    if new.event.kind == Kind.rate_changed:
        payload = new.event.payload
        _check_amount(new.care, Kind.rate_changed, payload, given=_most_given_mg(new.care))


def _most_given_mg(care: Care) -> Decimal:
    return most_given_mg(care.state.entries, now=care.state.now)


def _own_override(care: Care, by: User) -> list[str]:
    """A bar set aside needs two people: who signed it does not give the drug. Only a signature that
    counts now is the second one."""
    signers = setters_aside(care.state)
    return [
        _("%(title)s: you set it aside, so another person starts.") % {"title": spoken(each.title)}
        for each in care.start.findings.found
        if each.override == "second_clinician"
        and signers.get(each.condition, frozenset()) == {str(by.pk)}
    ]


def _check_amount(care: Care, kind: Kind, payload: Mapping[str, Any], *, given: Decimal) -> None:
    """`given` is the most that may be in without this entry."""
    field, order = AMOUNT.get(kind), care.order
    more = payload[field] if field else Decimal(0)
    most = order.most_mg
    if most is None:
        raise NotPossibleNow(_("The plan names no dose, so none is given."))
    if field is None and given >= most:
        raise NotPossibleNow(_("The planned dose may be in by now; nothing is left to give."))
    if given + more > most:
        raise InvalidInput(
            {
                field or "": _(
                    "The plan allows %(most)s mg for this session; %(given)s mg count as given."
                )
                % {"most": number(most), "given": number(given)}
            }
        )
    if kind != Kind.dose_given:
        _check_rate(care, payload["rate_mg_per_h"])
    elif payload["route"] != care.route:
        raise InvalidInput({"route": _("The plan is for another route.")})
    elif order.rate_mg_per_h is not None:
        raise InvalidInput(
            {"route": _("The plan is for an infusion: start it at its rate, never as one push.")}
        )


def _check_rate(care: Care, rate_mg_per_h: Decimal) -> None:
    most = care.order.rate_mg_per_h
    if most is None:
        raise NotPossibleNow(_("The plan orders no infusion rate."))
    if rate_mg_per_h > most:
        raise InvalidInput(
            {"rate_mg_per_h": _("At most %(most)s mg/h are ordered.") % {"most": number(most)}}
        )


def _check_the_whole_dose(new: Considered, payload: Mapping[str, Any], field: str) -> None:
    """Whoever says that everything is in is told how much is in by the log."""
    if payload["reason"] != "finished" or new.entry is None:
        return
    dose = as_of(new.after.state, new.entry).dose
    if dose.clearly_less and dose.planned_mg is not None:
        raise InvalidInput(
            {
                field: _(
                    "By the log %(given)s of %(planned)s mg are in, so this is not the whole dose. "
                    "Choose another reason, or correct start and rate first."
                )
                % {
                    "given": number(dose.given_mg.quantize(SHOWN_MG)),
                    "planned": number(dose.planned_mg),
                }
            }
        )


def _check_discharge(care: Care, payload: Mapping[str, Any]) -> None:
    if not care.discharge.may_discharge:
        open_ = _in_sentences(care.discharge.open)
        raise NotPossibleNow(_("Not yet. Still open: %(open)s") % {"open": open_})
    if not payload["advice_given"]:
        raise InvalidInput(
            {"advice_given": _("Give the written advice first; it goes home with the patient.")}
        )


def _in_sentences(criteria: Iterable[Criterion]) -> str:
    return " ".join(still_open(each) for each in criteria)


def _check_signer(new: Considered) -> None:
    care, event = new.care, new.event
    held = new.by.roles.get(care.session.patient.site_id, frozenset())
    role = event.payload["role"]
    if role == "nurse" and Role.nurse not in held:
        raise InvalidInput({"role": _("Only a nurse signs as a nurse.")})
    if role == "clinician" and not new.signs:
        raise InvalidInput({"role": _("Only a prescriber or the director signs as a clinician.")})
    if event.payload["meaning"] == "discharge":
        _check_discharge_is_signed_last(care)
    if event.payload.get("rules"):
        _check_set_aside(new, role)


def _check_discharge_is_signed_last(care: Care) -> None:
    """Who signs under a discharge has seen everything else met."""
    if care.open_before_signing:
        raise NotPossibleNow(
            _("The signature for going home comes last. Still open: %(open)s")
            % {"open": _in_sentences(care.open_before_signing)}
        )


def _check_set_aside(new: Considered, role: str) -> None:
    care, event = new.care, new.event
    if role != "clinician" or event.payload["meaning"] != "start":
        raise InvalidInput({"rules": _("Only a clinician sets a gate aside, before the start.")})
    if not event.payload.get("words"):
        raise InvalidInput({"words": _("Write why the benefit is worth it; it is kept.")})
    open_ = {each.condition for each in care.start.findings.found if each.override != "none"}
    open_ |= {each.condition for each in care.start.findings.found if each.level.name == "weigh"}
    if not set(event.payload["rules"]) <= open_:
        raise InvalidInput({"rules": _("Nobody may set this aside, or it does not stand open.")})


def _check_change(new: Considered) -> None:
    """What is corrected passes the limits it would have met at first, and drug does not vanish."""
    about = next(each for each in new.before if each.id == new.event.corrects)
    if about.kind == Kind.signature and "replacement" in new.event.payload:
        raise NotPossibleNow(_("A signature is not rewritten: strike it out and sign again."))
    _check_no_drug_vanishes(new)
    _check_no_alarm_vanishes(new)
    if "replacement" in new.event.payload:
        _check_replacement(new, about.kind)


def _check_no_drug_vanishes(new: Considered) -> None:
    """Less drug on paper, or a smaller syringe, would leave room for more in the patient: a
    clinician answers for that."""
    if takes_drug_out(new.care.state.dose, new.after.state.dose) and not new.signs:
        raise NotPossibleNow(
            _("This takes drug out of the record. A prescriber or the director enters it.")
        )


def _check_no_alarm_vanishes(new: Considered) -> None:
    """What sounded is answered first, even where it was a slip of the pen: else a stroke would
    answer for the patient. A pause asks for a pressure as well."""
    before, after = new.care.alarms, new.after.alarms
    sound_on = {rule for each in after.sounding for rule in each.rules}
    gone = [each.title for each in before.unanswered if not sound_on.issuperset(each.rules)]
    if gone:
        raise NotPossibleNow(
            _("First write down what was done: this would take away %(alarms)s.")
            % {"alarms": ", ".join(gone)}
        )
    forgotten = after.last_pause_at != before.last_pause_at
    measured = measured_since(new.care.state, before.last_pause_at)
    if forgotten and not measured and new.care.state.ended_at is None:
        raise NotPossibleNow(_("First take a pressure: an alarm asked for it."))


def _check_replacement(new: Considered, kind: Kind) -> None:
    payload, care = new.event.payload["replacement"], new.after
    if kind == Kind.dose_stopped:
        _check_the_whole_dose(new, payload, "replacement.reason")
    try:
        if kind in GIVES_DRUG:
            _check_amount(care, kind, payload, given=_beside(care.state, new.event.corrects))
        elif kind == Kind.rate_changed:
            _check_rate(care, payload["rate_mg_per_h"])
    except InvalidInput as refusal:
        raise InvalidInput(
            {f"replacement.{name}": sentence for name, sentence in refusal.fields.items()}
        ) from refusal


def _beside(state: SessionState, corrected: UUID | None) -> Decimal:
    """The most beside one entry: every other single dose, and what an infusion before it gave."""
    entry = next(each for each in state.entries if each.event.id == corrected)
    others = [
        each
        for each in state.entries
        if each != entry and (each.at < entry.at or each.kind == Kind.dose_given)
    ]
    moment = entry.at if entry.kind != Kind.dose_given else state.now
    return most_given_mg(others, now=moment)
