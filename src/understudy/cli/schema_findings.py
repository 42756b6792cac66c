"""What ``understudy doctor`` says of the schema, without touching it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from understudy.cli.findings import Finding
from understudy.config import Settings
from understudy.errors import UnderstudyError
from understudy.storage.database.databases import open_database
from understudy.storage.database.state import SchemaState, Step

_ADVICE = "understudy migrate (safe while nodes run; waits where one is at it)"


def examine_schema(settings: Settings) -> Sequence[Finding]:
    """Which schema it is, who may work with it, and what is still to be done.

    Nothing of an installation that is still to be made.

    :raises SchemaMismatch: when this release may not work with it.
    """
    with closing(open_database(settings.store_url, schema=settings.database_schema)) as database:
        try:
            state = database.schema()
        except UnderstudyError:
            return []  # opening it says why, or makes it
    if not state.steps:
        return []
    state.require_ours()
    return [_present(state), *_missing(state), *(_unfinished(step) for step in state.unfinished)]


def _present(state: SchemaState) -> Finding:
    return Finding(
        level="ok",
        what=f"schema {state.number}, {state.steps[-1].name}; "
        f"nodes of schema {state.compatible_from} and later may work with it",
    )


def _missing(state: SchemaState) -> Sequence[Finding]:
    present = {step.number for step in state.steps}
    missing = [
        f"{number:04} {state.known[number]}" for number in state.due if number not in present
    ]
    if not missing:
        return []
    what = f"the schema is older than this release: {', '.join(missing)}"
    return [Finding(level="warning", what=what, advice=_ADVICE)]


def _unfinished(step: Step) -> Finding:
    rows = f", {step.rows_done:,} rows done" if step.rows_done else ""
    return Finding(level="warning", what=f"schema {step} is not finished{rows}", advice=_ADVICE)
