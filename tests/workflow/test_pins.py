"""Wrong PINs and passwords are counted before they are looked at."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from tests.factories import PASSWORD, make_site, make_staff
from vernal.accounts.models import Role, User
from vernal.knowledge.sessions import figure
from vernal.workflow import pins
from vernal.workflow.errors import InvalidInput

pytestmark = pytest.mark.django_db
MOST = int(figure("pin_tries").value)


@pytest.fixture(autouse=True)
def _own_cache(settings) -> None:
    """The one in the database, as a clinic has it: what an act undoes is undone there too."""
    backend = "django.core.cache.backends.db.DatabaseCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "tries"}}
    call_command("createcachetable", verbosity=0)
    cache.clear()


@pytest.fixture
def nurse() -> User:
    nurse = make_staff(Role.nurse, make_site())
    set_pin(nurse)
    return nurse


def set_pin(nurse: User, password: str = PASSWORD) -> None:
    pins.set_pin(by=nurse, password=password, pin="4917", again="4917", at=timezone.now())


def guess(nurse: User, pin: str) -> User:
    return pins.author_with(user_id=nurse.pk, pin=pin, by=nurse, at=timezone.now())


def test_of_thirty_pins_sent_at_once_five_are_looked_at(nurse, monkeypatch) -> None:
    """While one is looked at, the next has arrived already."""
    looked_at = []

    def looks(pin: str, _hash: str) -> bool:
        looked_at.append(pin)
        if len(looked_at) < 30:
            with pytest.raises(InvalidInput):
                guess(nurse, f"{1000 + len(looked_at)}")
        return False

    monkeypatch.setattr(pins, "check_password", looks)

    with pytest.raises(InvalidInput):
        guess(nurse, "1000")

    assert len(looked_at) == MOST


def test_the_right_pin_begins_the_count_anew(nurse) -> None:
    for _round in range(3):
        for _time in range(MOST - 1):
            with pytest.raises(InvalidInput, match="not this person"):
                guess(nurse, "0000")
        assert guess(nurse, "4917") == nurse


def test_wrong_passwords_stay_counted_though_nothing_else_is_kept(nurse) -> None:
    for _time in range(MOST):
        with pytest.raises(InvalidInput, match="not your password"):
            set_pin(nurse, "wrong")

    with pytest.raises(InvalidInput, match="Too many wrong passwords"):
        set_pin(nurse)
