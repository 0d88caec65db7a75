"""A database that cannot be written says so and accepts nothing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.inquiry.test_ask import typed
from vernal.records.models import Inquiry

pytestmark = pytest.mark.django_db


def test_the_page_says_that_nothing_was_kept(site, read_only) -> None:
    response = Client(raise_request_exception=False).post(reverse("ask"), typed(site))

    assert response.status_code == 503
    assert "nothing" in response.content.decode().lower()
    assert not Inquiry.objects.exists()


def test_healthz_tells_when_the_database_does_not_answer(monkeypatch, site) -> None:
    from django.db.utils import OperationalError

    from vernal.workflow import queries

    def away() -> None:
        raise OperationalError("the connection is gone")

    monkeypatch.setattr(queries, "ping", away)

    response = Client().get(reverse("healthz"))

    assert response.status_code == 503
    assert response.json() == {"status": "database unreachable"}
