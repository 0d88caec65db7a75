"""What the tests of the history's pages read and send, as a browser without JavaScript would."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import uuid4

from django.test import Client
from django.urls import reverse


def mine(section_id: str) -> str:
    return reverse("my_section", kwargs={"section_id": section_id})


def theirs(patient, section_id: str, name: str = "section") -> str:
    return reverse(name, kwargs={"patient_id": patient.patient_id, "section_id": section_id})


def form(**typed: str) -> dict[str, str]:
    return {"id": str(uuid4()), **typed}


def again(browser: Client, address: str, **typed: str) -> dict[str, str]:
    """The form of a page that is open now: it carries the save it shows."""
    return form(shows=value(browser.get(address), "shows") or "", **typed)


def row(number: int, **typed: str) -> dict[str, str]:
    return {f"line-{number}-{name}": value for name, value in typed.items()}


def send(browser: Client, address: str, typed: Mapping[str, str]):
    """The page that follows, as the browser shows it."""
    return browser.post(address, typed, follow=True)


def text(response) -> str:
    """What is read: without tags, with single spaces."""
    page = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(page.replace("&#x27;", "'").replace("&quot;", '"').split())


def beside(response, field: str) -> str:
    """The sentence that is tied to a field by its id."""
    found = re.search(rf'id="id_{field}_error">(.*?)</div>', response.content.decode(), re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", found[1]) if found else ""
    return " ".join(words.replace("&#x27;", "'").split()).removeprefix("Mistake: ")


def value(response, field: str) -> str | None:
    """What stands in an input."""
    tag = re.search(rf'<input[^>]*name="{field}"[^>]*>', response.content.decode())
    found = tag and re.search(r'value="([^"]*)"', tag[0])
    return found[1] if found else None


def is_ticked(response, field: str, choice: str = "") -> bool:
    for tag in re.findall(rf'<input[^>]*name="{field}"[^>]*>', response.content.decode()):
        if f'value="{choice}"' in tag or not choice:
            return " checked" in tag
    return False


def chosen(response, field: str) -> str:
    select = re.search(
        rf'<select[^>]*name="{field}".*?</select>', response.content.decode(), re.DOTALL
    )
    found = select and re.search(r'value="([^"]*)" selected', select[0])
    return found[1] if found else ""
