"""What every form view does: call the act, and put what it refuses on the form that was sent."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django import forms

from vernal.rules.conditions import UnknownValue
from vernal.workflow.errors import InvalidInput, NotPossibleNow
from vernal.workflow.spoken import spoken

OK, NOT_NOW, REFUSED = 200, 409, 422


def accepted(form: forms.Form, act: Callable[[], object]) -> bool:
    """Run the act on a valid form. False when form or act refuse; the form then says why.

    What must happen first stands at the top of the form, with nothing typed lost; `status_of`
    tells it from a mistake in a field.
    """
    if not form.is_valid():
        return False
    try:
        act()
    except InvalidInput as refusal:
        for name, sentence in refusal.fields.items():
            form.add_error(name if name in form.fields else None, sentence)
        return False
    except (NotPossibleNow, UnknownValue) as refusal:
        _not_now(form, spoken(str(refusal)))
        return False
    return True


def status_of(form: forms.Form | None) -> int:
    """200 for a form not sent, 409 when something must happen first, 422 for what it says."""
    if form is None or not form.is_bound:
        return OK
    return NOT_NOW if getattr(form, "is_not_now", False) else REFUSED


def _not_now(form: forms.Form, sentence: str) -> None:
    """Nothing was kept under the form's id, or something else was: sent again, it is a new form."""
    form.is_not_now = True
    form.add_error(None, sentence)
    if "id" in form.fields:
        form.data = form.data.copy()
        form.data[form.add_prefix("id")] = str(uuid.uuid4())
