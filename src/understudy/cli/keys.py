"""``understudy keys``: replace signing keys, with an overlap."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from understudy.cli.installation import COMMAND_LINE, DatabaseUrl, DataDir, opened
from understudy.cli.output import Json, print_facts

app = typer.Typer(help="Replace signing keys, with an overlap.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """Replace signing keys, with an overlap."""


@app.command()
def rotate(
    *,
    overlap_hours: Annotated[
        int, typer.Option(min=0, max=720, help="How long the new key is published before it signs.")
    ] = 24,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Announce a new key of the audit log, and new keys for the applications' session JWTs.

    Old checkpoints and JWTs go on verifying under the old keys.
    """
    from understudy.keys.session_keys import rotate_jwt_keys
    from understudy.service.table import WIRES

    overlap = timedelta(hours=overlap_hours)
    with opened(data_dir, database_url) as engine:
        verifier = engine.rotate_log_key(actor=COMMAND_LINE, overlap=overlap)
        rotated = rotate_jwt_keys(engine, uses=WIRES.key_uses, overlap=overlap, by=COMMAND_LINE)
    kids = {f"{use}_keys": kids for use, kids in rotated.items() if kids}
    print_facts({"log_verifier_key": verifier.to_text(), **kids}, as_json=as_json)
