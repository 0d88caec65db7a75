"""What holds for every test: no network, and a database only where a test asks for one."""

from __future__ import annotations

import ipaddress
import os
import socket
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import settings

from tests.architecture.marked import catalogue

# Before numpy is imported: two workers with two threads each wait for each other, threefold.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("vernal", deadline=None, max_examples=50)
# Before a release: pytest --hypothesis-profile=thorough tests/unit
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile("vernal")


class NetworkUsed(Exception):
    """A test reached for another machine."""


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Any:
    """Only this machine answers: a test that needs the outside would fail somewhere else."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            raise NetworkUsed(f"A test wanted to reach {address[0]}.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture(scope="module")
def lasting(django_db_setup: None, django_db_blocker: Any) -> Any:
    """A transaction around all tests of a module, rolled back at the end.

    What a module's fixture makes in it stands for each test; what a test does to it is undone
    after the test. Hand the objects out as copies: only the database forgets.
    """
    with django_db_blocker.unblock():
        assert not transaction.get_connection().in_atomic_block, "A test has begun already."
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language that says «Rate» for Rate. It knows the words of the rules and no others."""
    spoken = {words: f"«{words}»" for words in catalogue()}
    translation.gettext("Rate")  # a language's functions are looked up when the first is asked for
    monkeypatch.setattr(translation._trans, "gettext", lambda words: spoken.get(words, words))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
