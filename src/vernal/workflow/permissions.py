"""Who may do what, at which site. `check_may_x` raises with the reason, `may_x` asks.

Another site's row is `NotFound`: that it exists is already too much to say. The wrong role at the
right site is `NotAllowed`, with the reason the page prints.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from vernal.accounts.models import Role, User
from vernal.workflow.errors import NotAllowed, NotFound

CLINICAL = frozenset({Role.nurse, Role.prescriber, Role.medical_director})
SIGNING = frozenset({Role.prescriber, Role.medical_director})
FRONT_OF_HOUSE = CLINICAL | {Role.front_desk}
RUNNING_THE_SITE = frozenset({Role.medical_director, Role.administrator})
ADMINISTERING = frozenset({Role.administrator})

Arguments = ParamSpec("Arguments")


class AtSite(Protocol):
    """Anything that belongs to one site."""

    site_id: UUID


def sites_where(by: User, roles: frozenset[Role]) -> list[UUID]:
    """Ids of the sites where the actor holds one of the roles."""
    return [site_id for site_id, held in by.roles.items() if held & roles]


def asking(check: Callable[Arguments, object]) -> Callable[Arguments, bool]:
    """The question beside a check: the same rule, answered instead of raised."""

    def may(*args: Arguments.args, **kwargs: Arguments.kwargs) -> bool:
        try:
            check(*args, **kwargs)
        except (NotAllowed, NotFound):
            return False
        return True

    return may


def check_may_read_inbox(by: User) -> None:
    _require_somewhere(by, FRONT_OF_HOUSE, _("The inbox is for the front desk and clinical staff."))


def check_may_answer_inquiry(by: User, inquiry: AtSite) -> None:
    _require(
        by,
        inquiry,
        FRONT_OF_HOUSE,
        _("Inquiries are answered by the front desk or clinical staff."),
    )


def check_may_list_patients(by: User) -> None:
    _require_somewhere(
        by, FRONT_OF_HOUSE, _("The list of patients is for the front desk and clinical staff.")
    )


def check_may_read_chart(by: User, patient: AtSite) -> None:
    _require(by, patient, CLINICAL, _("A chart is read by nurses, prescribers and the director."))


def check_may_ask_history(by: User, patient: AtSite) -> None:
    _require(
        by,
        patient,
        CLINICAL,
        _("A history is taken down by nurses, prescribers and the medical director."),
    )


def check_may_sign_screening(by: User, patient: AtSite) -> None:
    _require(
        by,
        patient,
        SIGNING,
        _("Only a prescriber or the medical director weighs, overrides and signs a screening."),
    )


def check_may_prescribe(by: User, patient: AtSite) -> None:
    _require(
        by,
        patient,
        SIGNING,
        _("Only a prescriber or the medical director draws up and signs a plan."),
    )


def check_may_confirm_plan(by: User, patient: AtSite) -> None:
    _require(
        by,
        patient,
        CLINICAL,
        _("The arithmetic is confirmed by a nurse, a prescriber or the medical director."),
    )


def check_may_book(by: User, patient: AtSite) -> None:
    _require(
        by,
        patient,
        CLINICAL,
        _("Sessions are moved and cancelled by nurses, prescribers and the director."),
    )


def check_may_discuss_consent(by: User, patient: AtSite) -> None:
    _require(
        by,
        patient,
        CLINICAL,
        _("Consent is gone through by a nurse, a prescriber or the medical director."),
    )


def check_may_see_sessions(by: User) -> None:
    _require_somewhere(
        by, CLINICAL, _("Today's sessions are for nurses, prescribers and the medical director.")
    )


def check_may_chart_session(by: User, patient: AtSite) -> None:
    _require(
        by,
        patient,
        CLINICAL,
        _("A session is charted by nurses, prescribers and the medical director."),
    )


def check_may_ask_effects(by: User, patient: AtSite) -> None:
    _require(
        by,
        patient,
        CLINICAL,
        _("Side effects are asked about by nurses, prescribers and the medical director."),
    )


def check_may_enter_score(by: User, patient: AtSite) -> None:
    _require(
        by,
        patient,
        CLINICAL,
        _("Scores are entered by nurses, prescribers and the medical director."),
    )


def check_may_sign_review(by: User, patient: AtSite) -> None:
    _require(
        by,
        patient,
        SIGNING,
        _("Only a prescriber or the medical director signs what happens next."),
    )


def check_may_read_alerts(by: User) -> None:
    _require_somewhere(by, CLINICAL, _("Alerts are for nurses, prescribers and the director."))


def check_may_acknowledge_alert(by: User, patient: AtSite) -> None:
    _require(
        by,
        patient,
        CLINICAL,
        _("An alert is taken on by a nurse, a prescriber or the medical director."),
    )


def check_may_run_site(by: User) -> None:
    _require_somewhere(
        by,
        RUNNING_THE_SITE,
        _("Staff, roles and the person on call are set by the administrator or the director."),
    )


def check_may_run_this_site(by: User, at_site: AtSite) -> None:
    _require(
        by,
        at_site,
        RUNNING_THE_SITE,
        _("Staff, roles and the person on call are set by the administrator or the director."),
    )


def check_may_reset_second_factor(by: User, at_site: AtSite) -> None:
    _require(
        by, at_site, ADMINISTERING, _("A second step is removed by an administrator of the site.")
    )


may_read_inbox = asking(check_may_read_inbox)
may_answer_inquiry = asking(check_may_answer_inquiry)
may_list_patients = asking(check_may_list_patients)
may_read_chart = asking(check_may_read_chart)
may_ask_history = asking(check_may_ask_history)
may_sign_screening = asking(check_may_sign_screening)
may_prescribe = asking(check_may_prescribe)
may_confirm_plan = asking(check_may_confirm_plan)
may_book = asking(check_may_book)
may_discuss_consent = asking(check_may_discuss_consent)
may_see_sessions = asking(check_may_see_sessions)
may_chart_session = asking(check_may_chart_session)
may_ask_effects = asking(check_may_ask_effects)
may_enter_score = asking(check_may_enter_score)
may_sign_review = asking(check_may_sign_review)
may_read_alerts = asking(check_may_read_alerts)
may_acknowledge_alert = asking(check_may_acknowledge_alert)
may_run_site = asking(check_may_run_site)
may_run_this_site = asking(check_may_run_this_site)


def _require(by: User, at_site: AtSite, roles: frozenset[Role], reason: str) -> None:
    held = by.roles.get(at_site.site_id)
    if not held:
        raise NotFound
    if not held & roles:
        raise NotAllowed(reason)


def _require_somewhere(by: User, roles: frozenset[Role], reason: str) -> None:
    if not sites_where(by, roles):
        raise NotAllowed(reason)
