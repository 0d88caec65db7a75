"""Vendored code is the code that was read: nothing changed, nothing unlisted."""

import hashlib
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = [ROOT / "src/vernal/web/static/vendor", ROOT / "tests/browser/vendor"]


def packages(folder: Path) -> list[dict]:
    return tomllib.loads((folder / "vendored.toml").read_text())["package"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_vendored_file_has_the_listed_hash(folder: Path) -> None:
    for package in packages(folder):
        for name, expected in package["files"].items():
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()

            assert found == expected, f"{name} is not the file of {package['name']}"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_no_vendored_file_is_unlisted(folder: Path) -> None:
    listed = {name for package in packages(folder) for name in package["files"]}

    present = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    assert present - {"vendored.toml"} == listed


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_package_brings_its_licence(folder: Path) -> None:
    for package in packages(folder):
        assert package["licence_file"] in package["files"]
