"""``flask understudy …``: what an app is set to, and whether that works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from understudy.contrib.flask.installation import Installation, installation_of
from understudy.contrib.flask.login import login_manager_of
from understudy.contrib.flask.security import has_security
from understudy.errors import UnderstudyError
from understudy.sdk.understudy import Understudy

commands = AppGroup("understudy", help="Look at what Understudy is set to in this app.")


class Finding(NamedTuple):
    """One thing that was looked at, and what to do about it if it is not ``ok``."""

    ok: bool
    what: str
    advice: str = ""


@commands.command("status")
def status() -> None:
    """Say what this app is set to; no secret is shown."""
    installation = installation_of(current_app)
    client = installation.understudy.client
    facts = {
        "service": client.issuer,
        "application": client.client_id,
        "callback": client.redirect_url or "at the origin under which the app is visited",
        "user": _who_loads(current_app, installation),
        **{name: _shown(value) for name, value in sorted(installation.options.items())},
    }
    for name, value in facts.items():
        click.echo(f"{name}: {value}")


@commands.command("doctor")
def doctor() -> None:
    """Look for what is wrong before it hurts. Exit status 1 when something is."""
    found = list(examine(current_app))
    for finding in found:
        click.echo(f"{'ok' if finding.ok else 'error'}: {finding.what}")
        if finding.advice:
            click.echo(f"  {finding.advice}")
    if not all(finding.ok for finding in found):
        raise click.exceptions.Exit(1)


def examine(app: Flask) -> Iterator[Finding]:
    """What can be told before the first session."""
    installation = installation_of(app)
    yield _link(installation.understudy)
    yield _user(app, installation)
    yield _cookie(app)


def _link(understudy: Understudy) -> Finding:
    """The stream of endings tells both: that the service is reached, and that it knows the app."""
    issuer = understudy.client.issuer
    with closing(understudy):
        try:
            next(iter(understudy.runtime().gateway.follow(None)))
        except UnderstudyError as error:
            what = f"{issuer}: {error.detail} ({error.code})"
            return Finding(ok=False, what=what, advice="See its address, the id and the secret.")
    return Finding(ok=True, what=f"{issuer} knows this application")


def _user(app: Flask, installation: Installation) -> Finding:
    if installation.load_user is None and login_manager_of(app) is None:
        return Finding(
            ok=False,
            what="nobody loads the subject",
            advice="Give load_user=, unless the app asks current_impersonation() whom to serve.",
        )
    return Finding(ok=True, what=f"the subject is loaded by {_who_loads(app, installation)}")


def _cookie(app: Flask) -> Finding:
    if app.config["SESSION_COOKIE_HTTPONLY"]:
        return Finding(ok=True, what="scripts cannot read the app's session")
    return Finding(
        ok=False,
        what="SESSION_COOKIE_HTTPONLY is off",
        advice="Any script in a page can take the sign-in of whoever looks at it: turn it on.",
    )


def _who_loads(app: Flask, installation: Installation) -> str:
    if installation.load_user is not None:
        return "load_user"
    if has_security(app):
        return "Flask-Security"
    return "Flask-Login" if login_manager_of(app) is not None else "nobody"


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
