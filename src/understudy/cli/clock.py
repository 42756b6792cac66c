"""``understudy clock``: say that the time is right, where it is in doubt."""

from __future__ import annotations

from functools import partial

import typer

from understudy.cli.installation import COMMAND_LINE, DatabaseUrl, DataDir, opened
from understudy.cli.output import Json, print_facts
from understudy.core.times import MILLISECOND
from understudy.flows.clock import confirm as confirm_time

app = typer.Typer(help="The installation's clock.", no_args_is_help=True)


@app.callback()
def clock() -> None:
    """The installation's clock."""


@app.command()
def confirm(
    *, data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: Json = False
) -> None:
    """Say that the clock is right, after you have looked: an entry, from which the log goes on.

    Where the log has entries from the future, impersonations start again; where the clock is far
    ahead of what was seen, retention goes on.
    """
    with opened(data_dir, database_url) as engine:
        found = engine.run(partial(confirm_time, by=COMMAND_LINE))
    facts = {
        "now": found.now.isoformat(timespec="seconds"),
        "newest_entry": found.newest.isoformat(timespec="seconds"),
        "unconfirmed_seconds": found.unconfirmed // MILLISECOND // 1000,
    }
    print_facts(facts, as_json=as_json)
