"""On which number a patient is reached."""

from __future__ import annotations

from collections.abc import Mapping

SUPPORT, TELEPHONE = "support_at_home", "own_telephone"
DECLINED = "declined"


def phone_of(first_contact: str, support: Mapping[str, str] | None) -> str:
    """The number of the newest history, else that of the first contact; empty where there is none.

    `support` are the newest answers of that section; a number may have been declined there.
    """
    told = (support or {}).get(TELEPHONE, "")
    return first_contact if told in ("", DECLINED) else told
