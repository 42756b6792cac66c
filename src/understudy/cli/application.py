"""``understudy app``: applications."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from understudy.cli import app_secret, session_origins
from understudy.cli.installation import COMMAND_LINE, DatabaseUrl, DataDir, opened
from understudy.cli.output import Json, print_facts, print_rows
from understudy.core.applications.addresses import effective_launch_url
from understudy.core.applications.application import (
    NEW_SETTINGS,
    ApplicationSettings,
    UnrankedRoles,
    Vertical,
)
from understudy.core.ports import Unit
from understudy.flows.applications.administer import WithSecret
from understudy.flows.applications.administer import create as create_application
from understudy.flows.origin import Origin
from understudy.wires.native.schemas.choices import HandOff

AppName = Annotated[str, typer.Argument(help="What your staff call the app.")]
RedirectUrls = Annotated[
    list[str],
    typer.Option(help="Where codes come back: https://app.example/_understudy/callback"),
]
LaunchUrl = Annotated[
    str | None, typer.Option(help="Where a launch begins, if not beside the first redirect URL.")
]
Origins = Annotated[
    str | None,
    typer.Option(
        "--session-origins",
        help="Serve each session at an origin of its own: https://*.view.app.example",
    ),
]
VerticalChoice = Annotated[Vertical, typer.Option(help="Whether users have a tenant.")]
AllowImpersonation = Annotated[
    bool, typer.Option("--allow-impersonation", help="Switch it on; it is off by default.")
]
HandOffChoice = Annotated[
    HandOff,
    typer.Option(help="How a launch reaches the app; 'stytch' puts the token into the URL."),
]
UnrankedChoice = Annotated[
    UnrankedRoles, typer.Option(help="Whether users with a role that has no rank may be.")
]

app = typer.Typer(help="The apps in which staff may work as a user.", no_args_is_help=True)
app.command("session-origins")(session_origins.session_origins)
app.command("secret")(app_secret.secret)


@app.command()
def create(
    *,
    name: AppName,
    redirect_url: RedirectUrls,
    launch_url: LaunchUrl = None,
    origins: Origins = None,
    vertical: VerticalChoice = Vertical.B2B,
    allow_impersonation: AllowImpersonation = False,
    hand_off: HandOffChoice = HandOff.CODE,
    unranked_roles: UnrankedChoice = UnrankedRoles.REFUSE,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Register an app. Its secret is printed this once."""
    settings = replace(
        NEW_SETTINGS,
        impersonation_allowed=allow_impersonation,
        hand_off=hand_off.value,
        redirect_urls=tuple(redirect_url),
        launch_url=launch_url,
        session_origins=origins,
        unranked_roles=unranked_roles,
    )
    with opened(data_dir, database_url) as engine:
        session_origins.require_apart(origins, data_dir, database_url)
        made = engine.run(lambda unit: _make(unit, name, vertical, settings))
    print_facts(_facts(made), as_json=as_json)


@app.command("list")
def list_applications(
    *, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: Json = False
) -> None:
    """List the apps."""
    with opened(data_dir, database_url) as engine, engine.reading() as reader:
        rows = [
            {
                "application_id": known.id,
                "name": known.name,
                "status": known.status.value,
                "impersonation_allowed": known.settings.impersonation_allowed,
            }
            for known in reader.applications.list()
        ]
    print_rows(rows, as_json=as_json, nothing="There is no app yet: understudy app create")


def _make(unit: Unit, name: str, vertical: Vertical, settings: ApplicationSettings) -> WithSecret:
    from understudy.service.table import WIRES

    return create_application(
        unit,
        name=name,
        vertical=vertical,
        settings=settings,
        wires=WIRES.settings,
        by=COMMAND_LINE,
        origin=Origin(),
    )


def _facts(made: WithSecret) -> dict[str, object]:
    application, settings = made.application, made.application.settings
    facts: dict[str, object] = {
        "application_id": application.id,
        "secret": made.secret,
        "name": application.name,
        "vertical": application.vertical.value,
        "impersonation_allowed": settings.impersonation_allowed,
        "launch_url": _launch_url(settings),
    }
    if settings.session_origins is not None:
        facts["session_origins"] = settings.session_origins
    return facts


def _launch_url(settings: ApplicationSettings) -> str | None:
    """Where a launch goes: by a token in the URL it goes to the first redirect URL itself."""
    from understudy.service.table import WIRES

    if WIRES.hand_offs[settings.hand_off].address is not None:
        return settings.redirect_urls[0]
    return effective_launch_url(settings.launch_url, settings.redirect_urls)
