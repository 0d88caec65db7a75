"""What pages show, as frozen dataclasses: never models, never querysets.

Each function checks who asks, and notes in the audit chain when a chart is read.
"""

from vernal.workflow.queries.alerts import AlertView, alert, alerts, count_open_alerts
from vernal.workflow.queries.charts import ChartHead
from vernal.workflow.queries.courses import Course, course
from vernal.workflow.queries.effects import (
    EffectsQuestion,
    EffectsView,
    Published,
    Report,
    SessionEffects,
    effects,
    effects_question,
    my_effects,
)
from vernal.workflow.queries.inquiries import (
    InquiryLine,
    InquiryView,
    inbox,
    inquiry,
    invitation,
    sites_for_inquiries,
)
from vernal.workflow.queries.intake import (
    MyCare,
    SectionHistory,
    SectionState,
    SectionView,
    my_care,
    my_safety,
    my_section,
    section,
    section_history,
)
from vernal.workflow.queries.medicine_names import (
    NameQuestion,
    names_with_choices,
    suggested_names,
)
from vernal.workflow.queries.outcomes import (
    CopyLine,
    MyOutcomes,
    MyScale,
    OutcomesView,
    ScoreChart,
    WaitingLine,
    my_outcomes,
    my_scale,
    outcomes,
)
from vernal.workflow.queries.patients import PatientLine, patients
from vernal.workflow.queries.reviews import OptionView, ReviewLine, ReviewView, review
from vernal.workflow.queries.screening import (
    DecisionLine,
    FindingLine,
    MedicineLine,
    ScreeningView,
    screening,
)
from vernal.workflow.queries.sites import SiteView, database_vendor, ping, sites
from vernal.workflow.queries.staff import (
    AuditView,
    SiteStaff,
    StaffMemberView,
    audit_entries,
    site_staff,
    sites_run,
    staff_invitation,
    staff_member,
    staff_of_site,
)

__all__ = [
    "AlertView",
    "AuditView",
    "ChartHead",
    "CopyLine",
    "Course",
    "DecisionLine",
    "EffectsQuestion",
    "EffectsView",
    "FindingLine",
    "InquiryLine",
    "InquiryView",
    "MedicineLine",
    "MyCare",
    "MyOutcomes",
    "MyScale",
    "NameQuestion",
    "OptionView",
    "OutcomesView",
    "PatientLine",
    "Published",
    "Report",
    "ReviewLine",
    "ReviewView",
    "ScoreChart",
    "ScreeningView",
    "SectionHistory",
    "SectionState",
    "SectionView",
    "SessionEffects",
    "SiteStaff",
    "SiteView",
    "StaffMemberView",
    "WaitingLine",
    "alert",
    "alerts",
    "audit_entries",
    "count_open_alerts",
    "course",
    "database_vendor",
    "effects",
    "effects_question",
    "inbox",
    "inquiry",
    "invitation",
    "my_care",
    "my_effects",
    "my_outcomes",
    "my_safety",
    "my_scale",
    "my_section",
    "names_with_choices",
    "outcomes",
    "patients",
    "ping",
    "review",
    "screening",
    "section",
    "section_history",
    "site_staff",
    "sites",
    "sites_for_inquiries",
    "sites_run",
    "staff_invitation",
    "staff_member",
    "staff_of_site",
]
