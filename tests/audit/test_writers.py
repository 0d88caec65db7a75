"""Several processes write at once: no act is lost and the chain stays one chain."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.machines import PATIENCE, machine

WRITERS, ACTS = 4, 50
# Each act reads, writes a row and its entry; the writers wait for each other at the start.
WRITE = """
import sys
from django.db import transaction
from django.utils import timezone
from vernal.accounts.models import Site
from vernal.audit.chain import record
print("ready", flush=True)
sys.stdin.readline()
for number in range({acts}):
    with transaction.atomic():
        slug = f"{writer}-{{number}}"
        site = Site.objects.create(
            slug=slug, name=slug, time_zone="UTC", phone="1", opening_hours="-")
        record("test.done", at=timezone.now(), actor_id=None, site_id=site.pk,
               subject=f"site:{{site.pk}}")
"""
SEE = """
from vernal.accounts.models import Site
from vernal.audit.chain import verify
from vernal.audit.models import Entry
report = verify()
subjects = {entry.subject for entry in Entry.objects.all()}
sites = {f"site:{site.pk}" for site in Site.objects.all()}
print(report.is_whole, report.entries, len(sites), subjects == sites)
"""


@pytest.mark.slow
def test_four_writers_lose_nothing(tmp_path: Path) -> None:
    with machine(tmp_path / "clinic", migrated=True) as clinic:
        writers = [
            clinic.start(WRITE.format(writer=number, acts=ACTS)) for number in range(WRITERS)
        ]
        for writer in writers:
            assert writer.stdout.readline() == "ready\n"
        for writer in writers:
            writer.stdin.write("go\n")
            writer.stdin.flush()
        for writer in writers:
            _out, err = writer.communicate(timeout=PATIENCE)
            assert writer.returncode == 0, err

        total = WRITERS * ACTS
        assert clinic.run(SEE) == f"True {total} {total} True"
