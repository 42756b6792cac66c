"""Every verb in one place, in the order in which ``--help`` lists them."""

from __future__ import annotations

import typer
from typer.core import TyperGroup

from understudy.cli import (
    application,
    audit,
    clock,
    demo,
    doctor,
    impersonate,
    keys,
    mail,
    migrate,
    operator,
    policy,
    serve,
    sessions,
    users,
)


class _AsWritten(TyperGroup):
    """Lists verbs and groups of verbs in one order; by itself Typer puts groups first."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        return sorted(super().list_commands(ctx), key=_ORDER.index)


_ORDER = (
    "demo",
    "serve",
    "app",
    "policy",
    "operator",
    "users",
    "impersonate",
    "sessions",
    "audit",
    "mail",
    "keys",
    "clock",
    "migrate",
    "doctor",
)

app = typer.Typer(
    name="understudy",
    cls=_AsWritten,
    help="Let support staff work inside your app as one particular user, safely.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.add_typer(application.app, name="app")
app.add_typer(policy.app, name="policy")
app.add_typer(operator.app, name="operator")
app.add_typer(users.app, name="users")
app.command("impersonate")(impersonate.impersonate)
app.add_typer(sessions.app, name="sessions")
app.add_typer(audit.app, name="audit")
app.add_typer(mail.app, name="mail")
app.add_typer(keys.app, name="keys")
app.add_typer(clock.app, name="clock")
app.command("migrate")(migrate.migrate)
app.command("doctor")(doctor.doctor)
