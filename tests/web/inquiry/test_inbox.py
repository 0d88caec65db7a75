"""The inbox of inquiries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_inquiry, make_invitation
from vernal.workflow import inquiries

pytestmark = pytest.mark.django_db
QUERIES = 10 + (connection.vendor == "postgresql")


def test_only_the_own_site_is_in_the_inbox(site, other_site, front_desk, log_in) -> None:
    make_inquiry(site, family_name="Hollis")
    make_inquiry(other_site, family_name="Elsewhere")

    page = log_in(front_desk).get(reverse("inbox")).content.decode()

    assert "Hollis" in page
    assert "Elsewhere" not in page


def test_those_that_wait_stand_first(site, front_desk, log_in) -> None:
    waiting = make_inquiry(site, family_name="Waiting")
    closed = make_inquiry(site, family_name="Closed")
    inquiries.close_inquiry(
        by=front_desk, inquiry_id=closed, reason="Wrong number", at=timezone.now()
    )

    page = log_in(front_desk).get(reverse("inbox")).content.decode()

    assert page.index(str(waiting)) < page.index(str(closed))


def test_an_empty_inbox_says_so(front_desk, log_in) -> None:
    assert "Nobody is waiting" in log_in(front_desk).get(reverse("inbox")).content.decode()


def test_the_administrator_is_told_who_reads_the_inbox(administrator, log_in) -> None:
    response = log_in(administrator).get(reverse("inbox"))

    assert response.status_code == 403
    assert "for the front desk and clinical staff" in response.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_inbox(
    site, front_desk, log_in, django_assert_max_num_queries
) -> None:
    browser = log_in(front_desk)
    for _ in range(3):
        make_invitation(front_desk, site)
        make_inquiry(site)

    with django_assert_max_num_queries(QUERIES):
        browser.get(reverse("inbox"))
