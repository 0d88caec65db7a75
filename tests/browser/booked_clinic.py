"""`vernal` with a small clinic in place of the demo's: for each width somebody who may come in.

Screening, plan and consent for a dose under the tongue are made through the acts, and the session
is booked for half an hour after the clinic opens, so a story begins at its door. The clock can be
moved, as in `moving_clock`. Run as `python -m tests.browser.booked_clinic`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from vernal.cli import server
from vernal.cli.main import app

PEOPLE = {"desktop": ("Tansy", "Oduya"), "phone": ("Fennel", "Reyes")}
SOON = timedelta(minutes=30)


@transaction.atomic
def open_with_two_booked() -> None:
    """A nurse, a prescriber and the others, and two patients; a clinic gets no demo beside it."""
    from vernal.workflow.demo.clinic import open_clinic
    from vernal.workflow.demo.planned import under_the_tongue
    from vernal.workflow.demo.today import booked, made_up

    now = timezone.now()
    clinic = open_clinic(now=now)
    for given, family in PEOPLE.values():
        person = made_up(given, family, "1986-08-23", "81.0", "180")
        booked(clinic, person, at=now + SOON, now=now, order=under_the_tongue())


def prepare(usual: Callable[[], None]) -> None:
    """Between the tables and the demo's own people, who come to an empty database alone."""
    usual()
    open_with_two_booked()


if __name__ == "__main__":
    from tests.browser import moving_clock

    timezone.now = moving_clock.now
    server.prepare = partial(prepare, server.prepare)
    app()
