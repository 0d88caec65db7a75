"""The page after the contact form."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_it_says_truthfully_who_reads_the_message_and_when(site) -> None:
    page = Client().get(reverse("asked")).content.decode()

    assert "answers on a working day" in page
    assert "Nobody reads it at night" in page
    assert "988" in page
