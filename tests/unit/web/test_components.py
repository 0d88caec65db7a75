"""What a component promises to someone who does not see its colour."""

from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy

import vernal
from vernal.web.fields import in_unit
from vernal.web.templatetags.vernal_components import Hundred, beside


class PulseForm(forms.Form):
    pulse = in_unit("/min", forms.IntegerField(label="Pulse", help_text="At rest."))
    arm = forms.ChoiceField(label="Arm", choices=[("l", "Left")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False)
    key = forms.CharField(widget=forms.HiddenInput, initial="a")


def component(name: str, **parameters: object) -> str:
    return " ".join(render_to_string(f"components/{name}.html", parameters).split())


def field(form: forms.Form, name: str) -> str:
    return " ".join(form[name].as_field_group().split())


def test_unit_is_beside_the_input_and_in_the_label() -> None:
    html = field(PulseForm(), "pulse")

    assert '<span class="field__unit" aria-hidden="true">/min</span>' in html
    assert '<span class="visually-hidden">in /min</span>' in html


def test_hint_and_error_are_tied_to_the_input() -> None:
    html = field(PulseForm({}), "pulse")

    assert 'aria-describedby="id_pulse_helptext id_pulse_error"' in html
    assert 'id="id_pulse_helptext"' in html
    assert 'id="id_pulse_error"' in html
    assert 'aria-invalid="true"' in html


def test_radios_are_a_fieldset_and_its_error_is_tied() -> None:
    html = field(PulseForm({}), "arm")

    assert "<legend>Arm</legend>" in html
    assert '<fieldset class="field field--wrong" aria-describedby="id_arm_error">' in html


def test_hidden_field_is_itself_alone() -> None:
    html = field(PulseForm(), "key")

    assert html == '<input type="hidden" name="key" value="a" id="id_key">'


def test_what_may_stay_empty_says_so() -> None:
    assert "(optional)" in field(PulseForm(), "note")
    assert "(optional)" not in field(PulseForm(), "pulse")


def test_error_summary_leads_to_each_field() -> None:
    html = component("error_summary", form=PulseForm({}))

    assert 'href="#id_pulse"' in html
    assert 'href="#id_arm_0"' in html


def test_error_summary_says_a_name_once() -> None:
    class Named(forms.Form):
        to = forms.CharField(
            label=gettext_lazy("Handed over to"),
            error_messages={"required": "Handed over to is missing."},
        )

    html = component("error_summary", form=Named({}))

    assert ">Handed over to is missing.</a>" in html
    assert html.count("Handed over to") == 1


def test_error_summary_is_absent_when_nothing_is_wrong() -> None:
    assert component("error_summary", form=PulseForm()) == ""


@pytest.mark.parametrize(
    ("level", "word"),
    [
        ("bar", "Bar: do not give"),
        ("weigh", "Weigh: signed benefit–risk note first"),
        ("caution", "Caution: go on with care"),
        ("note", "Note"),
        ("unjudged", "Cannot be judged yet"),
    ],
)
def test_finding_has_a_word_and_a_shape(level: str, word: str) -> None:
    html = component("finding", level=level, title="Pregnancy")

    assert f"</svg> {word}" in html


@pytest.mark.parametrize(
    ("parameters", "word"),
    [
        ({"standing": "verified"}, "Verified"),
        ({"standing": "unverified"}, "Unverified"),
        ({"standing": "house"}, "Unsigned default"),
        ({"standing": "house", "signed": True}, "Clinic default, signed"),
    ],
)
def test_standing_is_a_word(parameters: dict[str, object], word: str) -> None:
    assert f"{word}</span>" in component("standing", **parameters)


@pytest.mark.parametrize("kind", ["caution", "danger"])
def test_alarming_notice_and_tag_have_a_shape(kind: str) -> None:
    assert "<svg" in component("notice", kind=kind, title="Low pressure")
    assert "<svg" in component("tag", kind=kind, label="Overdue")


def test_what_may_not_be_pressed_is_a_reason_not_a_button() -> None:
    html = component("button", label="Start", closed="the weight is missing.")

    assert "<button" not in html
    assert "the weight is missing." in html


def test_zero_is_shown_in_a_table() -> None:
    html = component("table", caption="Scores", columns=[{"label": "Score"}], rows=[[0]])

    assert ">0</th>" in html


def test_cell_in_a_table_names_its_column_and_its_link() -> None:
    columns = [{"label": "Day"}, {"label": "Dose, mg", "is_number": True}]
    html = component(
        "table", caption="Doses", columns=columns, rows=[[{"text": "1", "url": "/1"}, "36.3"]]
    )

    assert '<a href="/1">1</a>' in html
    assert '<td role="cell" data-label="Dose, mg" class="number">36.3</td>' in html


def test_short_row_leaves_cells_empty_and_long_row_is_an_error() -> None:
    assert list(beside(["a", "b"], [1])) == [("a", {"text": 1}), ("b", {"text": ""})]
    with pytest.raises(ValueError, match="more cells"):
        list(beside(["a"], [1, 2]))


def test_a_hundred_people_are_drawn_and_the_first_are_counted() -> None:
    people = list(Hundred("drug", 45).people)

    assert len({(one.x, one.y) for one in people}) == 100
    assert [one.counted for one in people] == [True] * 45 + [False] * 55


@pytest.mark.parametrize("counted", [-1, 101])
def test_more_than_a_hundred_of_a_hundred_cannot_be_drawn(counted: int) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        Hundred("drug", counted)


def test_drug_and_control_stand_in_one_sentence() -> None:
    html = Template(
        "{% load vernal_components %}{% natural_frequency what='feel better' by='after a month'"
        " drug_label='ketamine' drug=45 control_label='placebo' control=26 %}"
    ).render(Context())

    assert "Of 100 people, 45 feel better after a month with ketamine, and 26 with placebo." in html


def test_progress_is_said_in_words() -> None:
    assert "3 of 15 sections" in component("progress", label="History", done=3, total=15)


def test_reference_names_every_component() -> None:
    root = Path(vernal.__file__).parents[2]
    reference = (root / "docs/reference/components.md").read_text()
    names = {
        path.stem for path in Path(vernal.__file__).parent.glob("web/templates/components/*.html")
    }

    assert {name for name in names if f"`{name}`" not in reference} == set()
