"""Every address of Vernal's own has its test file, and none can hold anything about a patient."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter
from django.urls.resolvers import RoutePattern

from tests.architecture.source import ROOT, assert_none

# Whatever else is text in an address could be a name, a date of birth or an answer.
ALLOWED = (IntConverter, SlugConverter, UUIDConverter)


def own_patterns() -> list[tuple[str, URLPattern]]:
    """(step, pattern) of each view below vernal.web; tests/web/accounts has the library's."""
    return sorted(
        ((_step(pattern), pattern) for pattern in _patterns(get_resolver()) if _step(pattern)),
        key=lambda found: (found[0], found[1].name or ""),
    )


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry)
        else:
            yield entry


def _step(pattern: URLPattern) -> str:
    """vernal.web.inquiry.views → inquiry."""
    view = getattr(pattern.callback, "view_class", pattern.callback)
    parts = view.__module__.split(".")
    return parts[2] if parts[:2] == ["vernal", "web"] else ""


def test_there_are_addresses():
    assert len(own_patterns()) > 5


def test_every_address_has_a_name():
    nameless = [
        f"{step}: {pattern.pattern}" for step, pattern in own_patterns() if not pattern.name
    ]

    assert_none(nameless)


def test_every_address_has_its_test_file():
    expected = {
        f"tests/web/{step}/test_{(pattern.name or '').replace('-', '_')}.py"
        for step, pattern in own_patterns()
    }

    missing = sorted(name for name in expected if not (ROOT / name).is_file())

    assert_none(missing)


def test_addresses_hold_ids_and_tokens_only():
    found = [
        f"{pattern.name}: {pattern.pattern}"
        for _, pattern in own_patterns()
        if not _holds_ids_only(pattern)
    ]

    assert_none(found)


def _holds_ids_only(pattern: URLPattern) -> bool:
    if not isinstance(pattern.pattern, RoutePattern):
        return False
    return all(
        isinstance(converter, ALLOWED)
        or (name == "token" and isinstance(converter, StringConverter))
        for name, converter in pattern.pattern.converters.items()
    )
