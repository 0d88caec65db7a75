"""What a monitor asks: can the server answer, can the database be read."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client

import vernal
from vernal import knowledge

HEALTH = "/healthz"


@pytest.mark.django_db
def test_a_healthy_server_says_which_version_it_is() -> None:
    response = Client().get(HEALTH)

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "version": vernal.__version__,
        "database": connection.vendor,
        "knowledge": knowledge.version(),
    }


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_503() -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("away")

    with connection.execute_wrapper(refuse):
        response = Client().get(HEALTH)

    assert response.status_code == 503
    assert response.json() == {"status": "database unreachable"}


@pytest.mark.django_db
def test_it_tells_nothing_about_the_clinic(site) -> None:
    assert site.name not in Client().get(HEALTH).content.decode()
