from django.db import migrations

from vernal.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("audit", "0002_append_only")]
    operations = [
        append_only(
            "records_alert",
            "records_alertacknowledged",
            "records_alertescalated",
            "records_assessment",
            "records_baroverride",
            "records_benefitrisknote",
            "records_inquiry",
            "records_inquiryclosed",
            "records_intakesent",
            "records_invitation",
            "records_invitationaccepted",
            "records_patient",
            "records_patientaccount",
            "records_patientdetails",
            "records_screeningdecision",
            "records_sectionsaved",
            "records_consentanswered",
            "records_consentdiscussed",
            "records_consentsigned",
            "records_consentwithdrawn",
            "records_effectsreported",
            "records_eventconflict",
            "records_measuredone",
            "records_pin",
            "records_plan",
            "records_planconfirmed",
            "records_plansigned",
            "records_reviewsigned",
            "records_session",
            "records_sessioncancelled",
            "records_sessionevent",
            "records_sessionmoved",
            "records_treatmentconsidered",
        )
    ]
