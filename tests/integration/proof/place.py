"""An installation with people in it, for services in processes of their own to run on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

from tests.contract.rules import world
from understudy.cedar.judge import CedarJudge
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import SYSTEM
from understudy.core.people.permissions import Role
from understudy.core.ports import Unit
from understudy.flows.people import team
from understudy.flows.people.sign_in import begin
from understudy.storage.data_directory import KEY_FILE, DataDirectory
from understudy.storage.database.databases import open_database
from understudy.storage.database.postgresql_server import SCHEMA
from understudy.storage.engine.engine import StoreEngine, open_engine
from understudy.wires.native.passwords import hash_password

SUBJECTS = ("ada", "bob")
"""Users of the application whom its backend may let somebody work as."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an installation lies, and how to speak for its application."""

    database_url: str
    folder: Path
    key: str
    application_id: str
    secret: str

    @property
    def data_dir(self) -> Path:
        """The data directory that the installation was made with."""
        return self.folder / "data"

    @contextmanager
    def engine(self, *, data_dir: Path | None = None) -> Iterator[StoreEngine]:
        """The engine over it, in this process and beside whoever else is at work."""
        directory = DataDirectory(data_dir or self.data_dir)
        database = open_database(self.database_url)
        engine = open_engine(database, directory, require_sound_log=False, judge=CedarJudge())
        with closing(engine):
            yield engine

    @contextmanager
    def sql(self) -> Iterator[Sql]:
        """The database as somebody sees it who can write SQL and knows nothing of Understudy."""
        with closing(connect(self.database_url)) as raw:
            yield raw


class Sql:
    """A connection on which each statement is committed at once; rows are tuples of plain values.

    Parameters are written ``?``.
    """

    def __init__(self, raw: sqlite3.Connection | psycopg.Connection[tuple[Any, ...]]) -> None:
        self._raw = raw

    @property
    def is_sqlite(self) -> bool:
        """Which of the two databases it is."""
        return isinstance(self._raw, sqlite3.Connection)

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query finds."""
        return list(self._execute(statement, values).fetchall())

    def names(self, query: str) -> list[str]:
        """The columns of a query."""
        return [column[0] for column in self._execute(query, ()).description]

    def change(self, statement: str, *values: object) -> int:
        """Run a statement; answers the number of rows that it changed."""
        return int(self._execute(statement, values).rowcount)

    def drop_checks(self, tables: Sequence[str]) -> None:
        """Take away the checks of some tables, as whoever owns the database can."""
        if self.is_sqlite:
            self.change("PRAGMA ignore_check_constraints=ON")
            return
        checks = self.rows(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint "
            "WHERE contype = 'c' AND conrelid::regclass::text = ANY(?)",
            list(tables),
        )
        for table, name in checks:
            self.change(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    @contextmanager
    def together(self) -> Iterator[None]:
        """One commit for all that the block does."""
        self.change("BEGIN")
        yield
        self.change("COMMIT")

    def close(self) -> None:
        self._raw.close()

    def _execute(self, statement: str, values: Sequence[object]) -> Any:
        if isinstance(self._raw, sqlite3.Connection):
            return self._raw.execute(statement, values)
        return self._raw.execute(statement.replace("%", "%%").replace("?", "%s").encode(), values)


def connect(database_url: str) -> Sql:
    """A raw connection to the database at that address."""
    if not database_url.startswith("postgresql:"):
        path = database_url.removeprefix("sqlite:///")
        return Sql(sqlite3.connect(path, isolation_level=None, timeout=10))
    raw = psycopg.connect(database_url, autocommit=True, options=f"-c search_path={SCHEMA}")
    return Sql(raw)


def settle(database_url: str, folder: Path) -> Place:
    """Make an installation: an application and users."""
    with world.world(database_url, folder) as made:
        return Place(
            database_url=database_url,
            folder=folder,
            key=(folder / "data" / KEY_FILE).read_text().strip(),
            application_id=made.application.id,
            secret=made.secret,
        )


def sign_in_with_every_role(place: Place) -> tuple[str, str]:
    """A new operator who may do everything, signed in: their id and the session's token."""
    with place.engine() as engine:
        return engine.run(_signed_in_with_every_role)


@cache
def _hashed() -> str:
    return hash_password("correct horse battery staple")


def _signed_in_with_every_role(unit: Unit) -> tuple[str, str]:
    invited = team.invite(
        unit,
        email=f"{unit.new_id(IdPrefix.OPERATOR)}@support.example",
        name="Everything",
        roles=list(Role),
        by=SYSTEM,
        origin=world.HERE,
    )
    session_id = unit.new_id(IdPrefix.OPERATOR_SESSION)
    joined = team.join(
        unit,
        invited.token,
        name="Everything",
        password_hash=_hashed(),
        origin=world.HERE,
        sign_in=session_id,
    )
    return joined.id, begin(unit, joined, origin=world.HERE, session_id=session_id).token
