"""``understudy demo``: the service and a sample app, filled with people to try it on."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from understudy.cli.output import Json, clear_errors, out, print_json
from understudy.config import Settings
from understudy.core.people.permissions import Role
from understudy.demo.people import APP_NAME, OPERATORS, USERS

if TYPE_CHECKING:
    from understudy.demo.run import Running

_ROLES = {
    Role.SUPPORT_MANAGER: "works as users",
    Role.ADMIN: "sets the rules",
    Role.AUDITOR: "believes nothing",
}


def demo(
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The service's port.")] = 8700,
    app_port: Annotated[int, typer.Option(min=1, max=65535, help="The sample app's port.")] = 8701,
    data_dir: Annotated[
        Path, typer.Option("--data-dir", help="Where the demo's data stays between starts.")
    ] = Path("understudy-data-demo"),
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open the dashboard.")
    ] = False,
    one_origin: Annotated[
        bool,
        typer.Option(
            "--one-origin",
            help="Serve sessions at the sample app's own address, for browsers that do not find "
            "names like x.view.app.localhost.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Start the service and a sample app, with users, operators and sign-ins to try."""
    # Loaded here, since every other verb would wait for a web server that it does not start.
    from understudy.demo.run import run

    def announce(running: Running) -> None:
        if as_json:
            print_json(_facts(running, data_dir))
        else:
            _print(running)
        if not no_browser:
            webbrowser.open(running.dashboard_url)

    with clear_errors():
        given = {"port": port, "public_url": f"http://localhost:{port}", "data_dir": data_dir}
        settings = Settings.from_environment(given={**given, "log_level": "warning"})
        run(settings, app_port=app_port, one_origin=one_origin, announce=announce)


def _facts(running: Running, data_dir: Path) -> dict[str, object]:
    password = running.place.password
    return {
        "dashboard_url": running.dashboard_url,
        "app_url": running.app_url,
        "session_origins": running.session_origins,
        "application_id": running.place.application_id,
        "data_dir": str(data_dir),
        "sign_ins": [
            {"email": one.email, "role": one.roles[0].value, "password": password}
            for one in OPERATORS
        ],
        "app_sign_ins": [
            {"id": user.id, "email": user.email, "password": password} for user in USERS
        ],
    }


def _print(running: Running) -> None:
    out.print()
    out.print(f"  [bold]Dashboard[/bold]  {running.dashboard_url}")
    out.print(f"  [bold]{APP_NAME}[/bold]  {running.app_url}")
    if running.session_origins:
        out.print(f"  Each session  {running.session_origins}", markup=False)
        out.print("  [dim]If your browser does not find that: understudy demo --one-origin[/dim]")
    out.print()
    for one in OPERATORS:
        role = one.roles[0]
        out.print(f"  {one.email:<22}  [dim]{role.value.replace('_', ' ')}: {_ROLES[role]}[/dim]")
    out.print(f"\n  Everybody's password: [bold]{running.place.password}[/bold]")
    out.print("  Try this: Ada Lovelace says she cannot find the reports tab. Look as Ada.")
    out.print("  [dim]Ctrl-C stops both.[/dim]\n")
