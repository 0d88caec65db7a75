"""Running the web server, and the worker beside it in the demo."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

WORKERS = 2
THREADS = 4
LOCAL = {"127.0.0.1", "localhost", "[::1]"}
LINE = "time=%(t)s event=request method=%(m)s path=%(U)s status=%(s)s ms=%(M)s"
# What stands after these is a one-time link: whoever reads it in a log could use it first.
_TOKENS = re.compile(r"^/(invitation|join|accounts/password/reset/key)/.+")


def prepare() -> None:
    """Bring the database and the static files up to date."""
    _close_to_others()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    connections.close_all()  # a connection must not be shared with the processes forked next


def _close_to_others() -> None:
    """Charts and letters are their owner's alone, whatever umask the command was started with.

    Also what was open before. A folder that somebody else made keeps its mode: it may hold more
    than ours.
    """
    settings.VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
    if mail := getattr(settings, "EMAIL_FILE_PATH", None):
        mail.mkdir(mode=0o700, exist_ok=True)
        mail.chmod(0o700)
    if _is_sqlite():
        database, *beside = _sqlite_files()
        database.touch(mode=0o600)  # before `migrate` makes it with the mode of the umask
        for file in (database, *(each for each in beside if each.exists())):
            file.chmod(0o600)


def _is_sqlite() -> bool:
    return settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"


def _sqlite_files() -> list[Path]:
    """The database, then what SQLite keeps beside it while it is open."""
    name = settings.DATABASES["default"]["NAME"]
    return [Path(f"{name}{suffix}") for suffix in ("", "-wal", "-shm")]


def refuse_unsafe_settings() -> None:
    """Raise with the setting's name and what to write; only `vernal demo` may do without."""
    hosts = settings.ALLOWED_HOSTS
    if not os.environ.get("VERNAL_HOSTS"):
        raise ImproperlyConfigured(
            "VERNAL_HOSTS is not set: name the hosts this server answers to, like "
            "vernal.clinic.example. (To look around, run `vernal demo`.)"
        )
    if wrong := [host for host in hosts if not re.fullmatch(r"[\w.-]+|\[[0-9a-f:]+\]", host)]:
        raise ImproperlyConfigured(
            f"VERNAL_HOSTS holds “{wrong[0]}”: write host names alone, separated by commas, "
            "without https://, port, spaces or *."
        )
    if not settings.HTTPS and not set(hosts) <= LOCAL:
        raise ImproperlyConfigured(
            "VERNAL_HTTPS is 0: without https anyone on the way reads charts and passwords. "
            "Put a proxy that speaks https in front and remove VERNAL_HTTPS."
        )
    base = urlsplit(settings.BASE_URL)
    named = f"[{base.hostname}]" if ":" in (base.hostname or "") else base.hostname
    if base.scheme != ("https" if settings.HTTPS else "http") or named not in hosts:
        raise ImproperlyConfigured(
            f"VERNAL_BASE_URL is “{settings.BASE_URL}”: letters link there, so it must be the "
            f"address people type, like https://{hosts[0]}."
        )
    if len(settings.SECRET_KEY) < 50:
        raise ImproperlyConfigured(
            "VERNAL_SECRET_KEY is shorter than 50 characters; leave it out and one is made."
        )


def check_port_is_free(host: str, port: int) -> None:
    """Raises `OSError` where another program listens already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tried.bind((host.strip("[]"), port))


def throw_demo_away() -> None:
    """Remove what the demo made under the VERNAL_VAR folder: its SQLite database and its mail."""
    if not _is_sqlite():
        raise ImproperlyConfigured("The demo is only thrown away where it is an SQLite file.")
    for file in _sqlite_files():
        file.unlink(missing_ok=True)
    shutil.rmtree(settings.VAR / "mail", ignore_errors=True)


def run(host: str, port: int, *, with_worker: bool = True) -> None:
    """Serve until interrupted. The worker is ended with the server."""
    ours = os.getpid()
    worker = (
        subprocess.Popen([sys.executable, "-m", "vernal.cli.main", "worker"])  # our own command
        if with_worker
        else None
    )
    try:
        _Server(host, port).run()
    finally:
        # The server's forked processes leave through here too; the worker is not theirs to end.
        if worker and os.getpid() == ours:
            worker.terminate()
            worker.wait()


class AccessLog(Logger):
    """One line a request: no query, no address of the visitor, no one-time link."""

    def atoms(self, resp, req, environ, request_time):
        found = super().atoms(resp, req, environ, request_time)
        return found | {"U": _TOKENS.sub(r"/\1/…", found["U"])}


class _Server(BaseApplication):
    def __init__(self, host: str, port: int) -> None:
        self.bind = f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        chosen = {
            "bind": self.bind,
            "workers": WORKERS,
            "worker_class": "gthread",
            "threads": THREADS,
            "loglevel": "warning",
            "accesslog": "-",
            "access_log_format": LINE,
            "logger_class": AccessLog,
            "graceful_timeout": 30,  # what was begun is finished when the server is told to stop
            "preload_app": True,
            "control_socket_disable": True,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self):
        return get_wsgi_application()  # `vernal` has read the knowledge already
