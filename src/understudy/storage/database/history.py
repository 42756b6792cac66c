"""What a database says has been done to it.

Release 0.1 reads ``schema_migrations`` and refuses what it does not know there. Hence what came
later is told in ``schema_steps``, and there as well only if 0.1 must not go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from understudy.storage.database.connection import Dialect, Params
from understudy.storage.database.migrations import Migration, Port
from understudy.storage.database.state import SchemaState, Step

FIRST_RELEASE = 2
"""The last migration that release 0.1 knows."""

_TABLES = {
    Dialect.SQLITE: "SELECT name FROM sqlite_master WHERE type = 'table'",
    Dialect.POSTGRESQL: "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}

_MAKE = (
    "CREATE TABLE IF NOT EXISTS schema_migrations "
    "(number {bigint} PRIMARY KEY, name {text} NOT NULL){strict}",
    # NOTE every later release reads this table before it has changed anything: columns may be
    # added and never renamed.
    "CREATE TABLE IF NOT EXISTS schema_steps (number {bigint} PRIMARY KEY, name {text} NOT NULL, "
    "compatible_from {bigint} NOT NULL, rows_done {bigint} NOT NULL, finished {bigint} NOT NULL)"
    "{strict}",
)


def state_of(port: Port, migrations: Sequence[Migration]) -> SchemaState:
    """The state of the database, for code that knows ``migrations``."""
    known = {migration.number: migration.name for migration in migrations}
    return SchemaState(steps=steps_of(port), known=known)


def steps_of(port: Port) -> Sequence[Step]:
    """The steps that the database has, in order; none in a new one."""
    tables = {row[0] for row in port.execute(_TABLES[port.dialect])}
    steps = list(_steps(port)) if "schema_steps" in tables else []
    if "schema_migrations" in tables:
        told = {(step.number, step.name) for step in steps}
        for number, name in port.execute("SELECT number, name FROM schema_migrations"):
            if (number, name) not in told:
                steps.append(Step(number=number, name=name, compatible_from=number))
    return sorted(steps, key=lambda step: step.number)


def make_tables(port: Port) -> None:
    """Make what steps are noted in, unless it is there."""
    for statement in _MAKE:
        port.execute(statement)


def add(port: Port, migration: Migration, *, finished: bool) -> None:
    """Note that the short half of a migration is done, and maybe the long one as well."""
    row: Params = {"number": migration.number, "name": migration.name}
    if migration.number > FIRST_RELEASE:
        port.execute(
            "INSERT INTO schema_steps (number, name, compatible_from, rows_done, finished)"
            " VALUES (:number, :name, :compatible_from, 0, :finished)",
            {**row, "compatible_from": migration.compatible_from, "finished": int(finished)},
        )
    if migration.number <= FIRST_RELEASE or migration.compatible_from > FIRST_RELEASE:
        port.execute("INSERT INTO schema_migrations (number, name) VALUES (:number, :name)", row)


def add_rows(port: Port, migration: Migration, rows: int) -> None:
    """Note how far a back-fill is, in the transaction of its slice."""
    port.execute(
        "UPDATE schema_steps SET rows_done = rows_done + :rows WHERE number = :number",
        {"rows": rows, "number": migration.number},
    )


def finish(port: Port, migration: Migration) -> None:
    """Note that the long half is done too."""
    port.execute(
        "UPDATE schema_steps SET finished = 1 WHERE number = :number", {"number": migration.number}
    )


def _steps(port: Port) -> Iterator[Step]:
    for number, name, compatible_from, rows_done, finished in port.execute(
        "SELECT number, name, compatible_from, rows_done, finished FROM schema_steps"
    ):
        yield Step(
            number=number,
            name=name,
            compatible_from=compatible_from,
            rows_done=rows_done,
            finished=bool(finished),
        )
