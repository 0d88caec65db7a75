"""What a form field says beyond what Django's own fields can."""

from __future__ import annotations

from typing import TypeVar

from django import forms

LONGEST_ADDRESS = 254  # of an e-mail; Django's own field lets more through than any row can hold

AnyField = TypeVar("AnyField", bound=forms.Field)


def in_unit(unit: str, field: AnyField) -> AnyField:
    """The same field with its unit printed beside the input: `in_unit("kg", DecimalField())`."""
    field.unit = unit
    return field
