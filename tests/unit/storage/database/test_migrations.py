"""How migrations are read from their files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from understudy.storage.database.connection import Dialect, Params
from understudy.storage.database.migrations import (
    Fill,
    Index,
    Migration,
    Port,
    Rows,
    from_sql,
    load,
)

ONE = "-- One; two.\nCREATE TABLE a (id {text}){strict};\n\nCREATE TABLE b;"


class Recorder:
    """Stands for a database; remembers what was run."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def __call__(self, statement: str, params: Params) -> Rows:
        self.ran.append(statement)
        return []


def statements(migration: Migration, dialect: Dialect) -> list[str]:
    recorder = Recorder()
    migration.expand(Port(dialect, recorder))
    indexes = [part for part in migration.online if isinstance(part, Index)]
    return recorder.ran + [index.statement(concurrently=False) for index in indexes]


def put(folder: Path, name: str, source: str) -> Path:
    """A file that follows ours in number, in a folder of its own."""
    (folder / f"{len(load()) + 1:04}_{name}").write_text(source)
    return folder


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        (Dialect.SQLITE, "CREATE TABLE a (id TEXT) STRICT"),
        (Dialect.POSTGRESQL, 'CREATE TABLE a (id TEXT COLLATE "C")'),
    ],
)
def test_a_migration_speaks_the_words_of_the_database(dialect: Dialect, expected: str) -> None:
    assert statements(from_sql(1, "one", ONE), dialect) == [expected, "CREATE TABLE b"]


def test_ours_are_numbered_without_gaps_and_leave_no_braces() -> None:
    assert [migration.number for migration in load()] == list(range(1, len(load()) + 1))
    for migration in load():
        for dialect in Dialect:
            found = statements(migration, dialect)
            assert not [one for one in found if re.search(r"\{\w+\}|--", one)]


CLOSED = {
    # It would look tokens up by what whoever writes to the database can plant.
    "0008 keyed_token_hashes",
    # What it writes has no code, and would be as if it were not there.
    "0011 seals",
    # It would ask nobody, whatever the settings say of approval.
    "0015 approvals",
    # It would ask no user, whatever the settings say of consent.
    "0016 consents",
    # What an account in other hands does, it would write into the log without the mark.
    "0022 taken_over",
}
"""What shuts the code of the release before out, and why."""


def test_ours_admit_the_code_of_the_release_before() -> None:
    late = [str(one) for one in load()[2:] if one.compatible_from >= one.number]
    late = [one for one in late if one not in CLOSED]
    assert late == [], "say which older code may go on: a line `-- compatible from: 0002`"


@pytest.mark.parametrize("names", [("0002_x.sql",), ("0001_x.sql",), ("9999_x.py",)])
def test_gaps_and_doubles_in_the_numbers_are_refused(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    for name in names:
        (tmp_path / name).write_text("def fill(port): return 0" if name.endswith("py") else "")
    with pytest.raises(ValueError, match="without gaps"):
        load(tmp_path)


def test_what_else_lies_in_the_folder_is_no_migration(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("about them")
    assert len(load(tmp_path)) == len(load())


def test_a_migration_that_says_nothing_admits_no_older_code() -> None:
    assert from_sql(4, "x", "").compatible_from == 4


def test_a_migration_says_which_code_may_go_on() -> None:
    assert from_sql(4, "x", "-- Why.\n-- compatible from: 0002\n").compatible_from == 2


def test_the_long_half_of_a_file_is_indexes() -> None:
    migration = from_sql(
        4,
        "x",
        "ALTER TABLE a ADD COLUMN b;\n\n-- online\n"
        "CREATE UNIQUE INDEX a_by_b ON a (b)\n    WHERE b > 0;\nDROP INDEX a_by_c;\n",
    )
    assert statements(migration, Dialect.SQLITE)[0] == "ALTER TABLE a ADD COLUMN b"
    made, dropped = migration.online
    assert isinstance(made, Index)
    assert isinstance(dropped, Index)
    assert made.statement(concurrently=True) == (
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_by_b ON a (b)\n    WHERE b > 0"
    )
    assert dropped.statement(concurrently=True) == "DROP INDEX CONCURRENTLY IF EXISTS a_by_c"
    assert (str(made), str(dropped)) == ("index a_by_b", "dropping index a_by_c")


def test_what_is_no_index_cannot_be_done_while_others_write() -> None:
    with pytest.raises(ValueError, match="not: UPDATE a"):
        from_sql(4, "x", "-- online\nUPDATE a SET b = 1;\n")


def test_a_migration_may_be_python(tmp_path: Path) -> None:
    put(
        tmp_path,
        "folds.py",
        "COMPATIBLE_FROM = 2\n"
        "def expand(port):\n    port.execute(f'-- {port.dialect} {{text}}')\n"
        "def fill(port):\n    return 0\n",
    )
    migration = load(tmp_path)[-1]
    assert (migration.name, migration.compatible_from) == ("folds", 2)
    assert statements(migration, Dialect.SQLITE) == ["-- sqlite TEXT"]
    (fill,) = migration.online
    assert isinstance(fill, Fill)
    assert fill.slice(Port(Dialect.SQLITE, Recorder())) == 0


def test_a_python_migration_may_be_short_alone_or_long_alone(tmp_path: Path) -> None:
    short, long = tmp_path / "short", tmp_path / "long"
    short.mkdir()
    long.mkdir()
    expanding = load(put(short, "x.py", "def expand(port): port.execute('A')"))[-1]
    filling = load(put(long, "x.py", "def fill(port): return 0"))[-1]
    assert (statements(expanding, Dialect.SQLITE), expanding.online) == (["A"], ())
    assert (statements(filling, Dialect.SQLITE), len(filling.online)) == ([], 1)
    assert filling.compatible_from == filling.number


def test_a_python_migration_that_does_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="neither expand nor fill"):
        load(put(tmp_path, "x.py", "def expnad(port): ...\n"))
