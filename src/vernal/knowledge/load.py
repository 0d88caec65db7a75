"""Reading knowledge files: strict YAML, exact decimals, errors that name file, key and reason."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

DATA = Path(__file__).parent / "data"

Shape = TypeVar("Shape", bound=BaseModel)


class ContentError(Exception):
    """A knowledge file is wrong; the message names the file, the item and what would be right."""


def read_items(name: str, shape: type[Shape], data: Path = DATA) -> tuple[Shape, ...]:
    """All items of `data/<name>.yaml`, or of every YAML file under the folder `data/<name>/`.

    Items keep the order of the files, files that of their names. Raises `ContentError`.
    """
    paths = sorted((data / name).glob("*.yaml")) or [data / f"{name}.yaml"]
    return tuple(item for path in paths for item in _items_of(path, shape))


@cache
def version() -> str:
    """Twelve hexadecimal digits that change when any knowledge file changes."""
    digest = hashlib.sha256()
    for path in sorted(DATA.rglob("*.yaml")):
        digest.update(path.relative_to(DATA).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def by_id(items: tuple[Shape, ...], name: str) -> dict[str, Shape]:
    """Items by `id`; a repeated id is refused."""
    index: dict[str, Shape] = {}
    for item in items:
        key: str = item.id  # type: ignore[attr-defined]  # every indexed shape has an id
        if key in index:
            raise ContentError(f"{name}: the id {key!r} stands twice; ids are unique.")
        index[key] = item
    return index


def _items_of(path: Path, shape: type[Shape]) -> tuple[Shape, ...]:
    try:
        changed = path.stat()
    except FileNotFoundError:
        raise ContentError(f"{path.name}: the file is missing.") from None
    return _read_once(path, changed.st_mtime_ns, changed.st_size, shape)


@cache
def _read_once(path: Path, _mtime_ns: int, _size: int, shape: type[Shape]) -> tuple[Shape, ...]:
    """Checks read the same file for many reasons; an unchanged file is parsed once."""
    try:
        rows = yaml.load(path.read_text("utf-8"), Loader=_StrictLoader)  # noqa: S506  # derives from SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name}: not readable as YAML: {error}") from error
    if not isinstance(rows, list):
        raise ContentError(f"{path.name}: expected a list of items, got {type(rows).__name__}.")
    return tuple(_item(path, number, row, shape) for number, row in enumerate(rows, start=1))


def _item(path: Path, number: int, row: object, shape: type[Shape]) -> Shape:
    label = f"item {number}"
    if isinstance(row, dict):
        label = str(row.get("id") or row.get("key") or label)
    try:
        return shape.model_validate(row)
    except ValidationError as error:
        reasons = "; ".join(map(_reason, error.errors()))
        raise ContentError(f"{path.name}, {label}: {reasons}.") from error


def _reason(problem: ErrorDetails) -> str:
    """Where in the item, and what would be right; our own sentences without a name before them."""
    where = ".".join(str(part) for part in problem["loc"]) or "item"
    return f"{where}: {problem['msg'].removeprefix('Value error, ')}"


class _StrictLoader(yaml.CSafeLoader):
    """Safe YAML in which numbers with a point are decimals and a repeated key is an error."""


def _decimal(loader: _StrictLoader, node: yaml.ScalarNode) -> object:
    return Decimal(str(loader.construct_scalar(node)))


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[object, object]:
    seen: dict[object, object] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} stands twice", key_node.start_mark
            )
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


_StrictLoader.add_constructor("tag:yaml.org,2002:float", _decimal)
_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
