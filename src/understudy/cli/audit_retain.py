"""``understudy audit retain``: forget now what the service would forget within ten minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from understudy.cli.installation import DatabaseUrl, DataDir, opened
from understudy.cli.output import Json, err, print_rows
from understudy.errors import ClockInDoubt
from understudy.flows.clock_doubt import retention_waits
from understudy.flows.retention.retain import Due, Retained, due
from understudy.flows.retention.retain import retain as forget
from understudy.storage.engine.engine import StoreEngine


def retain(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only count what has grown too old.")
    ] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Erase entries that are older than their app's retention, but for what is under hold.

    A running service does this by itself; both may run at once. Each step is an entry. A run takes
    a day's worth at most, and nothing while the time is to be confirmed.
    """
    with opened(data_dir, database_url) as engine:
        if engine.run(retention_waits) and not dry_run:
            raise ClockInDoubt(
                "The clock is far ahead of what was seen. If it is right: understudy clock confirm"
            )
        with engine.reading() as reader:
            found = due(reader, engine.clock.earliest())
        if dry_run:
            rows = [_row(one, Retained(entries=one.entries)) for one in found]
        else:
            with _progress(sum(one.entries for one in found)) as advance:
                rows = [_row(one, _forget_in(engine, one, advance)) for one in found]
    _print(rows, dry_run=dry_run, as_json=as_json)


def _forget_in(engine: StoreEngine, found: Due, advance: Callable[[int], None]) -> Retained:
    entries = grants = 0
    done = Retained(more=True)
    while done.more:
        done = engine.run(partial(forget, application_id=found.application.id, run=done.run))
        entries, grants = entries + done.entries, grants + done.grants
        advance(done.entries)
    return Retained(entries=entries, grants=grants)


def _row(found: Due, done: Retained) -> dict[str, object]:
    return {
        "application_id": found.application.id,
        "retention_days": found.application.settings.retention_days,
        "entries": done.entries,
        "grants": done.grants,
    }


def _print(rows: Sequence[dict[str, object]], *, dry_run: bool, as_json: bool) -> None:
    if dry_run:
        # Grants are found on the way; nobody has counted them.
        rows = [{name: row[name] for name in row if name != "grants"} for row in rows]
    print_rows(rows, as_json=as_json, nothing="Nothing has grown too old.")
    if dry_run and rows:
        err.print("Nothing was erased: leave out --dry-run to do so.")


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    columns = (TextColumn("Erasing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as shown:
        task = shown.add_task("erase", total=total)
        yield lambda count: shown.advance(task, count)
