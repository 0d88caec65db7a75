"""What every form view does: call the act, and put what it refuses beside the fields."""

from __future__ import annotations

from collections.abc import Callable

from django import forms

from vernal.workflow.errors import InvalidInput


def accepted(form: forms.Form, act: Callable[[], object]) -> bool:
    """Run the act on a valid form. False when form or act refuse; the form then says why."""
    if not form.is_valid():
        return False
    try:
        act()
    except InvalidInput as refusal:
        for name, sentence in refusal.fields.items():
            form.add_error(name if name in form.fields else None, sentence)
        return False
    return True
