"""``understudy serve``: run the service."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.output import clear_errors
from understudy.config import Settings


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Where to listen.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="8700 by default.")] = None,
    public_url: Annotated[
        str | None, typer.Option(help="Where browsers and apps reach it: https://…")
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option("--data-dir", help="Where key, checkpoint and SQLite live."),
    ] = None,
    database_url: Annotated[
        str | None, typer.Option("--database-url", help="postgresql://… for several nodes.")
    ] = None,
) -> None:
    """Run the service. The first start prints a link that makes the first admin.

    Every option is also an environment variable, such as UNDERSTUDY_PUBLIC_URL.
    """
    from understudy.service import server  # other verbs need not wait for it

    given = {
        "host": host,
        "port": port,
        "public_url": public_url,
        "data_dir": data_dir,
        "database_url": database_url,
    }
    with clear_errors():
        server.serve(Settings.from_environment(given=given))
