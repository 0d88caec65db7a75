"""Whatever is typed into a row is kept or refused beside its field, and comes back as it was."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vernal.rules.medicines import MedicineTaken
from vernal.web.intake.lines import LinesForm, MedicineRow, StoppedMedicineRow, TrialRow
from vernal.workflow.errors import InvalidInput
from vernal.workflow.history import _taken, _trial
from vernal.workflow.lines import kept_lines

TODAY = date(2026, 3, 4)
WORDS = st.one_of(
    st.text(max_size=130),
    st.sampled_from(
        ["", "sertraline", "150", "0", "-1", "1/2", "½", "1,5", "1,000", "mg", "as_needed",
         "something_else", "once_a_week", "2026-02-01", "2999-01-01", "yes", "no_response", "on"]
    ),
)  # fmt: skip


def typed_rows(row_form) -> st.SearchStrategy[list[dict[str, str]]]:
    names = sorted(row_form.base_fields)
    row = st.fixed_dictionaries({}, optional=dict.fromkeys(names, WORDS))
    return st.lists(row, max_size=4)


def sent(rows: list[dict[str, str]], **others: str) -> dict[str, str]:
    fields = {
        f"line-{number}-{name}": text
        for number, row in enumerate(rows)
        for name, text in row.items()
    }
    return {"id": str(uuid4()), **fields, **others}


def form_of(row_form, data: dict[str, str] | None, kept=None) -> LinesForm:
    return LinesForm(data, row_form=row_form, kept=kept, nothing="Nothing")


@pytest.mark.parametrize("row_form", [MedicineRow, StoppedMedicineRow, TrialRow])
@given(data=st.data())
def test_any_text_is_kept_for_the_rules_or_refused_in_its_row(row_form, data) -> None:
    form = form_of(row_form, sent(data.draw(typed_rows(row_form))))

    if not form.is_valid():
        assert form.mistakes.errors
        return
    try:
        kept = kept_lines(form.lines(), on=TODAY)
    except InvalidInput as refusal:
        form.refuse(refusal.fields)
        assert form.mistakes.fields
        return
    for line in kept:
        if row_form is TrialRow:
            assert _trial(line).drug == line["name"]
        else:
            assert isinstance(
                _taken(line, is_stopped=row_form is StoppedMedicineRow), MedicineTaken
            )


@pytest.mark.parametrize("row_form", [MedicineRow, StoppedMedicineRow, TrialRow])
@given(data=st.data())
def test_what_is_kept_is_kept_again_unchanged(row_form, data) -> None:
    form = form_of(row_form, sent(data.draw(typed_rows(row_form))))
    try:
        kept = kept_lines(form.lines(), on=TODAY) if form.is_valid() else []
    except InvalidInput:
        return

    again = form_of(row_form, None, kept)
    typed = [
        {name: str(row[name].value() or "") for name in row.fields}
        for row in again.rows
        if not row.is_blank()
    ]
    second = form_of(row_form, sent(typed, **({} if typed else {"nothing": "on"})))

    assert second.is_valid(), second.mistakes
    assert kept_lines(second.lines(), on=TODAY) == kept


@pytest.mark.parametrize("row_form", [MedicineRow, StoppedMedicineRow, TrialRow])
@given(data=st.data())
def test_more_rows_bring_everything_back_as_it_was_typed(row_form, data) -> None:
    rows = data.draw(typed_rows(row_form))
    own = set(row_form.base_fields) - {"remove", "settled_name"}
    filled = [row for row in rows if any(row.get(name, "").strip() for name in own)]

    form = form_of(row_form, sent(rows, more="1"))

    shown = [{name: row[name].value() for name in row.fields} for row in form.rows]
    for typed, back in zip(filled, shown, strict=False):
        assert back == {name: typed.get(name, "") for name in row_form.base_fields}
    assert len(shown) > len(filled)
