"""Running the web server, and the worker beside it in the demo."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

WORKERS = 2
THREADS = 4


def prepare() -> None:
    """Bring the database and the static files up to date."""
    settings.VAR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


def throw_demo_away() -> None:
    """Remove what the demo made under the VERNAL_VAR folder: its SQLite database and its mail."""
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        raise SystemExit("The demo is only thrown away where it is an SQLite file.")
    for suffix in ("", "-wal", "-shm"):
        Path(f"{settings.DATABASES['default']['NAME']}{suffix}").unlink(missing_ok=True)
    shutil.rmtree(settings.VAR / "mail", ignore_errors=True)


def run(host: str, port: int, *, with_worker: bool = True) -> None:
    """Serve until interrupted. The worker is ended with the server."""
    worker = (
        subprocess.Popen([sys.executable, "-m", "vernal.cli.main", "worker"])  # our own command
        if with_worker
        else None
    )
    try:
        _Server(host, port).run()
    finally:
        if worker:
            worker.terminate()
            worker.wait()


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
            "preload_app": True,
            "control_socket_disable": True,
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self):
        return get_wsgi_application()  # `vernal` has read the knowledge already
