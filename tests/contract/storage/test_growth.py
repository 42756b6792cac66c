"""Nodes of two releases on one database, one of which has changed the schema."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest

from tests.fixtures.refusals import refusal_of
from tests.integration.proof.place import connect
from understudy import errors
from understudy.storage.database.connection import Database
from understudy.storage.database.databases import open_database
from understudy.storage.database.migrations import Fill, Migration, Port, from_sql, load
from understudy.storage.database.sources import Sources
from understudy.storage.database.state import Doing

OURS = load()
NEXT = len(OURS) + 1
SECONDS = 20.0
"""No wait comes near it."""
ADDITIVE = from_sql(
    NEXT, "more", f"-- compatible from: {NEXT - 1}\nALTER TABLE meta ADD COLUMN more {{text}};\n"
)
UNIQUE = from_sql(
    NEXT,
    "unique_values",
    "ALTER TABLE meta ADD COLUMN more {text};\n"
    "-- online\n"
    "CREATE INDEX meta_by_more ON meta (more);\n"
    "CREATE UNIQUE INDEX meta_by_value ON meta (value);\n",
)


def opened(url: str, migrations: Sequence[Migration] = OURS) -> closing[Database]:
    return closing(open_database(url, sources=replace(Sources.of(), migrations=migrations)))


def migrate(url: str, *more: Migration, told: Callable[[Doing], None] = lambda doing: None) -> None:
    with opened(url, (*OURS, *more)) as database:
        database.migrate(told)


def progress(url: str, *more: Migration) -> tuple[bool, int]:
    """Whether the step after ours is finished, and how many rows were filled."""
    with opened(url, (*OURS, *more)) as database:
        step = database.schema().steps[NEXT - 1]
        return step.finished, step.rows_done


def put(url: str, **facts: str) -> None:
    with opened(url) as database, database.writing() as transaction:
        for name, value in facts.items():
            transaction.run("meta_put", {"name": name, "value": value})


def filling(*, fail_after: int = 100) -> Migration:
    """Turns ``old`` into ``new``, two at a time."""
    left = [fail_after]

    def fill(port: Port) -> int:
        if not left[0]:
            raise errors.Unavailable(internal="pulled the plug")
        left[0] -= 1
        changed = port.execute(
            "UPDATE meta SET value = :new WHERE name IN"
            " (SELECT name FROM meta WHERE value = :old ORDER BY name LIMIT 2) RETURNING name",
            {"new": "new", "old": "old"},
        )
        return len(changed)

    return Migration(
        number=NEXT,
        name="fills",
        compatible_from=NEXT - 1,
        expand=lambda port: None,
        online=(Fill(slice=fill),),
    )


def test_an_older_node_goes_on_and_restarts_after_a_migration_that_admits_it(
    database_url: str,
) -> None:
    with opened(database_url) as running:
        running.migrate()
        migrate(database_url, ADDITIVE)
        with running.writing() as transaction:
            transaction.run("meta_put", {"name": "a", "value": "written by the older one"})
    migrate(database_url)
    with opened(database_url) as restarted:
        assert (restarted.schema().number, restarted.schema().compatible_from) == (NEXT, NEXT - 1)
        with restarted.reading() as connection:
            assert connection.one("meta_get", {"name": "a"}) is not None


def test_an_older_node_does_not_start_after_a_migration_that_does_not_admit_it(
    database_url: str,
) -> None:
    migrate(database_url)
    migrate(database_url, replace(ADDITIVE, compatible_from=NEXT))
    with pytest.raises(errors.SchemaMismatch) as caught:
        migrate(database_url)
    assert caught.value.code == "schema_mismatch"
    assert caught.value.internal == f"the database has migration {NEXT}, more"


@pytest.mark.parametrize(("compatible_from", "shown"), [(2, []), (3, [NEXT])])
def test_the_first_release_is_shown_only_what_it_must_refuse(
    database_url: str, compatible_from: int, shown: list[int]
) -> None:
    migrate(database_url)
    migrate(database_url, replace(ADDITIVE, compatible_from=compatible_from))
    with closing(connect(database_url)) as sql:
        rows = sql.rows("SELECT number FROM schema_migrations ORDER BY number")
    assert [number for (number,) in rows if number >= NEXT] == shown


def test_a_back_fill_lets_writers_in_between_its_slices(database_url: str) -> None:
    migrate(database_url)
    put(database_url, a="old", b="old", c="old", d="old", e="old")
    heard: list[int] = []

    def told(doing: Doing) -> None:
        heard.append(doing.rows)
        put(database_url, **{f"written_{len(heard)}": "beside"})

    migrate(database_url, filling(), told=told)
    assert heard == [0, 0, 2, 4, 5, 5]
    assert progress(database_url) == (True, 5)


def test_a_back_fill_that_was_cut_off_goes_on_where_it_was(database_url: str) -> None:
    migrate(database_url)
    put(database_url, a="old", b="old", c="old", d="old", e="old")
    with pytest.raises(errors.Unavailable, match=r"."):
        migrate(database_url, filling(fail_after=2))
    assert progress(database_url) == (False, 4)
    heard: list[int] = []
    migrate(database_url, filling(), told=lambda doing: heard.append(doing.rows))
    assert heard == [0, 0, 1, 1]
    assert progress(database_url) == (True, 5)


def test_an_index_that_could_not_be_made_is_made_at_the_next_start(database_url: str) -> None:
    migrate(database_url)
    put(database_url, a="twice", b="twice")
    with refusal_of(errors.AlreadyExists, "already_exists"):
        migrate(database_url, UNIQUE)
    assert progress(database_url, UNIQUE) == (False, 0)
    put(database_url, b="once")
    migrate(database_url, UNIQUE)
    assert progress(database_url, UNIQUE) == (True, 0)
    with refusal_of(errors.AlreadyExists, "already_exists"):
        put(database_url, c="once")


def test_a_new_database_gets_everything_at_once(database_url: str) -> None:
    told: list[Doing] = []
    migrate(database_url, replace(filling(), online=(*UNIQUE.online[1:], *filling().online)))
    migrate(database_url, told=told.append)
    assert told == []
    assert progress(database_url) == (True, 0)
    with refusal_of(errors.AlreadyExists, "already_exists"):
        put(database_url, a="twice", b="twice")


def test_whoever_starts_meanwhile_waits_and_an_older_node_need_not(database_url: str) -> None:
    migrate(database_url)
    put(database_url, a="old", b="old", c="old")
    at_work, may_go_on, waited = threading.Event(), threading.Event(), threading.Event()

    def pausing(doing: Doing) -> None:
        if doing.rows == 2:
            at_work.set()
            assert may_go_on.wait(SECONDS)

    def waiting(doing: Doing) -> None:
        if "another node" in doing.what:
            waited.set()

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(migrate, database_url, filling(), told=pausing)
        assert at_work.wait(SECONDS)
        second = threads.submit(migrate, database_url, filling(), told=waiting)
        assert waited.wait(SECONDS)
        migrate(database_url)
        assert not second.done()
        may_go_on.set()
        first.result(SECONDS)
        second.result(SECONDS)
    assert progress(database_url) == (True, 3)


def test_nodes_of_the_next_release_that_start_at_once_migrate_once(database_url: str) -> None:
    migrate(database_url)
    put(database_url, **{f"fact_{number}": "old" for number in range(7)})
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: migrate(database_url, filling()), range(4)))
    assert progress(database_url) == (True, 7)
