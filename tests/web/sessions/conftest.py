"""Sessions at different moments, made once a module, and addresses of them.

What a test does to one of them is undone after it; each test gets its own copy of the objects.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.bedside import Bedside, make_bedside
from tests.factories import make_site

Address = Callable[..., str]


@pytest.fixture(scope="module")
def standing_bedside(standing) -> Bedside:
    return make_bedside(standing.site, now=timezone.now() - timedelta(minutes=165))


@pytest.fixture(scope="module")
def standing_elsewhere(standing) -> Bedside:
    return make_bedside(make_site("cheyenne"), now=timezone.now() - timedelta(minutes=165))


@pytest.fixture(scope="module")
def standing_soon(standing) -> Bedside:
    return make_bedside(standing.site, now=timezone.now())


@pytest.fixture(scope="module")
def standing_running(standing) -> Bedside:
    running = make_bedside(standing.site, now=timezone.now() - timedelta(minutes=12))
    running.infuse()
    return running


@pytest.fixture(scope="module")
def standing_recovered(standing) -> Bedside:
    recovered = make_bedside(standing.site, now=timezone.now() - timedelta(minutes=165))
    recovered.recover()
    return recovered


@pytest.fixture
def bedside(standing_bedside, db) -> Bedside:
    """Planned for two hours and three quarters ago: minute 165 is now."""
    return deepcopy(standing_bedside)


@pytest.fixture
def elsewhere(standing_elsewhere, db) -> Bedside:
    """The same at another site."""
    return deepcopy(standing_elsewhere)


@pytest.fixture
def soon(standing_soon, db) -> Bedside:
    """Planned for now: minute 0 is now."""
    return deepcopy(standing_soon)


@pytest.fixture
def running(standing_running, db) -> Bedside:
    """A dose runs since twelve minutes ago; nothing was measured since."""
    return deepcopy(standing_running)


@pytest.fixture
def recovered(standing_recovered, db) -> Bedside:
    """A whole session up to the two signatures: minute 165 is now."""
    return deepcopy(standing_recovered)


@pytest.fixture
def address() -> Address:
    def of(name: str, bedside: Bedside, **more: Any) -> str:
        return reverse(name, kwargs={"session_id": bedside.session_id, **more})

    return of
