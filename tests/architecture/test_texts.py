"""Whatever is typed into a form can be kept: no NUL, no address longer than its column."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.core.validators import ProhibitNullCharactersValidator

from vernal.accounts.models import User

WEB = Path(__file__).parents[2] / "src/vernal/web"
LONGEST_ADDRESS = User._meta.get_field("email").max_length


def every_form() -> list[type[forms.BaseForm]]:
    found = [forms.Form]
    for file in WEB.rglob("*.py"):
        if file.stem in ("forms", "lines", "views"):
            import_module(".".join(file.relative_to(WEB.parents[1]).with_suffix("").parts))
    for each in found:
        found += [below for below in each.__subclasses__() if below not in found]
    return [each for each in found if each.__module__.startswith("vernal.web")]


FIELDS = [
    pytest.param(field, id=f"{form.__module__}.{form.__name__}.{name}")
    for form in every_form()
    for name, field in form.base_fields.items()
    if isinstance(field, forms.CharField)
]


@pytest.mark.parametrize("field", FIELDS)
def test_a_text_holds_no_nul_and_an_address_fits(field: forms.CharField) -> None:
    assert any(isinstance(each, ProhibitNullCharactersValidator) for each in field.validators)
    if isinstance(field, forms.EmailField):
        assert field.max_length == LONGEST_ADDRESS


def test_every_room_with_a_form_is_looked_at() -> None:
    assert len(FIELDS) > 40
