"""`vernal`: what an operator types."""

from __future__ import annotations

import errno
import os
import signal
import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

FIRST_STEPS = """
[bold]vernal demo[/bold]   to look around: a made-up clinic, its logins are printed

[bold]vernal begin --help[/bold]   a clinic of your own: its first site and administrator

[bold]vernal serve[/bold] and, beside it, [bold]vernal worker[/bold]   every day

[bold]vernal backup monday.vernal[/bold]   every night

[bold]vernal audit verify[/bold]   now and then: is every entry still there, as it was written?

Data stand in ./var; docs/reference/settings.md tells of VERNAL_VAR and every other setting.
"""

app = typer.Typer(
    help="Vernal: what a ketamine treatment programme runs on.",
    epilog=FIRST_STEPS,
    rich_markup_mode="rich",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
audit = typer.Typer(help="The audit chain: everything done and every chart read.")
app.add_typer(audit, name="audit", no_args_is_help=True)

console = Console()
complaints = Console(stderr=True)

Host = Annotated[str, typer.Option(help="Address to listen on; keep 127.0.0.1 behind a proxy.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]


@app.command()
def demo(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    reset: Annotated[bool, typer.Option(help="Throw the demo data away and start over.")] = False,
) -> None:
    """Serve a made-up clinic with a login for each role. Data stay until --reset."""
    os.environ["VERNAL_DEMO"] = "1"
    os.environ.setdefault("VERNAL_BASE_URL", f"http://{host}:{port}")
    _begin()
    from vernal.cli import server
    from vernal.workflow import demo as clinic

    with _complaining(*_refusals()):
        server.check_port_is_free(host, port)
        if reset:
            server.throw_demo_away()
        server.prepare()
        clinic.load()
        server.connections.close_all()
    typer.echo(f"Vernal demo clinic: http://{host}:{port}/ (made-up people only)\n")
    for login in clinic.LOGINS:
        typer.echo(f"{login.role:<18} {login.name:<18} {login.email:<34} {login.password}")
    typer.echo(f"\nLetters are not sent; they are files in {server.settings.VAR / 'mail'}.")
    server.run(host, port)


@app.command()
def serve(port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Serve the clinic. Brings the database up to date first; run `vernal worker` beside it."""
    _begin()
    from vernal.cli import server

    with _complaining(*_refusals()):
        server.refuse_unsafe_settings()
        server.check_port_is_free(host, port)
        server.prepare()
    if not os.environ.get("VERNAL_EMAIL_HOST"):
        complaints.print(
            "[yellow]Caution:[/yellow] VERNAL_EMAIL_HOST is not set: alerts and invitations stay "
            f"in files under {escape(str(server.settings.VAR))}/mail and reach nobody.",
            highlight=False,
            soft_wrap=True,
        )
    server.run(host, port, with_worker=False)


class SecondRole(StrEnum):
    """What the first administrator of a practice of one is as well."""

    prescriber = "prescriber"
    medical_director = "medical_director"


@app.command()
def begin(
    site_name: Annotated[str, typer.Option(help="Name of the site, as patients know it.")],
    time_zone: Annotated[str, typer.Option(help="Like America/Denver.")],
    phone: Annotated[str, typer.Option(help="Number that patients see.")],
    name: Annotated[str, typer.Option(help="Name of the first administrator.")],
    email: Annotated[str, typer.Option(help="Their address to log in with.")],
    opening_hours: Annotated[str, typer.Option(help="As patients see them.")] = "By appointment",
    also: Annotated[
        SecondRole | None,
        typer.Option(help="A practice of one: nobody can grant a role to themselves later."),
    ] = None,
) -> None:
    """Make the first site and its administrator, and print the link to choose a password."""
    _begin()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from vernal.accounts.models import Role
    from vernal.cli import server
    from vernal.workflow import staff
    from vernal.workflow.errors import InvalidInput, NotPossibleNow

    with _complaining(*_refusals(), InvalidInput, NotPossibleNow, ValidationError):
        validate_email(email)
        server.prepare()
        first = staff.begin_clinic(
            site_name=site_name,
            time_zone=time_zone,
            phone=phone,
            opening_hours=opening_hours,
            name=name,
            email=email,
            also=Role(also.value) if also else None,
            at=datetime.now(UTC),
        )
    console.print(f"{escape(site_name)} is set up. {escape(name)} opens this link within 14 days:")
    # Unwrapped, so that it can be copied in one piece.
    print(f"{server.settings.BASE_URL}/join/{first.token}/")


@app.command()
def check() -> None:
    """Read every knowledge file and say what is in it, or what is wrong, where."""
    from vernal import knowledge
    from vernal.knowledge.check import check_all

    try:
        counts = check_all()
    except knowledge.ContentError as error:
        complaints.print(f"[red]Knowledge is not in order.[/red] {error}", highlight=False)
        raise typer.Exit(1) from None
    for name, count in counts.items():
        console.print(f"{count:>6} {name}", highlight=False)
    console.print(f"Knowledge {knowledge.version()} is in order.", highlight=False)


@app.command()
def worker(
    once: Annotated[bool, typer.Option(help="Send what is due, then end.")] = False,
) -> None:
    """Send what waits in the outbox and escalate alerts that nobody has taken on."""
    _begin()
    from vernal.workflow import posting

    if once:
        with _complaining(*_refusals()):
            sent = posting.round_of_post()
        console.print(f"{sent} sent.", highlight=False)
        return
    posting.keep_posting()


@audit.command("verify")
def audit_verify() -> None:
    """Walk the audit chain and every session's log, and hold the tables against them: was anything
    changed, removed or slipped in?"""
    _begin()
    from vernal.workflow.proof import prove

    with _complaining(*_refusals()):
        proof = prove()
    for sentence in proof.wrong:
        complaints.print(f"[red]{escape(sentence)}[/red]", highlight=False, soft_wrap=True)
    if proof.wrong:
        raise typer.Exit(1)
    console.print(f"{proof.chain.entries} entries fit. Head: {proof.chain.head}", highlight=False)
    console.print(f"{len(proof.logs)} session logs fit.", highlight=False)
    console.print(f"{proof.rows} rows stand as they were recorded.", highlight=False)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="File to write; must not exist.")]) -> None:
    """Write the whole database to one file, with the head of its audit chain."""
    _begin()
    from vernal.workflow import backups

    _end_politely()
    with _complaining(backups.BackupError):
        head = backups.back_up(file)
    console.print(
        f"Written to {escape(str(file))}. Chain head: {head}", highlight=False, soft_wrap=True
    )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file written by `vernal backup`.")],
    replace: Annotated[
        bool, typer.Option(help="Replace a database that already holds data.")
    ] = False,
) -> None:
    """Bring a backup back and prove that the head of its audit chain is the same."""
    _begin()
    from vernal.workflow import backups

    _end_politely()
    with _complaining(backups.BackupError):
        head = backups.restore(file, replace=replace)
    console.print(
        f"Restored. The chain is whole and its head is the same: {head}",
        highlight=False,
        soft_wrap=True,
    )


class _complaining:  # noqa: N801  # reads as a phrase where it is used
    """Turns an expected error into its sentence and exit code 1."""

    def __init__(self, *expected: type[Exception]) -> None:
        self.expected = expected

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, self.expected):
            said = escape(_sentence(error))
            complaints.print(f"[red]{said}[/red]", highlight=False, soft_wrap=True)
            raise typer.Exit(1) from None


def _sentence(error: BaseException) -> str:
    """What a person can act on: system and database errors name the place to look."""
    if isinstance(error, OSError):
        return _of_the_system(error)
    if type(error).__module__.startswith("django.db"):
        return f"The database did not answer: {str(error).strip()}."
    if messages := getattr(error, "messages", None):
        return " ".join(messages)
    return str(error)


def _of_the_system(error: OSError) -> str:
    """A disk and a port refuse for different reasons, and each has its own remedy."""
    said = error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full ({said}). Nothing was kept; make room and start again."
    if error.filename:
        return (
            f"{error.filename} cannot be used ({said}). "
            "VERNAL_VAR must name a folder that may be written."
        )
    if error.errno in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
        return (
            f"{said}. Another program may listen there, or it is not this machine's; "
            "choose another --port or --host."
        )
    return f"{said}."


def _refusals() -> tuple[type[Exception], ...]:
    """What disk, network, database and settings raise."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    return (OSError, DatabaseError, ImproperlyConfigured)


def _end_politely() -> None:
    """A terminated backup or restore tidies up after itself."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def _begin() -> None:
    """Start Django; a broken knowledge file or setting stops here with its sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vernal.config.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    from vernal.knowledge import ContentError
    from vernal.knowledge.check import check_all

    with _complaining(ContentError, ImproperlyConfigured, OSError):
        check_all()
        django.setup()


if __name__ == "__main__":
    app()
