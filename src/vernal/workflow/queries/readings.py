"""Readings of what belongs to patients: on record in the audit chain before anything is shown.

A reading that cannot be recorded raises what the database raises, and no page is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from vernal.accounts.models import User
from vernal.audit.chain import record
from vernal.records.models import Inquiry, Patient


@transaction.atomic
def note_reading(*, by: User, patient: Patient, at: datetime, page: str, subject: str = "") -> None:
    """One page about one patient."""
    record(
        "chart.read",
        at=at,
        actor_id=by.pk,
        site_id=patient.site_id,
        patient_id=patient.pk,
        subject=subject,
        page=page,
    )


@transaction.atomic
def note_inquiry_reading(
    *, by: User, inquiry: Inquiry, patient_id: UUID | None, at: datetime
) -> None:
    """One inquiry; `patient_id` is the chart that an invitation opened, where there is one."""
    record(
        "inquiry.read",
        at=at,
        actor_id=by.pk,
        site_id=inquiry.site_id,
        patient_id=patient_id,
        subject=f"inquiry:{inquiry.pk}",
    )


def note_list_reading(
    act: str, *, by: User, at: datetime, shown: Iterable[tuple[UUID, UUID]], of: str = "patients"
) -> None:
    """A list of several people: one entry for each site that has somebody on it.

    `shown` are pairs of a site and whoever is on the list, by id; a list that shows nobody is no
    reading.
    """
    at_site: dict[UUID, set[str]] = defaultdict(set)
    for site_id, row_id in shown:
        at_site[site_id].add(str(row_id))
    if not at_site:
        return
    with transaction.atomic():
        for site_id, ids in at_site.items():
            record(act, at=at, actor_id=by.pk, site_id=site_id, **{of: sorted(ids)})
