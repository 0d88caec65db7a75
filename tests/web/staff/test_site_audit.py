"""The audit chain in plain words."""

from __future__ import annotations

import ast

import pytest
from django.urls import reverse
from typer.testing import CliRunner

from tests.architecture.source import ROOT
from tests.factories import make_patient, make_site, make_staff
from tests.tampering import remove
from vernal.accounts.models import Role, User
from vernal.cli.main import app
from vernal.records.models import InvitationAccepted
from vernal.web.staff.words import ACTS, FAMILIES, act_in_words
from vernal.workflow.proof import prove

pytestmark = pytest.mark.django_db
URL = reverse("site_audit")


def test_acts_stand_in_plain_words_without_names_of_patients(
    administrator: User, patient, log_in
) -> None:
    text = log_in(administrator).get(URL).content.decode()

    assert "Patient began an account" in text
    assert "Hollis" not in text.replace(patient.user.name, "")
    assert "not walked just now" in text


def test_the_chain_is_walked_when_asked(administrator: User, patient, log_in) -> None:
    text = log_in(administrator).get(URL, {"walk": "on"}).content.decode()

    assert "nothing was changed or removed" in text


def test_what_is_missing_is_said_as_the_command_says_it(
    administrator: User, patient, log_in
) -> None:
    remove(InvitationAccepted)

    page = log_in(administrator).get(URL, {"walk": "on"}).content.decode()
    command = CliRunner().invoke(app, ["audit", "verify"])

    (sentence,) = prove().wrong
    assert sentence.startswith("Accepted invitations: missing ")
    assert f"<li>{sentence}</li>" in page
    assert "changed or removed outside Vernal" in page
    assert sentence in command.output
    assert command.exit_code == 1


def test_one_patient_is_picked_out(administrator: User, front_desk: User, site, log_in) -> None:
    one, other = make_patient(front_desk, site), make_patient(front_desk, site)

    text = log_in(administrator).get(URL, {"patient": str(one.patient_id)}).content.decode()

    assert str(one.patient_id) in text
    assert str(other.patient_id) not in text


def test_another_site_is_not_shown(administrator: User, log_in) -> None:
    other = make_site("cheyenne")
    patient = make_patient(make_staff(Role.front_desk, other), other)

    text = log_in(administrator).get(URL).content.decode()

    assert str(patient.patient_id) not in text


def test_a_number_that_is_none_is_named(administrator: User, log_in) -> None:
    answer = log_in(administrator).get(URL, {"patient": "Wren"})

    assert answer.status_code == 422
    assert "Enter a valid UUID" in answer.content.decode()


def test_a_nurse_reads_why_not(nurse: User, log_in) -> None:
    assert log_in(nurse).get(URL).status_code == 403


def acts_in(tree: ast.AST) -> set[str]:
    """What `record(…)` is told first, and every value of a variable named `act`."""
    named = [
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and node.args
        and (getattr(node.func, "id", "") or getattr(node.func, "attr", ""))
        in {"record", "_record"}
    ]
    named += [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "act"
    ]
    return {
        part.value
        for node in named
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("chart.read", "Read a chart"),
        ("session.dose_started", "Session log: dose started"),
        ("tea.made", "tea.made"),
    ],
)
def test_an_act_is_never_left_out(act: str, words: str) -> None:
    assert act_in_words(act) == words


def test_every_act_has_words() -> None:
    acts = set()
    for path in (ROOT / "src/vernal/workflow").rglob("*.py"):
        acts |= acts_in(ast.parse(path.read_text()))

    assert {"chart.read", "risk.weighed", "role.ended"} <= acts
    assert sorted(acts - set(ACTS) - set(FAMILIES)) == [], "name it in web/staff/words.py"
