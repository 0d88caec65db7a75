"""A form as a browser sends it back: what stood in it, but for what was typed."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.test import Client


def sent_back(browser: Client, url: str, **typed: str) -> HttpResponse:
    form = browser.get(url).context["form"]
    stood = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data = {name: value for name, value in stood.items() if _is_sent(form.fields[name], value)}
    return browser.post(url, {**data, "id": str(uuid4()), "why": "Typed wrong", **typed})


def _is_sent(field: forms.Field, value: object) -> bool:
    """What is empty is not, nor what no button stands for."""
    if value in (None, "", []):
        return False
    if isinstance(field, forms.MultipleChoiceField):
        return set(value) <= dict(field.choices).keys()
    return not isinstance(field, forms.ChoiceField) or value in dict(field.choices)
