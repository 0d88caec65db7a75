"""Every address, and who may use it. A new address without a row fails the build.

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

Arguments = Callable[[World, str], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """One address. `of` names what it is about: nothing, or a row of one site."""

    name: str
    allowed: set[str]
    arguments: Arguments | None = None
    method: str = "get"


def about(attribute: str, parameter: str) -> Arguments:
    """The id of the world's row at the named site, for the address's parameter."""
    return lambda world, site: {parameter: getattr(world, attribute)[site]}


INQUIRY = about("inquiry", "inquiry_id")
CHART = about("patient_id", "patient_id")
ALERT = about("alert", "alert_id")


def SECTION(world: World, site: str) -> dict[str, Any]:  # noqa: N802  # a row's arguments
    return {**CHART(world, site), "section_id": "examination"}


def GIVEN_SESSION(world: World, site: str) -> dict[str, Any]:  # noqa: N802  # a row's arguments
    return {**CHART(world, site), "session_id": world.given_session[site]}


def BOOKED(world: World, site: str) -> dict[str, Any]:  # noqa: N802  # a row's arguments
    return {**CHART(world, site), "session_id": world.given_session[site]}


def NOTE(world: World, site: str) -> dict[str, Any]:  # noqa: N802  # a row's arguments
    return {"session_id": world.given_session[site], "kind": "note"}


def ENTRY(world: World, site: str) -> dict[str, Any]:  # noqa: N802  # a row's arguments
    session_id = world.given_session[site]
    return {"session_id": session_id, "event_id": world.event[site]}


ROWS = [
    Row("welcome", ANYONE),
    Row("help_now", ANYONE),
    Row("healthz", ANYONE),
    Row("home", LOGGED_IN),
    Row("ask", ANYONE),
    Row("asked", ANYONE),
    Row("invitation", ANYONE, about("token", "token")),
    Row("inbox", FRONT_OF_HOUSE),
    Row("telephone", FRONT_OF_HOUSE),
    Row("inquiry", FRONT_OF_HOUSE, INQUIRY),
    Row("close_inquiry", FRONT_OF_HOUSE, INQUIRY, method="post"),
    Row("patients", FRONT_OF_HOUSE),
    Row("chart", CLINICAL, CHART),
    Row("my_care", {PATIENT}),
    Row("my_safety", {PATIENT}),
    Row("my_section", {PATIENT}, lambda world, site: {"section_id": "about_you"}),
    Row("send_intake", {PATIENT}, method="post"),
    Row("section", CLINICAL, SECTION),
    Row("section_history", CLINICAL, SECTION),
    Row("screening", CLINICAL, CHART),
    Row("consider", SIGNING, CHART, method="post"),
    Row("weigh", SIGNING, CHART, method="post"),
    Row("override", SIGNING, CHART, method="post"),
    Row("sign_screening", SIGNING, CHART, method="post"),
    Row("plan", CLINICAL, CHART),
    Row("new_plan", SIGNING, CHART),
    Row("plan_checks", CLINICAL, CHART),
    Row("confirm_plan", CLINICAL, CHART),
    Row("sign_plan", SIGNING, CHART),
    Row("move_session", CLINICAL, BOOKED),
    Row("cancel_session", CLINICAL, BOOKED),
    Row("my_consent", {PATIENT}),
    Row("sign_my_consent", {PATIENT}, method="post"),
    Row("withdraw_my_consent", {PATIENT}, method="post"),
    Row("consent", CLINICAL, CHART),
    Row("discuss_consent", CLINICAL, CHART, method="post"),
    Row("withdraw_consent", CLINICAL, CHART, method="post"),
    Row("my_effects", {PATIENT}, about("given_session", "session_id")),
    Row("effects", CLINICAL, CHART),
    Row("ask_effects", CLINICAL, GIVEN_SESSION),
    Row("my_outcomes", {PATIENT}),
    Row("my_scale", {PATIENT}, lambda world, site: {"scale_id": "phq-9"}),
    Row("outcomes", CLINICAL, CHART),
    Row("enter_total", CLINICAL, CHART, method="post"),
    Row("review", CLINICAL, CHART),
    Row("sign_review", SIGNING, CHART, method="post"),
    Row("sessions_today", CLINICAL),
    Row("session_room", LOGGED_IN, method="post"),
    Row("session", CLINICAL, about("given_session", "session_id")),
    Row("session_event", CLINICAL, NOTE),
    Row("session_events", CLINICAL, about("given_session", "session_id"), method="post"),
    Row("session_unlock", CLINICAL, about("given_session", "session_id")),
    Row("session_correct", CLINICAL, ENTRY),
    Row("session_seal", CLINICAL, ENTRY),
    Row("pin", CLINICAL),
    Row("alerts", CLINICAL),
    Row("alert", CLINICAL, ALERT),
    Row("site_staff", RUNNING),
    Row("add_staff", RUNNING),
    Row("staff_member", RUNNING, about("newcomer", "user_id")),
    Row("staff_link", RUNNING, about("newcomer", "user_id"), method="post"),
    Row("end_role", RUNNING, about("membership", "membership_id"), method="post"),
    Row("on_call", RUNNING, about("site_id", "site_id"), method="post"),
    Row("site_phone", RUNNING, about("site_id", "site_id"), method="post"),
    Row("site_audit", RUNNING),
    Row("join", ANYONE, about("join_token", "token")),
    Row("styleguide", ANYONE),
    Row("styleguide_error", ANYONE, lambda world, site: {"name": "404"}),
    Row("styleguide_page", ANYONE, lambda world, site: {"name": "patient"}),
]
