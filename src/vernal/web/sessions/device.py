"""Whose entries a bedside device holds, and the keys they are sealed with until they are sent.

A key is that of one person and follows from the site's secret key: the same at every log-in, stored
nowhere. It stands on pages of that person's log-in alone, and on those where the person gave a PIN.
Whoever uses the device next can read nothing of what waits there.
"""

from __future__ import annotations

import base64
from uuid import UUID

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from vernal.accounts.models import User
from vernal.web.sessions import idle

SALT = "vernal.bedside-device"


def key_of(user: User) -> str:
    """256 bits in base64."""
    sealed = salted_hmac(SALT, str(user.pk), algorithm="sha256").digest()
    return base64.b64encode(sealed).decode()


def keys(request: HttpRequest, session_id: UUID) -> dict[str, object]:
    """For the script: who makes the next entry, and the key of that person and of the account."""
    author = idle.author(request, session_id)
    people = {str(user.pk): user for user in (request.user, author)}
    return {
        "by": str(author.pk),
        "account": str(request.user.pk),
        "people": {id_: {"name": user.name, "key": key_of(user)} for id_, user in people.items()},
    }
