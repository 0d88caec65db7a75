"""A page of the history that was saved meanwhile: nobody takes away what they never saw."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from vernal.records.models import Patient, SectionSaved
from vernal.workflow.errors import NotPossibleNow

NOTHING_SAVED = UUID(int=0)  # what a page shows that shows no save


class SavedMeanwhile(NotPossibleNow):
    """The page was opened before the newest save. `before` are the answers it showed."""

    def __init__(self, before: SectionSaved | None, newest: SectionSaved) -> None:
        self.newest_id, self.at, self.by_name = newest.pk, newest.at, newest.by.name
        self.before = before.answers if before else {}
        self.after = newest.answers
        super().__init__(_("%(name)s has saved this page meanwhile.") % {"name": self.by_name})


def check_shows_newest(patient: Patient, section_id: str, *, shows: UUID | None, id: UUID) -> None:
    """Raises `SavedMeanwhile` where other answers than those of the save `shows` count by now.

    `shows` is None where no page was open. The same form a second time (`id`) passes.
    """
    if shows is None:
        return
    # Two pages that are saved at once wait for each other here.
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    rows = SectionSaved.objects.filter(patient=patient, section=section_id)
    newest = rows.select_related("by").order_by("-at", "-id").first()
    if newest is None or newest.pk == shows or rows.filter(pk=id).exists():
        return
    before = rows.filter(pk=shows).first()
    if before is None or before.answers != newest.answers:
        raise SavedMeanwhile(before, newest)
