"""What codes of a session are called on its pages. Steps and reasons come from the rules."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from vernal.rules.sessions import Kind, State
from vernal.rules.sessions.monitoring import DoseAction, Urgency

STATES = {
    State.planned: _("Planned"),
    State.checked_in: _("Checked in"),
    State.dosed: _("Dose going on"),
    State.recovering: _("Recovering"),
    State.discharged: _("Went home"),
    State.stopped: _("No dose today"),
    State.left_against_advice: _("Left against advice"),
    State.transferred: _("Transferred"),
}
# In place of the state, while a dose was stopped for a while and may go on.
PAUSED = _("Paused")
STATE_TAGS = {
    State.dosed: "caution",
    State.recovering: "caution",
    State.discharged: "done",
    State.left_against_advice: "danger",
    State.transferred: "danger",
}
# What a form is headed by, and what its button says.
TITLES = {
    Kind.checked_in: _("Check the patient in"),
    Kind.checklist: _("Prepare: check before the dose"),
    Kind.escort: _("Escort"),
    Kind.reading: _("Record a reading"),
    Kind.score: _("Score alertness and comfort"),
    Kind.symptom: _("Ask about symptoms"),
    Kind.effect: _("Record a side effect"),
    Kind.dose_started: _("Start the infusion"),
    Kind.rate_changed: _("Change the rate"),
    Kind.dose_stopped: _("Stop the dose"),
    Kind.dose_resumed: _("Go on with the dose"),
    Kind.dose_given: _("Give the dose"),
    Kind.hold_ended: _("End the hold in the mouth"),
    Kind.dosing_finished: _("Finish the dosing"),
    Kind.intervention: _("Record what was done"),
    Kind.alarm_acknowledged: _("Say what was done about an alarm"),
    Kind.vial_counted: _("Count a vial"),
    Kind.concentration: _("Enter a drug concentration"),
    Kind.note: _("Write a note"),
    Kind.signature: _("Sign"),
    Kind.discharged: _("Send home"),
    Kind.left_against_advice: _("Left against advice"),
    Kind.transferred: _("Transferred to other care"),
    Kind.session_stopped: _("End without a dose"),
    Kind.device_taken_over: _("Take over on this device"),
    Kind.correction: _("Correct an entry"),
    Kind.sealed: _("Seal an entry"),
}
# What a line of the log says happened.
HAPPENED = {
    Kind.checked_in: _("Checked in"),
    Kind.checklist: _("Preparation"),
    Kind.escort: _("Escort"),
    Kind.reading: _("Reading"),
    Kind.score: _("Score"),
    Kind.symptom: _("Asked about symptoms"),
    Kind.effect: _("Side effect"),
    Kind.dose_started: _("Infusion started"),
    Kind.rate_changed: _("Rate changed"),
    Kind.dose_stopped: _("Dose stopped"),
    Kind.dose_resumed: _("Dose went on"),
    Kind.dose_given: _("Dose given"),
    Kind.hold_ended: _("Hold ended"),
    Kind.dosing_finished: _("Dosing finished"),
    Kind.intervention: _("Done"),
    Kind.alarm_acknowledged: _("Alarm answered"),
    Kind.vial_counted: _("Vial counted"),
    Kind.concentration: _("Drug concentration"),
    Kind.note: _("Note"),
    Kind.signature: _("Signed"),
    Kind.discharged: _("Went home"),
    Kind.left_against_advice: _("Left against advice"),
    Kind.transferred: _("Transferred"),
    Kind.session_stopped: _("Ended without a dose"),
    Kind.device_taken_over: _("Device taken over"),
}
DOSE_PAUSED = _("Dose paused")
# Forms whose button says the act itself; in every other one an entry is kept.
ACTS = frozenset(
    {
        *(Kind.checked_in, Kind.dose_started, Kind.rate_changed, Kind.dose_stopped),
        *(Kind.dose_resumed, Kind.dose_given, Kind.hold_ended, Kind.dosing_finished),
        *(Kind.signature, Kind.discharged, Kind.session_stopped, Kind.device_taken_over),
        Kind.sealed,
    }
)
KEEP = _("Keep this entry")
CHOICES = {
    "finished": _("The whole dose is in"),
    "paused": _("A pause"),
    "alarm": _("An alarm"),
    "patient_asked": _("The patient asked"),
    "other": _("Something else"),
    "iv": _("By vein"),
    "sublingual": _("Under the tongue"),
    "nasal": _("Into the nose"),
    "oral": _("By mouth"),
    "im": _("Into a muscle"),
    "sc": _("Under the skin"),
    "swallowed": _("Swallowed"),
    "spat_out": _("Spat out"),
    "reassurance": _("Calm words, a hand, company"),
    "positioning": _("Positioned"),
    "oxygen": _("Oxygen"),
    "airway": _("Airway opened or held"),
    "medicine": _("A medicine"),
    "clinician_called": _("Clinician called"),
    "emergency_called": _("Emergency call"),
    "start": _("That the dose may start"),
    "discharge": _("That the patient may go home"),
    "record": _("That the record is right"),
    "waste": _("That the waste was seen"),
    "nurse": _("Nurse"),
    "clinician": _("Prescriber or director"),
    "witness": _("Witness"),
    "0": _("None"),
    "1": _("Mild"),
    "2": _("Moderate"),
    "3": _("Severe"),
    "ketamine": _("Ketamine"),
    "esketamine": _("Esketamine"),
    "arketamine": _("Arketamine"),
    "norketamine": _("Norketamine"),
    "esnorketamine": _("Esnorketamine"),
    "dehydronorketamine": _("Dehydronorketamine"),
    "hydroxynorketamine": _("Hydroxynorketamine"),
    "arterial_plasma": _("Arterial plasma"),
    "venous_plasma": _("Venous plasma"),
    "arterial_serum": _("Arterial serum"),
    "venous_serum": _("Venous serum"),
    "session_end": _("At the end of the session"),
    "four_hours": _("After four hours"),
    "next_day": _("The next day"),
}
MEASURES = {
    "vital_signs": _("Reading"),
    "sedation": _("Alertness"),
    "dissociation": _("Dissociation"),
    "distress": _("Anxiety"),
    "nausea": _("Nausea"),
}
DUE = {"next": _("next"), "due": _("due now"), "overdue": _("overdue")}
URGENCIES = {
    Urgency.emergency: _("Emergency"),
    Urgency.call: _("Call now"),
    Urgency.watch: _("Watch"),
}
# The strictest thing an alarm asks of a running dose, in large words.
DOSE_NOW = {
    DoseAction.stop: _("Stop the infusion now"),
    DoseAction.pause: _("Pause the infusion now"),
    DoseAction.slow: _("Slow the infusion down now"),
}
NO_MORE_DRUG = _("No more drug for now")
EARLIER_STOP = _("Record an earlier stop")
SINCE = {
    "start": _("the first drug"),
    "end": _("the last drug was in"),
    "dose": _("the last dose began"),
}
SIGNERS = {"nurse": _("a nurse"), "clinician": _("a prescriber or director, another person")}
# Explained where they first stand on a page.
ABBREVIATIONS = {
    "MOAA/S": _(
        "MOAA/S: how alert somebody looks, from 5 (answers readily to the name) to 0 (no response)."
    ),
    "CADSS": _("CADSS: a questionnaire about feeling unreal or detached, 0 to 92."),
    "Aldrete": _(
        "Aldrete: a score of recovery, 0 to 10, of movement, breath, pressure, mind and oxygen."
    ),
    "PHQ-9": _("PHQ-9: the questionnaire about low mood that the patient fills in, 0 to 27."),
}
DOSE_ACTIONS = {
    DoseAction.stop: _("Stop"),
    DoseAction.pause: _("Pause"),
    DoseAction.slow: _("Slow down"),
}
NEXT = {
    "alarm": _("Stop the dose now"),
    "pause": _("Pause the dose now"),
    "slow": _("Slow the infusion down"),
    "pump_is_empty": _("The pump should be empty: record the end of the dose"),
    "overdue": _("Take the overdue reading"),
    "due": _("Take a reading now"),
    "score": _("Ask how the patient is"),
    "answer": _("Say what was done about the alarm"),
    "arrived": _("Check the patient in"),
    "checklist": _("Go through the preparation"),
    "baseline": _("Take a reading before the dose"),
    "gates_closed": _("No dose yet"),
    "may_start": _("The dose may start"),
    "hold": _("End the hold in the mouth"),
    "more_or_finished": _("Give the rest, or finish"),
    "all_in": _("The whole dose is in"),
    "paused": _("Paused: does the dose go on today?"),
    "measure_again": _("Measure again"),
    "wait": _("Stay with the patient"),
    "open_criterion": _("Before going home"),
    "may_go": _("The patient may go home"),
    "ended": _("This session has ended"),
}
CLOCKS = {
    "skew": _("The clock of a device is off by %(seconds)s seconds; times here are corrected."),
    "jump": _("The clock of a device jumped by %(seconds)s seconds; intervals are kept."),
    "slept": _("A device slept for %(seconds)s seconds."),
    "raced": _("The count of a device ran ahead by %(seconds)s seconds; its clock is believed."),
}
CRITERIA = {
    "met": (_("Met"), "done"),
    "not_met": (_("Not met"), "danger"),
    "unknown": (_("Not known yet"), "caution"),
}
# The same of what must not be.
HAZARDS = {
    "not_met": (_("Stands in the way"), "danger"),
    "unknown": (_("Not ruled out yet"), "caution"),
}
ANSWERS = {True: _("yes"), False: _("no"), "unknown": _("not known")}
# What the script of the bedside device says.
ON_THE_DEVICE = {
    "only_here": _("on this device only"),
    "give_pin": _("Give your PIN to send it"),
    "a_pin": _("Give a PIN"),
    "sealed": _("An entry by {name} waits here, sealed until {name} logs in or gives a PIN"),
    "unreadable": _("An entry of yours cannot be opened here any more: enter it again."),
    "not_sealed": _(
        "Not kept. This browser can keep nothing safely without the server: leave the page open "
        "and send it again when the server answers."
    ),
    "log_out": _(
        "Entries of yours wait on this device. After a log-out they stay sealed until you log in "
        "here again. Press “Log out” once more to leave them."
    ),
    "not_kept": _("Not kept by the server:"),
    "edit": _("Mend it"),
    "send": _("Send it again"),
    "remove": _("Take it off this device"),
    "overdue": _("overdue"),
    "no_answer": _(
        "The server does not answer. Drug is not started and nobody is sent home without it."
    ),
}
