"""``understudy mail``: where e-mail is handed in, for the whole installation."""

from __future__ import annotations

import sys
import time
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.installation import (
    COMMAND_LINE,
    DatabaseUrl,
    DataDir,
    opened,
    public_url_for,
    settings_for,
)
from understudy.cli.output import Json, fail, print_facts
from understudy.core.people.mail import MailServer, MailTls, mailbox
from understudy.errors import Conflict, InvalidInput
from understudy.flows.notices.mail_server import mail_server, remove_mail_server, set_mail_server
from understudy.flows.origin import Origin

app = typer.Typer(help="Where e-mail is handed in.", no_args_is_help=True)

_SUBMISSION = 587
"""RFC 6409, section 3.1."""


@app.command()
def show(
    *, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: Json = False
) -> None:
    """Print the mail server; never its password."""
    print_facts(_facts(_known(data_dir, database_url)), as_json=as_json)


@app.command("set")
def set_(
    *,
    host: Annotated[str, typer.Argument(help="The mail server's host name.")],
    sender: Annotated[str, typer.Option(help="The address that e-mail comes from.")],
    port: Annotated[int, typer.Option(min=1, max=65_535)] = _SUBMISSION,
    tls: Annotated[MailTls, typer.Option(help="How the connection is encrypted.")] = (
        MailTls.STARTTLS
    ),
    user: Annotated[
        str | None,
        typer.Option(
            help="Who signs in there. Asks for the password; left empty, it stays as it is."
        ),
    ] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Hand e-mail in there from now on. A password is kept encrypted."""
    password = None if user is None else _password(from_stdin=password_stdin)
    server = MailServer(
        host=host.lower(), port=port, tls=tls, sender=sender, user=user, password=password
    )
    with opened(data_dir, database_url) as engine:
        internal = settings_for(data_dir, database_url).internal_targets
        kept = engine.run(
            lambda unit: set_mail_server(
                unit, server, internal=internal, by=COMMAND_LINE, origin=Origin()
            )
        )
    print_facts(_facts(kept), as_json=as_json)


@app.command()
def remove(
    *, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: Json = False
) -> None:
    """Send no e-mail from now on."""
    with opened(data_dir, database_url) as engine:
        engine.run(lambda unit: remove_mail_server(unit, by=COMMAND_LINE, origin=Origin()))
    print_facts(_facts(None), as_json=as_json)


@app.command("test")
def send_test(
    *,
    address: Annotated[str, typer.Argument(help="Whom to write to.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Hand one e-mail in, at once and once, and say how that went. Fails if it was not taken."""
    # To load them takes longer than all the other verbs of mail.
    from understudy.http.nonces import new_nonce
    from understudy.webhooks.authorities import tls_context
    from understudy.webhooks.letters import trial
    from understudy.webhooks.mailer import Mailer

    with opened(data_dir, database_url) as engine:
        to = mailbox(address)
        if to is None:
            raise InvalidInput("Write the address alone, and plainly.")
        with engine.reading() as reader:
            server = mail_server(reader, engine.vault)
        if server is None:
            raise Conflict("There is no mail server. Set one first: understudy mail set")
        letter = bytes(trial(new_nonce(), engine.clock(), public_url_for(data_dir, database_url)))
        internal = settings_for(data_dir, database_url).internal_targets
        mailer = Mailer(internal=internal, tls=tls_context, timer=time.monotonic)
        answer = mailer.send(server, [to], letter)
    if answer.error is not None:
        fail(answer.error)
    print_facts({"accepted": True, "status": answer.status}, as_json=as_json)


def _known(data_dir: Path | None, database_url: str | None) -> MailServer | None:
    with opened(data_dir, database_url) as engine, engine.reading() as reader:
        return mail_server(reader, engine.vault)


def _facts(server: MailServer | None) -> dict[str, object]:
    return {
        "host": None if server is None else server.host,
        "port": None if server is None else server.port,
        "tls": None if server is None else server.tls.value,
        "sender": None if server is None else server.sender,
        "user": None if server is None else server.user,
    }


def _password(*, from_stdin: bool) -> str | None:
    """From standard input or from whoever sits there; None where it stays as it is."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n") or None
    return getpass("Password (empty: as it is): ") or None if sys.stdin.isatty() else None
