"""Whether everything that was recorded still stands.

Three things are proved: the audit chain, the chain of each session's log, and that both tell of the
same rows as the tables hold. A chain alone does not show that its end is missing, nor that a row
went while its audit entry stayed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.audit import chain
from vernal.audit.models import Entry
from vernal.records import models
from vernal.rules.sessions import Kind
from vernal.workflow.session_log import LogReport, verify_logs

NAMED_AT_MOST = 5  # ids in a sentence


@dataclass(frozen=True)
class Table:
    """A table in which each row was recorded by one of `acts`, under the id in its `field`."""

    title: str | Promise
    rows: type[Model]
    acts: frozenset[str]
    field: str = "id"


def _table(title: str | Promise, rows: type[Model], *acts: str, field: str = "id") -> Table:
    return Table(title, rows, frozenset(acts), field)


TABLES = (
    _table(
        gettext_lazy("Entries of sessions"),
        models.SessionEvent,
        *(f"session.{kind.value}" for kind in Kind),
    ),
    _table(
        gettext_lazy("Entries that arrived twice"),
        models.EventConflict,
        "session.conflict",
        field="event_id",
    ),
    _table(gettext_lazy("Inquiries"), models.Inquiry, "inquiry.taken"),
    _table(
        gettext_lazy("Closed inquiries"),
        models.InquiryClosed,
        "inquiry.closed",
        field="inquiry_id",
    ),
    _table(gettext_lazy("Invitations"), models.Invitation, "inquiry.invited"),
    _table(
        gettext_lazy("Accepted invitations"),
        models.InvitationAccepted,
        "invitation.accepted",
        field="invitation_id",
    ),
    _table(gettext_lazy("Sections of histories"), models.SectionSaved, "section.saved"),
    _table(gettext_lazy("Sent histories"), models.IntakeSent, "intake.sent"),
    _table(gettext_lazy("Scales"), models.Assessment, "scale.saved"),
    _table(gettext_lazy("Tests and calls"), models.MeasureDone, "measure.done"),
    _table(
        gettext_lazy("Treatments considered"), models.TreatmentConsidered, "treatment.considered"
    ),
    _table(gettext_lazy("Benefit–risk notes"), models.BenefitRiskNote, "risk.weighed"),
    _table(gettext_lazy("Overridden bars"), models.BarOverride, "bar.overridden"),
    _table(gettext_lazy("Signed screenings"), models.ScreeningDecision, "screening.signed"),
    _table(gettext_lazy("Consent talks"), models.ConsentDiscussed, "consent.discussed"),
    _table(gettext_lazy("Answers about consent"), models.ConsentAnswered, "consent.answered"),
    _table(gettext_lazy("Signed consents"), models.ConsentSigned, "consent.signed"),
    _table(gettext_lazy("Withdrawn consents"), models.ConsentWithdrawn, "consent.withdrawn"),
    _table(gettext_lazy("Plans"), models.Plan, "plan.drawn_up"),
    _table(
        gettext_lazy("Confirmed plans"), models.PlanConfirmed, "plan.confirmed", field="plan_id"
    ),
    _table(gettext_lazy("Signed plans"), models.PlanSigned, "plan.signed", field="plan_id"),
    _table(
        gettext_lazy("Moved sessions"), models.SessionMoved, "session.moved", field="session_id"
    ),
    _table(
        gettext_lazy("Cancelled sessions"),
        models.SessionCancelled,
        "session.cancelled",
        field="session_id",
    ),
    _table(gettext_lazy("Told side effects"), models.EffectsReported, "effects.told"),
    _table(gettext_lazy("Signed reviews"), models.ReviewSigned, "review.signed"),
    _table(gettext_lazy("Alerts"), models.Alert, "alert.opened"),
    _table(
        gettext_lazy("Alerts taken on"),
        models.AlertAcknowledged,
        "alert.acknowledged",
        field="alert_id",
    ),
    _table(
        gettext_lazy("Alerts told again"),
        models.AlertEscalated,
        "alert.escalated",
        field="alert_id",
    ),
)


@dataclass(frozen=True)
class Gap:
    """Where a table and the audit chain differ: ids that are `gone` from the table, and ids of rows
    that the chain was never told of (`untold`)."""

    title: str
    recorded: int
    gone: tuple[str, ...]
    untold: tuple[str, ...]

    def sentences(self) -> Iterator[str]:
        """What is missing, in words."""
        if self.gone:
            yield _(
                "%(title)s: missing %(count)s of %(recorded)s that the audit chain tells of "
                "(%(ids)s)."
            ) % {
                "title": self.title,
                "count": len(self.gone),
                "recorded": self.recorded,
                "ids": _named(self.gone),
            }
        if self.untold:
            yield _("%(title)s: %(count)s that the audit chain does not tell of (%(ids)s).") % {
                "title": self.title,
                "count": len(self.untold),
                "ids": _named(self.untold),
            }


@dataclass(frozen=True)
class Proof:
    """What `prove` saw. `rows` were compared with the audit chain; `gaps` are where they differ."""

    chain: chain.ChainReport
    logs: tuple[LogReport, ...]
    rows: int
    gaps: tuple[Gap, ...]

    @property
    def wrong(self) -> tuple[str, ...]:
        """A sentence for each thing that was changed, removed or slipped in; else none."""
        return (*self._broken(), *(sentence for gap in self.gaps for sentence in gap.sentences()))

    def _broken(self) -> Iterator[str]:
        if not self.chain.is_whole:
            yield _(
                "The chain is broken at entry %(number)s; the %(before)s entries before it fit."
            ) % {"number": self.chain.broken_at, "before": self.chain.entries}
        for log in self.logs:
            if not log.is_whole:
                yield _(
                    "The log of session %(session)s is broken; the %(before)s entries before it "
                    "fit."
                ) % {"session": log.session_id, "before": log.broken_after}


def prove() -> Proof:
    """Walk both kinds of chain, and hold each table against what the audit chain tells of it.

    Work goes on meanwhile: a row is missed where it was recorded before the tables were read, and
    its entry where it is not there afterwards.
    """
    before = _recorded()
    standing = [
        Counter(map(str, table.rows._base_manager.values_list(table.field, flat=True).iterator()))
        for table in TABLES
    ]
    compared = zip(TABLES, before, standing, _recorded(), strict=True)
    gaps = [
        Gap(str(table.title), told.total(), _ids(told - rows), _ids(rows - told_since))
        for table, told, rows, told_since in compared
    ]
    return Proof(
        chain=chain.verify(),
        logs=tuple(verify_logs()),
        rows=sum(rows.total() for rows in standing),
        gaps=tuple(gap for gap in gaps if gap.gone or gap.untold),
    )


def _recorded() -> list[Counter[str]]:
    """For each table, how often the audit chain tells that a row of this id was made."""
    place = {act: number for number, table in enumerate(TABLES) for act in table.acts}
    counts: list[Counter[str]] = [Counter() for _table in TABLES]
    told = Entry.objects.filter(act__in=place).order_by("sequence").values_list("act", "subject")
    for act, subject in told.iterator():
        counts[place[act]][subject.partition(":")[2]] += 1
    return counts


def _ids(counted: Counter[str]) -> tuple[str, ...]:
    return tuple(counted.elements())


def _named(ids: Iterable[str]) -> str:
    ids = list(ids)
    return ", ".join([*ids[:NAMED_AT_MOST], *(["…"] if len(ids) > NAMED_AT_MOST else [])])
