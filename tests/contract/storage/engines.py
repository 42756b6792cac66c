"""Engines over real databases, and small flows to run on them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from understudy.core.ids import GrantId, SessionId
from understudy.core.notices.events import Action, Event, EventType, Party, PartyKind
from understudy.core.ports import Unit
from understudy.storage.data_directory import DataDirectory
from understudy.storage.database.connection import Database, Dialect
from understudy.storage.database.databases import open_database
from understudy.storage.database.sqlite import SqliteDatabase
from understudy.storage.engine.engine import StoreEngine, open_engine

SECONDS = 20.0
"""No wait comes near it."""

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)

ACTION = Event(
    type=EventType.ACTION_COMPLETED,
    application_id="app_AAAAAAAAAAAAAAAAAAAAAA",
    actor=Party(
        kind=PartyKind.OPERATOR,
        ref="opr_AAAAAAAAAAAAAAAAAAAAAA",
        id="opr_AAAAAAAAAAAAAAAAAAAAAA",
        email="ada@example.com",
        name="Ada Lovelace",
    ),
    subject=Party(
        kind=PartyKind.SUBJECT,
        ref="sub_AAAAAAAAAAAAAAAAAAAAAA",
        id="user-77",
        email="bob@example.com",
        name="Bob Babbage",
    ),
    grant_id=GrantId("grt_AAAAAAAAAAAAAAAAAAAAAA"),
    session_id=SessionId("ses_AAAAAAAAAAAAAAAAAAAAAA"),
    address="203.0.113.9",
    user_agent="Mozilla/5.0 (X11; Linux x86_64)",
    action=Action(
        id="1f2e3d4c",
        method="GET",
        route="/orders/{id}",
        path="/orders/17",
        status=200,
        duration_ms=12,
    ),
)
"""What is recorded most: one request that somebody made as somebody else."""


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


@contextmanager
def engine_on(url: str, directory: Path, **options: Any) -> Iterator[StoreEngine]:
    """An engine of its own over the database at ``url``."""
    with closing(open_engine(open_database(url), DataDirectory(directory), **options)) as engine:
        yield engine


def marks(word: str, *, events: int = 1, then: Exception | None = None) -> Callable[[Unit], int]:
    """A flow that writes a fact and records ``events`` events, then perhaps raises.

    It answers the index of its last event, or -1.
    """

    def flow(unit: Unit) -> int:
        unit.meta.put(f"mark {word}", word)
        index = -1
        for number in range(events):
            index = unit.record(replace(ACTION, details={"word": word, "number": number}))
        if then is not None:
            raise then
        return index

    return flow


def is_marked(engine: StoreEngine, word: str) -> bool:
    """Whether the fact that ``marks`` writes is there."""
    with engine.reading() as reader:
        return reader.meta.get(f"mark {word}") is not None


def words_in_log(engine: StoreEngine) -> list[str]:
    """The words of all marks that the log tells of, in its order."""
    with engine.reading() as reader:
        entries = reader.entries.after(-1, limit=100_000)
    details = [entry.core["details"] for entry in entries if entry.core and "details" in entry.core]
    return [str(found["word"]) for found in details if isinstance(found, dict) and "word" in found]


@contextmanager
def one_group(engine: StoreEngine) -> Iterator[None]:
    """Hold the writer up while the block submits, so that it finds all of it at once."""
    entered, released = threading.Event(), threading.Event()

    def wait(_: Unit) -> None:
        entered.set()
        released.wait(SECONDS)

    blocker = engine.submit(wait)
    assert entered.wait(SECONDS)
    try:
        yield
    finally:
        released.set()
    blocker.result(SECONDS)


def tamper(database: Database, url: str, statement: str) -> int:
    """Change the database as somebody with SQL access would; answers the number of rows.

    ``{blob}`` stands for the dialect's type of bytes.
    """
    if database.dialect is Dialect.POSTGRESQL:
        with psycopg.connect(url, autocommit=True) as raw:
            raw.execute("SET search_path TO understudy")
            return raw.execute(statement.replace("{blob}", "BYTEA").encode()).rowcount
    assert isinstance(database, SqliteDatabase)
    with database.writing() as transaction:
        return transaction._raw.execute(statement.replace("{blob}", "BLOB")).rowcount
