"""Roles and acts in the reader's words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ROLES = {
    "front_desk": _("Front desk"),
    "nurse": _("Nurse"),
    "prescriber": _("Prescriber"),
    "medical_director": _("Medical director"),
    "administrator": _("Administrator"),
}

ACTS = {
    "inquiry.taken": _("An inquiry arrived"),
    "inquiry.invited": _("Invited a patient"),
    "inquiry.closed": _("Closed an inquiry"),
    "invitation.accepted": _("Patient began an account"),
    "chart.read": _("Read a chart"),
    "inquiry.read": _("Read an inquiry"),
    "inbox.read": _("Read the inbox"),
    "patients.read": _("Read the list of patients"),
    "sessions.read": _("Read the list of sessions"),
    "alerts.read": _("Read the list of alerts"),
    "audit.read": _("Read the audit"),
    "section.saved": _("Saved a section of the history"),
    "scale.saved": _("Filled in a scale"),
    "measure.done": _("Wrote down a test or a call"),
    "intake.sent": _("Sent the history"),
    "treatment.considered": _("Noted the treatment considered"),
    "risk.weighed": _("Wrote a benefit–risk note"),
    "bar.overridden": _("Overrode a bar, with a reason"),
    "screening.signed": _("Signed a screening"),
    "plan.drawn_up": _("Drew up a plan"),
    "plan.confirmed": _("Confirmed a plan as a second person"),
    "plan.signed": _("Signed a plan"),
    "effects.told": _("Told side effects"),
    "review.signed": _("Signed what happens next"),
    "consent.discussed": _("Discussed consent"),
    "consent.answered": _("Answered the questions of consent"),
    "consent.signed": _("Signed consent"),
    "consent.withdrawn": _("Withdrew consent"),
    "pin.set": _("Set the bedside PIN"),
    "pin.refused": _("A bedside PIN was refused"),
    "session.cancelled": _("Cancelled a session"),
    "session.moved": _("Moved a session"),
    "session.conflict": _("A session entry arrived twice with different content"),
    "alert.opened": _("An alert opened"),
    "alert.acknowledged": _("Took an alert on"),
    "alert.escalated": _("An alert was told again, more widely"),
    "site.begun": _("The site began"),
    "site.phone_set": _("Changed the site's telephone"),
    "staff.added": _("Added a staff member"),
    "staff.invited_again": _("Sent a new link to a staff member"),
    "staff.joined": _("Staff member chose a password"),
    "staff.second_factor_reset": _("Removed a staff member's second step"),
    "role.granted": _("Granted a role"),
    "role.ended": _("Ended a role"),
    "on_call.set": _("Named the person on call"),
}


# Acts whose last word is the kind of entry: the session log has many.
FAMILIES = {"session.": _("Session log: %(kind)s")}


def act_in_words(act: str) -> str:
    """An act that has no words yet is shown by its name, never left out."""
    if act in ACTS:
        return str(ACTS[act])
    family, _dot, kind = act.partition(".")
    words = FAMILIES.get(f"{family}.")
    return str(words) % {"kind": kind.replace("_", " ")} if words else act
