"""Browser stories: a real demo server, the system's Chromium, two widths, and no script."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Chromium speaks to nobody but the server under test.
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDTHS = {
    "desktop": {"width": 1280, "height": 900},
    "phone": {"width": 360, "height": 740},
}
# How long a page or a letter takes says how busy the machine is, not whether it is right.
SECONDS_TO_START = 120
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
# Between two letters in one of the mail folder's files.
END_OF_LETTER = "-" * 79 + "\n"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo clinic keeps its database and its mail."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def demo_server(demo_folder: Path) -> Iterator[str]:
    """The address of a demo clinic of our own, as `make demo` starts it."""
    yield from serve_demo(demo_folder, [str(Path(sys.executable).parent / "vernal")])


def serve_demo(folder: Path, vernal: list[str]) -> Iterator[str]:
    """Start `vernal demo` with its data under the folder; end it by its own process."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    log = folder / "log"
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("VERNAL_", "DJANGO_"))  # the tests' own settings are not the demo's
    }
    environment["VERNAL_VAR"] = str(folder / "var")
    command = [*vernal, "demo", "--port", str(port)]
    with (
        log.open("w") as output,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output
        ) as server,
    ):
        try:
            _wait_until_healthy(server, address, log)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_healthy(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310  # our own
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"The demo server did not answer:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        raise RuntimeError("Chromium is missing (on Debian: apt-get install chromium).")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=path, args=FLAGS) as browser,
    ):
        yield browser


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest) -> str:
    """Each story is told on a desk and on a phone."""
    return request.param


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(chromium: Browser, demo_server: str) -> Iterator[NewPage]:
    """Make a page with its own cookies: another person at another device.

    At the end, no page may have thrown an error, broken the Content-Security-Policy or asked
    another host.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(*, width: str = "desktop", java_script_enabled: bool = True) -> Page:
        context = chromium.new_context(
            base_url=demo_server,
            viewport=WIDTHS[width],
            has_touch=width == "phone",
            java_script_enabled=java_script_enabled,
            locale="en-US",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        _collect_faults(page, demo_server, faults)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, "\n".join(["", *faults])


def _collect_faults(page: Page, address: str, faults: list[str]) -> None:
    def hear(message: ConsoleMessage) -> None:
        # What else the console says, as about a 403 that a story expects, is no fault.
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    def see(request: Request) -> None:
        if not request.url.startswith((f"{address}/", "data:", "blob:", "about:")):
            faults.append(f"asked another host: {request.url}")

    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    page.on("console", hear)
    page.on("request", see)


@pytest.fixture
def letter_to(demo_folder: Path) -> Callable[[str], str]:
    """Wait for a letter to this address, as the worker sends it into the mail folder."""

    def wait(address: str) -> str:
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while time.monotonic() < deadline:
            for path in (demo_folder / "var" / "mail").glob("*"):
                # What stands after the last line of dashes is still being written.
                for letter in path.read_text().split(END_OF_LETTER)[:-1]:
                    if f"To: {address}" in letter:
                        return letter
            time.sleep(0.2)
        raise AssertionError(f"no letter to {address} came")

    return wait


@pytest.fixture
def page(new_page: NewPage, width: str) -> Page:
    return new_page(width=width)


@pytest.fixture
def no_javascript(new_page: NewPage) -> Page:
    """A page in a browser without script: every form must still work."""
    return new_page(java_script_enabled=False)


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keep a picture under var/screenshots when VERNAL_SCREENSHOTS is set; else do nothing."""
    folder = ROOT / "var" / "screenshots"

    def take(page: Page, name: str) -> None:
        if not os.environ.get("VERNAL_SCREENSHOTS"):
            return
        folder.mkdir(parents=True, exist_ok=True)
        size = next(key for key, view in WIDTHS.items() if view == page.viewport_size)
        page.screenshot(path=folder / f"{name}-{size}.png", full_page=True)

    return take
