"""Step 8: what happened, what the protocol offers next, and the decision signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from vernal import knowledge
from vernal.accounts.models import User
from vernal.audit.chain import record
from vernal.knowledge import retreatment
from vernal.knowledge.figures import outcome_figures
from vernal.knowledge.scales import course_definitions
from vernal.records.models import ReviewSigned
from vernal.rules.retreatment import (
    CourseState,
    OptionReview,
    Review,
    closes_sessions,
    course_state,
    gives_what_nobody_booked,
    review,
)
from vernal.rules.sessions.afterwards import stop_alarm
from vernal.workflow.bookings import close_plan
from vernal.workflow.course_so_far import CourseSoFar, course_so_far
from vernal.workflow.errors import InvalidInput, NotPossibleNow
from vernal.workflow.once import make_once, sent_before
from vernal.workflow.outcomes import COURSE_SCALE
from vernal.workflow.past_sessions import PastSession, last_session
from vernal.workflow.patients import patient_with
from vernal.workflow.permissions import check_may_sign_review
from vernal.workflow.scores import suicidal_thoughts
from vernal.workflow.screening import facts_as_json

WITHOUT_A_DAY = frozenset({"next_dose"})
"""The next session is itself the day on which somebody looks again; every other option, stopping
too, needs one."""


@dataclass(frozen=True)
class Reviewed:
    """A course with its state and every option judged on it."""

    course: CourseSoFar
    state: CourseState
    review: Review


def reviewed(course: CourseSoFar, past: tuple[PastSession, ...] | None = None) -> Reviewed:
    """The course judged by the definitions on its scale, and the options that follow. `past` are
    its sessions told, where the page has told them already; the last one is enough."""
    if past is None:
        past = last_session(course.patient, course.sessions, on=course.on)
    state = course_state(
        course_definitions(COURSE_SCALE),
        course.series,
        phase=course.phase,
        sessions_given=len(course.given),
        sessions_left=course.sessions_left,
        last_session_on=course.last_session_on,
        dates=course.dates,
        suicidal_thoughts=suicidal_thoughts(course.measured, on=course.on),
        stop_alarm_last_session=stop_alarm([each.told for each in past]),
        on=course.on,
        figures=outcome_figures(),
    )
    return Reviewed(course, state, review(state, retreatment.options(), retreatment.prompts()))


def check_may_sign(*, by: User, patient_id: UUID) -> None:
    """Raises unless the actor may sign what happens next for this patient."""
    check_may_sign_review(by, patient_with(patient_id))


@transaction.atomic
def sign_review(
    *,
    by: User,
    patient_id: UUID,
    option: str,
    look_again_on: date | None,
    note: str,
    id: UUID,
    at: datetime,
    despite: str = "",
) -> None:
    """Sign what happens next. The row keeps the course and every option as they stood.

    An option that is not offered, or may not be, is signed with a reason of its own (`despite`).

    An end, a change or a referral closes what the plan still has booked, in the same act; waiting
    holds it until the day on which somebody looks again.
    """
    patient = patient_with(patient_id)
    check_may_sign_review(by, patient)
    found = reviewed(course_so_far(patient, at=at))
    if found.course.plan is None or not found.course.given:
        raise NotPossibleNow(
            _("There is no course to review yet: no session of a signed plan was given.")
        )
    _check(option, look_again_on, note, despite, found)
    signed = {
        "by": by,
        "patient": patient,
        "option": option,
        "note": note.strip(),
        "look_again_on": look_again_on,
    }
    if sent_before(ReviewSigned, id=id, options__despite=despite.strip(), **signed):
        return
    make_once(
        ReviewSigned,
        id=id,
        at=at,
        **signed,
        plan=found.course.plan,
        course=_course_as_json(found),
        options={**_options_as_json(found.review), "despite": despite.strip()},
        knowledge_version=knowledge.version(),
    )
    if closes_sessions(option):
        close_plan(found.course.plan, patient, reason=_closed_by(option), by=by, at=at)
    record(
        "review.signed",
        at=at,
        actor_id=by.pk,
        site_id=patient.site_id,
        patient_id=patient.pk,
        subject=f"review:{id}",
        option=option,
    )


def _closed_by(option: str) -> str:
    titles = {each.id: each.title for each in retreatment.options()}
    return _("The signed review says: %(option)s.") % {"option": titles[option].lower()}


def _check(
    option: str, look_again_on: date | None, note: str, despite: str, found: Reviewed
) -> None:
    refused = {}
    chosen = next((each for each in found.review.options if each.option.id == option), None)
    if chosen is None:
        refused["option"] = _("Choose one of the options.")
    elif gives_what_nobody_booked(chosen):
        refused["option"] = _(
            "No session of this plan is booked, so there is none to give. Choose another option; "
            "a new plan books sessions."
        )
    elif chosen.offered is not True and not despite.strip():
        refused["despite"] = _("This is not offered now. Write why you decide it all the same.")
    if not note.strip():
        refused["note"] = _("Write in a few words why you decide so.")
    if look_again_on is None and option not in WITHOUT_A_DAY:
        refused["look_again_on"] = _("Choose the day on which somebody looks at this again.")
    elif look_again_on is not None and look_again_on <= found.course.on:
        refused["look_again_on"] = _("Choose a day after today.")
    if refused:
        raise InvalidInput(refused)


def _course_as_json(found: Reviewed) -> dict[str, Any]:
    course = found.course
    return {
        "facts": facts_as_json(found.state.facts()),
        "protocol": [course.plan.protocol, course.plan.protocol_version],
        "sessions": [[each.on.isoformat(), each.phase] for each in course.given],
        "scores": [
            [each.scale, each.on.isoformat(), format(each.value, "f")] for each in course.series
        ],
    }


def _options_as_json(found: Review) -> dict[str, Any]:
    return {
        "options": [_option_as_json(each) for each in found.options],
        "prompts": [[each.id, each.version] for each in found.prompts],
        "open_prompts": [[each.prompt.id, sorted(each.needs)] for each in found.open_prompts],
    }


def _option_as_json(each: OptionReview) -> dict[str, Any]:
    offered = each.offered
    return {
        "id": each.option.id,
        "version": each.option.version,
        "offered": offered if isinstance(offered, bool) else {"unknown": sorted(offered.needs)},
        "for": [reason.id for reason in each.speaks_for],
        "against": [reason.id for reason in each.speaks_against],
        "open": [[open_.reason.id, sorted(open_.needs)] for open_ in each.open],
        "published": list(each.option.published),
    }
