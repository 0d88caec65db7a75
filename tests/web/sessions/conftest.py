"""A session that began some minutes ago, and addresses of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.bedside import Bedside, make_bedside

Address = Callable[..., str]


@pytest.fixture
def bedside(site) -> Bedside:
    """Planned for two hours and three quarters ago: minute 165 is now."""
    return make_bedside(site, now=timezone.now() - timedelta(minutes=165))


@pytest.fixture
def elsewhere(other_site) -> Bedside:
    return make_bedside(other_site, now=timezone.now() - timedelta(minutes=165))


@pytest.fixture
def soon(site) -> Bedside:
    """Planned for now: minute 0 is now."""
    return make_bedside(site, now=timezone.now())


@pytest.fixture
def address() -> Address:
    def of(name: str, bedside: Bedside, **more: Any) -> str:
        return reverse(name, kwargs={"session_id": bedside.session_id, **more})

    return of
