"""Every address, who may use it, and how. A new address without a row fails the build.

`allowed` are the roles that get in where the row behind the address is their own: their site's,
or, for `patient`, their own chart. Everyone else with a role at that site gets 403 with the
reason; a row of another site or patient is 404; someone not logged in is sent to log in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.web.world import World

FRONT_DESK, NURSE, PRESCRIBER = "front_desk", "nurse", "prescriber"
DIRECTOR, ADMINISTRATOR, PATIENT = "medical_director", "administrator", "patient"
STAFF = (FRONT_DESK, NURSE, PRESCRIBER, DIRECTOR, ADMINISTRATOR)
EVERYONE = ("nobody", PATIENT, *STAFF)

CLINICAL = {NURSE, PRESCRIBER, DIRECTOR}
SIGNING = {PRESCRIBER, DIRECTOR}
FRONT_OF_HOUSE = CLINICAL | {FRONT_DESK}
RUNNING = {DIRECTOR, ADMINISTRATOR}
ANYONE = set(EVERYONE)
LOGGED_IN = ANYONE - {"nobody"}

READ, SEND, FORM = ("get",), ("post",), ("get", "post")

Arguments = Callable[[World, str], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """One address. `arguments` name what it is about: nothing, or a row of one site.

    `methods` are all that it answers: it is read, sent to, or both, as a page with its own form is.
    """

    name: str
    allowed: set[str]
    arguments: Arguments | None = None
    methods: tuple[str, ...] = READ

    def __str__(self) -> str:
        return self.name


def about(attribute: str, parameter: str) -> Arguments:
    """The id of the world's row at the named site, for the address's parameter."""
    return lambda world, site: {parameter: getattr(world, attribute)[site]}


INQUIRY = about("inquiry", "inquiry_id")
CHART = about("patient_id", "patient_id")
ALERT = about("alert", "alert_id")
SESSION = about("given_session", "session_id")


def SECTION(world: World, site: str) -> dict[str, Any]:  # noqa: N802  # a row's arguments
    return {**CHART(world, site), "section_id": "examination"}


def GIVEN_SESSION(world: World, site: str) -> dict[str, Any]:  # noqa: N802  # a row's arguments
    return {**CHART(world, site), "session_id": world.given_session[site]}


def NOTE(world: World, site: str) -> dict[str, Any]:  # noqa: N802  # a row's arguments
    return {"session_id": world.given_session[site], "kind": "note"}


def ENTRY(world: World, site: str) -> dict[str, Any]:  # noqa: N802  # a row's arguments
    session_id = world.given_session[site]
    return {"session_id": session_id, "event_id": world.event[site]}


OF_A_PATIENT = (CHART, ALERT, SESSION, SECTION, GIVEN_SESSION, NOTE, ENTRY)

ROWS = [
    Row("welcome", ANYONE),
    Row("help_now", ANYONE),
    Row("healthz", ANYONE),
    Row("home", LOGGED_IN),
    Row("ask", ANYONE, methods=FORM),
    Row("asked", ANYONE),
    Row("invitation", ANYONE, about("token", "token"), methods=FORM),
    Row("inbox", FRONT_OF_HOUSE),
    Row("telephone", FRONT_OF_HOUSE, methods=FORM),
    Row("inquiry", FRONT_OF_HOUSE, INQUIRY, methods=FORM),
    Row("close_inquiry", FRONT_OF_HOUSE, INQUIRY, methods=SEND),
    Row("patients", FRONT_OF_HOUSE),
    Row("chart", CLINICAL, CHART),
    Row("my_care", {PATIENT}),
    Row("my_safety", {PATIENT}),
    Row("my_section", {PATIENT}, lambda world, site: {"section_id": "about_you"}, methods=FORM),
    Row("send_intake", {PATIENT}, methods=SEND),
    Row("section", CLINICAL, SECTION, methods=FORM),
    Row("section_history", CLINICAL, SECTION),
    Row("screening", CLINICAL, CHART),
    Row("consider", SIGNING, CHART, methods=SEND),
    Row("weigh", SIGNING, CHART, methods=SEND),
    Row("override", SIGNING, CHART, methods=SEND),
    Row("sign_screening", SIGNING, CHART, methods=SEND),
    Row("plan", CLINICAL, CHART),
    Row("new_plan", SIGNING, CHART, methods=FORM),
    Row("plan_checks", CLINICAL, CHART, methods=FORM),
    Row("confirm_plan", CLINICAL, CHART, methods=FORM),
    Row("sign_plan", SIGNING, CHART, methods=FORM),
    Row("move_session", CLINICAL, GIVEN_SESSION, methods=FORM),
    Row("cancel_session", CLINICAL, GIVEN_SESSION, methods=FORM),
    Row("my_consent", {PATIENT}, methods=FORM),
    Row("sign_my_consent", {PATIENT}, methods=SEND),
    Row("withdraw_my_consent", {PATIENT}, methods=SEND),
    Row("consent", CLINICAL, CHART),
    Row("discuss_consent", CLINICAL, CHART, methods=SEND),
    Row("withdraw_consent", CLINICAL, CHART, methods=SEND),
    Row("my_effects", {PATIENT}, SESSION, methods=FORM),
    Row("effects", CLINICAL, CHART),
    Row("ask_effects", CLINICAL, GIVEN_SESSION, methods=FORM),
    Row("my_outcomes", {PATIENT}),
    Row("my_scale", {PATIENT}, lambda world, site: {"scale_id": "phq-9"}, methods=FORM),
    Row("outcomes", CLINICAL, CHART),
    Row("enter_total", CLINICAL, CHART, methods=SEND),
    Row("record_measure", CLINICAL, CHART, methods=SEND),
    Row("review", CLINICAL, CHART),
    Row("sign_review", SIGNING, CHART, methods=SEND),
    Row("sessions_today", CLINICAL),
    Row("session_room", LOGGED_IN, methods=SEND),
    Row("session", CLINICAL, SESSION),
    Row("session_event", CLINICAL, NOTE, methods=FORM),
    Row("session_events", CLINICAL, SESSION, methods=SEND),
    Row("session_unlock", CLINICAL, SESSION, methods=FORM),
    Row("session_correct", CLINICAL, ENTRY, methods=FORM),
    Row("session_seal", CLINICAL, ENTRY, methods=FORM),
    Row("pin", CLINICAL, methods=FORM),
    Row("alerts", CLINICAL),
    Row("alert", CLINICAL, ALERT, methods=FORM),
    Row("site_staff", RUNNING),
    Row("add_staff", RUNNING, methods=FORM),
    Row("staff_member", RUNNING, about("newcomer", "user_id"), methods=FORM),
    Row("staff_link", RUNNING, about("newcomer", "user_id"), methods=SEND),
    Row("reset_second_factor", {ADMINISTRATOR}, about("newcomer", "user_id"), methods=FORM),
    Row("end_role", RUNNING, about("membership", "membership_id"), methods=SEND),
    Row("on_call", RUNNING, about("site_id", "site_id"), methods=SEND),
    Row("site_phone", RUNNING, about("site_id", "site_id"), methods=SEND),
    Row("site_audit", RUNNING),
    Row("join", ANYONE, about("join_token", "token"), methods=FORM),
    Row("styleguide", ANYONE),
    Row("styleguide_error", ANYONE, lambda world, site: {"name": "404"}),
    Row("styleguide_page", ANYONE, lambda world, site: {"name": "patient"}),
]

# Pages on which no patient stands: a new page is on record when it is opened, or it is named here.
SHOWS_NOBODY = {
    "welcome",
    "help_now",
    "healthz",
    "home",  # leads on
    "ask",
    "asked",
    "telephone",  # an empty form
    "pin",
    "site_staff",
    "add_staff",
    "staff_member",
    "reset_second_factor",
    "join",
    "styleguide",
    "styleguide_error",
    "styleguide_page",
}
# The person's own one-time link. A patient's own pages are those that a patient alone may open.
READ_BY_NOBODY_ELSE = {"invitation"}
